"""Weights of the measures an object is believed by, and the chance they come to: logistic.

Fitted on development sites and the left halves of real pictures, which no figure is of. Those of many dates are
fitted again by `python -m benchmarks.change --fit`; those of pairs have no command yet. `docs/construction.md` says how
well the chances held.
"""

from __future__ import annotations

import math

BROAD = ("constant", "strength", "explained", "step", "stayed", "rectangularity", "edges", "shaded", "contrast", "area",
         "likeness")  # fmt: skip
LINE = ("constant", "strength", "explained", "step", "stayed", "length", "width")
PAIR = ("constant", "strength", "edges", "corners", "rectangularity", "contrast", "likeness", "dark", "pixels")
BROAD_WEIGHTS = (-19.31, 0.89, 3.93, 1.47, 5.9, -0.6, 0.38, 2.7, -0.08, 1.66, 0.04)
LINE_WEIGHTS = (-12.83, -0.3, 3.75, 0.94, 0.0, 2.19, 0.22)
PAIR_WEIGHTS = (-6.28, 0.67, 1.91, 0.56, -1.49, 0.1, -3.32, -1.69, 0.75)
BELIEVED = 0.5
"""Chance from which an object is reported."""


def chance(log_odds: float) -> float:
    """0..1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
