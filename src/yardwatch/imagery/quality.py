"""Quality: what of a scene may be used, and whether the scene is a look at all. Own method.

A pixel is usable when it is visible (inside, not nodata), not burnt out and not under cloud.

On tracks, in pixels up to 0.75 m, cloud is where nothing of the track can be made out, see `veil`. Elsewhere it is
recognised by brightness too: a box of 16 m that is bright, colourless and holds no edge is cloud, and so is what is
bright and colourless within half a box of it. A yard shows edges everywhere, under snow too (rails, masts, shadows),
so snow passes where anything stands in it; a smooth white field does not, and is then called unseen rather than seen.

A scene is judged by its tracks where it is known where they lie, else by all its ground.

Edge: local standard deviation over 2.5 m above 0.02. Haze: the darkest hundredth of the usable pixels (dark-object
value, Chavez 1988), 0 in a clear scene. Contrast: the range between the 2nd and 98th percentile of grey.

Limits: thresholds are of delivered pictures (0..1), not of reflectance; thin cloud passes, and cloud shadow is told
(see `sky`) but hides nothing; off the tracks wide smooth roofs and concrete brighter than 0.55 fail; in pixels above
3 m cloud and bright ground are not told apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.imagery.veil import COARSEST_M, burnt, veiled
from yardwatch.model import Grid, Pixels

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

BOX_M, LEAST_BOX_PX = 16.0, 5
"""Wider than any wagon, narrower than a strip."""
EDGE_M, EDGE_CONTRAST = 2.5, 0.02
"""Cloud stays below 0.01 with its noise, ballast and grass at 0.5 m lie above 0.03."""
BRIGHT, COLOURLESS = 0.55, 0.12
LEAST_CLOUD_M2 = 400.0
"""A smaller white patch may be a roof."""
LEAST_VISIBLE = 0.3
"""Below this a scene is no look: what is hidden outweighs what is seen."""
LEAST_CONTRAST = 0.08
MOST_HAZE = 0.5


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Whether a scene is a look at the ground it was read on."""

    visible_fraction: float
    """Usable share of the grid."""
    contrast: float
    """0..1."""
    haze: float
    """0..1."""
    usable: bool
    reason: str | None = None
    """Why it is no look."""


def assess_quality(pixels: Pixels, tracks: Bools | None = None) -> Quality:
    """Judge a scene read over a site; `tracks` (y, x) is True on and beside them."""
    judged = tracks if tracks is not None and tracks.any() else np.ones(pixels.visible.shape, bool)
    hidden = hidden_ground(pixels, tracks)
    seen = pixels.visible & ~hidden & judged
    share = float(seen.sum() / judged.sum())
    if not seen.any():
        nothing = "cloud or burnt out everywhere" if (pixels.visible & judged).any() else "no image there"
        return Quality(visible_fraction=0.0, contrast=0.0, haze=1.0, usable=False, reason=f"nothing to see: {nothing}")
    shown = pixels.data[:, seen]
    low, high = (float(q) for q in np.percentile(shown.mean(axis=0), (2, 98)))
    haze = float(np.percentile(shown.min(axis=0), 1))
    reason = _reason(share, high - low, haze)
    return Quality(visible_fraction=share, contrast=high - low, haze=haze, usable=reason is None, reason=reason)


def hidden_ground(pixels: Pixels, tracks: Bools | None = None) -> Bools:
    """(y, x): visible pixels that show nothing of the ground: cloud, or burnt out."""
    step = pixels.grid.step_m
    bright = cloud(pixels.data, pixels.visible, step) | burnt(pixels.data, pixels.visible, step)
    if tracks is None or step > COARSEST_M:
        return bright
    return np.where(tracks, _hidden_track(pixels.data, pixels.visible, step), bright)


def _hidden_track(data: Floats, visible: Bools, step_m: float) -> Bools:
    if step_m > COARSEST_M:
        return cloud(data, visible, step_m) | burnt(data, visible, step_m)
    return veiled(data, visible, step_m) | burnt(data, visible, step_m)


def _reason(share: float, contrast: float, haze: float) -> str | None:
    if share < LEAST_VISIBLE:
        return f"only {share:.0%} of the ground can be seen (cloud, nodata or outside the image)"
    if contrast < LEAST_CONTRAST:
        return f"hardly any contrast ({contrast:.2f}): haze, dusk or a uniform surface"
    if haze > MOST_HAZE:
        return f"thick haze: even the darkest ground is at {haze:.2f}"
    return None


def usable(data: Floats, visible: Bools, step_m: float) -> Bools:
    """Which pixels of a strip along a track (band, t, s) may be used; step in ground metres."""
    return visible & ~_hidden_track(data, visible, step_m)


def cloud(data: Floats, visible: Bools, step_m: float) -> Bools:
    """Bright, colourless patches without an edge, at least 400 m² of them in one piece."""
    grey = data.mean(axis=0, dtype=np.float32)
    pale = visible & (grey > BRIGHT) & (data.max(axis=0) - data.min(axis=0) < COLOURLESS)
    if not pale.any():
        return pale
    box = max(LEAST_BOX_PX, round(BOX_M / step_m))
    box = min(box, *grey.shape)
    broken = _edges(grey, visible, step_m) | (visible & ~pale)
    core = ~_anywhere(broken, box) & pale
    patch = _anywhere(core, box + box // 2) & pale
    pieces, _ = ndimage.label(patch)
    sizes = np.bincount(pieces.ravel())
    large = sizes * step_m**2 >= LEAST_CLOUD_M2
    large[0] = False
    return large[pieces]


def seen_at(points: NDArray[np.float64], seen: Bools, grid: Grid) -> Bools:
    """A mask of a grid at ground points (…, 2), nearest pixel; True outside the grid, where nothing is known."""
    column = np.floor((points[..., 0] - grid.west) / grid.step_m).astype(int)
    row = np.floor((grid.north - points[..., 1]) / grid.step_m).astype(int)
    inside = (column >= 0) & (column < grid.width) & (row >= 0) & (row < grid.height)
    return ~inside | seen[np.where(inside, row, 0), np.where(inside, column, 0)]


def _edges(grey: Floats, visible: Bools, step_m: float) -> Bools:
    size = max(3, round(EDGE_M / step_m))
    filled = np.where(visible, grey, grey[visible].mean()).astype(np.float32)
    mean = ndimage.uniform_filter(filled, size)
    square = ndimage.uniform_filter(filled * filled, size)
    contrast = np.sqrt(np.maximum(square - mean * mean, 0))
    return visible & (contrast > EDGE_CONTRAST)


def _anywhere(marked: Bools, box: int) -> Bools:
    """Whether anything is marked in the box around each pixel."""
    return ndimage.maximum_filter(marked, box, mode="nearest")
