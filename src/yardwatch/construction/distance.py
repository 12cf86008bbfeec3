"""How far a look's ground lies from the usual, in spreads of the usual, pixel by pixel.

    d² = mean over bands of (e / σ)²,   σ² = spread² + noise²

`e` is how far the value lies outside the range of the reference within a pixel: an edge that is misplaced by a pixel is
at distance 0. `spread` is the reference's own at the pixel, `noise` the look's own spread about the reference over the
whole site, so that a hazy or badly placed look must show more before it counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.model import Pixels

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

NOISE_FLOOR = 0.015
"""Reflectance-like; about four steps of 8 bits: below it differences are quantisation, not ground."""
SAMPLE = 40_000
"""Pixels from which a look's noise is taken."""


@dataclass(frozen=True, eq=False)
class Reference:
    """The usual ground."""

    median: Floats
    """(band, y, x)."""
    spread: Floats
    """(band, y, x)."""
    low: Floats
    """(band, y, x): lowest usual value nearby."""
    high: Floats
    """(band, y, x): highest usual value nearby."""
    looks: NDArray[np.intp]
    """(y, x): clear reference looks."""


def look_noise(pixels: Pixels, reference: Reference, avoid: Bools) -> Floats:
    """(band,): the look's spread about the reference over the site's ground, at least the floor."""
    rows, columns = np.nonzero(pixels.visible & ~avoid & (reference.looks > 0))
    if len(rows) == 0:
        return np.full(len(pixels.data), NOISE_FLOOR, np.float32)
    every = max(1, len(rows) // SAMPLE)
    rows, columns = rows[::every], columns[::every]
    residual = pixels.data[:, rows, columns] - reference.median[:, rows, columns]
    residual -= np.median(residual, axis=1, keepdims=True)
    return np.maximum(1.4826 * np.median(np.abs(residual), axis=1), NOISE_FLOOR).astype(np.float32)


def distance(values: Floats, reference: Reference, noise: Floats) -> Floats:
    """(y, x) float32 distance of (band, y, x) values; 0 inside the usual range."""
    total = np.zeros(values.shape[1:], np.float32)
    for band, value in enumerate(values):
        outside = np.maximum(value - reference.high[band], reference.low[band] - value)
        np.maximum(outside, 0, out=outside)
        total += outside**2 / (reference.spread[band] ** 2 + noise[band] ** 2)
    return np.sqrt(total / np.float32(len(values)))
