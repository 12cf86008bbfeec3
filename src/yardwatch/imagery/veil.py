"""Veil: where an image shows nothing of the track, by what it lacks: fine contrast. Own method.

A track shows edges every few metres whatever stands on it and however bright the day: rails, ties, ballast, cars,
masts, shadows, and most of them through snow too. Under cloud, thick haze and deep fresh snow they are gone. So

    contrast = √(mean b² − NOISE² · mean f²) / (mean g + 0.05)

over a box of 8 m, where g is grey, b what lies between Gaussians of 0.7 and 2.1 m (at least 1 and 3 pixels), f what
lies below one pixel: mostly noise, and the part of it that leaks into b is taken off. Where it is below
`LEAST_CONTRAST` over at least 150 m², and 11 m around (a cloud's rim is thin), a track is veiled. Contrast is a ratio,
so exposure and colour cast do not matter; a stretch that blows an overcast scene up blows its noise up as well.

Limits: for tracks only (meadows and roofs are smooth too), and for pixels up to 0.75 m: coarser ones show an empty
track as smooth as a cloud. It says that nothing can be made out, not why.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

BOX_M, LEAST_BOX_PX = 8.0, 5
FINE_M, COARSE_M = 0.7, 2.1
"""Rails, ties and edges of bodies lie between; a cloud's own shape is coarser."""
NOISE, NOISE_AT_M = 0.35, 0.5
"""In pixels of 0.5 m white noise leaks 0.2 of its fine part into the band, compressed noise more; in finer pixels less,
and there the fine part is ballast rather than noise."""
LEAST_CONTRAST = 0.008
"""Real tracks at 0.3–0.7 m: half of all boxes above 0.10, 99 % above 0.01. Under simulated cloud: half below 0.005."""
LEAST_M2, RIM_M = 150.0, 11.0
COARSEST_M = 0.75
BLACK = 0.05
"""Keeps the ratio finite in the dark."""
BURNT, BURNT_M = 0.99, 6.0
"""All bands this high over a square wider than any roof of a wagon: burnt out, nothing is told there."""


def contrast(data: Floats, visible: Bools, step_m: float) -> Floats:
    """Fine contrast by brightness, (y, x), of (band, y, x); steps in ground metres."""
    grey = data.mean(axis=0, dtype=np.float32)
    filled = np.where(visible, grey, grey[visible].mean() if visible.any() else 0).astype(np.float32)
    small, large = max(FINE_M / step_m, 1), max(COARSE_M / step_m, 3)
    fine, coarse = ndimage.gaussian_filter(filled, small), ndimage.gaussian_filter(filled, large)
    band, noise = fine - coarse, filled - ndimage.gaussian_filter(filled, 1.0)
    box = max(LEAST_BOX_PX, round(BOX_M / step_m))
    inside = np.maximum(ndimage.uniform_filter(visible.astype(np.float32), box), 1 / box**2)

    def mean(values: Floats) -> Floats:
        return ndimage.uniform_filter(np.where(visible, values, 0), box) / inside

    leak = NOISE * min(1.0, FINE_M / NOISE_AT_M / small)
    power = np.maximum(mean(band * band) - leak**2 * mean(noise * noise), 0)
    return np.asarray(np.sqrt(power) / (mean(filled) + BLACK), np.float32)


def veiled(data: Floats, visible: Bools, step_m: float) -> Bools:
    """Where nothing of a track can be made out; nowhere in pixels too coarse to tell."""
    if step_m > COARSEST_M or not visible.any():
        return np.zeros(visible.shape, bool)
    pieces, _ = ndimage.label(visible & (contrast(data, visible, step_m) < LEAST_CONTRAST))
    large = np.bincount(pieces.ravel()) * step_m**2 >= LEAST_M2
    large[0] = False
    if not large.any():
        return np.zeros(visible.shape, bool)
    return visible & (ndimage.distance_transform_edt(~large[pieces]) <= RIM_M / step_m)


def burnt(data: Floats, visible: Bools, step_m: float) -> Bools:
    """Saturated squares of at least 6 m."""
    white = visible & (data.min(axis=0) >= BURNT)
    if not white.any():
        return white
    side = min(max(3, round(BURNT_M / step_m)), *visible.shape)
    return np.asarray(ndimage.binary_opening(white, np.ones((side, side), bool)))
