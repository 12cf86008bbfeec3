"""Contrast: an image in units of its own local contrast round its own local brightness.

    x = clip((image − m) / (s + SPREAD_FLOOR), ±CLIP),   m, s: mean and deviation of grey over BOX_M

m and s are taken over what is visible; both are means over a box, taken twice, so that the edge of a bright roof
does not cut through the picture. The training uses this very function: one definition, one result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

STEP_M = 0.5
"""Pixels the track network is given: two rails, 1.5 m apart, are three of them."""
BOX_M = 12.5
"""Two and a half tracks: wide enough to hold track and bed, narrow enough to follow shadow and roofs."""
SPREAD_FLOOR = 0.02
CLIP = 5.0


def normalise(data: Floats, visible: Bools) -> Floats:
    """(3, y, x) of an image (band, y, x) 0..1, pixels of `STEP_M`; one band is repeated; 0 where nothing is seen."""
    bands = data if len(data) == 3 else np.repeat(data[:1], 3, axis=0)
    shown = visible.astype(np.float32)
    grey = bands.mean(axis=0) * shown
    weight = np.maximum(_box(shown), 1e-3)
    mean = _box(grey) / weight
    spread = np.sqrt(np.maximum(_box(grey * grey) / weight - mean * mean, 0))
    return (np.clip((bands - mean) / (spread + SPREAD_FLOOR), -CLIP, CLIP) * shown).astype(np.float32)


def paired(x: Floats) -> Floats:
    """(band, y, x / 2): columns two by two as one: a metre along the tracks, half a metre across them."""
    mixed: Floats = 0.5 * (x[..., ::2] + x[..., 1::2])
    return mixed


def _box(values: Floats) -> Floats:
    size = round(BOX_M / STEP_M)
    once = uniform_filter(values, size, mode="constant")
    twice: Floats = uniform_filter(once, size, mode="constant")
    return twice
