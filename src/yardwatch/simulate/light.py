"""Sun and shade: shadows cast over a height field, and those of gantry beams, which hang free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.layout import Gantry
from yardwatch.simulate.noise import Single

SHADE = np.array([0.25, 0.27, 0.32], np.float32)
"""Share of a sunlit surface's brightness that the sky alone gives, by band: shade is bluish."""
LONGEST_M = 64.0
"""Shadows are followed no farther."""
OVERLAP = 2
PENUMBRA_M = 0.25
LOWEST_TAN = 0.12


@dataclass(frozen=True, kw_only=True)
class Sun:
    """The sun's direction."""

    azimuth_deg: float
    elevation_deg: float

    @property
    def up(self) -> float:
        """Upward share of the unit vector to the sun."""
        return float(np.sin(np.deg2rad(self.elevation_deg)))

    @property
    def tangent(self) -> float:
        """Height lost per metre of shadow."""
        return max(float(np.tan(np.deg2rad(self.elevation_deg))), LOWEST_TAN)

    @property
    def toward(self) -> tuple[float, float]:
        """Horizontal unit vector to the sun: east, north."""
        azimuth = np.deg2rad(self.azimuth_deg)
        return float(np.sin(azimuth)), float(np.cos(azimuth))

    def across(self, turn_rad: float) -> float:
        """Share of the unit vector to the sun that points left of a direction (counter-clockwise from east)."""
        east, north = self.toward
        level = float(np.cos(np.deg2rad(self.elevation_deg)))
        return level * (north * float(np.cos(turn_rad)) - east * float(np.sin(turn_rad)))


def shade(height: Single, canvas: Canvas, sun: Sun) -> Single:
    """How far each pixel lies in shadow, 0..1, (y, x).

    The horizon S(p) = max over j of H(p + j·u) − j·d·tan(elevation) is found by doubling: S over 2k steps is the
    larger of S over k steps here and of S over k steps k pixels sunward, so a shadow costs log₂ of its length. Runs
    overlap by a few pixels, since shifts are rounded and a thin wall must throw a whole shadow.
    """
    toward = canvas.to_pixel[:, :2] @ np.array(sun.toward)
    unit = toward / np.hypot(*toward)
    horizon = height.copy()
    reach, span = min(LONGEST_M, float(height.max()) / sun.tangent), 1
    while span * canvas.fine_m < reach:
        steps = max(1, span - OVERLAP)
        column, row = (round(float(part) * steps) for part in unit)
        drop = np.float32(np.hypot(column, row) * canvas.fine_m * sun.tangent)
        here, sunward = _overlap(height.shape, row, column)
        np.maximum(horizon[here], horizon[sunward] - drop, out=horizon[here])
        span += steps
    horizon -= height
    horizon /= np.float32(PENUMBRA_M)
    return np.clip(horizon, 0, 1, out=horizon)


def _overlap(shape: tuple[int, ...], row: int, column: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Slices of the pixels that stay inside when shifted by (row, column), and of where they land."""
    here, there = [], []
    for size, wanted in zip(shape, (row, column), strict=True):
        shift = max(-size, min(size, wanted))
        here.append(slice(max(0, -shift), size - max(0, shift)))
        there.append(slice(max(0, shift), size - max(0, -shift)))
    return (here[0], here[1]), (there[0], there[1])


def beam_shade(dark: Single, height: Single, canvas: Canvas, gantries: Sequence[Gantry], sun: Sun) -> None:
    """Add the thin shadows of gantry beams to `dark`, in place: they fall on roofs sooner than on the ground."""
    for gantry in gantries:
        feet = np.array(gantry.feet)
        throw = np.array(sun.toward) * gantry.height / sun.tangent
        corners = np.concatenate([feet, feet - throw])
        window = canvas.window((*(corners.min(0) - 1), *(corners.max(0) + 1)))
        if window is None:
            continue
        x, y = canvas.ground(window)
        lift = (gantry.height - height[window]) / np.float32(sun.tangent)
        across = distance_to(feet, x + sun.toward[0] * lift, y + sun.toward[1] * lift)
        cover = np.clip((gantry.beam_m / 2 - across) / canvas.fine_m + 0.5, 0, 1) * (lift > 0)
        np.maximum(dark[window], cover * 0.85, out=dark[window])


def distance_to(feet: NDArray[np.float64], x: Single, y: Single) -> Single:
    """Metres from points to a segment, given as (2, 2)."""
    run = feet[1] - feet[0]
    length = float(np.hypot(*run))
    forward = (run / length).astype(np.float32)
    dx, dy = x - np.float32(feet[0, 0]), y - np.float32(feet[0, 1])
    along = np.clip(dx * forward[0] + dy * forward[1], 0, length)
    return np.hypot(dx - along * forward[0], dy - along * forward[1]).astype(np.float32)
