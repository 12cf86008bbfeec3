"""The predictive distribution against closed forms and against an independent Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from yardwatch.history.predictive import Prior, fit, outlier_weights


def importance_sampled(counts, visible, at_least, seed=7, draws=400_000):
    """P(Y ≥ k) by drawing (m, c) from the stated prior itself and weighting by scipy's likelihood."""
    rng = np.random.default_rng(seed)
    root = 5.0 * np.abs(rng.standard_cauchy(draws))
    spread = np.abs(rng.standard_normal(draws))
    keep = (spread > 0.01) & (spread < 2.0) & (root**2 > 1e-4) & (root**2 < 1e5)
    m, size = root[keep] ** 2, spread[keep] ** -2.0
    log_weight = sum(nbinom.logpmf(y, size, size / (size + m * v)) for y, v in zip(counts, visible, strict=True))
    weight = np.exp(log_weight - log_weight.max())
    further = rng.negative_binomial(size, size / (size + m))
    return [float(weight @ (further >= k) / weight.sum()) for k in at_least]


@pytest.mark.parametrize(
    ("counts", "visible"),
    [([10, 12, 14], [1, 1, 1]), ([0, 0, 8, 0, 12, 3], [1] * 6), ([0, 0, 0], [1] * 3), ([5, 9, 16], [0.5, 0.7, 1.0])],
)
def test_exceedance_agrees_with_sampling_from_the_stated_prior(counts, visible):
    exact = fit(counts, visible).exceed([1, 5, 20, 40])
    assert exact == pytest.approx(importance_sampled(counts, visible, [1, 5, 20, 40]), rel=0.08, abs=2e-3)


def test_a_poisson_count_with_jeffreys_prior_has_the_closed_form():
    # y ~ Poisson(m), m ~ Gamma(½, 0): Y | y ~ NB(Σy + ½, n/(n + 1))
    counts = [10, 12, 14, 9]
    exact = nbinom.sf(np.array([15, 25, 40]) - 1, sum(counts) + 0.5, 4 / 5)
    assert fit(counts, prior=Prior(1e6, 1e-3)).exceed([15, 25, 40]) == pytest.approx(exact, rel=0.05)


def test_many_looks_recover_the_distribution_they_came_from():
    rng = np.random.default_rng(3)
    true = nbinom(4, 4 / (4 + 20))
    found = fit(rng.negative_binomial(4, 4 / 24, size=3000), reweight=False)
    assert found.mean == pytest.approx(20, rel=0.03)
    assert found.exceed([10, 30, 45]) == pytest.approx(true.sf(np.array([9, 29, 44])), rel=0.06)
    assert abs(found.quantile(0.95) - true.ppf(0.95)) <= 2


def test_the_mean_is_that_of_a_fully_visible_look():
    rng = np.random.default_rng(5)
    visible = rng.uniform(0.4, 1.0, 1500)
    found = fit(rng.poisson(20 * visible), visible)
    assert found.mean == pytest.approx(20, rel=0.03)
    half = found.exceed([15], visible=0.5)[0]
    assert half == pytest.approx(nbinom.sf(14, 1e4, 1e4 / (1e4 + 10)), rel=0.25)


def test_fewer_looks_say_less():
    assert fit([10] * 3).exceed([40])[0] > 5 * fit([10] * 30).exceed([40])[0]


def test_a_past_surge_is_weighted_down():
    quiet = [10, 11, 9, 12, 10, 8, 11, 10, 9, 12, 10, 11, 9, 10, 12, 8, 10, 11, 9, 10]
    weights = outlier_weights(np.array([*quiet, 60.0]), np.ones(21))
    assert weights[-1] < 0.2
    assert weights[:-1] == pytest.approx(weights[0])
    assert weights.mean() == pytest.approx(1)


def test_anscombe_weight_by_hand():
    # μ = 261/21, φ = Pearson/(n − 1) of the counts below, h = 1/21; r of 60 = 4.0…; weight ∝ r⁻²
    y = np.array([10.0] * 20 + [61.0])
    mu = 261 / 21
    phi = (20 * (10 - mu) ** 2 + (61 - mu) ** 2) / mu / 20
    r = 1.5 * (61 ** (2 / 3) - mu ** (2 / 3)) / (mu ** (1 / 6) * (phi * 20 / 21) ** 0.5)
    weights = outlier_weights(y, np.ones(21))
    assert r > 2.58
    assert weights[-1] / weights[0] == pytest.approx(r**-2)


@given(st.lists(st.integers(0, 80), min_size=1, max_size=12), st.integers(0, 200))
@settings(max_examples=25, deadline=None)
def test_exceedance_is_a_survival_function(counts, k):
    found = fit(counts)
    p = found.exceed([0, k, k + 1, k + 50])
    assert p[0] == 1
    assert (np.diff(p) <= 1e-12).all()
    assert ((p >= 0) & (p <= 1)).all()


@given(st.lists(st.integers(0, 80), min_size=3, max_size=12), st.sampled_from([0.05, 0.5, 0.95]))
@settings(max_examples=25, deadline=None)
def test_a_quantile_is_the_smallest_that_holds_its_share(counts, share):
    found = fit(counts)
    k = found.quantile(share)
    assert 1 - found.exceed([k + 1])[0] >= share
    assert k == 0 or 1 - found.exceed([k])[0] < share


@pytest.mark.parametrize(
    ("counts", "visible"), [([], None), ([1, -1], None), ([1, float("nan")], None), ([1, 2], [1, 0]), ([1, 2], [1.0])]
)
def test_what_is_no_count_is_refused(counts, visible):
    with pytest.raises(ValueError, match=r"baseline|visible"):
        fit(counts, visible)


def test_false_alarms_stay_near_their_nominal_share_where_the_model_is_true():
    rng = np.random.default_rng(11)
    p = []
    for _ in range(500):
        m, c = rng.uniform(5, 30), rng.uniform(0.1, 0.8)
        *past, new = rng.negative_binomial(c**-2, 1 / (1 + c * c * m), 13)
        p.append(fit(past).exceed([new])[0])
    # 5 % of 500 is 25 ± 5
    assert 10 <= sum(x <= 0.05 for x in p) <= 40
