"""Oriented boxes in the image's own metres: right and down from its upper left corner. Rotated suppression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

PIXEL_M = 0.5
"""Pixels the detector is given."""
CELL_M = 1.0
"""Cells of its answer."""
WIDTH_M = 3.1
"""Of every box: rail vehicles hardly differ in width, and the score does not ask for it."""
SAME = 0.3
"""Intersection over union from which two boxes are one vehicle. Coupled and neighbouring ones share far less."""


@dataclass(frozen=True)
class Box:
    """One vehicle."""

    x_m: float
    y_m: float
    """Of its middle."""
    length_m: float
    angle_rad: float
    """Of its long axis, from right to down; half a turn more is the same box."""
    score: float

    @property
    def polygon(self) -> shapely.Polygon:
        """Its outline."""
        ahead = np.array([np.cos(self.angle_rad), np.sin(self.angle_rad)]) * self.length_m / 2
        aside = np.array([-np.sin(self.angle_rad), np.cos(self.angle_rad)]) * WIDTH_M / 2
        corners = [ahead + aside, ahead - aside, -ahead - aside, -ahead + aside]
        return shapely.Polygon(np.add(corners, (self.x_m, self.y_m)))

    def moved(self, x_m: float, y_m: float) -> Box:
        """The box so far to the right and down."""
        return replace(self, x_m=self.x_m + x_m, y_m=self.y_m + y_m)


def suppressed(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those that lie on a likelier one, likeliest first."""
    ordered = sorted(boxes, key=lambda box: (-box.score, box.x_m, box.y_m))
    outlines = [box.polygon for box in ordered]
    tree, kept = shapely.STRtree(outlines), []
    gone: set[int] = set()
    for i, box in enumerate(ordered):
        if i in gone:
            continue
        kept.append(box)
        near = tree.query(outlines[i]).tolist()
        gone.update(j for j in near if j > i and _iou(outlines[i], outlines[j]) > SAME)
    return kept


def _iou(one: shapely.Polygon, other: shapely.Polygon) -> float:
    common = one.intersection(other).area
    return float(common / (one.area + other.area - common))
