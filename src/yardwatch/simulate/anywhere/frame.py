"""The pixel grid of a scene of any yard: north-up, at any phase, with a margin whose shadows and roofs reach in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.noise import TILE_M

FINE_M = 0.25
"""Fine pixels are at most this large, so that the narrowest gap is three of them."""
MARGIN_M = 9.0
FINEST_M, COARSEST_M = 0.2, 5.0
SMALLEST_M, LARGEST_M = 48.0, 2000.0


@dataclass(frozen=True, kw_only=True)
class Extent:
    """The ground that is drawn, the same at every GSD."""

    west: float
    north: float
    width: float
    height: float
    """Ground metres; whole noise tiles, so that a spare pixel changes nothing."""

    @property
    def picture(self) -> shapely.Polygon:
        """What is delivered, to within a pixel."""
        inner = self.west + MARGIN_M, self.north - self.height + MARGIN_M
        return shapely.box(*inner, self.west + self.width - MARGIN_M, self.north - MARGIN_M)


def check_size(size_m: tuple[float, float]) -> None:
    """Raise ValueError for sides outside 48–2,000 m."""
    if not all(SMALLEST_M <= side <= LARGEST_M for side in size_m):
        raise ValueError(f"a scene of {size_m[0]} × {size_m[1]} m cannot be drawn; sides lie between 48 and 2000 m")


def draw_extent(rng: np.random.Generator, heading_rad: float, size_m: tuple[float, float]) -> Extent:
    """A box of about `size_m` (along, across) in area, its shape that of a yard lying at the heading."""
    cos, sin = abs(np.cos(heading_rad)), abs(np.sin(heading_rad))
    wide, tall = cos * size_m[0] + sin * size_m[1], sin * size_m[0] + cos * size_m[1]
    shrink = np.sqrt(size_m[0] * size_m[1] / (wide * tall))
    sides = [float(np.ceil((side * shrink + 2 * MARGIN_M) / TILE_M) * TILE_M) for side in (wide, tall)]
    off = rng.uniform(-4, 4, 2)
    return Extent(west=-sides[0] / 2 + off[0], north=sides[1] / 2 + off[1], width=sides[0], height=sides[1])


def canvas_over(extent: Extent, gsd_m: float) -> Canvas:
    """The fine grid over an extent. Raises ValueError for a GSD outside 0.2–5 m."""
    if not FINEST_M <= gsd_m <= COARSEST_M:
        raise ValueError(f"a scene of {gsd_m} m GSD cannot be rendered; choose between 0.2 and 5 m")
    oversampled = max(2, int(np.ceil(gsd_m / FINE_M - 1e-9)))
    fine = gsd_m / oversampled
    to_pixel = np.array([[1 / fine, 0, -extent.west / fine], [0, -1 / fine, extent.north / fine]])
    width, height = (int(np.ceil(side / gsd_m)) * oversampled for side in (extent.width, extent.height))
    return Canvas(
        to_pixel=to_pixel, west=extent.west, north=extent.north, gsd_m=gsd_m, oversampled=oversampled, width=width,
        height=height,
    )  # fmt: skip


def border(canvas: Canvas) -> int:
    """Delivered pixels that the margin takes at each edge."""
    return int(np.ceil(MARGIN_M / canvas.gsd_m))


def transform_of(canvas: Canvas) -> Affine:
    """Column and row of the delivered picture to ground metres."""
    skipped = border(canvas) * canvas.gsd_m
    return Affine(canvas.gsd_m, 0, canvas.west + skipped, 0, -canvas.gsd_m, canvas.north - skipped)
