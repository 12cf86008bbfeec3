"""What a change is, as far as its outline tells: a new structure, a removed one, or only changed ground.

A structure has an edge all round, and corners or height. Mean strength of the edges along the outline, now and before:

    new-structure   now ≥ 1.5 × before, and the outline has three right angles or more, or a new shadow lies beside or
                    in it (where a grey roof cannot be told from its shadow, the outline holds both)
    removed         before ≥ 1.5 × now, and the outline has three right angles or more
    changed         anything else

A stage is given in one case only: `roofed`, when a new structure casts a shadow (so it has height) and its inside is
even. Cleared ground and rising walls are not separated from each other yet: None.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

NEW = "new-structure"
REMOVED = "removed"
CHANGED = "changed"
CLEARED = "cleared"
WALL, TRACK, PLATFORM = "wall", "track", "platform"

PLATFORM_LENGTH_M, PLATFORM_ASPECT = 45.0, 5.0
"""A raised strip beside a track; a shed of this length is seldom five times as long as wide."""

STRONGER = 1.5
"""Ratio of edge strengths that settles which of the two dates had the structure."""
RIGHT_ANGLES = 3
"""Corners of its rectangle that a structure fills: ponds, tree crowns and patches of crop fill 0–2, an L has 3."""
SHADE_PIXELS = 5
"""Gap across which shadow still lies beside an outline: between roof and shadow the blur passes the old brightness."""
SHADED_RIM = 0.12
"""Share of the outline beside new shadow that shows height: a building shades one or two of its four sides."""
SHADED_INSIDE = (0.1, 0.75)
"""Share of the inside in new shadow that shows height: cleared ground of development sites has 0.03 at most; above the
second all may be shadow, or a dark roof."""
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


@dataclass(frozen=True)
class Signs:
    """What of an object tells its kind."""

    edge_ratio: float
    """Strength of edges along the outline, now ÷ before."""
    right_angles: int
    shaded_rim: float
    """Share of the outline beside new shadow."""
    polygon: shapely.Polygon
    """Ground metres."""
    dark: float = 0.0
    """Share of the inside that only darkened."""


def kind_of(signs: Signs) -> str:
    """The kind from edges, corners, shadow and shape."""
    length, width = sides(signs.polygon)
    angular = signs.right_angles >= RIGHT_ANGLES
    if length >= PLATFORM_LENGTH_M and length >= PLATFORM_ASPECT * width and signs.edge_ratio > 1:
        return PLATFORM
    shaded = signs.shaded_rim >= SHADED_RIM or SHADED_INSIDE[0] <= signs.dark <= SHADED_INSIDE[1]
    if signs.edge_ratio >= STRONGER and (angular or shaded):
        return NEW
    if signs.edge_ratio <= 1 / STRONGER and angular:
        return REMOVED
    return CHANGED


def sides(polygon: shapely.Polygon) -> tuple[float, float]:
    """Length and width of the smallest turned rectangle."""
    corners = np.asarray(shapely.minimum_rotated_rectangle(polygon).exterior.coords)
    first, second = (float(np.hypot(*(corners[i + 1] - corners[i]))) for i in (0, 1))
    return max(first, second), min(first, second)


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
