"""Blur: how far apart two things must lie to be told apart, measured at the scene's own edges.

At a straight edge seen through a Gaussian blur of σ, the gradient taken with a Gaussian of σ₁ has the size
h / √(2π (σ² + σ₁²)). So two sizes of the derivative give σ without knowing the edge's height h:

    R = |∇_σ₁ I| / |∇_σ₂ I| ,   σ² = (σ₂² − R² σ₁²) / (R² − 1)                       (after Zhuo & Sim 2011)

Taken at the strongest straight edges (ridges of the gradient, coherence of the structure tensor above 0.8). Real edges
are steps at best (roofs, kerbs), often softer (gutters, grass), and thin things (rails) look sharper: a quantile of σ
somewhat below the middle is the imager's, `QUANTILE`. Wider derivatives were tried where σ is large: neighbouring edges
run into each other, and the answer came out at half its size.

Answer: full width at half maximum, 2.355 σ, of everything between the ground and the pixel: optics, motion, averaging
in the pixel, resampling, compression. The effective GSD is the pixel of a good imager with that width, 1.2 pixels.

Limits: a scene without straight edges gives none; sharpened pictures (most that are sold) come out finer than their
optics; the blur is taken as a Gaussian, and the same both ways and everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.imagery.align import grey
from yardwatch.model import Pixels

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SMALL_PX, LARGE_PX = 0.7, 1.4
"""Sizes of the two derivatives: as small as the lattice allows."""
STRONGEST = 0.08
"""Share of the ridges of the gradient that are taken for edges."""
COHERENCE = 0.8
QUANTILE = 0.4
LEAST_EDGES = 60
WIDEST_PX = 8.0
FWHM = 2.3548
GOOD_FWHM_PX = 1.2
"""An imager that leaves 0.25–0.3 of the contrast at the Nyquist frequency."""
COARSE = 1.5
"""Times the nominal GSD from which a scene is coarser than it says."""


@dataclass(frozen=True, kw_only=True)
class Blur:
    """What a scene's edges say of it."""

    fwhm_m: float
    """Full width at half maximum of the point spread, ground metres."""
    edges: int
    """Pixels of edges it was measured at."""

    @property
    def effective_gsd_m(self) -> float:
        """The pixel of a good imager as sharp as this."""
        return self.fwhm_m / GOOD_FWHM_PX

    def warning(self, gsd_m: float) -> str | None:
        """What to tell where the scene is far coarser than its pixels; None where it is not."""
        if self.effective_gsd_m <= COARSE * gsd_m:
            return None
        return (
            f"its edges are as soft as those of a {self.effective_gsd_m:.1f} m image, though its pixels are "
            f"{gsd_m:.2f} m: resampled, hazy or out of focus; counts may be worse than the pixel size promises"
        )


def measure_blur(pixels: Pixels) -> Blur | None:
    """The blur of a scene read at its own GSD; None where it shows too few straight edges."""
    shown = grey(pixels).astype(np.float64)
    visible = ndimage.binary_erosion(pixels.visible, iterations=6, border_value=0)
    widths = _widths(shown, visible)
    if len(widths) < LEAST_EDGES:
        return None
    return Blur(fwhm_m=FWHM * float(np.quantile(widths, QUANTILE)) * pixels.grid.step_m, edges=len(widths))


def _widths(image: Floats, visible: Bools) -> Floats:
    """σ in pixels at each pixel of a strong straight edge."""
    down, across = (ndimage.gaussian_filter(image, SMALL_PX, order=order) for order in ((1, 0), (0, 1)))
    size = np.hypot(down, across)
    edges = visible & _ridge(size, down, across) & (_coherence(down, across) > COHERENCE)
    if not edges.any():
        return np.empty(0)
    edges &= size >= np.quantile(size[edges], 1 - STRONGEST)
    ratio = size[edges] / np.maximum(ndimage.gaussian_gradient_magnitude(image, LARGE_PX)[edges], 1e-9)
    square = (LARGE_PX**2 - ratio**2 * SMALL_PX**2) / np.maximum(ratio**2 - 1, 1e-6)
    return np.asarray(np.sqrt(np.clip(square, 0, WIDEST_PX**2)))


def _ridge(size: Floats, down: Floats, across: Floats) -> Bools:
    """Where the gradient is largest along its own direction, to the nearest of four."""
    angle = np.rad2deg(np.arctan2(down, across)) % 180
    ridge = np.zeros(size.shape, bool)
    for i, (rows, columns) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        along = np.abs((angle - 45 * i + 90) % 180 - 90) <= 22.5
        ahead, behind = (np.roll(size, (sign * rows, sign * columns), axis=(0, 1)) for sign in (1, -1))
        ridge |= along & (size >= ahead) & (size > behind)
    return ridge


def _coherence(down: Floats, across: Floats) -> Floats:
    """1 at a straight edge, 0 where directions mix: from the structure tensor over some two pixels."""
    yy, xx, xy = (
        ndimage.gaussian_filter(a * b, 1.5 * LARGE_PX) for a, b in ((down, down), (across, across), (down, across))
    )
    return np.asarray(np.hypot(xx - yy, 2 * xy) / np.maximum(xx + yy, 1e-12))
