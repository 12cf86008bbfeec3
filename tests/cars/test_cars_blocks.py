"""Decoding in blocks: a step-by-step filter written plainly agrees, and so do the numbers of the decoder before it."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp

from yardwatch.cars.chain import CAR, EMPTY, GAP, Chain, chain_of
from yardwatch.cars.lengths import ANYWHERE, CASE
from yardwatch.cars.segment import decode
from yardwatch.cars.sweep import ending, sweep
from yardwatch.cars.tally import Rule, count_pmfs
from yardwatch.model import Evidence


def random_evidence(step_m: float, steps: int, seed: int) -> Evidence:
    """Evidence in patches of nine steps, some steps hidden, forty in one piece."""
    rng = np.random.default_rng(seed)
    logits = np.repeat(rng.normal(0, 2, (steps // 9 + 1, 3)), 9, axis=0)[:steps] + rng.normal(0, 1, (steps, 3))
    visible = rng.random(steps) < 0.97
    visible[steps // 2 : steps // 2 + 40] = False
    log_prob = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return Evidence(track=f"{step_m}", step_m=step_m, log_prob=log_prob, visible=visible)


def log_mass(chain: Chain, k: int, d: int, start: int, end: int, size: int) -> float:
    """Of a run [start, end) of d steps in a strip of so many."""
    first, last = start == 0, end == size
    if k == EMPTY:
        return float(chain.empty.log_mass(np.array([d]), cut_start=first, cut_end=last)[0])
    durations = chain.car if k == CAR else chain.gap
    return float(durations.log_mass[int(first), int(last), d]) if d <= durations.longest else -np.inf


def plain(chain: Chain, scores: np.ndarray, join) -> float:
    """⊕ over all segmentations, step by step and run by run."""
    size = len(scores)
    summed = np.vstack([np.zeros(3), scores.cumsum(axis=0)])
    out = np.full((size + 1, 3), -np.inf)
    couple, part = np.log(chain.coupled), np.log1p(-chain.coupled)
    for end in range(1, size + 1):
        for k, longest in ((EMPTY, end), (CAR, chain.car.longest), (GAP, chain.gap.longest)):
            ways = []
            for start in range(max(0, end - longest), end):
                before = {
                    EMPTY: out[start, CAR] + part,
                    CAR: join(out[start, [EMPTY, GAP]]),
                    GAP: out[start, CAR] + couple,
                }[k]
                entered = chain.log_start[k] if start == 0 else before
                run = summed[end, k] - summed[start, k]
                ways.append(entered + run + log_mass(chain, k, end - start, start, end, size))
            out[end, k] = join(np.array(ways))
    return float(join(out[size]))


@pytest.mark.parametrize(("step_m", "steps"), [(0.25, 97), (0.5, 131), (1.0, 90)])
@pytest.mark.parametrize("habits", [CASE, ANYWHERE])
def test_likelihood_and_best_path_agree_with_a_plain_filter(step_m, steps, habits) -> None:
    chain = chain_of(step_m, habits)
    scores = 3 * np.random.default_rng(steps).normal(size=(steps, 3)).cumsum(axis=0) / 4
    for kind, join in (("sum", logsumexp), ("max", np.max)):
        found = ending(sweep(chain, scores[None], np.array([steps]), kind), 0).total
        assert found == pytest.approx(plain(chain, scores, join), abs=1e-9)


@pytest.mark.parametrize(
    ("case", "log_likelihood", "mean", "variance"),
    [
        ((0.25, 900, 1, CASE), -279.95599407858083, 7.168165634780965, 0.5979385208240923),
        ((0.5, 800, 2, CASE), -539.6007704454478, 15.17602305789153, 1.3896273739992913),
        (
            (0.5, 1200, 3, replace(ANYWHERE, kappa=np.inf)),
            *(-1305.0216568064566, 31.869424250407075, 1.1507031781277983),
        ),
        ((1.0, 700, 4, CASE), -728.6156742999386, 26.220995312514493, 1.5938754130378654),
    ],
)
def test_numbers_are_those_of_the_decoder_that_went_step_by_step(case, log_likelihood, mean, variance) -> None:
    """Printed by the decoder as it was up to version 0.1."""
    *which, habits = case
    found = decode(random_evidence(*which), rng=np.random.default_rng(0), samples=200, habits=habits)
    number = np.arange(len(found.pmf))
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=1e-9)
    assert found.pmf @ number == pytest.approx(mean, abs=1e-9)
    assert found.pmf @ (number - mean) ** 2 == pytest.approx(variance, abs=1e-9)


def test_the_pmf_of_joined_strips_is_that_of_the_whole() -> None:
    """Forty strips of different lengths at once: numbers no strip has a chance of are let go, none that one has."""
    chain, rng = chain_of(1.0), np.random.default_rng(8)
    lengths = rng.integers(1, 900, 40)
    scores, visible = np.zeros((40, 900, 3)), np.zeros((40, 900), bool)
    for i, steps in enumerate(lengths):
        scores[i, :steps] = rng.normal(0, 2, (steps // 20 + 1, 3)).repeat(20, axis=0)[:steps]
        visible[i, :steps] = True
    together = count_pmfs(sweep(chain, scores, lengths, "sum"), Rule.of(visible, 6))
    for i, steps in enumerate(lengths):
        one = sweep(chain, scores[i : i + 1, :steps], lengths[i : i + 1], "sum")
        alone = count_pmfs(one, Rule.of(visible[i : i + 1, :steps], 6))[0]
        assert together[i].sum() == pytest.approx(1, abs=1e-9)
        shorter = min(len(alone), len(together[i]))
        np.testing.assert_allclose(together[i][:shorter], alone[:shorter], atol=1e-9)
        assert max(len(alone), len(together[i])) - shorter <= 1


def test_memory_grows_with_the_track_and_not_with_its_square() -> None:
    rng = np.random.default_rng(2)
    peaks = []
    for steps in (2_000, 20_000):
        scores = rng.normal(0, 1, (steps // 20, 3)).repeat(20, axis=0)[None]
        visible = np.ones((1, steps), bool)
        tracemalloc.start()
        count_pmfs(sweep(chain_of(1.0), scores, np.array([steps]), "sum"), Rule.of(visible, 6))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 12 * peaks[0]
    assert peaks[1] < 30e6
