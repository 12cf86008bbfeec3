"""Weights of the measures an object is believed by, and the chance they come to: logistic.

Fitted on development sites and on the left halves of real pictures, for which no figure is given; printed by
`python -m benchmarks.change --fit`. `docs/construction.md` tells how well the chances held.
"""

from __future__ import annotations

import math

BROAD = ("constant", "strength", "explained", "coherence", "step", "stayed", "new looks", "rectangularity", "straight",
         "edges", "shaded", "contrast", "area", "likeness", "evenness", "dark", "corners")  # fmt: skip
LINE = ("constant", "strength", "explained", "coherence", "step", "stayed", "new looks", "length", "width")
PAIR = ("constant", "strength", "edges", "corners", "rectangularity", "straight", "shaded", "contrast", "likeness",
        "evenness", "dark", "pixels")  # fmt: skip
BROAD_WEIGHTS = (-9.0, 1.0, 4.0, 1.0, 1.5, 1.5, 0.3, 1.0, 0.5, 0.5, 0.5, 0.3, 0.5, -1.0, 0.0, 0.0, 0.0)
LINE_WEIGHTS = (-9.0, 1.0, 4.0, 1.0, 1.5, 1.5, 0.3, 0.5, 0.0)
PAIR_WEIGHTS = (-8.0, 1.0, 2.0, 1.0, 2.0, 1.0, 1.0, 0.5, -2.0, 0.5, -1.0, 0.3)
BELIEVED = 0.5
"""Chance from which an object is reported."""


def chance(log_odds: float) -> float:
    """0..1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
