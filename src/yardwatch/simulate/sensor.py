"""From fine pixels to delivered ones: area average, the optics' blur, noise, eight bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.simulate.noise import Single

SPILL = 0.15
"""Share of light that spills to each neighbour along each axis: the optics leave 1 - 4 × 0.15 = 0.4 of the contrast at
the Nyquist frequency, 0.25 together with the pixel's own averaging, as good imagers do."""
NOISE = 0.010
"""Standard deviation at black; grows with the root of brightness (shot noise)."""
NOISE_AT_WHITE = 0.008


def average(fine: Single, factor: int) -> Single:
    """Mean of `factor` × `factor` pixels of (band, y, x); sizes must divide."""
    rows, columns = fine.shape[1:]
    down = np.add.reduceat(fine, np.arange(0, rows, factor), axis=1)
    both = np.add.reduceat(down, np.arange(0, columns, factor), axis=2)
    both /= np.float32(factor**2)
    return both


def blur(picture: Single) -> Single:
    """The optics' blur on (band, y, x)."""
    kernel = np.array([SPILL, 1 - 2 * SPILL, SPILL], np.float32)
    down = ndimage.correlate1d(picture, kernel, axis=1, mode="nearest")
    return ndimage.correlate1d(down, kernel, axis=2, mode="nearest")


def deliver(picture: Single, gain: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Noise and eight bits; 0 is kept for nodata."""
    spread = np.sqrt(np.float32(NOISE**2) + np.float32(NOISE_AT_WHITE**2) * np.clip(picture, 0, 1))
    noisy = picture + spread * rng.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(np.rint(noisy * np.float32(255 * gain)), 1, 255).astype(np.uint8)
