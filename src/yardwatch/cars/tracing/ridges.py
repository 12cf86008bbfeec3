"""Ridges: the points where heat is highest across the track, to a fraction of a cell.

A cell is a ridge point when its logit L₀ is not below L₋ and L₊, one metre to either side across the direction θ.
The parabola through the three gives the point's place across: δ = ½ (L₋ − L₊) / (L₋ − 2 L₀ + L₊), |δ| ≤ 0.7 m.
Non-maximum suppression after Canny (1986), the sub-cell step after Steger (1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from yardwatch.cars.tracing.heat import CELL_M, Heat

Floats = NDArray[np.float64]

LEAST = 0.12
"""Heat from which a cell may carry a line on; how sure a whole line must be is another matter (`lines`)."""
FURTHEST = 0.7
"""Cells a peak may lie from the cell it was found in: half a diagonal."""
FLOOR = -8.0
"""Logit of what is not seen."""
SMOOTHED = 0.7
"""Cells over which directions are averaged, weighted by heat."""


@dataclass(frozen=True, eq=False)
class Ridge:
    """Points on ridges of heat."""

    xy: Floats
    """(n, 2): metres; x to the right, y down in a window, east and north on the ground."""
    angle: Floats
    """(n,): direction of the track, radians from x to y, modulo π."""
    share: Floats
    """(n,): probability of a centre line."""

    @classmethod
    def none(cls) -> Ridge:
        """No points."""
        return cls(np.zeros((0, 2)), np.zeros(0), np.zeros(0))

    def chosen(self, which: NDArray[np.generic]) -> Ridge:
        """Some of the points."""
        return Ridge(self.xy[which], self.angle[which], self.share[which])

    def on_ground(self, west: float, north: float) -> Ridge:
        """A window's points (y down from its upper left corner) as ground points (y north)."""
        return Ridge(np.array([west, north]) + self.xy * [1, -1], -self.angle, self.share)


def joined(parts: list[Ridge]) -> Ridge:
    """Points of several windows together."""
    parts = [Ridge.none(), *parts]
    return Ridge(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("xy", "angle", "share")))


def ridges(seen: Heat) -> Ridge:
    """Ridge points of a window, metres from its upper left corner."""
    share = np.where(np.isfinite(seen.logit), seen.share, 0).astype(np.float64)
    row, column = np.nonzero(share > LEAST)
    if not len(row):
        return Ridge.none()
    logit = np.maximum(np.where(np.isfinite(seen.logit), seen.logit, FLOOR), FLOOR).astype(np.float64)
    cosine, sine = (gaussian_filter(part * share, SMOOTHED)[row, column] for part in seen.direction)
    angle = 0.5 * np.arctan2(sine, cosine)
    normal = np.stack([np.cos(angle), -np.sin(angle)])  # (down, right)
    here = np.stack([row, column]).astype(np.float64)
    left, right = (map_coordinates(logit, here + way * normal, order=1, mode="nearest") for way in (-1, 1))
    middle = logit[row, column]
    bend = left - 2 * middle + right
    peak = (middle >= left) & (middle >= right) & (bend < -1e-6)
    off = np.clip(0.5 * (left - right) / np.where(peak, bend, -1), -FURTHEST, FURTHEST)
    place = (here + off * normal)[::-1].T + 0.5
    return Ridge(place * CELL_M, angle, share[row, column]).chosen(peak)
