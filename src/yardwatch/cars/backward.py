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
        rows = rows[np.lexsort((self.start[rows], self.sample[rows]))]
        return Runs(self.sample[rows], self.state[rows], self.start[rows], self.end[rows])


def draw(state: Sweep, i: int, samples: int, rng: np.random.Generator | None) -> Runs:
    """So many segmentations of strip i; `rng` is None for a `max` pass, whose every draw is the best path."""
    cumulative = {k: back[:, :, i].cumsum(axis=1) for k, back in state.back.items()}

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
        k = _before(state, i, k[on], end, chance(len(end)))
        start = _starts(state, i, (k, end), cumulative, chance(len(end)))


def _before(state: Sweep, i: int, k: Ints, at: Ints, chance: Floats) -> Ints:
    """The state before a run of state k that begins at `at`."""
    opening = np.where(chance <= state.from_gap[at, i], GAP, EMPTY)
    return np.where(k == CAR, opening, CAR)


def _starts(state: Sweep, i: int, run: tuple[Ints, Ints], cumulative: dict[int, Floats], chance: Floats) -> Ints:
    """First steps of runs of a state that end at a step."""
    k, end = run
    start = np.empty_like(end)
    for which, shares in cumulative.items():
        rows = k == which
        start[rows] = end[rows] - 1 - _pick(shares[end[rows]], chance[rows])
    rows = k == EMPTY
    start[rows] = _empty_starts(state, i, end[rows], chance[rows])
    return start


def _empty_starts(state: Sweep, i: int, end: Ints, chance: Floats) -> Ints:
    """An empty run reaches back to the strip's beginning, or to the place where the running ⊕ passes the chance."""
    first = state.first[end, i]
    rest = np.clip((chance - first) / np.maximum(1 - first, 1e-300), 1e-300, 1.0)
    latest = np.maximum(end - state.chain.empty.shortest, 0)
    found = np.searchsorted(state.runs[:, i], state.runs[latest, i] + np.log(rest), side="left")
    return np.where(chance <= first, 0, np.minimum(found, latest))


def _pick(cumulative: Floats, chance: Floats) -> Ints:
    """Column at which each row's cumulative share reaches the chance."""
    reached: Ints = (cumulative < (chance * cumulative[:, -1])[:, None]).sum(axis=1)
    return np.minimum(reached, cumulative.shape[1] - 1)
