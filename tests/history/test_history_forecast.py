"""The weighted forecast by hand, against scipy, and against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from yardwatch.history.forecast import Forecast, moments


def test_moments_by_hand_of_looks_of_one_day():
    # mean 12; Σ(y − 12)² = 49 + 0 + 81 + 4 = 134; ĉ² = 4/3 · (134/4 − 12)/144; drawn: (4ĉ² + 5·0.04)/9
    found = moments([5, 12, 21, 10], 1.0, 0.0)
    assert float(found.mean) == 12
    excess = 4 / 3 * (134 / 4 - 12) / 144
    assert float(found.spread) == pytest.approx(((4 * excess + 5 * 0.04) / 9) ** 0.5)
    assert float(found.looks) == pytest.approx(4)


def test_older_looks_weigh_less():
    # weights 1 and 1/e at two years: mean (20 + 10/e) / (1 + 1/e), n_e = (1 + 1/e)² / (1 + 1/e²)
    found = moments([10, 20], 1.0, [730.5, 0])
    e = np.exp(-1)
    assert float(found.mean) == pytest.approx((20 + 10 * e) / (1 + e))
    assert float(found.looks) == pytest.approx((1 + e) ** 2 / (1 + e**2))


def test_the_tail_is_scipys():
    found = moments([8, 12, 9, 15, 11, 13, 7, 20], 1.0, 0.0)
    m, c, n = float(found.mean), float(found.spread), float(found.looks)
    for v in (1.0, 0.5):
        mu = m * v
        variance = (mu + (c * mu) ** 2) * (1 + 1 / n)
        reference = nbinom.sf(np.array([5, 15, 30]) - 1, mu**2 / (variance - mu), mu / variance)
        assert found.tail([5, 15, 30], v) == pytest.approx(reference, rel=1e-9)
    assert found.tail(0.0) == 1


def test_the_offset_is_the_visible_fraction():
    half = moments([5, 6, 4, 5], 0.5, 0.0)
    assert float(half.mean) == pytest.approx(10)


def test_a_past_surge_does_not_hide_the_next():
    quiet = [10, 11, 9, 12, 10, 8, 11, 10, 9, 12, 10, 11]
    with_surge = moments([*quiet, 60], 1.0, 0.0)
    assert float(with_surge.mean) < 12
    assert float(with_surge.tail(60)) < 0.001


def test_many_series_at_once_are_each_alone():
    rng = np.random.default_rng(2)
    counts = rng.poisson(10, (5, 20)).astype(float)
    counts[2, 4:9] = np.nan
    age = rng.uniform(0, 1800, (5, 20))
    together = moments(counts, 1.0, age)
    for i in range(5):
        seen = np.isfinite(counts[i])
        alone = moments(counts[i][seen], 1.0, age[i][seen])
        assert float(together.mean[i]) == pytest.approx(float(alone.mean))
        assert float(together.tail(np.full(5, 18.0))[i]) == pytest.approx(float(alone.tail(18.0)))


def test_nothing_but_zeros_still_has_an_answer():
    found = moments(np.zeros(20), 1.0, 0.0)
    assert float(found.mean) == 0.25
    assert 0 < float(found.tail(5)) < 0.01


def test_alarms_keep_near_their_nominal_share_where_the_model_is_true():
    rng = np.random.default_rng(20231005)
    mean, spread = rng.uniform(5, 30, (6000, 1)), rng.uniform(0.1, 0.8, (6000, 1))
    draws = rng.negative_binomial(spread**-2, 1 / (1 + spread**2 * mean), (6000, 31)).astype(float)
    tail = moments(draws[:, :-1], 1.0, 0.0).tail(draws[:, -1])
    assert 0.035 < (tail <= 0.05).mean() < 0.07


@given(st.lists(st.integers(0, 80), min_size=11, max_size=30), st.integers(0, 150))
@settings(max_examples=25, deadline=None)
def test_exceedance_is_a_survival_function_and_quantiles_invert_it(counts, k):
    found = Forecast(moments=moments(counts, 1.0, 0.0))
    p = found.exceed([0, k, k + 1, k + 50])
    assert p[0] == 1
    assert (np.diff(p) <= 1e-12).all()
    q = found.quantile(0.95)
    assert 1 - found.exceed([q + 1])[0] >= 0.95
    assert q <= 1 or 1 - found.exceed([q])[0] < 0.95


@pytest.mark.parametrize("counts", [[1, -1], [np.nan, np.nan], []])
def test_what_is_no_series_is_refused(counts):
    with pytest.raises(ValueError, match="non-negative"):
        moments(np.array(counts, float), 1.0, 0.0)
