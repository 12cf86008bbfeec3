"""Weights of the measures an object is believed by, and the chance they come to: logistic.

Fitted on development sites and the left halves of real pictures, which no figure is of; `python -m benchmarks.change
--fit` fits them again. `docs/construction.md` says how well the chances held.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

BROAD = ("constant", "strength", "explained", "step", "stayed", "rectangularity", "edges", "shaded", "contrast", "area",
         "likeness", "field")  # fmt: skip
LINE = (
    "constant",
    "strength",
    "explained",
    "step",
    "length",
    "width",
    "contrast",
    "steady",
    "alone",
    "filled",
    "together",
)
PAIR = ("constant", "strength", "edges", "corners", "rectangularity", "contrast", "likeness", "dark", "pixels")
BROAD_WEIGHTS = (-43.3, 0.85, 6.81, 2.66, 16.78, 3.0, -0.63, 3.93, 0.09, 3.19, -1.78, -5.11)
LINE_WEIGHTS = (-29.78, 0.33, 4.85, 2.93, 4.22, -0.17, 0.0, 1.0, 2.84, 3.4, 0.03)
PAIR_WEIGHTS = (-6.28, 0.67, 1.91, 0.56, -1.49, 0.1, -3.32, -1.69, 0.75)
PROMISE, OBJECT, REGION = (1.65, 7.8, 1.72), 11.5, 12.5
"""Weights of what is known of a broad object before it is dated (log strength, explained, log area), and the sums below
which an object is not dated and a region not searched: on development sites true ones lay above 12.4 and 16.2, nine
tenths of the regions below 13.1."""
BELIEVED = 0.5
"""Chance from which an object is reported."""


def promising(strength: float, explained: float, area_m2: float, least: float = OBJECT) -> bool:
    """Whether a broad object can still be believed, by what is known before its dates."""
    known = (math.log(max(strength, 0.1)), explained, math.log(max(area_m2, 1.0)))
    return sum(weight * one for weight, one in zip(PROMISE, known, strict=True)) >= least


def line_promising(signs: Sequence[float]) -> bool:
    """Whether a line can still be believed, its `LINE` signs being the best that dating could make of them."""
    return sum(weight * one for weight, one in zip(LINE_WEIGHTS, signs, strict=True)) >= 0


def chance(log_odds: float) -> float:
    """0..1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
