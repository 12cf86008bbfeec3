"""Walking a sweep back from the strip's end: random segmentations from a `sum` pass, the best one from a `max` pass.

Forward filtering, backward sampling (Frühwirth-Schnatter 1994; for segments Fearnhead 2006, *Stat. Comput.* 16):
the samples are independent and exact, there is nothing to burn in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.chain import CAR, EMPTY, GAP
from yardwatch.cars.sweep import Sweep, ending

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Runs:
    """Segmentations of one strip as rows, in no order."""

    sample: Ints
    state: Ints
    start: Ints
    end: Ints
    """First step, and the step after the last."""

    def cars(self) -> Runs:
        """The rows that are car bodies, by sample and place."""
        rows = np.flatnonzero(self.state == CAR)
        return self.where(rows[np.lexsort((self.start[rows], self.sample[rows]))])

    def where(self, rows: Ints | NDArray[np.bool_]) -> Runs:
        """Some of the rows."""
        return Runs(self.sample[rows], self.state[rows], self.start[rows], self.end[rows])


def draw(state: Sweep, i: int, samples: int, rng: np.random.Generator | None) -> Runs:
    """So many segmentations of strip i; `rng` is None for a `max` pass, whose every draw is the best path."""
    way = _Way.of(state, i)

    def chance(size: int) -> Floats:
        return np.ones(size) if rng is None else 1 - rng.random(size)

    last = ending(state, i)
    picked = _pick(last.share.cumsum()[None], chance(samples))
    k, start = last.state[picked], last.start[picked]
    end = np.full(samples, state.lengths[i])
    sample, rows = np.arange(samples), []
    while True:
        rows.append((sample, k, start, end))
        on = start > 0
        if not on.any():
            return Runs(*(np.concatenate(column) for column in zip(*rows, strict=True)))
        sample, end = sample[on], start[on]
        k = way.before(k[on], end, chance(len(end)))
        start = way.starts(k, end, chance(len(end)))


@dataclass(frozen=True, eq=False)
class _Way:
    """Where a run of one strip may have come from; `P` positions."""

    cumulative: dict[int, Floats]
    """For CAR and GAP, (P, d): share of runs that end at t and have lasted at most 1, 2, … d steps."""
    from_gap: Floats
    """(P,): share of what enters a car that comes from a gap."""
    begun: Floats
    """(P,): running ⊕ of the empty runs begun so far."""
    shortest: int
    """Steps of an empty run."""

    @classmethod
    def of(cls, state: Sweep, i: int) -> _Way:
        shortest = state.chain.empty.shortest
        cumulative = {k: state.shares(k, i) for k in (CAR, GAP)}
        for shares in cumulative.values():
            shares.cumsum(axis=1, out=shares)
        return cls(
            cumulative=cumulative,
            from_gap=state.from_gap()[i],
            begun=state.runs[i, shortest:],
            shortest=shortest,
        )

    def before(self, k: Ints, at: Ints, chance: Floats) -> Ints:
        """The state before a run of state k that begins at `at`."""
        opening = np.where(chance <= self.from_gap[at], GAP, EMPTY)
        return np.where(k == CAR, opening, CAR)

    def starts(self, k: Ints, end: Ints, chance: Floats) -> Ints:
        """First steps of runs of a state that end at a step."""
        start = np.empty_like(end)
        for which, shares in self.cumulative.items():
            rows = k == which
            start[rows] = end[rows] - 1 - _pick(shares[end[rows]], chance[rows])
        rows = k == EMPTY
        start[rows] = self._empty_starts(end[rows], chance[rows])
        return start

    def _empty_starts(self, end: Ints, chance: Floats) -> Ints:
        """An empty run reaches back to where the running ⊕ passes the chance; at the latest its shortest length."""
        latest = np.maximum(end - self.shortest, 0)
        found = np.searchsorted(self.begun, self.begun[latest] + np.log(chance), side="left")
        return np.minimum(found, latest)


def _pick(cumulative: Floats, chance: Floats) -> Ints:
    """Column at which each row's cumulative share reaches the chance."""
    reached: Ints = (cumulative < (chance * cumulative[:, -1])[:, None]).sum(axis=1)
    return np.minimum(reached, cumulative.shape[1] - 1)
