"""The decoder against brute force: every segmentation of tiny strips, scored one by one."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from yardwatch.cars.backward import draw
from yardwatch.cars.chain import CAR, EMPTY, GAP, Chain
from yardwatch.cars.durations import Durations, EmptyRuns
from yardwatch.cars.sweep import ending, sweep
from yardwatch.cars.tally import Rule, count_pmfs

CAR_MASS = {2: 0.2, 3: 0.5, 4: 0.3}
GAP_MASS = {1: 0.7, 2: 0.3}
SHORTEST, STAY, COUPLED = 2, 0.6, 0.7
TINY = Chain(
    car=Durations.from_mass(np.array([0.0, 0.2, 0.5, 0.3])),
    gap=Durations.from_mass(np.array([0.7, 0.3])),
    empty=EmptyRuns(shortest=SHORTEST, stay=STAY),
    coupled=COUPLED,
)


def mass(state: int, d: int) -> float:
    """Chance that a whole run lasts d steps, written down afresh."""
    if state == EMPTY:
        return (1 - STAY) * STAY ** (d - SHORTEST) if d >= SHORTEST else 0.0
    return {CAR: CAR_MASS, GAP: GAP_MASS}[state].get(d, 0.0)


def duration(state: int, d: int, *, cut_start: bool, cut_end: bool) -> float:
    """The same through a window, by summing over what the window hides (a tail of 200 steps is negligible)."""
    mean = sum(k * mass(state, k) for k in range(1, 200))
    if cut_start and cut_end:
        return sum((k - d + 1) * mass(state, k) for k in range(d, 200)) / mean
    if cut_start or cut_end:
        return sum(mass(state, k) for k in range(d, 200)) / (mean if cut_start else 1.0)
    return mass(state, d)


def segmentations(scores: np.ndarray) -> dict[tuple[tuple[int, int, int], ...], float]:
    """Every (state, start, end) tuple of a strip, with its probability × the exponential of its scores."""
    size = len(scores)
    follow = {(EMPTY, CAR): 1.0, (GAP, CAR): 1.0, (CAR, GAP): COUPLED, (CAR, EMPTY): 1 - COUPLED}
    means = [sum(k * mass(s, k) for k in range(1, 200)) for s in (EMPTY, CAR, GAP)]
    blind = np.array([(1 - COUPLED) * means[0], means[1], COUPLED * means[2]])
    blind /= blind.sum()
    found = {}
    for cuts in itertools.product([False, True], repeat=size - 1):
        edges = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), size]
        runs = list(itertools.pairwise(edges))
        for states in itertools.product((EMPTY, CAR, GAP), repeat=len(runs)):
            weight = float(blind[states[0]])
            for before, after in itertools.pairwise(states):
                weight *= follow.get((before, after), 0.0)
            for state, (a, b) in zip(states, runs, strict=True):
                if weight == 0:
                    break
                weight *= duration(state, b - a, cut_start=a == 0, cut_end=b == size)
                weight *= math.exp(scores[a:b, state].sum())
            if weight > 0:
                found[tuple((s, a, b) for s, (a, b) in zip(states, runs, strict=True))] = weight
    return found


SIZES = (1, 2, 3, 5, 7, 8)


@pytest.fixture(scope="module")
def batch() -> tuple[np.ndarray, np.ndarray, list[dict[tuple[tuple[int, int, int], ...], float]]]:
    """Strips of different lengths in one padded batch, and the brute-force answer for each."""
    rng = np.random.default_rng(7)
    scores = np.zeros((len(SIZES), max(SIZES), 3))
    for i, size in enumerate(SIZES):
        scores[i, :size] = rng.normal(0, 1.5, (size, 3))
    truth = [segmentations(scores[i, :size]) for i, size in enumerate(SIZES)]
    return scores, np.array(SIZES), truth


def test_the_prior_of_every_window_sums_to_one() -> None:
    for size in (1, 2, 4, 6):
        assert sum(segmentations(np.zeros((size, 3))).values()) == pytest.approx(1, abs=1e-9)


def test_likelihood_is_the_sum_over_all_segmentations(batch) -> None:
    scores, steps, truth = batch
    filtered = sweep(TINY, scores, steps, "sum")
    for i, weights in enumerate(truth):
        assert ending(filtered, i).total == pytest.approx(math.log(sum(weights.values())), abs=1e-9)


def test_viterbi_finds_the_best_segmentation(batch) -> None:
    scores, steps, truth = batch
    viterbi = sweep(TINY, scores, steps, "max")
    for i, weights in enumerate(truth):
        best = max(weights, key=weights.__getitem__)
        path = draw(viterbi, i, 1, None)
        rows = sorted(zip(path.state.tolist(), path.start.tolist(), path.end.tolist(), strict=True), key=lambda r: r[1])
        assert tuple(rows) == best
        assert ending(viterbi, i).total == pytest.approx(math.log(weights[best]), abs=1e-9)


def test_count_pmf_is_exact(batch) -> None:
    """Also with a hidden part and with the rule for bodies the ends cut."""
    scores, steps, truth = batch
    visible = np.ones(scores.shape[:2], bool)
    visible[4:, 3:6] = False
    cut_shortest = 2
    found = count_pmfs(sweep(TINY, scores, steps, "sum"), Rule.of(visible, cut_shortest))
    for i, weights in enumerate(truth):
        expected = np.zeros(10)
        for runs, weight in weights.items():
            n = 0
            for state, a, b in runs:
                shown = visible[i, a:b].sum() >= (b - a) / 2
                enough = b - a >= cut_shortest or not (a == 0 or b == steps[i])
                n += state == CAR and shown and enough
            expected[n] += weight
        expected /= expected.sum()
        assert len(found[i]) == np.flatnonzero(expected)[-1] + 1
        np.testing.assert_allclose(found[i], expected[: len(found[i])], atol=1e-9)


def test_samples_follow_the_posterior(batch) -> None:
    """Total variation from the exact posterior within what so many draws leave."""
    scores, steps, truth = batch
    filtered = sweep(TINY, scores, steps, "sum")
    draws = 20_000
    for i in (3, 5):
        runs = draw(filtered, i, draws, np.random.default_rng(i))
        paths: dict[int, list[tuple[int, int, int]]] = {}
        for row in zip(runs.sample.tolist(), runs.start.tolist(), runs.end.tolist(), runs.state.tolist(), strict=True):
            paths.setdefault(row[0], []).append((row[3], row[1], row[2]))
        seen: dict[tuple[tuple[int, int, int], ...], int] = {}
        for path in paths.values():
            key = tuple(sorted(path, key=lambda r: r[1]))
            seen[key] = seen.get(key, 0) + 1
        total = sum(truth[i].values())
        assert set(seen) <= set(truth[i])
        distance = sum(abs(seen.get(key, 0) / draws - weight / total) for key, weight in truth[i].items()) / 2
        expected = sum(math.sqrt(w / total * (1 - w / total) / draws) for w in truth[i].values()) / 2
        assert distance < 1.5 * expected


def test_strips_decoded_together_do_not_touch_each_other(batch) -> None:
    scores, steps, _ = batch
    together = sweep(TINY, scores, steps, "sum")
    for i, size in enumerate(SIZES):
        alone = sweep(TINY, scores[i : i + 1, :size], steps[i : i + 1], "sum")
        assert ending(together, i).total == pytest.approx(ending(alone, 0).total, abs=1e-12)
