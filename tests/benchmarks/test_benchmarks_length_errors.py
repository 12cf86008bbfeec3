"""The second count's interval: what was put in is found, and it holds elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.length_errors import length_held, length_rows
from benchmarks.scoring import Score
from benchmarks.yards import Outcome


def _yards(seed, number, gsd_m=3.0):
    """Second counts off by a tenth of themselves and by two cars."""
    rng = np.random.default_rng(seed)
    length = rng.uniform(5, 80, number)
    true = np.maximum(np.rint(length + np.hypot(0.1 * length, 2.0) * rng.standard_normal(number)), 0)
    return [
        Outcome(seed=n, gsd_m=gsd_m, true=int(t), pmf=(1.0,), length=float(x), score=Score())
        for n, (t, x) in enumerate(zip(true, length, strict=True))
    ]


def _all(seed, number):
    return [one for gsd_m in (2.0, 3.0) for one in _yards(seed, number, gsd_m)]


def test_what_was_put_in_is_found_and_holds_on_others():
    """90 % of a normal density lie within 1.645 deviations: half widths of 0.16 of the count, and some 3.3 cars."""
    rows = length_rows(_all(0, 500), _all(1, 500))
    assert [coarsest for coarsest, _, _ in rows] == [2.5, 4.0]
    for _, spread, floor in rows:
        assert np.hypot(spread * 20, floor) == pytest.approx(1.645 * np.hypot(2, 2), rel=0.15)
        assert np.hypot(spread * 70, floor) == pytest.approx(1.645 * np.hypot(7, 2), rel=0.15)
    held = length_held(_all(2, 1000), rows)
    assert all(0.87 <= one["inside"] <= 0.93 for one in held.values())
    assert all(one["yards"] == 1000 for one in held.values())


def test_yards_where_nothing_was_seen_do_not_narrow_it():
    nothing = [Outcome(seed=n, gsd_m=3.0, true=0, pmf=(1.0,), length=0.0, score=Score()) for n in range(500)]
    with_them = length_rows([*_all(0, 300), *nothing], [*_all(1, 300), *nothing])
    assert with_them == length_rows(_all(0, 300), _all(1, 300))
