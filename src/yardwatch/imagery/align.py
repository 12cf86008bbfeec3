"""Align: how far a scene lies from the reference scene, measured off the tracks.

Definition: the shift (dx, dy) in ground metres such that what lies at ground point p in the reference is found at
p + (dx, dy) in the moving scene.

1. In up to 25 windows off the tracks (rails and rows of cars are periodic: correlation locks on to the wrong one)
   the shift is where the gradient orientations agree best, see `correlation`.
2. Windows are kept whose correlation at the shift is above chance and above that without a shift.
3. The shift is the median of the kept windows that lie within the ceiling of their common median; at least 5 must,
   and at least half of the kept ones.
4. A second method, masked normalised cross-correlation of texture over the whole scene, must find the same shift to
   within the ceiling.

Residual: median distance of the agreeing windows from the shift. Ceiling 1.5 m (or one pixel, when pixels are
larger): tracks are 4.5–5 m apart. A scene that fails is `aligned=False` with the reason, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.imagery.correlation import Peak, masked_peak, orientation, orientation_peak, texture
from yardwatch.imagery.windows import choose_windows
from yardwatch.model import Grid, Pixels

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

SEARCH_M = 8.0
"""Orthorectified images of 0.3–3 m lie within a few metres; beyond this, look at the scene first."""
LEAST_SEARCH_PX = 4
"""At coarse GSD the search still spans some pixels."""
CEILING_M = 1.5
SIDE_M, LEAST_SIDE_PX, MOST_SIDE_PX = 96.0, 64, 256
"""Side of a window: enough edges to be unmistakable, few enough pixels to be fast."""
LEAST_WINDOWS = 5
LEAST_CORRELATION = 0.10
"""At a right shift windows reach 0.2–0.9, over water and with unlike ground below 0.06."""
CHECK_STEP_M = 1.0
"""The second method sees the scene at this step, or its own where that is coarser."""


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """Where a scene lies against the reference."""

    dx_m: float
    dy_m: float
    """East and north, ground metres; 0 when not aligned."""
    residual_m: float | None
    """Median distance of the agreeing windows from the shift; None where none was found."""
    windows: int
    """Windows that agree."""
    aligned: bool
    reason: str | None = None
    """Why not aligned."""


def align(reference: Pixels, moving: Pixels, avoid: Bools) -> Alignment:
    """The shift of a scene against the reference, both on one grid; `avoid` (y, x) is True on tracks.

    Raises ValueError when grids or mask differ in shape.
    """
    if not _one_ground(reference.grid, moving.grid) or avoid.shape != reference.visible.shape:
        raise ValueError("scenes are aligned on one common grid, with a mask of its shape")
    step, usable = reference.grid.step_m, reference.visible & moving.visible & ~avoid
    reach = max(LEAST_SEARCH_PX, int(np.ceil(SEARCH_M / step)))
    peaks = _peaks(reference, moving, usable, reach)
    if len(peaks) < LEAST_WINDOWS:
        return _not(f"only {len(peaks)} of at least {LEAST_WINDOWS} windows off the tracks can be compared")
    ceiling = max(CEILING_M, step)
    kept = np.array([_ground(peak, step) for peak in peaks if _holds(peak)]).reshape(-1, 2)
    agreeing = kept[np.hypot(*(kept - np.median(kept, axis=0)).T) <= ceiling] if len(kept) else kept
    if len(agreeing) < max(LEAST_WINDOWS, len(kept) / 2):
        return _not(f"{len(agreeing)} of {len(peaks)} windows agree on a shift, too few", len(agreeing))
    shift = np.median(agreeing, axis=0)
    residual = float(np.median(np.hypot(*(agreeing - shift).T)))
    second = _second_opinion(reference, moving, avoid)
    apart = float(np.hypot(*(second - shift)))
    if apart > ceiling:
        return _not(f"two methods differ by {apart:.1f} m (at most {ceiling:.1f} m)", len(agreeing), residual)
    found = (float(shift[0]), float(shift[1]))
    return Alignment(dx_m=found[0], dy_m=found[1], residual_m=residual, windows=len(agreeing), aligned=True)


def _one_ground(one: Grid, other: Grid) -> bool:
    """Grids are compared by what they say: those of another process are other objects."""
    return all(getattr(one, field.name) == getattr(other, field.name) for field in fields(Grid))


def _not(reason: str, windows: int = 0, residual_m: float | None = None) -> Alignment:
    return Alignment(dx_m=0.0, dy_m=0.0, residual_m=residual_m, windows=windows, aligned=False, reason=reason)


def _peaks(reference: Pixels, moving: Pixels, usable: Bools, reach: int) -> list[Peak]:
    side = int(np.clip(SIDE_M / reference.grid.step_m, LEAST_SIDE_PX, MOST_SIDE_PX))
    side = min(side, min(usable.shape) // 2)
    if side < 3 * reach:
        return []
    first, second = (orientation(grey(pixels), usable) for pixels in (reference, moving))
    places = choose_windows(usable, np.minimum(np.abs(first), np.abs(second)), side)
    return [orientation_peak(first[place.slices], second[place.slices], reach) for place in places]


def _holds(peak: Peak) -> bool:
    """Within the search, above chance, and better than no shift at all (or as good, where there is none)."""
    return peak.inside and peak.correlation >= max(LEAST_CORRELATION, peak.unmoved)


def _ground(peak: Peak, step_m: float) -> tuple[float, float]:
    """Rows run south."""
    return peak.columns * step_m, -peak.rows * step_m


def _second_opinion(reference: Pixels, moving: Pixels, avoid: Bools) -> NDArray[np.float64]:
    factor = max(1, round(CHECK_STEP_M / reference.grid.step_m))
    step = reference.grid.step_m * factor
    reach = max(LEAST_SEARCH_PX, int(np.ceil(SEARCH_M / step)))
    views = [_view(pixels, avoid, factor) for pixels in (reference, moving)]
    rows, columns, _ = masked_peak(views[0], views[1], reach)
    return np.array([columns * step, -rows * step])


def _view(pixels: Pixels, avoid: Bools, factor: int) -> tuple[Floats, Bools]:
    """Texture of a scene averaged down, and where it is ground off the tracks."""
    usable = ndimage.binary_erosion(pixels.visible & ~avoid, iterations=2 * factor, border_value=1)
    filled = np.where(pixels.visible, grey(pixels), 0)
    height, width = (n // factor * factor for n in filled.shape)
    blocks = filled[:height, :width].reshape(height // factor, factor, width // factor, factor)
    seen = usable[:height, :width].reshape(height // factor, factor, width // factor, factor)
    return texture(blocks.mean(axis=(1, 3), dtype=np.float32)), seen.all(axis=(1, 3))


def grey(pixels: Pixels) -> Floats:
    """Mean of the bands, (y, x)."""
    return pixels.data.mean(axis=0, dtype=np.float32)
