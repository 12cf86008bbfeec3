"""Align: how far a scene lies from the reference scene, measured off the tracks.

Definition: the shift (dx, dy) in ground metres such that what lies at ground point p in the reference is found at
p + (dx, dy) in the moving scene.

1. Over the whole scene off the tracks (rails and rows of cars are periodic: correlation locks on to the wrong one), the
   shift at which the gradient orientations agree best, see `correlation`. No other shift may come near it (`RIVAL`).
2. About that shift, in up to 25 windows, each window's own best shift; those above chance are kept.
3. The shift is the median of the kept windows that lie within the ceiling of their common median; at least 5 must,
   and at least half of the kept ones and two in five of all.
4. A second method, masked normalised cross-correlation of texture over the whole scene, must find the same shift to
   within the ceiling.

Where hardly any ground lies off the tracks (a zone that is nothing but yard) the tracks are looked at too, under a
harder rule for rivals, and the answer says so (`off_tracks`).

Residual: median distance of the agreeing windows from the shift. Ceiling 1.5 m (or one pixel, when pixels are
larger): tracks are 4.5–5 m apart. A scene that fails is `aligned=False` with the reason, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.imagery.correlation import (
    Complexes,
    Joint,
    Peak,
    joint_peak,
    masked_peak,
    orientation,
    orientation_peak,
    texture,
)
from yardwatch.imagery.windows import choose_windows
from yardwatch.model import Grid, Pixels

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

SEARCH_M = 16.0
"""Orthorectified images of 0.3–3 m lie within a few metres, raw ones within some ten; beyond this, tie by hand."""
LEAST_SEARCH_PX = 4
"""At coarse GSD the search still spans some pixels."""
LOCAL_M = 4.0
"""How far a window may stray from the common shift: less than the distance of two tracks."""
CEILING_M = 1.5
SIDE_M, LEAST_SIDE_PX, MOST_SIDE_PX = 96.0, 64, 256
"""Side of a window: enough edges to be unmistakable, few enough pixels to be fast."""
LEAST_WINDOWS, LEAST_SHARE = 5, 0.4
"""Windows that must agree, and their share of all that were compared: real dates reach 0.5–1, one long edge that fits
unlike ground at many places reached 0.3."""
LEAST_CORRELATION = 0.10
"""At a right shift windows reach 0.2–0.9, over water and with unlike ground below 0.06."""
RIVAL, RIVAL_ON_TRACKS = 0.6, 0.5
"""Height of the next hill by the best: 0.02–0.5 at right shifts of real pairs, 0.62–1 (median 0.9) on unlike ground."""
LEAST_OFF_TRACKS = 0.15
"""Share of the ground seen in both scenes; with less off the tracks, the tracks are looked at too."""
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
    apart_m: float | None = None
    """Between the two methods; None where the second was not asked."""
    off_tracks: bool = True
    """False where the tracks had to be looked at too."""


@dataclass(frozen=True, eq=False)
class _Two:
    """Two scenes as they are compared."""

    reference: Pixels
    moving: Pixels
    avoid: Bools
    """(y, x): not looked at."""

    @property
    def step_m(self) -> float:
        return self.reference.grid.step_m

    @property
    def ceiling_m(self) -> float:
        return max(CEILING_M, self.step_m)

    @property
    def reach(self) -> int:
        """Pixels."""
        return max(LEAST_SEARCH_PX, int(np.ceil(SEARCH_M / self.step_m)))


def align(reference: Pixels, moving: Pixels, avoid: Bools) -> Alignment:
    """The shift of a scene against the reference, both on one grid; `avoid` (y, x) is True on tracks.

    Raises ValueError when grids or mask differ in shape.
    """
    if not _one_ground(reference.grid, moving.grid) or avoid.shape != reference.visible.shape:
        raise ValueError("scenes are aligned on one common grid, with a mask of its shape")
    reference, moving = _finite(reference), _finite(moving)
    both = reference.visible & moving.visible
    off = (both & ~avoid).sum() >= LEAST_OFF_TRACKS * max(1, both.sum())
    two = _Two(reference, moving, avoid if off else np.zeros_like(avoid))
    return replace(_aligned(two, RIVAL if off else RIVAL_ON_TRACKS), off_tracks=bool(off))


def _aligned(two: _Two, most_rival: float) -> Alignment:
    first, second = (orientation(grey(pixels), pixels.visible & ~two.avoid) for pixels in (two.reference, two.moving))
    if min(first.shape) < 3 * two.reach // 2 or not (first.any() and second.any()):
        return _not("too little ground that both scenes show")
    joint = joint_peak(first, second, two.reach, apart=int(np.ceil(2 * two.ceiling_m / two.step_m)))
    if not joint.inside:
        return _not(f"no shift within {two.reach * two.step_m:.0f} m fits better than those beyond")
    if joint.rival > most_rival:
        return _not(f"another shift fits {joint.rival:.0%} as well as the best (at most {most_rival:.0%})")
    return _checked(two, joint, list(_peaks(first, _carried(second, joint), two)))


def _checked(two: _Two, joint: Joint, peaks: list[Peak]) -> Alignment:
    """What the windows say, and the second method."""
    if len(peaks) < LEAST_WINDOWS:
        return _not(f"only {len(peaks)} of at least {LEAST_WINDOWS} windows can be compared")
    kept = np.array([_ground(peak, joint, two.step_m) for peak in peaks if _holds(peak)]).reshape(-1, 2)
    agreeing = kept[np.hypot(*(kept - np.median(kept, axis=0)).T) <= two.ceiling_m] if len(kept) else kept
    if len(agreeing) < max(LEAST_WINDOWS, len(kept) / 2, LEAST_SHARE * len(peaks)):
        return _not(f"{len(agreeing)} of {len(peaks)} windows agree on a shift, too few", len(agreeing))
    shift = np.median(agreeing, axis=0)
    residual = float(np.median(np.hypot(*(agreeing - shift).T)))
    apart = float(np.hypot(*(_second_opinion(two) - shift)))
    if apart > two.ceiling_m:
        reason = f"two methods differ by {apart:.1f} m (at most {two.ceiling_m:.1f} m)"
        return replace(_not(reason, len(agreeing), residual), apart_m=apart)
    return Alignment(
        dx_m=float(shift[0]),
        dy_m=float(shift[1]),
        residual_m=residual,
        windows=len(agreeing),
        aligned=True,
        apart_m=apart,
    )


def _finite(pixels: Pixels) -> Pixels:
    """What is no number is no ground."""
    finite = np.isfinite(pixels.data).all(axis=0)
    if finite.all():
        return pixels
    return replace(pixels, data=np.where(finite, pixels.data, 0).astype(np.float32), visible=pixels.visible & finite)


def _one_ground(one: Grid, other: Grid) -> bool:
    """Grids are compared by what they say: those of another process are other objects."""
    return all(getattr(one, field.name) == getattr(other, field.name) for field in fields(Grid))


def _not(reason: str, windows: int = 0, residual_m: float | None = None) -> Alignment:
    return Alignment(dx_m=0.0, dy_m=0.0, residual_m=residual_m, windows=windows, aligned=False, reason=reason)


def _carried(field: Complexes, joint: Joint) -> Complexes:
    """The moving field laid over the reference by whole pixels, 0 where nothing comes to lie."""
    return ndimage.shift(field, (-joint.rows, -joint.columns), order=0, cval=0).astype(np.complex64)


def _peaks(reference: Complexes, moving: Complexes, two: _Two) -> Iterator[Peak]:
    reach = max(LEAST_SEARCH_PX, int(np.ceil(LOCAL_M / two.step_m)))
    side = int(np.clip(SIDE_M / two.step_m, LEAST_SIDE_PX, MOST_SIDE_PX))
    side = min(side, min(reference.shape) // 2)
    if side < 3 * reach:
        return
    seen = (reference != 0) & (moving != 0)
    strength = np.minimum(np.abs(reference), np.abs(moving))
    for place in choose_windows(seen, strength, side):
        yield orientation_peak(reference[place.slices], moving[place.slices], reach)


def _holds(peak: Peak) -> bool:
    """Within the search and above chance."""
    return peak.inside and peak.correlation >= LEAST_CORRELATION


def _ground(peak: Peak, joint: Joint, step_m: float) -> tuple[float, float]:
    """Rows run south."""
    return (peak.columns + joint.columns) * step_m, -(peak.rows + joint.rows) * step_m


def _second_opinion(two: _Two) -> NDArray[np.float64]:
    factor = max(1, round(CHECK_STEP_M / two.step_m))
    step = two.step_m * factor
    reach = max(LEAST_SEARCH_PX, int(np.ceil(SEARCH_M / step)))
    views = [_view(pixels, two.avoid, factor) for pixels in (two.reference, two.moving)]
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
