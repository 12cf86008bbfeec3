"""A piece of pixels as a polygon in ground metres, and how nearly it is a rectangle."""

from __future__ import annotations

import numpy as np
import shapely

from yardwatch.construction.pieces import Piece
from yardwatch.model import Grid

CORNER_SHARE = 0.15
"""Side of the square looked at in each corner ÷ the shorter side of the rectangle: the largest that a circle drawn in
a square leaves empty."""
CORNER_PIXELS = 1.5
"""And its least side: below this the pixels themselves cut corners."""
FILLED = 0.4
"""Share of a corner's square from which the corner is there."""
SIDE_PIXELS = 7.5
"""Pixels of the shorter side from which corners can be told: 8, less half a pixel of blur; 4 m at 0.5 m."""


def outline(piece: Piece, grid: Grid) -> shapely.Polygon:
    """Outer edge of the pixels, steps of one pixel straightened; holes are filled."""
    rows, columns = piece.box
    boxes = [
        shapely.box(
            grid.west + (columns.start + first) * grid.step_m,
            grid.north - (rows.start + row + 1) * grid.step_m,
            grid.west + (columns.start + last) * grid.step_m,
            grid.north - (rows.start + row) * grid.step_m,
        )
        for row, line in enumerate(piece.mask)
        for first, last in _runs(line)
    ]
    whole = shapely.union_all(boxes)
    largest = max(getattr(whole, "geoms", [whole]), key=lambda part: part.area)
    return shapely.simplify(shapely.Polygon(largest.exterior), grid.step_m)


def _runs(line: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """First and past-the-last column of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line.view(np.int8), [0]])))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def rectangularity(polygon: shapely.Polygon) -> float:
    """Area ÷ area of the smallest turned rectangle around it: 1 a rectangle, 0.785 a circle, 0.5 a triangle."""
    around = shapely.minimum_rotated_rectangle(polygon).area
    return float(polygon.area / around) if around > 0 else 0.0


def right_angles(polygon: shapely.Polygon, step_m: float) -> int:
    """How many corners of the smallest turned rectangle the polygon fills: 4 a rectangle, 0 a circle or a diamond.

    0 also where the shorter side has fewer than 8 pixels, since a blob of so few fills corners too.
    """
    corners = np.asarray(shapely.minimum_rotated_rectangle(polygon).exterior.coords)[:4]
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*sides.T)
    if lengths.min() < SIDE_PIXELS * step_m:
        return 0
    along = sides / lengths[:, None] * max(CORNER_SHARE * lengths.min(), CORNER_PIXELS * step_m)
    squares = [
        shapely.Polygon([corner, corner + ahead, corner + ahead - behind, corner - behind])
        for corner, ahead, behind in zip(corners, along, np.roll(along, 1, axis=0), strict=True)
    ]
    return sum(polygon.intersection(square).area >= FILLED * square.area for square in squares)
