"""The smallest turned rectangle around a set of pixels, and how much of an outline runs along its sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Turned:
    """A turned rectangle, in pixels of the mask it was made of."""

    length: float
    width: float
    angle_rad: float
    """Of the longer side, from the columns' direction towards the rows'."""
    corners: NDArray[np.float64]
    """(4, 2): column, row."""

    @property
    def area(self) -> float:
        """Pixels."""
        return self.length * self.width


def turned_box(mask: Bools) -> Turned:
    """Around the pixels' outer edges."""
    held = np.flatnonzero(mask.any(axis=1))
    first, last = mask[held].argmax(axis=1), mask.shape[1] - 1 - mask[held, ::-1].argmax(axis=1)
    rows, columns = np.concatenate([held, held]), np.concatenate([first, last])
    points = np.concatenate([np.column_stack([columns + dx, rows + dy]) for dx in (0, 1) for dy in (0, 1)])
    box = shapely.minimum_rotated_rectangle(shapely.MultiPoint(points))
    corners = np.asarray(box.exterior.coords)[:4]
    sides = np.diff(np.vstack([corners, corners[:1]]), axis=0)
    lengths = np.hypot(*sides.T)
    longer = int(lengths[:2].argmax())
    angle = float(np.arctan2(sides[longer][1], sides[longer][0]))
    return Turned(length=float(lengths[:2].max()), width=float(lengths[:2].min()), angle_rad=angle, corners=corners)


def straight_share(polygon: shapely.Polygon, step_m: float) -> float:
    """Share of an outline that lies within a pixel and a half of the sides of its smallest turned rectangle."""
    box = shapely.minimum_rotated_rectangle(polygon).exterior
    if polygon.exterior.length == 0:
        return 0.0
    return float(polygon.exterior.intersection(box.buffer(1.5 * step_m)).length / polygon.exterior.length)
