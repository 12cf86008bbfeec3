"""The chance that an object is real: logistic in a few measures, fitted on simulated sites that no figure is given for.

The weights are printed by `python -m benchmarks.change --fit`; `docs/construction.md` tells how well the chance held.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.search import Found

BROAD = ("constant", "strength", "explained", "coherence", "step", "stayed", "new looks", "rectangularity", "straight",
         "edges", "shaded", "contrast", "area")  # fmt: skip
LINE = ("constant", "strength", "explained", "coherence", "step", "stayed", "new looks", "filled", "length", "width")
BROAD_WEIGHTS = (-9.0, 1.0, 4.0, 1.0, 1.5, 1.5, 0.3, 1.0, 0.5, 0.5, 0.5, 0.3, 0.5)
LINE_WEIGHTS = (-9.0, 1.0, 4.0, 1.0, 1.5, 1.5, 0.3, 1.0, 0.5, 0.0)
BELIEVED = 0.5
"""Chance from which an object is reported."""


def signs(found: Found) -> NDArray[np.float64]:
    """The measures the chance is taken from; the first is 1."""
    common = [
        1.0, math.log(max(found.strength, 0.1)), found.explained, found.coherence,
        math.log(max(found.shown.step, 0.1)), found.dates.stayed, math.log(len(found.dates.new)),
    ]  # fmt: skip
    measured = found.measured
    if found.line:
        length = measured.length_m or 1.0
        own = [found.filled, math.log(length), measured.polygon.area / length]
    else:
        own = [
            measured.rectangularity, measured.straight, abs(math.log(max(measured.edge_ratio, 1e-2))),
            measured.shaded_rim, math.log(max(measured.contrast, 0.1)), math.log(measured.polygon.area),
        ]  # fmt: skip
    return np.array([*common, *own])


def score(found: Found) -> float:
    """Log odds."""
    return float(signs(found) @ np.array(LINE_WEIGHTS if found.line else BROAD_WEIGHTS))


def chance(log_odds: float) -> float:
    """0..1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
