"""Company: how sure a line must be depends on what runs beside it.

Tracks of a yard run side by side, 4 to 7 m apart, and what looks like one track in a town (kerb, hedge, wall) seldom
does. So a line in company needs less heat than one alone, and beside a sure line still less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

LEAST_M = 40.0
"""Shortest track worth proposing: three wagons."""
ALONE, TOGETHER = 0.6, 0.4
"""Confidence a line needs without and with company all along; set on simulated yards and look-alikes not held back."""
BESIDE_SURE, BESIDE_SHARE = 0.3, 0.6
"""Confidence that is enough beside a sure line, and the share of its length that must run beside one."""
BESIDE_M = (3.6, 7.5)
"""Distances of neighbouring tracks, with half a metre for the tracing's own error."""
BESIDE_STEP_M, PARALLEL = 5.0, 0.1
"""Where company is looked for, and the slope between two lines that still counts as parallel."""
LEADER_SHARE = 0.5
"""Of the length of a line that others are looked for beside: it is one of a yard's tracks itself."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TracedLine:
    """A proposed centre line."""

    line: shapely.LineString
    """Ground metres."""
    confidence: float
    """Mean heat along it, 0..1; gaps count as 0."""


def leaders(made: Sequence[TracedLine]) -> list[TracedLine]:
    """Lines that need no company and have it, surest metres first: what runs beside them is sought (`abreast`)."""
    shares = company([one.line for one in made])
    some = [one for one, share in zip(made, shares, strict=True) if one.confidence >= ALONE and share >= LEADER_SHARE]
    return sorted(some, key=surest)


def surest(one: TracedLine) -> tuple[float, tuple[float, ...]]:
    """Sorts the surest metres first."""
    return -one.confidence * one.line.length, one.line.coords[0]


def sure(made: Sequence[TracedLine]) -> list[TracedLine]:
    """Lines sure enough by themselves and their company; then those that run beside a sure one, as long as any does."""
    every = [one.line for one in made]
    good = [
        one.confidence >= ALONE - (ALONE - TOGETHER) * share for one, share in zip(made, company(every), strict=True)
    ]
    while True:
        beside = company(every, [one.line for one, yes in zip(made, good, strict=True) if yes])
        more = [
            yes or (one.confidence >= BESIDE_SURE and share >= BESIDE_SHARE)
            for one, yes, share in zip(made, good, beside, strict=True)
        ]
        if more == good:
            return [one for one, yes in zip(made, good, strict=True) if yes]
        good = more


def company(some: list[shapely.LineString], others: list[shapely.LineString] | None = None) -> list[float]:
    """Share of each line beside which one of the `others` (all of them) runs parallel, as far off as a next track."""
    if others is None:
        others = some
    tree = shapely.STRtree(others)
    found = []
    for line in some:
        points = shapely.line_interpolate_point(line, np.arange(0, line.length, BESIDE_STEP_M))
        beside = np.zeros(len(points), bool)
        for other in tree.query(line, "dwithin", BESIDE_M[1]):
            if others[other] is not line:
                far = shapely.distance(points, others[other])
                steady = np.abs(np.gradient(far)) < BESIDE_STEP_M * PARALLEL if len(far) > 1 else np.ones(1, bool)
                beside |= (far >= BESIDE_M[0]) & (far <= BESIDE_M[1]) & steady
        found.append(float(beside.mean()))
    return found
