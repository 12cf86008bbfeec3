"""The exact distribution of the number of cars, carried along the shares a `sum` pass leaves behind.

With `b_t(d)` the share of a car that ends at t and began at t − d, and `N(a)` the distribution of the number of
cars before a place a where a car begins,

    N_car(t) = Σ_d b_t(d) · [ N(t − d) moved up by one where that car counts, else N(t − d) ]

and likewise, without the move, for gaps and empty runs: the filter carried along with a distribution in place of a
number. Nothing is sampled and nothing underflows, as all shares lie in 0..1. Only the positions that a later run may
begin at are held, and of their distributions only the numbers that have a chance worth naming (`NEGLIGIBLE`), so
that time and memory grow with the track's length and not with its square.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.chain import CAR
from yardwatch.cars.flow import SPAN_BLOCKS, Flow, back, flows
from yardwatch.cars.sweep import Sweep, ending

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

NEGLIGIBLE = 1e-18
"""A number of cars with less chance at every place is let go; over 40 km that loses less than 1e-13 in all."""
LEAST_CHANCE = 1e-12
"""Named in a pmf."""


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

    def nothing_hidden(self, start: int, end: int) -> bool:
        """Whether every body of every strip between two positions counts, as all is seen and no end cuts it."""
        return start > 0 and bool((self.seen[:, end] - self.seen[:, start] == end - start).all())


def count_pmfs(state: Sweep, rule: Rule) -> tuple[Floats, ...]:
    """For each strip the chance of 0, 1, … cars, trailing zeros cut. Needs a `sum` pass."""
    last, known = _Last.of(state, rule), _Known.at_start(state)
    pmfs = np.zeros((len(state.lengths), known.empty.shape[1] + 1))
    pmfs[:, 0] = last.closes[:, 0] + last.opens[:, 0]
    pmfs[:, 1] = last.raised[:, 0]
    for flow in flows(state):
        closes, opens = known.go_on(flow, rule)
        last.add(pmfs[:, known.low :], flow.begin, closes, opens)
    return tuple(_named(pmf) for pmf in pmfs)


def _named(pmf: Floats) -> Floats:
    pmf = np.where(pmf < LEAST_CHANCE, 0, pmf)
    return np.trim_zeros(pmf, "b") / pmf.sum()


@dataclass(eq=False)
class _Known:
    """Distributions (n, place, number of cars) at the places before a block, the nearest last; rewritten on the way."""

    opens: Floats
    """Where a car may begin: as many places as the longest car has steps."""
    closes: Floats
    """Where a car has ended, so that a gap or empty run may begin: as many places as the longest gap, and a block."""
    empty: Floats
    """(n, number): before an empty run that may end now."""
    low: int
    high: int
    """Numbers that have a chance."""

    @classmethod
    def at_start(cls, state: Sweep) -> _Known:
        n, size, chain = len(state.lengths), state.chain.block, state.chain
        most = 2 + state.summed.shape[2] // size
        opens, empty = np.zeros((n, chain.car.longest, most)), np.zeros((n, most))
        closes = np.zeros((n, back(state) + size, most))
        opens[:, -1, 0] = closes[:, back(state) - 1, 0] = empty[:, 0] = 1
        return cls(opens, closes, empty, 0, 1)

    def go_on(self, flow: Flow, rule: Rule) -> tuple[Floats, Floats]:
        """Past a block: the distributions (n, B, number − low) where cars end and where they begin in it."""
        self._widen(flow)
        numbers, size = slice(self.low, self.high), flow.car.shape[1]
        opens, closes = self.opens[:, :, numbers], self.closes[:, :, numbers]
        closes[:, -size:] = _after_car(flow, rule, opens)
        entered = flow.enter @ closes
        entered += flow.older[..., None] * self.empty[:, None, numbers]
        self.empty[:, numbers] = entered[:, -1]
        opens[:, :-size] = opens[:, size:]
        opens[:, -size:] = entered[:, :-1]
        closed = closes[:, -size:].copy()
        closes[:, :-size] = closes[:, size:]
        return closed, entered[:, :-1]

    def _widen(self, flow: Flow) -> None:
        """One more car may have ended in the block; now and then, numbers without a chance are let go."""
        size = flow.car.shape[1]
        if (flow.begin // size) % SPAN_BLOCKS == 0:
            likely = np.maximum(self.opens.max(axis=(0, 1)), self.closes.max(axis=(0, 1)))
            likely = np.flatnonzero(np.maximum(likely, self.empty.max(axis=0))[: self.high] > NEGLIGIBLE)
            self.low, self.high = int(likely[0]), int(likely[-1]) + 1
        for places in (self.opens, self.closes, self.empty):
            places[..., self.high] = 0
        self.high += 1


def _after_car(flow: Flow, rule: Rule, opens: Floats) -> Floats:
    size, longest = flow.car.shape[1:]
    pmf = np.zeros((len(opens), size, opens.shape[2]))
    start = np.maximum(flow.begin - longest + np.arange(longest), 0)
    end = np.minimum(flow.begin + np.arange(size), rule.seen.shape[1] - 1)
    if rule.nothing_hidden(start[0], end[-1]):
        pmf[..., 1:] = (flow.car @ opens)[..., :-1]
        return pmf
    strips = np.arange(len(opens))[:, None, None]
    # A cut at the strip's end is dealt with in `_Last`: here no body ends there.
    counts = rule.counts(strips, start[None, None], end[None, :, None], np.asarray(-1))
    pmf += (flow.car * ~counts) @ opens
    pmf[..., 1:] += ((flow.car * counts) @ opens)[..., :-1]
    return pmf


@dataclass(frozen=True, eq=False)
class _Last:
    """Shares (n, P) of the last run, which the strip's end cuts, by where it begins."""

    closes: Floats
    """Of gaps and empty runs."""
    opens: Floats
    """Of cars that do not count."""
    raised: Floats
    """Of cars that do."""

    @classmethod
    def of(cls, state: Sweep, rule: Rule) -> _Last:
        found = cls(*np.zeros((3, len(state.lengths), state.summed.shape[2])))
        for i, length in enumerate(state.lengths):
            last = ending(state, i)
            car = last.state == CAR
            up = car & rule.counts(np.asarray(i), last.start, length, length)
            for shares, rows in ((found.closes, ~car), (found.opens, car & ~up), (found.raised, up)):
                np.add.at(shares[i], last.start[rows], last.share[rows])
        return found

    def add(self, pmfs: Floats, begin: int, closes: Floats, opens: Floats) -> None:
        """Add to pmfs (n, number …) what the last runs that begin in a block hold."""
        block, wide = slice(begin, begin + closes.shape[1]), closes.shape[2]
        pmfs[:, :wide] += (self.closes[:, None, block] @ closes)[:, 0]
        pmfs[:, :wide] += (self.opens[:, None, block] @ opens)[:, 0]
        pmfs[:, 1 : wide + 1] += (self.raised[:, None, block] @ opens)[:, 0]
