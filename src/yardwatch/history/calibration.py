"""Calibration: how often the same test would have gone off before, on this and sibling series.

`p_calibrated = (1 + #{back-test tails ≤ p}) / (n + 1)` over the n back-test looks older than the tested one; fewer than
99 of them cannot show a chance of 1 %, and give None. Own and sibling series count alike, look by look.

The rank is exact where past and tested looks are exchangeable (conformal p-value: Vovk, Gammerman, Shafer 2005). Looks
of one series are not independent, so the rate holds on average over series and years, not for each: on 32 real monthly
series most alarms came from the level shifts of a dozen of them (docs/history.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from yardwatch.history.backtest import DEFAULT_RULES, BackTest, Rules, Series, roll

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_BACK_TEST = 99
"""Looks: with n the least p is 1/(n + 1)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    """Back-test tails of many series, in order of date; built once, asked often."""

    day: Ints
    tail: Floats
    series: frozenset[str]

    def older(self, day: int) -> Floats:
        """Tails of the looks older than a day, in order of date."""
        return self.tail[: int(np.searchsorted(self.day, day, side="left"))]

    def before(self, day: int) -> Floats:
        """The same, sorted by tail, for many questions of one day."""
        return np.sort(self.older(day))

    def p(self, tails: ArrayLike, day: int) -> Floats:
        """Calibrated p of tails (n,) seen on a day; NaN where fewer than 99 older back-test looks are there."""
        return ranked(self.before(day), tails)


def ranked(past: Floats, tails: ArrayLike) -> Floats:
    """`(1 + #{past ≤ p}) / (n + 1)` of each tail (n,) among sorted past ones; NaN with fewer than 99."""
    asked = np.atleast_1d(np.asarray(tails, float))
    if len(past) < MIN_BACK_TEST:
        return np.full(asked.shape, np.nan)
    return (1 + np.searchsorted(past, asked, side="right")) / (len(past) + 1)


def calibrate(series: Iterable[Series], rules: Rules = DEFAULT_RULES) -> Calibration:
    """The table of own and sibling series."""
    return table([roll(one, rules) for one in series])


def table(tests: Iterable[BackTest]) -> Calibration:
    """Back-tests joined into one table, in order of date."""
    kept = [test for test in tests if len(test.day)]
    if not kept:
        return Calibration(day=np.empty(0, dtype=np.int64), tail=np.empty(0), series=frozenset())
    day, tail = np.concatenate([test.day for test in kept]), np.concatenate([test.tail for test in kept])
    order = np.argsort(day, kind="stable")
    return Calibration(day=day[order], tail=tail[order], series=frozenset(test.series for test in kept))
