"""Spacing: whether tracks lie as far apart as tracks do, in the metres that the image claims.

A wrong GSD stretches what was drawn or traced over the image with it. Neighbouring tracks of a yard lie 4.0 to 6.5 m
apart, centre to centre, everywhere (two loading gauges and a man between them), so

    d(line) = median over the line of the distance to the nearest line that runs parallel to it

below `CLOSEST_M` for half of the lines, or above `WIDEST_M` for every one of at least `FEW` of them, says that the
metres are wrong, by about `USUAL_M / d`. The second may also mean that tracks between were not drawn; tracks taken
from a map over a wrongly scaled image are another case (`tracing/offset.py`). Factors between 0.75 and 1.8 go unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

CLOSEST_M, WIDEST_M = 3.4, 8.5
USUAL_M = 4.7
FEW = 4
"""Lines it takes to say that all of them lie too far apart."""
REACH_M = 25.0
STEP_M, PARALLEL = 10.0, 0.1
"""Where the distance is taken, and the slope between two lines that still counts as parallel."""
LONG_M = 40.0
"""Of a line, how much must run beside another."""


@dataclass(frozen=True, kw_only=True)
class Spacing:
    """How far tracks lie apart, and what that says of the image's metres."""

    metres: float | None
    """Median over the lines of the distance to the next; None where no two run side by side."""
    lines: int
    """That run beside another."""
    closest: float | None

    @property
    def verdict(self) -> Literal["plausible", "too close", "too far", "not checked"]:
        """What the distances say."""
        if self.metres is None or self.closest is None or self.lines < 2:
            return "not checked"
        if self.metres < CLOSEST_M:
            return "too close"
        return "too far" if self.closest > WIDEST_M and self.lines >= FEW else "plausible"

    @property
    def factor(self) -> float | None:
        """By which the GSD would have to be multiplied to be usual; None where nothing is doubted."""
        return None if self.metres is None or self.verdict in ("plausible", "not checked") else USUAL_M / self.metres


def spacing(lines: Sequence[shapely.LineString]) -> Spacing:
    """Distances of ground lines (metres) to those beside them."""
    found = [next_to for k, line in enumerate(lines) if (next_to := _next(line, [*lines[:k], *lines[k + 1 :]]))]
    if not found:
        return Spacing(metres=None, lines=0, closest=None)
    return Spacing(metres=float(np.median(found)), lines=len(found), closest=float(min(found)))


def _next(line: shapely.LineString, others: list[shapely.LineString]) -> float | None:
    """Median distance to the nearest parallel line; None where too little of the line runs beside one."""
    points = shapely.line_interpolate_point(line, np.arange(0, line.length, STEP_M))
    nearest = np.full(len(points), np.inf)
    for other in others:
        if len(points) > 1 and other.distance(line) < REACH_M:
            far = shapely.distance(points, other)
            ends = shapely.line_locate_point(other, points)
            beside = (np.abs(np.gradient(far)) < STEP_M * PARALLEL) & (ends > 0) & (ends < other.length)
            nearest = np.where(beside & (far < REACH_M), np.minimum(nearest, far), nearest)
    seen = nearest[np.isfinite(nearest)]
    return float(np.median(seen)) if len(seen) * STEP_M >= LONG_M else None
