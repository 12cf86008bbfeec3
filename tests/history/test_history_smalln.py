"""Few looks and bounds alone, against sampling from the stated prior."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom

from yardwatch.history.smalln import Bounds, small_n, stated


def sampled(counts, at_most, at_least, ask, seed=7, draws=400_000):
    """P(Y ≥ k) by drawing from the stated prior and weighting by scipy's likelihood, 1 to 60 looks behind a bound."""
    rng = np.random.default_rng(seed)
    root, spread = 5.0 * np.abs(rng.standard_cauchy(draws)), np.abs(rng.standard_normal(draws))
    keep = (spread > 0.01) & (spread < 2.0) & (root**2 > 1e-4) & (root**2 < 1e5)
    m, size = root[keep] ** 2, spread[keep] ** -2.0
    q = size / (size + m)
    weight = np.ones(len(m))
    for y in counts:
        weight = weight * nbinom.pmf(y, size, q)
    behind = np.arange(1, 61)
    for most in at_most:
        below = nbinom.cdf(most, size, q)
        weight = weight * sum(below**k / k for k in behind)
    for least in at_least:
        weight = weight * nbinom.sf(least - 1, size, q)
    further = rng.negative_binomial(size, q)
    return [float(weight @ (further >= k) / weight.sum()) for k in ask]


@pytest.mark.parametrize(
    ("counts", "bounds"),
    [
        ([], Bounds(at_most=(20.0,))),
        ([3.0], Bounds(at_most=(20.0,))),
        ([6.0, 11.0], Bounds(at_least=(8.0,))),
        ([4.0], Bounds()),
    ],
)
def test_the_answer_is_that_of_the_stated_prior(counts, bounds):
    found = small_n(counts, [1.0] * len(counts), bounds).exceed([1, 10, 21, 73])
    assert found == pytest.approx(sampled(counts, bounds.at_most, bounds.at_least, [1, 10, 21, 73]), rel=0.1, abs=2e-3)


def test_the_prior_alone_is_wide_and_said_to_be():
    found = small_n([], [], Bounds())
    assert found.exceed([73])[0] > 0.2
    path, prior = stated([], Bounds())
    assert path == "prior"
    assert "half-Cauchy" in prior


def test_what_it_rests_on_is_said():
    assert stated([3.0], Bounds(at_most=(20.0,)))[0] == "looks and bounds"
    assert "censored" in stated([], Bounds(at_most=(20.0,)))[1]


def test_a_lower_bound_says_less_than_the_same_look():
    bound, look = small_n([], [], Bounds(at_most=(20.0,))), small_n([20.0], [1.0], Bounds())
    assert bound.exceed([40])[0] < look.exceed([40])[0]


def test_more_looks_narrow_the_answer():
    few, more = (small_n([8.0] * n, [1.0] * n, Bounds()).quantile(0.95) for n in (1, 8))
    assert more < few
