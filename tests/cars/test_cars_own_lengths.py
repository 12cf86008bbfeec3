"""A strip's own lengths: the urn by hand, and a doubtful pair read as what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from yardwatch.cars.backward import Runs
from yardwatch.cars.chain import CAR, EMPTY, GAP, chain_of
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.own_lengths import bodies_met, expecting
from yardwatch.cars.segment import decode, decode_many
from yardwatch.model import Evidence

STEP_M = 0.5
STEPS = 500
STOCK_ALONE = replace(ANYWHERE, kappa=np.inf)
BODY_M = 9.0
PITCH_M = 10.0


def train(lengths: list[float], start_m: float = 20.0) -> list[tuple[float, float]]:
    starts = start_m + np.cumsum([0.0, *(length + PITCH_M - BODY_M for length in lengths[:-1])])
    return list(zip(starts, starts + lengths, strict=True))


def seen(bodies: list[tuple[float, float]], erased: int | None = None, track: str = "T") -> Evidence:
    """Evidence of bodies and the gaps between them; the gap after one of them looks as much like a body."""
    at = (np.arange(STEPS) + 0.5) * STEP_M
    logits = np.zeros((STEPS, 3))
    logits[:, EMPTY] = 4.0
    for a, b in bodies:
        logits[(at > a) & (at < b)] = np.eye(3)[CAR] * 4.0
    for k, ((_, a), (b, _)) in enumerate(pairwise(bodies)):
        logits[(at > a) & (at < b)] = np.eye(3)[CAR] * 3.0 if k == erased else np.eye(3)[GAP] * 4.0
    log_prob = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return Evidence(track=track, step_m=STEP_M, log_prob=log_prob, visible=np.ones(STEPS, bool))


def mean_count(evidence: Evidence, habits=ANYWHERE) -> float:
    pmf = decode(evidence, rng=np.random.default_rng(2), habits=habits).pmf
    return float(pmf @ np.arange(len(pmf)))


def test_bodies_are_met_by_their_share_of_samples_and_not_where_the_strip_ends() -> None:
    sampled = Runs(
        sample=np.array([0, 0, 0, 1, 1]), state=np.full(5, CAR),
        start=np.array([0, 10, 40, 12, 60]), end=np.array([7, 20, 50, 22, 80]),
    )  # fmt: skip
    met = bodies_met(sampled, samples=2, steps=80, longest=30)
    assert met[9] == pytest.approx(1.5)
    assert met.sum() == pytest.approx(1.5)


def test_the_next_length_is_the_urns() -> None:
    """κ = 10 bodies of stock and five of 18 m, through a kernel of one step: exp(−½k²) ÷ Σ at k steps off."""
    chain = chain_of(STEP_M, STOCK_ALONE)
    stock = np.exp(chain.car.log_mass[0, 0, 1:])
    met = np.zeros(len(stock))
    met[35] = 5.0
    learnt = np.exp(expecting(chain, met, STEP_M, kappa=10.0).car.log_mass[0, 0, 1:])
    kernel_sum = 2.5066282880429055
    assert learnt[35] == pytest.approx((10 * stock[35] + 5 / kernel_sum) / 15, rel=1e-9)
    assert learnt[37] == pytest.approx((10 * stock[37] + 5 * np.exp(-2.0) / kernel_sum) / 15, rel=1e-9)
    assert learnt[20] == pytest.approx(10 * stock[20] / 15, rel=1e-9)


def test_without_bodies_stock_stays_and_what_no_stock_has_stays_out() -> None:
    chain = chain_of(STEP_M, STOCK_ALONE)
    longest = chain.car.longest
    same = expecting(chain, np.zeros(longest), STEP_M, kappa=20.0)
    np.testing.assert_allclose(same.car.log_mass, chain.car.log_mass, atol=1e-9)
    short = np.zeros(longest)
    short[chain.block - 1] = 50.0
    assert expecting(chain, short, STEP_M, kappa=20.0).car.shortest == chain.block


def test_a_doubtful_gap_is_read_as_the_others_of_the_train() -> None:
    """Fifteen bodies of 9 m, one gap of which looks like a body: a pair of 9 m, or the only body of 19 m."""
    pair = seen(train([BODY_M] * 15), erased=7)
    assert mean_count(pair, STOCK_ALONE) < mean_count(pair) - 0.2
    assert mean_count(pair) <= 15.05


def test_a_long_body_among_short_ones_stays_one() -> None:
    """The same train, but nothing speaks for a gap in the long one."""
    lengths = [BODY_M] * 7 + [19.0] + [BODY_M] * 7
    assert mean_count(seen(train(lengths))) == pytest.approx(15, abs=0.05)
    assert mean_count(seen(train(lengths)), replace(ANYWHERE, kappa=5.0)) == pytest.approx(15, abs=0.05)


def test_a_strip_learns_from_itself_alone() -> None:
    pair, long = seen(train([BODY_M] * 15), erased=7), seen(train([19.0] * 8), track="U")
    alone = decode(pair, rng=np.random.default_rng(2), habits=ANYWHERE)
    beside = decode_many([long, pair], rng=np.random.default_rng(2), habits=ANYWHERE)[1]
    np.testing.assert_allclose(alone.pmf, beside.pmf, atol=1e-12)
    assert alone.cars == beside.cars


def hidden_behind(pair: Evidence, hidden: Evidence) -> Evidence:
    """The one in view, the other on track that nobody sees."""
    return Evidence(
        track="T", step_m=STEP_M, log_prob=np.concatenate([pair.log_prob, hidden.log_prob]),
        visible=np.concatenate([np.ones(STEPS, bool), np.zeros(STEPS, bool)]),
    )  # fmt: skip


def test_what_stands_on_hidden_track_is_not_met() -> None:
    """Whatever is said of it: a train of 19 m wagons there, or nothing at all."""
    pair, long = seen(train([BODY_M] * 15), erased=7), seen(train([19.0] * 8))
    nothing = replace(long, log_prob=np.full((STEPS, 3), -np.log(3)))
    assert mean_count(hidden_behind(pair, long)) == mean_count(hidden_behind(pair, nothing))


def test_hidden_track_holds_the_lengths_to_those_of_stock() -> None:
    pair = seen(train([BODY_M] * 15), erased=7)
    before, part = mean_count(pair, STOCK_ALONE), hidden_behind(pair, replace(pair, log_prob=np.zeros((STEPS, 3))))
    assert before < mean_count(part) < mean_count(pair)
