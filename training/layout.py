"""The grids every strip of the training is drawn, seen and labelled on, and the words of its labels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STEP_M = 0.25
"""Along the track, drawn and given to the network: four samples in the narrowest coupling gap."""
ROW_M = 0.2
"""Across the track, drawn."""
ROWS = 64
"""Drawn rows: 6.4 m to either side, past the middle of both neighbours."""
WIDE_ROWS = 80
"""Rows of real strips: 8 m to either side, so that a track line can be mis-set by up to 1.6 m."""
SEEN_ROW_M = 0.4
SEEN_ROWS = 32
"""Across the track, as the network is given it."""
SEEN_STEPS = 512
"""Steps of one training strip: 128 m."""
OUT = 2
"""Steps a cell of the network's answer: half a metre."""

EMPTY, BODY, GAP = 0, 1, 2
COUPLED_M = 2.2
"""A wider hole between two bodies is empty track (the decoder's longest gap)."""
GAP_LEAST_M = 0.75
"""A gap is labelled at least so wide: the label must survive half-metre cells."""

KINDS = ("open", "covered", "tank", "hopper", "flat", "container", "locomotive", "coach")
UNKNOWN = -1


@dataclass(eq=False)
class Labelled:
    """One strip and what is on it; `data` (3, rows, steps) 0..1, the rest (steps,)."""

    data: Floats
    visible: NDArray[np.bool_]
    """(rows, steps)."""
    state: NDArray[np.int64]
    kind: NDArray[np.int64]
    """Index into KINDS, or UNKNOWN."""
    cover: NDArray[np.int64]
    """1 tarpaulin or sheet, 0 open, UNKNOWN elsewhere."""

    @classmethod
    def empty(cls, data: Floats) -> Labelled:
        """A strip without cars, all of it visible."""
        n = data.shape[2]
        unknown = np.full(n, UNKNOWN, np.int64)
        return cls(data, np.ones(data.shape[1:], bool), np.zeros(n, np.int64), unknown, unknown.copy())


def label_states(intervals: list[tuple[float, float]], steps: int) -> NDArray[np.int64]:
    """States of a strip from its bodies (start, end in metres, in order)."""
    state = np.zeros(steps, np.int64)
    for start, end in intervals:
        state[_cells(start, end, steps)] = BODY
    for (_, end), (start, _) in pairwise(intervals):
        if start - end < COUPLED_M:
            half, middle = max(start - end, GAP_LEAST_M) / 2, (start + end) / 2
            state[_cells(middle - half, middle + half, steps)] = GAP
    return state


def _cells(start_m: float, end_m: float, steps: int) -> slice:
    return slice(max(0, round(start_m / STEP_M)), max(0, min(steps, round(end_m / STEP_M))))
