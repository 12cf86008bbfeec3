"""The detector's answer to boxes: peaks of the heat, with offset, length and direction read where they stand.

`answer` (6, v, u), cells of `CELL_M`: logit of a vehicle's middle; metres from the cell's middle to it, right and down;
log(length ÷ `USUAL_M`); cos 2θ and sin 2θ of its direction (twice the angle, because a vehicle has no forward).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

from benchmarks.peer.boxes import CELL_M, Box

Floats = NDArray[np.float32]

CHANNELS = 6
USUAL_M = 12.0
LEAST_SCORE = 0.1
"""Fainter peaks are never looked at; what counts as found is decided later."""
SHORTEST_M, LONGEST_M = 4.0, 35.0


def decoded(answer: Floats, least: float = LEAST_SCORE) -> list[Box]:
    """Boxes at the peaks (largest of 3 × 3 cells) with at least this score, in metres from the answer's corner."""
    score = 1 / (1 + np.exp(-np.clip(answer[0], -30, 30)))
    row, column = np.nonzero((score == maximum_filter(score, 3)) & (score >= least))
    x = (column + 0.5) * CELL_M + answer[1, row, column]
    y = (row + 0.5) * CELL_M + answer[2, row, column]
    length = np.clip(USUAL_M * np.exp(np.clip(answer[3, row, column], -3, 3)), SHORTEST_M, LONGEST_M)
    angle = np.arctan2(answer[5, row, column], answer[4, row, column]) / 2
    return [Box(*map(float, one)) for one in zip(x, y, length, angle, score[row, column], strict=True)]
