"""How a day's light turns a track's empty look into what the strip shows: the commonest ratios of their pixels.

Unchanged ground in the sun gives one ratio, ground in a shadow that was not there another, lower one; cars give
ratios of every size. So the ratios' histogram is smoothed and its peaks read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from yardwatch.model import Strip

Floats = NDArray[np.float64]

BIN = 0.02
"""Width of a bin of ln(ratio)."""
SMOOTH_BINS = 3
REACH = 2.5
"""Largest |ln(ratio)| looked at: twelve times brighter or darker."""
RIVAL = 0.4
"""Share of the highest peak from which another one may be the sunlit ground; of these the brightest is taken, as a
full yard shows more shadow than sun."""
NEAR = 0.1
"""Pixels this near a peak, in ln(ratio), give the bands' ratios."""
SHADE = (-1.9, -0.4)
"""ln(ratio) of shadow to sun: 0.15 to 0.67."""
SHADE_SHARE = 0.02
"""Least share of pixels in that range that makes a shadow."""
DARK = 1e-3


@dataclass(frozen=True, eq=False)
class Light:
    """Ratios of a strip to its empty look, by band."""

    sun: Floats
    shade: Floats | None
    """None where no new shadow shows."""


def light(strip: Strip, empty: Strip) -> Light:
    """The light of a strip; all ones where nothing is visible in both."""
    both = strip.visible & empty.visible
    if not both.any():
        return Light(np.ones(len(strip.data)), None)
    now, then = (np.maximum(one.data[:, both].astype(np.float64), DARK) for one in (strip, empty))
    ratio = np.log(now.mean(axis=0) / then.mean(axis=0))
    edges = np.arange(-REACH, REACH + BIN / 2, BIN)
    density = gaussian_filter1d(np.histogram(ratio, edges)[0].astype(float), SMOOTH_BINS)
    middles = (edges[1:] + edges[:-1]) / 2
    if not density.any():
        return Light(np.ones(len(strip.data)), None)
    sun = _brightest_peak(density, middles)

    def at(peak: float) -> Floats:
        near = np.abs(ratio - peak) < NEAR
        ratios: Floats = np.median(now[:, near] / then[:, near], axis=1)
        return ratios

    low = np.where((middles > sun + SHADE[0]) & (middles < sun + SHADE[1]), density, 0)
    shaded = low.sum() >= SHADE_SHARE * density.sum()
    return Light(at(sun), at(float(middles[low.argmax()])) if shaded else None)


def _brightest_peak(density: Floats, middles: Floats) -> float:
    padded = np.pad(density, 1)
    peaks = (density >= padded[:-2]) & (density >= padded[2:]) & (density > RIVAL * density.max())
    return float(middles[peaks][-1])
