"""How a day's light turns a track's empty look into what the strip shows: the commonest ratios of their pixels.

Unchanged ground in the sun gives one ratio, ground in a shadow that was not there another, lower one; cars give
ratios of every size. So the ratios' histogram is smoothed and its peaks read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from yardwatch.cars.profile import rows
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
BRIGHTEST = 0.3
"""A higher peak of ln(ratio) is snow: no two pictures of bare ground differ so much in exposure."""
WHITER = 0.25
NEUTRAL = 0.2
SNOW_SHARE = 0.1
"""Pixels beside the track so much brighter than bare ground, in ln(ratio), so colourless (spread of the bands) and
so many are snow."""
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
    snow: Floats | None = None
    """(band,): colour of snow in the sun, in the strip's own units; None where none lies."""


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
    beside = np.broadcast_to(np.any(rows(strip)[1:], axis=0)[:, None], both.shape)[both]

    def at(peak: float) -> Floats:
        near = np.abs(ratio - peak) < NEAR
        if not near.any():
            return np.full(len(now), np.exp(peak))
        ratios: Floats = np.median(now[:, near] / then[:, near], axis=1)
        return ratios

    low = np.where((middles > sun + SHADE[0]) & (middles < sun + SHADE[1]), density, 0)
    shaded = low.sum() >= SHADE_SHARE * density.sum()
    return Light(
        at(sun), at(float(middles[low.argmax()])) if shaded else None, _snow(now[:, beside], ratio[beside] - sun)
    )


def _snow(now: Floats, brighter: Floats) -> Floats | None:
    """(band,): median colour of the whitened ground beside the track, where no white roof can stand for snow."""
    white = now[:, (brighter > WHITER) & (np.ptp(now, axis=0) < NEUTRAL * now.max(axis=0))]
    colour: Floats | None = np.median(white, axis=1) if white.shape[1] > SNOW_SHARE * len(brighter) else None
    return colour


def _brightest_peak(density: Floats, middles: Floats) -> float:
    padded = np.pad(density, 1)
    peaks = (density >= padded[:-2]) & (density >= padded[2:]) & (density > RIVAL * density.max())
    bare = peaks & (middles < BRIGHTEST)
    return float(middles[bare][-1]) if bare.any() else 0.0
