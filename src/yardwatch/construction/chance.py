"""The measures from which the chance is taken that an object of many dates is real (`odds` holds their weights)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.kind import CHANGED
from yardwatch.construction.odds import BROAD_WEIGHTS, LINE_WEIGHTS
from yardwatch.construction.search import Found
from yardwatch.construction.strips import line_signs

LARGE_M2 = 1000.0
"""Area beyond which size is no further evidence, and without edges or corners speaks for a field."""


def signs(found: Found) -> NDArray[np.float64]:
    """The measures the chance is taken from; the first is 1."""
    measured, step = found.measured, found.shown.step
    if found.line is not None:
        return np.array(line_signs(found.line, measured, found.explained, step, found.together))
    common = [1.0, math.log(max(found.strength, 0.1)), found.explained, math.log(max(step, 0.1))]
    own = [
        found.dates.stayed,
        measured.rectangularity,
        abs(math.log(max(measured.edge_ratio, 1e-2))),
        measured.shaded_rim,
        math.log(max(measured.contrast, 0.1)),
        math.log(min(measured.polygon.area, LARGE_M2)),
        measured.likeness,
        math.log(max(measured.polygon.area / LARGE_M2, 1.0)) if measured.kind == CHANGED else 0.0,
    ]
    return np.array([*common, *own])


def score(found: Found) -> float:
    """Log odds."""
    return float(signs(found) @ np.array(LINE_WEIGHTS if found.line is not None else BROAD_WEIGHTS))
