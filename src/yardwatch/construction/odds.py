"""Weights of the measures an object is believed by, and the chance they come to: logistic.

Fitted on development sites and the left halves of real pictures, which no figure is of. Those of many dates are
fitted again by `python -m benchmarks.change --fit`; those of pairs have no command yet. `docs/construction.md` says how
well the chances held.
"""

from __future__ import annotations

import math

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
BROAD_WEIGHTS = (-46.14, 0.98, 6.45, 2.89, 17.27, 2.64, -0.58, 3.9, 0.17, 3.53, -1.53, -5.51)
LINE_WEIGHTS = (-30.36, 1.14, 3.71, 2.44, 4.12, 0.18, -0.76, 1.72, 1.93, 4.53, -0.38)
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


def chance(log_odds: float) -> float:
    """0..1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
