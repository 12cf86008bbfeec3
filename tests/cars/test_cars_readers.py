"""Which network reads which pixels, and what two of them say together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from yardwatch.cars import readers
from yardwatch.cars.coarse import ALL_READINGS
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import READINGS
from yardwatch.cars.readers import habits_of, pooled, speak
from yardwatch.model import Evidence, Strip

FINE, COARSE = (0.7, 0.2, 0.1), (0.2, 0.7, 0.1)


def strip(gsd_m: float) -> Strip:
    data = np.full((3, 17, 40), 0.3, np.float32)
    return Strip(track="T", step_m=1.0, data=data, visible=np.ones(data.shape[1:], bool), gsd_m=gsd_m)


def evidence(chances: tuple[float, float, float], steps: int, step_m: float) -> Evidence:
    log_prob = np.tile(np.log(chances), (steps, 1))
    return Evidence(track="T", step_m=step_m, log_prob=log_prob, visible=np.ones(steps, bool))


@pytest.fixture
def both(monkeypatch):
    """A strip network and a length network that say different things."""
    monkeypatch.setattr(readers, "strip_look", lambda *_: evidence(FINE, 80, 0.5))
    monkeypatch.setattr(readers, "length_look", lambda *_: evidence(COARSE, 40, 1.0))
    monkeypatch.setattr(readers, "length_network_of", lambda _: object())


def test_each_speaks_where_it_knows_the_pixels(both):
    alone = speak(strip(1.1), object())
    assert (alone.step_m, len(alone.log_prob)) == (1.0, 40)
    assert np.exp(alone.log_prob[0]) == pytest.approx(COARSE)
    for gsd_m in (0.3, 1.0):
        together = speak(strip(gsd_m), object())
        assert (together.step_m, len(together.log_prob)) == (0.5, 80)
        assert np.exp(together.log_prob[0]) != pytest.approx(FINE)


def test_where_the_length_network_speaks_alone_it_reads_twice_as_often(both, monkeypatch):
    asked = []
    monkeypatch.setattr(readers, "length_look", lambda *given: asked.append(given[2:]) or evidence(COARSE, 40, 1.0))
    speak(strip(0.5), object())
    speak(strip(2.0), object())
    assert asked == [(), (ALL_READINGS,)]
    assert set(READINGS) < set(ALL_READINGS)
    assert len(ALL_READINGS) == 2 * len(READINGS)


def test_two_opinions_are_the_mean_of_their_logarithms(both, monkeypatch):
    """√(0.7 · 0.2) twice and 0.1, over their sum, where both have the same say."""
    monkeypatch.setattr(readers, "LENGTH_SAY", 0.5)
    said = np.exp(speak(strip(1.0), object()).log_prob)
    assert said == pytest.approx(np.tile((0.441, 0.441, 0.118), (80, 1)), abs=0.001)


def test_the_seconds_say_is_its_weight():
    said = np.exp(pooled(evidence(FINE, 2, 0.5), evidence(COARSE, 1, 1.0), say=0.25).log_prob[0])
    by_hand = np.array([0.7**0.75 * 0.2**0.25, 0.2**0.75 * 0.7**0.25, 0.1])
    assert said == pytest.approx(by_hand / by_hand.sum())


def test_a_metre_of_the_second_goes_to_its_own_half_metres():
    """Odd steps too: the last half metre lies in the last metre that the second knows."""
    second = evidence(COARSE, 3, 1.0)
    second.log_prob[1] = np.log((0.05, 0.05, 0.9))
    gaps = np.exp(pooled(evidence(FINE, 7, 0.5), second, say=0.5).log_prob[:, 2])
    assert np.flatnonzero(gaps > gaps.mean()).tolist() == [2, 3]
    assert gaps[6] == pytest.approx(gaps[0])


def test_nothing_is_heard_where_either_sees_nothing():
    fine, second = evidence(FINE, 4, 0.5), evidence(COARSE, 2, 1.0)
    fine = replace(fine, visible=np.array([False, True, True, True]))
    second = replace(second, visible=np.array([True, False]))
    said = pooled(fine, second, say=0.5)
    alone = np.exp(said.log_prob[[0, 2, 3]])
    assert alone == pytest.approx(np.tile(FINE, (3, 1)))
    assert np.exp(said.log_prob[1]) != pytest.approx(FINE)
    assert said.visible.tolist() == [False, True, True, True]


def test_the_strip_network_speaks_alone_where_no_length_network_came(both, monkeypatch):
    monkeypatch.setattr(readers, "length_network_of", lambda _: None)
    assert np.exp(speak(strip(3.0), object()).log_prob[0]) == pytest.approx(FINE)
    assert habits_of(object(), 3.0) == replace(ANYWHERE, kappa=np.inf)


def test_a_witness_grows_with_coarse_pixels(both):
    assert habits_of(object(), 1.0) == ANYWHERE
    assert np.isfinite(ANYWHERE.kappa)
    assert np.isinf(habits_of(object(), 3.0).kappa)
    assert habits_of(object(), 3.0).witness_m > habits_of(object(), 1.5).witness_m > ANYWHERE.witness_m
