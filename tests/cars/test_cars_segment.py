"""Strips to counts: drawn trains come out as counted, hidden and cut cars by the stated rule."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from yardwatch.cars.chain import CAR, EMPTY, GAP
from yardwatch.cars.segment import decode, decode_many
from yardwatch.model import Count, Evidence

RNG = 3


def ideal(cars, length_m=200.0, step_m=0.5, certain=6.0) -> Evidence:
    """Evidence straight from the truth."""
    n = round(length_m / step_m)
    at = (np.arange(n) + 0.5) * step_m
    state = np.full(n, EMPTY)
    for a, b in cars:
        state[(at > a) & (at < b)] = CAR
    for (_, a), (b, _) in itertools.pairwise(cars):
        state[(at > a) & (at < b)] = GAP if b - a < 2 else EMPTY
    logits = np.zeros((n, 3))
    logits[np.arange(n), state] = certain
    log_prob = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return Evidence(track="T", step_m=step_m, log_prob=log_prob, visible=np.ones(n, bool))


def test_ideal_evidence_gives_back_the_train(train) -> None:
    cars = train(9)
    found = decode(ideal(cars), rng=np.random.default_rng(RNG))
    assert len(found.cars) == 9
    for car, (a, b) in zip(found.cars, cars, strict=True):
        assert (car.start_m, car.end_m) == pytest.approx((a, b), abs=0.5)
        assert 0.8 < car.probability <= 0.9
        assert (car.kind, car.covered) == ("unknown", None)
    assert found.pmf.sum() == pytest.approx(1)
    assert found.pmf.argmax() == 9


@pytest.mark.parametrize("step_m", [0.25, 0.5, 1.0])
def test_a_two_section_tank_reads_as_two(step_m) -> None:
    cars = ((40.0, 51.0), (52.0, 63.0))
    assert decode(ideal(cars, step_m=step_m), rng=np.random.default_rng(RNG)).pmf.argmax() == 2


def test_an_empty_track_holds_nothing() -> None:
    found = decode(ideal(()), rng=np.random.default_rng(RNG))
    assert found.cars == ()
    assert found.pmf[0] > 0.99


@pytest.mark.parametrize(("inside_m", "expected"), [(4.0, 0), (9.0, 1)])
def test_a_car_cut_by_the_end_counts_from_half_a_gondola(inside_m, expected) -> None:
    for cars in (((-5.0, inside_m),), ((200 - inside_m, 210.0),)):
        found = decode(ideal(cars), rng=np.random.default_rng(RNG))
        assert len(found.cars) == expected
        assert found.pmf.argmax() == expected


def test_hidden_track_adds_no_cars(train) -> None:
    """A cloud over half the strip: the prior would put a train there, the count must not."""
    seen = ideal(train(4))
    visible = seen.visible.copy()
    visible[200:] = False
    found = decode(
        Evidence(track="T", step_m=0.5, log_prob=seen.log_prob, visible=visible), rng=np.random.default_rng(RNG)
    )
    assert found.pmf.argmax() == 4
    assert all(car.end_m <= 101 for car in found.cars)


def test_without_evidence_the_interval_is_wide() -> None:
    flat = Evidence(track="T", step_m=0.5, log_prob=np.full((800, 3), -np.log(3)), visible=np.ones(800, bool))
    found = decode(flat, rng=np.random.default_rng(RNG))
    lower, upper = Count(found.pmf).interval
    assert lower <= 5
    assert upper >= 25


def test_together_or_alone_makes_no_difference(train) -> None:
    several = [ideal(train(n), length_m=100.0 + 30 * n, certain=2.0) for n in (0, 3, 5)]
    together = decode_many(several, rng=np.random.default_rng(RNG))
    for one, expected in zip(several, together, strict=True):
        alone = decode(one, rng=np.random.default_rng(RNG))
        np.testing.assert_allclose(alone.pmf, expected.pmf, atol=1e-9)
        assert [c.id for c in alone.cars] == [c.id for c in expected.cars]
        assert alone.log_likelihood == pytest.approx(expected.log_likelihood)


def test_the_same_seed_gives_the_same_answer(train) -> None:
    once, again = (decode(ideal(train(5), certain=1.5), rng=np.random.default_rng(8)) for _ in range(2))
    assert once.cars == again.cars


def test_probability_of_a_car_agrees_with_the_pmf() -> None:
    """One doubtful car on a short track: its chance is the chance of counting one."""
    logits = np.zeros((80, 3))
    logits[:, EMPTY] = 3
    logits[30:56] = [1.0, 1.5, -3]
    log_prob = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    found = decode(
        Evidence(track="T", step_m=0.5, log_prob=log_prob, visible=np.ones(80, bool)),
        rng=np.random.default_rng(RNG),
        samples=4000,
    )
    if found.cars:
        assert found.cars[0].probability == pytest.approx(0.9 * (1 - found.pmf[0]), abs=0.15)
    assert 0.02 < found.pmf[0] < 0.98


@pytest.mark.parametrize(
    ("evidences", "samples", "message"),
    [
        ([ideal(())], 0, "at least one sample"),
        ([ideal(()), ideal((), step_m=1.0)], 10, "one step"),
        ([Evidence(track="T", step_m=0.5, log_prob=np.zeros((0, 3)), visible=np.zeros(0, bool))], 10, "without steps"),
    ],
)
def test_what_cannot_be_decoded_is_refused(evidences, samples, message) -> None:
    with pytest.raises(ValueError, match=message):
        decode_many(evidences, rng=np.random.default_rng(RNG), samples=samples)


def test_nothing_to_decode() -> None:
    assert decode_many([], rng=np.random.default_rng(RNG)) == ()
