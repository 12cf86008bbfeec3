"""The exact distribution of the number of cars, from the shares a `sum` pass leaves behind.

With `b_t(d)` the share of a car that ends at t and began at t − d, and `N(a)` the distribution of the number of
cars before a place a where a car begins,

    N_car(t) = Σ_d b_t(d) · [ N(t − d) moved up by one where that car counts, else N(t − d) ]

and likewise, without the move, for gaps and empty runs: the filter carried along with a distribution in place of a
number. Nothing is sampled and nothing underflows, as all shares lie in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.chain import CAR, EMPTY, GAP
from yardwatch.cars.sweep import Sweep, ending

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rule:
    """Which bodies count: at least half of one is visible, and one cut by the strip's end shows enough of itself.

    A car across the end of a strip or zone is thereby counted on one of its sides, as a reader who counts what
    lies at least half inside does.
    """

    seen: Floats
    """(n, S + 1): visible steps before each position."""
    cut_shortest: int
    """Steps a body cut by the strip's end must show."""

    @classmethod
    def of(cls, visible: Bools, cut_shortest: int) -> Rule:
        """From visibility (n, S)."""
        seen = np.zeros((visible.shape[0], visible.shape[1] + 1))
        seen[:, 1:] = visible.cumsum(axis=1)
        return cls(seen, cut_shortest)

    def counts(self, i: Ints, start: Ints, end: Ints, length: Ints) -> Bools:
        """Whether bodies [start, end) of strips i, of so many steps each, count; arrays that broadcast."""
        visible = 2 * (self.seen[i, end] - self.seen[i, start]) >= end - start
        cut = (start == 0) | (end == length)
        return visible & (~cut | (end - start >= self.cut_shortest))


def count_pmfs(state: Sweep, rule: Rule) -> tuple[Floats, ...]:
    """For each strip the chance of 0, 1, … cars, trailing zeros cut. Needs a `sum` pass."""
    before = _before(state, rule)
    return tuple(_finish(state, rule, before, i) for i in range(len(state.lengths)))


def _before(state: Sweep, rule: Rule) -> dict[int, Floats]:
    """For each state (n, S + 1, m): distribution of the cars before a run of that state that begins at a position."""
    size, n = state.from_gap.shape
    most = 2 + size // int((state.chain.car.log_mass[0, 0] > -1e29).argmax())
    first = np.zeros(most)
    first[0] = 1
    # A run of gap or empty begins where a car ends: one array serves both.
    opens, closes = np.zeros((n, size, most)), np.zeros((n, size, most))
    opens[:, 0] = closes[:, 0] = first
    empty = np.zeros((n, most))
    for t in range(1, size):
        closes[:, t] = _after_car(state, rule, opens, t)
        gap = _weighted(state.back[GAP][t].T, closes, t)
        empty = _after_empty(state, closes, empty, t)
        settled = state.first[t][:, None]
        from_gap = state.from_gap[t][:, None]
        opens[:, t] = from_gap * gap + (1 - from_gap) * (settled * first + (1 - settled) * empty)
    return {CAR: opens, GAP: closes, EMPTY: closes}


def _after_car(state: Sweep, rule: Rule, opens: Floats, t: int) -> Floats:
    reach = min(t, state.chain.car.longest)
    start = t - np.arange(1, reach + 1)
    strips = np.arange(len(opens))[:, None]
    # A cut at the strip's end is dealt with in `_finish`: here no body ends there.
    counts = rule.counts(strips, start[None], np.asarray(t), np.asarray(-1))
    share = state.back[CAR][t, :reach].T
    raised = _weighted(share * counts, opens, t)
    pmf = np.zeros_like(raised) if counts.all() else _weighted(share * ~counts, opens, t)
    pmf[:, 1:] += raised[:, :-1]
    return pmf


def _weighted(share: Floats, before: Floats, t: int) -> Floats:
    """Σ_d share(d) · before(t − d); share (n, d)."""
    reach = min(t, share.shape[1])
    window = before[:, t - reach : t]
    mixed: Floats = (share[:, None, :reach][:, :, ::-1] @ window)[:, 0]
    return mixed


def _after_empty(state: Sweep, closes: Floats, empty: Floats, t: int) -> Floats:
    """Running mixture over the places where an empty run that may end at t began after the strip's beginning."""
    latest = t - state.chain.empty.shortest
    if latest < 1:
        return empty
    older = np.exp(state.runs[latest - 1] - state.runs[latest])[:, None]
    return older * empty + (1 - older) * closes[:, latest]


def _finish(state: Sweep, rule: Rule, before: dict[int, Floats], i: int) -> Floats:
    last, length = ending(state, i), state.lengths[i]
    most = before[CAR].shape[2]
    pmf = np.zeros(most + 1)
    for k in (EMPTY, CAR, GAP):
        rows = last.state == k
        start, share = last.start[rows], last.share[rows]
        up = rule.counts(np.asarray(i), start, length, length) if k == CAR else np.zeros(len(start), bool)
        pmf[:-1] += (share * ~up) @ before[k][i, start]
        pmf[1:] += (share * up) @ before[k][i, start]
    pmf = np.maximum(pmf, 0)
    return np.trim_zeros(np.where(pmf < 1e-12, 0, pmf), "b") / pmf[pmf >= 1e-12].sum()
