"""The building that rises during the history: cleared ground, then walls without a roof, then roofed."""

from __future__ import annotations

import numpy as np
import shapely

from yardwatch.simulate.ground import local
from yardwatch.simulate.layout import Box
from yardwatch.simulate.noise import Reals, Single
from yardwatch.simulate.scenery import Scenery

EARTH, SLAB = (0.60, 0.53, 0.44), (0.66, 0.65, 0.63)
APRON_M = 5.0
"""Ground worked on beyond the walls."""
WALL_M = 0.5
CREST_LIGHT = 0.10


def raise_building(colour: Single, height: Single, scenery: Scenery, box: Box, stage: str | None) -> None:
    """Draw a stage (`cleared`, `rising`, `roofed`, None: nothing) into (3, y, x) and (y, x), in place."""
    canvas = scenery.canvas
    window = canvas.window(shapely.bounds(box.polygon.buffer(APRON_M + 2)))
    if stage is None or window is None:
        return
    along, across = local(canvas, window, box)
    inside = np.minimum(box.length / 2 - np.abs(along), box.width / 2 - np.abs(across))
    tone = scenery.tone[window]
    patch = colour[(slice(None), *window)]
    _lay(patch, np.clip((inside + APRON_M) / 2.0 + 0.5, 0, 1), np.array(EARTH)[:, None, None] * tone)
    if stage == "cleared":
        return
    floor = np.clip(inside / canvas.fine_m + 0.5, 0, 1)
    if stage == "rising":
        _lay(patch, floor, np.array(SLAB)[:, None, None] * tone)
        height[window] = np.where((inside > 0) & (inside < WALL_M), np.float32(box.height * 0.7), height[window])
        return
    seams = 1 + 0.03 * np.cos(2 * np.pi * along / 2.0) * np.sinc(canvas.fine_m / 2.0)
    light = seams + CREST_LIGHT * np.clip(across / canvas.fine_m, -1, 1)
    _lay(patch, floor, np.array(box.colour)[:, None, None] * light)
    slope = box.ridge * np.clip(1 - np.abs(across) / (box.width / 2), 0, 1)
    height[window] = np.where(inside > 0, (box.height + slope).astype(np.float32), height[window])


def _lay(patch: Single, cover: Reals, colour: Reals) -> None:
    patch += cover.astype(np.float32) * (colour.astype(np.float32) - patch)
