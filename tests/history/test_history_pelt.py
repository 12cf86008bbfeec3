"""PELT against optimal partitioning over every cut, the cost against SciPy's negative binomial."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import nbinom, poisson

from yardwatch.history.pelt import CountCost, pelt, robust_spread


def every_cut(cost, penalty, least):
    """The least total over all partitions, one by one."""
    n = len(cost.counts)
    best = (np.inf, ())
    for k in range(n // least):
        for cuts in combinations(range(1, n), k):
            edges = (0, *cuts, n)
            if min(np.diff(edges)) < least:
                continue
            total = sum(cost.of(a, b) for a, b in pairwise(edges)) + penalty * k
            best = min(best, (total, cuts))
    return best


def total(cost, cuts, penalty):
    edges = (0, *cuts, len(cost.counts))
    return sum(cost.of(a, b) for a, b in pairwise(edges)) + penalty * len(cuts)


@given(
    counts=st.lists(st.integers(0, 60), min_size=2, max_size=9),
    spread=st.sampled_from([0.0, 0.1, 0.6]),
    penalty=st.sampled_from([0.0, 1.0, 5.0]),
    least=st.sampled_from([1, 2, 3]),
)
@settings(max_examples=120, deadline=None)
def test_pelt_finds_the_best_of_every_cut(counts, spread, penalty, least):
    if len(counts) < least:
        return
    y = np.array(counts, float)
    cost = CountCost(y, np.ones_like(y), spread)
    found = pelt(cost, penalty, least)
    assert total(cost, found, penalty) == pytest.approx(every_cut(cost, penalty, least)[0], abs=1e-6)
    assert all(np.diff((0, *found, len(y))) >= least)


def test_pelt_with_half_seen_looks_too():
    rng = np.random.default_rng(3)
    for _ in range(20):
        v = rng.uniform(0.3, 1, 8)
        cost = CountCost(rng.poisson(20 * v).astype(float), v, 0.3)
        found = pelt(cost, 2.0, 2)
        assert total(cost, found, 2.0) == pytest.approx(every_cut(cost, 2.0, 2)[0], abs=1e-6)


@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_differences_of_cost_are_those_of_scipys_likelihood(spread):
    y, v = np.array([4.0, 9, 7, 2, 30, 28]), np.array([1, 0.8, 1, 0.4, 1, 0.9])
    size = spread**-2 if spread else None

    def deviance(a, b):
        def minus(m):
            mean = m * v[a:b]
            law = poisson.logpmf(y[a:b], mean) if size is None else nbinom.logpmf(y[a:b], size, size / (size + mean))
            return -2 * law.sum()

        return minimize_scalar(minus, bounds=(0.1, 100), method="bounded", options={"xatol": 1e-8}).fun

    cost = CountCost(y, v, spread)
    ours = cost.of(0, 4) + cost.of(4, 6) - cost.of(0, 6)
    assert ours == pytest.approx(deviance(0, 4) + deviance(4, 6) - deviance(0, 6), abs=1e-5)


def test_the_level_of_equal_shares_is_the_mean():
    assert CountCost(np.array([2.0, 4, 9]), np.ones(3), 0.4).level(0, 3) == 5


@pytest.mark.parametrize(("level", "spread"), [(20, 0.4), (200, 0.1), (30000, 0.06), (15, 0.0)])
def test_the_robust_spread_is_the_true_one_with_shifts_and_wild_looks_in_it(level, spread):
    rng = np.random.default_rng(7)
    mean = np.repeat([level, 3 * level, level], 400).astype(float)
    rate = rng.gamma(spread**-2, spread**2, 1200) if spread else np.ones(1200)
    y = rng.poisson(mean * rate).astype(float)
    y[::50] *= 10
    assert robust_spread(y) == pytest.approx(spread, abs=0.05 + 0.12 * spread)


def test_poisson_counts_and_few_looks_have_no_spread():
    assert robust_spread([5, 5, 5, 5]) == 0
    assert robust_spread([5, 500]) == 0


def test_bad_input_is_refused():
    one = np.ones(2)
    with pytest.raises(ValueError, match="finite"):
        CountCost(np.array([1.0, -1]), one, 0.1)
    with pytest.raises(ValueError, match="visible"):
        CountCost(one, np.array([0.0, 1]), 0.1)
    with pytest.raises(ValueError, match="each with"):
        CountCost(one, np.ones(3), 0.1)
    with pytest.raises(ValueError, match="penalty"):
        pelt(CountCost(one, one, 0.1), -1.0)


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.4])
def test_costs_of_half_seen_looks_by_grid_are_those_at_the_best_level(spread):
    rng = np.random.default_rng(4)
    v = rng.uniform(0.3, 1, 40)
    y = rng.poisson(np.repeat([0.0, 3.0, 300.0, 20.0], 10) * v).astype(float)
    cost = CountCost(y, v, spread)
    for stop in (10, 14, 25, 40):
        starts = list(range(stop))
        exact = [cost.of(start, stop) for start in starts]
        assert cost.ending(starts, stop) == pytest.approx(exact, abs=0.02)
