"""What a change is, as far as its outline tells: a new structure, a removed one, or only changed ground.

A structure has an edge all round, and corners or height. Mean strength of the edges along the outline, now and before:

    new-structure   now ≥ 1.5 × before, and the outline has three right angles or more, or a new shadow lies beside it
    removed         before ≥ 1.5 × now, and the outline has three right angles or more
    changed         anything else

A stage is given in one case only: `roofed`, when a new structure casts a shadow (so it has height) and its inside is
even. Cleared ground and rising walls are not separated from each other yet: None.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

NEW = "new-structure"
REMOVED = "removed"
CHANGED = "changed"

STRONGER = 1.5
"""Ratio of edge strengths that settles which of the two dates had the structure."""
RIGHT_ANGLES = 3
"""Corners of its rectangle that a structure fills: ponds, tree crowns and patches of crop fill 0–2, an L has 3."""
SHADE_PIXELS = 5
"""Gap across which shadow still lies beside an outline: between roof and shadow the blur passes the old brightness."""
SHADED_RIM = 0.12
"""Share of the outline beside new shadow that shows height: a building shades one or two of its four sides."""
EVEN = 0.5
"""Spread of brightness inside ÷ edge strength's contrast: a roof is even against its own edge."""


def edge_ratio(before: Floats, after: Floats, mask: Bools) -> float:
    """Strength of edges along the outline of `mask`, now ÷ before; images (band, y, x), mask (y, x)."""
    rim = ndimage.binary_dilation(mask) & ~ndimage.binary_erosion(mask, border_value=1)
    return float((_edges(after)[rim].mean() + 1e-4) / (_edges(before)[rim].mean() + 1e-4))


def _edges(image: Floats) -> Floats:
    """Largest gradient of brightness within one pixel, so that an outline a pixel off still meets its edge."""
    grey = image.mean(axis=0)
    strength = np.hypot(ndimage.sobel(grey, axis=0), ndimage.sobel(grey, axis=1)) / 8
    return ndimage.maximum_filter(strength, 3)


def kind_of(ratio: float, right_angles: int, shaded_rim: float) -> str:
    """The kind from the ratio of edge strengths, the number of right angles and the share of the rim in new shadow."""
    angular = right_angles >= RIGHT_ANGLES
    if ratio >= STRONGER and (angular or shaded_rim >= SHADED_RIM):
        return NEW
    return REMOVED if ratio <= 1 / STRONGER and angular else CHANGED


def shaded_rim(mask: Bools, shade: Bools) -> float:
    """Share of the pixels just outside `mask` (y, x) that lie within five pixels of new shadow."""
    rim = ndimage.binary_dilation(mask) & ~mask
    return float(ndimage.binary_dilation(shade, iterations=SHADE_PIXELS)[rim].mean()) if rim.any() else 0.0


def stage_of(kind: str, shaded_rim: float, after: Floats, mask: Bools) -> str | None:
    """`roofed` where a new structure casts a shadow and is even inside, else None."""
    core = ndimage.binary_erosion(mask, iterations=2)
    if kind != NEW or shaded_rim < SHADED_RIM or not core.any():
        return None
    grey = after.mean(axis=0)
    around = ndimage.binary_dilation(mask, iterations=4) & ~ndimage.binary_dilation(mask, iterations=2)
    contrast = np.abs(np.median(grey[core]) - grey[around]).mean() if around.any() else 0.0
    spread = 1.4826 * float(np.median(np.abs(grey[core] - np.median(grey[core]))))
    return "roofed" if spread < EVEN * contrast else None
