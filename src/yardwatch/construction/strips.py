"""A line of evidence as an object: a strip on the ground, its length and kind."""

from __future__ import annotations

import math

import shapely

from yardwatch.construction.kind import CHANGED, PLATFORM, TRACK, WALL
from yardwatch.construction.lines import Line
from yardwatch.construction.measure import Measured
from yardwatch.model import Grid

NARROWEST_M = 4.0
"""Width given to a strip at least: of a wall of 0.4 m the rest is what its shadow and a pixel of misplacement cover."""
WALL_WIDTH_M, TRACK_WIDTH_M = 6.0, 4.6
"""Seen widths up to which a strip is a wall or fence (its shadow included), or a track (ballast of 3.2 m)."""
WALL_SHADED = 0.15
"""Share that darkened from which it stands upright: walls of development sites 0.20–0.36, tracks 0."""
WALL_LENGTH_M, TRACK_LENGTH_M, PLATFORM_LENGTH_M = 60.0, 100.0, 45.0


def strip_polygon(line: Line, grid: Grid) -> shapely.Polygon:
    """Ground metres; `grid` is of the cells the line is in."""
    ends = [
        (grid.west + float(x) * grid.step_m, grid.north - float(y) * grid.step_m) for x, y in (line.start, line.end)
    ]
    width = max(line.width * grid.step_m, NARROWEST_M)
    return shapely.LineString(ends).buffer(width / 2, cap_style="flat")


def measured_strip(line: Line, grid: Grid, shaded: float) -> Measured:
    """Shape and kind of a strip; `shaded` is the share of it and its rims that darkened."""
    polygon = strip_polygon(line, grid)
    length, width = line.length * grid.step_m, line.width * grid.step_m
    return Measured(
        polygon=polygon, rectangularity=1.0, straight=1.0, right_angles=4, edge_ratio=float("nan"), shaded_rim=shaded,
        contrast=line.strength, kind=_kind(length, width, shaded), stage=None, length_m=length,
    )  # fmt: skip


def line_signs(line: Line, measured: Measured, explained: float, step: float, together: float) -> tuple[float, ...]:
    """The measures (`odds.LINE`) the chance of a line is taken from.

    Args:
        line: of the evidence.
        measured: the same as a strip.
        explained: share of its cells' spread that their steps explain.
        step: size of the whole line's step, spreads.
        together: share of the spread of its mean brightness that a step explains.
    """
    length = measured.length_m or 1.0
    return (
        1.0, math.log(max(line.strength, 0.1)), explained, math.log(max(step, 0.1)), math.log(length),
        measured.polygon.area / length, math.log(max(line.contrast, 0.1)), max(line.steady, -1.0), line.alone,
        line.filled, together,
    )  # fmt: skip


def _kind(length: float, width: float, shaded: float) -> str:
    if width <= WALL_WIDTH_M and shaded >= WALL_SHADED and length >= WALL_LENGTH_M:
        return WALL
    if width <= TRACK_WIDTH_M and length >= TRACK_LENGTH_M:
        return TRACK
    if width > TRACK_WIDTH_M and length >= PLATFORM_LENGTH_M:
        return PLATFORM
    return CHANGED
