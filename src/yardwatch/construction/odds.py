"""Weights of the measures an object is believed by, and the chance they come to: logistic.

Fitted on development sites and the left halves of real pictures, which no figure is of. Those of many dates are
fitted again by `python -m benchmarks.change --fit`; those of pairs have no command yet. `docs/construction.md` says how
well the chances held.
"""

from __future__ import annotations

import math

BROAD = ("constant", "strength", "explained", "step", "stayed", "rectangularity", "edges", "shaded", "contrast", "area",
         "likeness", "field")  # fmt: skip
LINE = ("constant", "strength", "explained", "step", "length", "width", "contrast", "steady",
        "alone", "filled", "together")
PAIR = ("constant", "strength", "edges", "corners", "rectangularity", "contrast", "likeness", "dark", "pixels")
BROAD_WEIGHTS = (-25.69, 0.83, 6.39, 1.55, 8.89, -0.9, -0.29, 2.84, 0.11, 2.2, -1.86, 0.0)
LINE_WEIGHTS = (-25.13, 0.43, 3.13, 1.6, 3.01, 0.14, -0.33, 1.23, 2.55, 5.43, 0.0)
PAIR_WEIGHTS = (-6.28, 0.67, 1.91, 0.56, -1.49, 0.1, -3.32, -1.69, 0.75)
PROMISE, PROMISING = (1.65, 7.8, 1.72), 11.5
"""Weights of what is known of a broad object before it is dated (log strength, explained, log area), and the sum below
which it is not looked at further: of true objects of development sites none lay below 12.4."""
BELIEVED = 0.5
"""Chance from which an object is reported."""


def promising(strength: float, explained: float, area_m2: float) -> bool:
    """Whether a broad object can still be believed, by what is known before its dates."""
    known = (math.log(max(strength, 0.1)), explained, math.log(max(area_m2, 1.0)))
    return sum(weight * one for weight, one in zip(PROMISE, known, strict=True)) >= PROMISING


def chance(log_odds: float) -> float:
    """0..1."""
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
