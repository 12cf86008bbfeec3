"""The last change: against every partition written out, with quadrature in place of the grid, and on simulations."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import nbinom

from yardwatch.history import changepoint
from yardwatch.history.changepoint import ChangePrior, last_change

START = date(2021, 1, 1)


def on(*offsets):
    return [START + timedelta(days=int(d)) for d in offsets]


def marginal(y, v, spread):
    """∫ π(m) Π NB dm by adaptive quadrature in log m, over the range the grid spans."""
    size = spread**-2

    def integrand(x):
        m = np.exp(x)
        prior = 0.5 * x - np.log1p(m / 25) - np.log(np.pi * 5)
        mean = m * np.asarray(v)
        return np.exp(prior + nbinom.logpmf(y, size, size / (size + mean)).sum())

    return quad(integrand, np.log(0.05), np.log(200), limit=200)[0]


def by_enumeration(days, y, v, spread):
    n = len(y)
    gaps = np.diff([d.toordinal() for d in days])
    chance = 1 - np.exp(-gaps / 730)
    weight = np.zeros(n)
    for k in range(n):
        for cuts in combinations(range(1, n), k):
            edges = (0, *cuts, n)
            p = np.prod([chance[i - 1] if i in cuts else 1 - chance[i - 1] for i in range(1, n)])
            for a, b in pairwise(edges):
                p *= marginal(y[a:b], v[a:b], spread)
            weight[edges[-2]] += p
    return weight / weight.sum()


@pytest.mark.parametrize("y", [(3, 5, 4, 20, 24), (0, 0, 12, 1, 30), (10, 11, 9, 10, 12)])
def test_the_recursion_is_the_sum_over_every_partition(y, monkeypatch):
    monkeypatch.setattr(changepoint, "SPREADS", 1)
    monkeypatch.setattr(changepoint, "SPREAD_RANGE", (0.4, 0.4))
    days, v = on(0, 10, 150, 160, 300), (1.0, 0.5, 1.0, 0.8, 1.0)
    found = last_change(days, y, v)
    assert found.last == pytest.approx(by_enumeration(days, y, v, 0.4), abs=0.01)
    assert found.last.sum() == pytest.approx(1)


def test_without_likelihood_only_the_gaps_speak(monkeypatch):
    # equal counts far too scattered to say anything (c = 1.5): two gaps of 5 and 500 days keep about the prior's odds
    monkeypatch.setattr(changepoint, "SPREADS", 1)
    monkeypatch.setattr(changepoint, "SPREAD_RANGE", (1.5, 1.5))
    found = last_change(on(0, 5, 505), (6, 6, 6))
    odds = (1 - np.exp(-500 / 730)) / ((1 - np.exp(-5 / 730)) * np.exp(-500 / 730))
    assert found.last[2] / found.last[1] == pytest.approx(odds, rel=0.35)


def test_a_fall_is_a_change_and_no_rise():
    found = last_change(on(*range(0, 200, 20)), [60] * 6 + [8] * 4)
    assert found.last[6] > 0.9
    assert found.rise.sum() < 0.01


def test_a_rise_is_found_where_it_is():
    found = last_change(on(*range(0, 200, 20)), [8, 9, 7, 8, 10, 8, 40, 38, 44, 41])
    assert found.rise.argmax() == 6
    assert found.widest(0.9) == (6, 6)
    assert found.change > 0.95


def test_half_seen_track_is_no_fall():
    seen = last_change(on(*range(0, 200, 20)), [40] * 5 + [20] * 5, [1.0] * 5 + [0.5] * 5)
    bare = last_change(on(*range(0, 200, 20)), [40] * 5 + [20] * 5)
    assert seen.change < 0.35 < bare.change


def test_ninety_per_cent_intervals_hold_about_ninety_per_cent():
    rng = np.random.default_rng(20231005)
    held, sizes = 0, 0
    for _ in range(150):
        before, after, spread = 15, int(rng.integers(1, 6)), 0.5
        days = on(*np.cumsum(rng.exponential(18, before + after).astype(int) + 1))
        mean = np.r_[np.full(before, 12.0), np.full(after, 36.0)]
        y = rng.poisson(mean * rng.gamma(spread**-2, spread**2, before + after))
        first, last = last_change(days, y).widest(0.9)
        held += first <= before <= last
        sizes += last - first + 1
    assert 0.83 <= held / 150 <= 0.99
    assert sizes / 150 < 10  # of 17: an interval that takes in everything would hold it too


def test_long_records_are_cut_to_their_newest_looks():
    n = changepoint.MAX_LOOKS + 40
    found = last_change(on(*range(0, 10 * n, 10)), [5] * (n - 5) + [40] * 5)
    assert len(found.last) == n
    assert found.rise.argmax() == n - 5


def test_one_look_has_no_change():
    found = last_change(on(0), [7])
    assert found.last.tolist() == [1.0]
    with pytest.raises(ValueError, match="two looks"):
        found.widest(0.9)


@pytest.mark.parametrize(
    ("days", "y", "v"),
    [
        ([], [], None),
        ([START], [-1], None),
        ([START], [float("nan")], None),
        ([START], [3], [0.0]),
        ([START, START - timedelta(1)], [3, 4], None),
        ([START], [3, 4], None),
    ],
)
def test_bad_looks_are_refused(days, y, v):
    with pytest.raises(ValueError, match="change point"):
        last_change(days, y, v)


def test_a_longer_expected_stay_asks_for_more_evidence():
    days, y = on(*range(0, 120, 20)), [10, 14, 9, 12, 22, 25]
    short = last_change(days, y, prior=ChangePrior(days_between_changes=100))
    long = last_change(days, y, prior=ChangePrior(days_between_changes=10_000))
    assert long.change < short.change
