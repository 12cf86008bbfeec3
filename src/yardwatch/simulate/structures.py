"""Gantry beams as seen from above: drawn after the lean, as they hang free over what is below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.layout import Gantry
from yardwatch.simulate.light import distance_to
from yardwatch.simulate.noise import Single

STEEL = np.array([0.60, 0.61, 0.61], np.float32)[:, None, None]
LATTICE_M = 0.9
"""Pitch of the bracing: a beam is half air."""


class View(Protocol):
    """Whence the picture is taken."""

    @property
    def off_nadir_deg(self) -> float:
        """Angle between the line of sight and the vertical."""

    @property
    def view_azimuth_deg(self) -> float:
        """Direction from the ground to the sensor, clockwise from north."""


def draw_beams(colour: Single, canvas: Canvas, gantries: Sequence[Gantry], look: View) -> None:
    """Lay each beam over (3, y, x), displaced by the view, in place."""
    azimuth = np.deg2rad(look.view_azimuth_deg + 180)
    away = np.array([np.sin(azimuth), np.cos(azimuth)]) * np.tan(np.deg2rad(look.off_nadir_deg))
    for gantry in gantries:
        feet = np.array(gantry.feet) + away * gantry.height
        window = canvas.window((*(feet.min(0) - 1), *(feet.max(0) + 1)))
        if window is None:
            continue
        x, y = canvas.ground(window)
        across = distance_to(feet, x, y)
        run = (feet[1] - feet[0]) / np.hypot(*(feet[1] - feet[0]))
        along = (x - feet[0, 0]) * run[0] + (y - feet[0, 1]) * run[1]
        bracing = 0.7 + 0.3 * np.cos(2 * np.pi * along / LATTICE_M) * np.sinc(canvas.fine_m / LATTICE_M)
        cover = np.clip((gantry.beam_m / 2 - across) / canvas.fine_m + 0.5, 0, 1) * bracing
        patch = colour[(slice(None), *window)]
        patch += cover.astype(np.float32) * (STEEL - patch)
