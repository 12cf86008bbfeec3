"""PELT: the record cut into runs of one level each, the best cut there is under a penalty per cut.

    F(t) = min over s ≤ t − L of F(s) + C(s, t) + β,   F(0) = −β

`C(s, t)` is twice the negative log-likelihood of looks s … t − 1 as `NB(mean m·v_i, size 1/c²)` at its best level m,
terms without m left out (Poisson at c = 0); `L` the least looks a run may have. A start s is given up once
`F(s) + C(s, t) > F(t)`: it can never again be the better one (from t + L on, where runs have a least length).

The spread c is one for the whole record and robust: from squared differences of neighbouring looks, whose median is
that of a χ²₁ (0.4549) times their variance, so that neither shifts of level nor single odd looks widen it.

Source: Killick, Fearnhead and Eckley (2012), *JASA* 107, 1590–1598. Own implementation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import chi2

Floats = NDArray[np.float64]

CHI2_MEDIAN = float(chi2.median(1))
NO_SPREAD = 1e-4
"""Coefficient of variation below which a count is Poisson to all purposes."""
MOST_SPREAD = 3.0
GRID = 512
"""Levels tried where looks saw different shares; the parabola between them leaves less than 0.01 of a cost unit."""


@dataclass(frozen=True, eq=False)
class CountCost:
    """Twice the negative log-likelihood of a run of looks at its own best level."""

    counts: Floats
    """(n,)."""
    visible: Floats
    """(n,): share of the track seen."""
    spread: float
    """c: coefficient of variation of the rate about its level."""

    def __post_init__(self) -> None:
        if self.counts.ndim != 1 or self.counts.shape != self.visible.shape:
            raise ValueError("a cost needs a list of counts, each with its visible fraction")
        if not np.isfinite(self.counts).all() or (self.counts < 0).any():
            raise ValueError("a cost needs finite counts of zero or more")
        if not ((self.visible > 0) & (self.visible <= 1)).all():
            raise ValueError("a cost needs visible fractions above 0, at most 1")

    def level(self, start: int, stop: int) -> float:
        """The best level of looks start … stop − 1: their mean, where all saw the same share."""
        y, v = self.counts[start:stop], self.visible[start:stop]
        rough = float(y.sum() / v.sum())
        if rough == 0 or np.ptp(v) == 0 or self.spread <= NO_SPREAD:
            return rough
        square = self.spread**2

        def slope(m: float) -> float:
            return float(((y - m * v) / (1 + square * m * v)).sum())

        ends = float((y / v).min()), float((y / v).max())
        return ends[0] if ends[0] == ends[1] else float(brentq(slope, *ends, xtol=1e-9 * max(ends)))

    def of(self, start: int, stop: int) -> float:
        """C(start, stop)."""
        y, mean = self.counts[start:stop], self.level(start, stop) * self.visible[start:stop]
        if not mean.any():
            return 0.0
        if self.spread <= NO_SPREAD:
            return float(-2 * (y * np.log(mean) - mean).sum())
        odds = self.spread**2 * mean
        return float(-2 * (y * np.log(mean / (1 + odds)) - np.log1p(odds) / self.spread**2).sum())

    def ending(self, starts: list[int], stop: int) -> Floats:
        """C(start, stop) of many starts at once: in closed form where every look saw the same share, else by a grid."""
        if np.ptp(self.visible) != 0:
            return self._ending_by_grid(np.asarray(starts), stop)
        sums, at = self._sums, np.asarray(starts)
        total, looks = sums[stop] - sums[at], stop - at
        mean = np.where(total > 0, total / looks, 1.0)
        if self.spread <= NO_SPREAD:
            cost = -2 * (total * np.log(mean) - looks * mean)
        else:
            odds = self.spread**2 * mean
            cost = -2 * (total * np.log(mean / (1 + odds)) - looks * np.log1p(odds) / self.spread**2)
        return np.where(total > 0, cost, 0.0)

    def _ending_by_grid(self, starts: NDArray[np.int_], stop: int) -> Floats:
        """Least cost over a grid of log m, carried to the bottom of the parabola through its three lowest points."""
        total = self._sums[stop] - self._sums[starts]
        at = self._table[stop] - self._table[starts]
        best = np.clip(at.argmin(axis=1), 1, at.shape[1] - 2)
        rows = np.arange(len(starts))
        left, middle, right = (at[rows, best + step] for step in (-1, 0, 1))
        bend = np.maximum(left - 2 * middle + right, 1e-12)
        bottom = np.where(bend > 1e-9, middle - (left - right) ** 2 / (8 * bend), middle)
        return np.where(total > 0, np.minimum(bottom, at.min(axis=1)), 0.0)

    @cached_property
    def _table(self) -> Floats:
        """(n + 1, grid): cost of the looks before each at every level of a grid in log m."""
        rate = (self.counts / self.visible)[self.counts > 0]
        low, high = (float(rate.min()) / len(self.counts), float(rate.max())) if len(rate) else (0.5, 1.0)
        mean = np.geomspace(low / 2, high * 2, GRID)[None, :] * self.visible[:, None]
        y = self.counts[:, None]
        if self.spread <= NO_SPREAD:
            each = -2 * (y * np.log(mean) - mean)
        else:
            odds = self.spread**2 * mean
            each = -2 * (y * np.log(mean / (1 + odds)) - np.log1p(odds) / self.spread**2)
        return np.concatenate([np.zeros((1, GRID)), np.cumsum(each, axis=0)])

    @cached_property
    def _sums(self) -> Floats:
        """(n + 1,): counts before each look."""
        return np.concatenate([[0.0], np.cumsum(self.counts)])


def pelt(cost: CountCost, penalty: float, least: int = 1) -> tuple[int, ...]:
    """Indices of the looks that begin a new run, 0 left out, under the best cut.

    Raises ValueError for a negative penalty or a least length below one.
    """
    if penalty < 0 or least < 1:
        raise ValueError("PELT needs a penalty of zero or more and runs of at least one look")
    n = len(cost.counts)
    best, cut = np.full(n + 1, np.inf), np.zeros(n + 1, int)
    best[0] = -penalty
    given_up: dict[int, int] = {}
    starts = [0]
    for t in range(least, n + 1):
        starts = [s for s in starts if given_up.get(s, n + 1) > t]
        if t >= 2 * least:
            starts.append(t - least)
        totals = best[starts] + cost.ending(starts, t)
        first = int(np.argmin(totals))
        best[t], cut[t] = totals[first] + penalty, starts[first]
        for s, total in zip(starts, totals, strict=True):
            if total > best[t]:
                given_up.setdefault(s, t + least)
    return _walk_back(cut, n)


def robust_spread(counts: ArrayLike, visible: ArrayLike | None = None, lag: int = 1) -> float:
    """Spread c from the differences of looks `lag` apart; 0 where they differ no more than Poisson counts do.

    Solves `median((r_j − r_i)² / (s_i + s_j)) = 0.4549`, `r = y/v`, `s_i = m/v_i + c²m²`, m the pair's mean.
    """
    y = np.asarray(counts, float)
    v = np.ones_like(y) if visible is None else np.asarray(visible, float)
    if len(y) < lag + 2:
        return 0.0
    mean = np.maximum((y[lag:] + y[:-lag]) / (v[lag:] + v[:-lag]), 0.5)
    square = (y[lag:] / v[lag:] - y[:-lag] / v[:-lag]) ** 2

    def excess(c: float) -> float:
        return float(np.median(square / (mean / v[lag:] + mean / v[:-lag] + 2 * (c * mean) ** 2))) - CHI2_MEDIAN

    if excess(0.0) <= 0:
        return 0.0
    return MOST_SPREAD if excess(MOST_SPREAD) > 0 else float(brentq(excess, 0.0, MOST_SPREAD, xtol=1e-6))


def _walk_back(cut: NDArray[np.int_], stop: int) -> tuple[int, ...]:
    found: list[int] = []
    while stop > 0:
        stop = int(cut[stop])
        if stop > 0:
            found.append(stop)
    return tuple(reversed(found))
