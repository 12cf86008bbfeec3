"""Ridges: the points in the middle of the bands of heat, to a fraction of a cell.

A track's heat is a plateau about two metres wide. Across the direction θ the heat's centre of gravity over ± 2 m,
δ = Σ t · h(t) / Σ h(t), is taken twice (a mean-shift step each, Comaniciu & Meer 2002); a cell that thereby moves less
than `FURTHEST_M`, and is no colder than the heat on both sides, is a ridge point, at the place it moved to. A valley
between two tracks is in balance too, and colder.
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
REACH_M, STEP_M = 2.0, 0.5
"""Just under half the closest spacing of tracks."""
FURTHEST_M = 0.7
"""A point may lie so far from the cell it was found in: half a diagonal."""
INNER_M, OUTER_M = 0.6, 1.4
"""What is held against each other: the middle, and what lies beyond on either side."""
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
    cosine, sine = (gaussian_filter(part * share, SMOOTHED)[row, column] for part in seen.direction)
    angle = 0.5 * np.arctan2(sine, cosine)
    normal = np.stack([np.cos(angle), -np.sin(angle)])  # (down, right)
    here = np.stack([row, column]).astype(np.float64)
    at = np.arange(-REACH_M, REACH_M + STEP_M / 2, STEP_M)
    moved, profile = np.zeros(len(row)), np.zeros((len(at), len(row)))
    for _ in range(2):
        place = here[:, None] + (moved[None] + at[:, None]) / CELL_M * normal[:, None]
        profile = map_coordinates(share, place, order=1, mode="nearest")
        moved = moved + (at @ profile) / np.maximum(profile.sum(axis=0), 1e-9)
    middle = profile[np.abs(at) <= INNER_M].mean(axis=0)
    sides = np.maximum(profile[at <= -OUTER_M].mean(axis=0), profile[at >= OUTER_M].mean(axis=0))
    point = (np.abs(moved) <= FURTHEST_M) & (middle >= sides)
    place = (here + moved / CELL_M * normal)[::-1].T + 0.5
    return Ridge(place * CELL_M, angle, np.minimum(middle, 1.0)).chosen(point)
