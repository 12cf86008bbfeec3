"""Windows: where on the ground two scenes are compared, spread out and off the tracks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Starts = NDArray[np.intp]

SPREAD = 5
"""One window at most in each of 5 × 5 fields: 9–25 in practice."""
LEAST_USABLE = 0.4
"""Share of a window that must be off the tracks and seen in both scenes."""


@dataclass(frozen=True)
class Place:
    """A square window of a grid."""

    top: int
    left: int
    side: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """To cut an array (y, x)."""
        return slice(self.top, self.top + self.side), slice(self.left, self.left + self.side)


def choose_windows(usable: Bools, strength: Floats, side: int) -> tuple[Place, ...]:
    """The strongest usable window of each field; `strength` (y, x) is what there is to hold on to."""
    stride = max(1, side // 4)
    tops = np.arange(0, usable.shape[0] - side + 1, stride)
    lefts = np.arange(0, usable.shape[1] - side + 1, stride)
    if not len(tops) or not len(lefts):
        return ()
    share = _sums(usable, tops, lefts, side) / side**2
    worth = np.where(share >= LEAST_USABLE, _sums(np.where(usable, strength, 0), tops, lefts, side), 0)
    chosen = []
    for rows in _fields(len(tops)):
        for columns in _fields(len(lefts)):
            field = worth[rows, columns]
            i, j = np.unravel_index(field.argmax(), field.shape)
            if field[i, j] > 0:
                chosen.append(Place(int(tops[rows][i]), int(lefts[columns][j]), side))
    return tuple(chosen)


def _fields(size: int) -> list[slice]:
    """Up to SPREAD runs of candidates."""
    edges = np.unique(np.linspace(0, size, min(SPREAD, size) + 1).astype(int))
    return [slice(int(a), int(b)) for a, b in pairwise(edges)]


def _sums(
    values: NDArray[np.generic], tops: NDArray[np.intp], lefts: NDArray[np.intp], side: int
) -> NDArray[np.float64]:
    """Sums over windows, by a table of cumulative sums."""
    table = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    table[1:, 1:] = values.astype(np.float64).cumsum(axis=0).cumsum(axis=1)
    low, right = tops + side, lefts + side
    return (
        table[np.ix_(low, right)] - table[np.ix_(tops, right)] - table[np.ix_(low, lefts)] + table[np.ix_(tops, lefts)]
    )
