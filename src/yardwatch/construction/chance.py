"""The measures from which the chance is taken that an object of many dates is real (`odds` holds their weights)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.kind import CHANGED
from yardwatch.construction.odds import BROAD_WEIGHTS, LINE_WEIGHTS
from yardwatch.construction.search import Found

LARGE_M2 = 1000.0
"""Area beyond which size is no further evidence, and without edges or corners speaks for a field."""


def signs(found: Found) -> NDArray[np.float64]:
    """The measures the chance is taken from; the first is 1."""
    common = [1.0, math.log(max(found.strength, 0.1)), found.explained, math.log(max(found.shown.step, 0.1))]
    measured = found.measured
    if found.line:
        length = measured.length_m or 1.0
        own = [
            math.log(length), measured.polygon.area / length, math.log(max(found.contrast, 0.1)),
            max(found.steady, -1.0), found.alone, found.filled, found.together,
        ]  # fmt: skip
        return np.array([*common, *own])
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
    return float(signs(found) @ np.array(LINE_WEIGHTS if found.line else BROAD_WEIGHTS))
