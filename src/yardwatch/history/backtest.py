"""Back-test: the same test rolled over the past looks of a series, each held against what came before it alone.

A look at day t is tested when the window [t − 5 years, t − left out] holds at least six comparable looks; what is kept
is its tail `P(Y ≥ y)` under `forecast`. Looks of another stratum (a declared break) are neither tested together nor
fitted together. All series that a yard is compared with go into one table (`calibration`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.history.forecast import moments
from yardwatch.history.seasons import MIN_SEASON_LOOKS, levels, season_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_LOOKS = 6
"""Looks fitted before a look is tested: with fewer, the spread is the guess alone."""
CELLS = 250_000
"""Looks tested at a time × looks fitted for each; keeps memory flat."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How far the baseline reaches."""

    window_days: int = 1826
    left_out_days: int = 182
    min_looks: int = MIN_LOOKS


DEFAULT_RULES = Rules()


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Looks of one zone in one unit, one a day, in order of date."""

    id: str
    day: Ints
    """(n,): proleptic ordinals."""
    counts: Floats
    """(n,): cars or car equivalents."""
    visible: Floats
    """(n,): visible fraction, above zero."""
    stratum: Ints
    """(n,): looks of one number may be compared."""

    def __post_init__(self) -> None:
        lengths = {len(self.day), len(self.counts), len(self.visible), len(self.stratum)}
        if len(lengths) != 1 or (np.diff(self.day) <= 0).any():
            raise ValueError(f"series {self.id}: needs one look a day, in order, each with count, share and stratum")
        if not np.isfinite(self.counts).all() or (self.counts < 0).any() or not (self.visible > 0).all():
            raise ValueError(f"series {self.id}: counts must be finite and not negative, visible fractions above zero")

    @classmethod
    def plain(cls, name: str, day: Ints, counts: Floats) -> Series:
        """A series in which every look saw all of the track and nothing breaks it."""
        return cls(
            id=name, day=day, counts=counts, visible=np.ones(len(day)), stratum=np.zeros(len(day), dtype=np.int64)
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class BackTest:
    """Tails of past looks, each under what came before it."""

    day: Ints
    tail: Floats
    series: str


def roll(series: Series, rules: Rules = DEFAULT_RULES) -> BackTest:
    """Test every look of a series that has enough looks before it."""
    n = len(series.day)
    first = np.searchsorted(series.day, series.day - rules.window_days, side="left")
    last = np.searchsorted(series.day, series.day - rules.left_out_days, side="right")
    wide = max(int((last - first).max(initial=0)), 1)
    days, tails = [], []
    block = max(1, CELLS // wide)
    for start in range(0, n, block):
        tested = np.arange(start, min(start + block, n))
        index = first[tested, None] + np.arange(wide)
        inside = index < last[tested, None]
        index = np.minimum(index, n - 1)
        inside &= series.stratum[index] == series.stratum[tested, None]
        enough = inside.sum(axis=1) >= rules.min_looks
        tested, index, inside = tested[enough], index[enough], inside[enough]
        if len(tested):
            counts = np.where(inside, series.counts[index], np.nan)
            age = series.day[tested, None] - series.day[index]
            level, now = _season_levels(series, tested, index, counts)
            found = moments(counts, series.visible[index] * level, age)
            tails.append(found.tail(series.counts[tested], series.visible[tested] * now))
            days.append(series.day[tested])
    empty = np.empty(0)
    day = np.concatenate(days) if days else empty.astype(np.int64)
    return BackTest(day=day, tail=np.concatenate(tails) if tails else empty, series=series.id)


def _season_levels(series: Series, tested: Ints, index: Ints, counts: Floats) -> tuple[Floats, Floats]:
    """Season level of each look fitted (t, w) and of each look tested (t,); ones where there are too few looks."""
    if index.shape[1] < MIN_SEASON_LOOKS:
        return np.ones(index.shape), np.ones(len(tested))
    season = season_of(series.day[index])
    age = (series.day[tested, None] - series.day[index]).astype(float)
    level = levels(counts, series.visible[index], age, season)
    now = np.take_along_axis(level, season_of(series.day[tested])[:, None], axis=1)[:, 0]
    return np.take_along_axis(level, season, axis=1), now
