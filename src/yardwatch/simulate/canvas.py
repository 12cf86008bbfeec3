"""The pixel grid a scene is drawn on: fine pixels, several to one delivered pixel, in EPSG:32710.

UTM metres are not ground metres: here the grid is turned by 0.3° and shrunk by 0.04 % against the ground frame.
Over a yard the two differ by an affine map to within millimetres, so one fitted map carries all points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.ground import reproject
from yardwatch.simulate.noise import TILE_M, Field, Single
from yardwatch.simulate.yard import Yard

CRS = "EPSG:32710"
FINE_M = 0.25
"""Fine pixels are at most this large: half the narrowest gap between coupled cars is three of them."""
MARGIN_M = 34.0
"""Shown beyond the tracks and the zone."""
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Slices = tuple[slice, slice]


@dataclass(frozen=True, kw_only=True, eq=False)
class Canvas:
    """A north-up grid of fine pixels."""

    to_pixel: Floats
    """(2, 3): ground x, y, 1 to column and row; the centre of the first pixel is (0.5, 0.5)."""
    west: float
    north: float
    """UTM metres of the upper left corner."""
    gsd_m: float
    oversampled: int
    """Fine pixels along a delivered one."""
    width: int
    height: int
    """In fine pixels, with one delivered pixel to spare for the grid's phase."""

    @property
    def fine_m(self) -> float:
        """Size of a fine pixel, metres."""
        return self.gsd_m / self.oversampled

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    @property
    def field(self) -> Field:
        """The same grid, for noise."""
        return Field(self.height, self.width, self.fine_m)

    @classmethod
    def over(cls, yard: Yard, gsd_m: float) -> Canvas:
        """The canvas round a yard. Raises ValueError for a GSD outside 0.2–5 m."""
        if not 0.2 <= gsd_m <= 5.0:
            raise ValueError(f"a scene of {gsd_m} m GSD cannot be rendered; choose between 0.2 and 5 m")
        oversampled = max(2, int(np.ceil(gsd_m / FINE_M - 1e-9)))
        ground = shapely.union_all([yard.ground_zone, *yard.ground_lines.values()])
        carried = reproject(np.array(shapely.box(*shapely.bounds(ground)).exterior.coords), yard.frame.crs, CRS)
        low = np.floor((carried.min(0) - MARGIN_M) / TILE_M) * TILE_M
        high = np.ceil((carried.max(0) + MARGIN_M) / TILE_M) * TILE_M
        width, height = ((high - low) / gsd_m).astype(int)
        fine = gsd_m / oversampled
        return cls(
            to_pixel=_fit(yard, (float(low[0]), float(high[1])), fine), west=float(low[0]), north=float(high[1]),
            gsd_m=gsd_m, oversampled=oversampled, width=(int(width) + 1) * oversampled,
            height=(int(height) + 1) * oversampled,
        )  # fmt: skip

    @cached_property
    def to_ground(self) -> Floats:
        """(2, 3): column, row, 1 to ground metres."""
        inverse = np.linalg.inv(np.vstack([self.to_pixel, [0, 0, 1]]))
        return np.asarray(inverse[:2])

    def pixels(self, ground: Floats) -> Floats:
        """Columns and rows (..., 2) of ground points (..., 2)."""
        return ground @ self.to_pixel[:, :2].T + self.to_pixel[:, 2]

    def window(self, bounds: tuple[float, float, float, float]) -> Slices | None:
        """Rows and columns that hold ground bounds (west, south, east, north); None when they miss the canvas."""
        corners = self.pixels(np.array([(bounds[i], bounds[j]) for i in (0, 2) for j in (1, 3)]))
        first = np.clip(np.floor(corners.min(0)).astype(int), 0, None)
        last = np.minimum(np.ceil(corners.max(0)).astype(int), [self.width, self.height])
        if (first >= last).any():
            return None
        return slice(int(first[1]), int(last[1])), slice(int(first[0]), int(last[0]))

    def ground(self, window: Slices) -> tuple[Single, Single]:
        """Ground x and y of the pixel centres of a window, each (rows, columns)."""
        column = np.arange(window[1].start, window[1].stop) + 0.5
        row = (np.arange(window[0].start, window[0].stop) + 0.5)[:, None]
        x, y = (m[0] * column + m[1] * row + m[2] for m in self.to_ground)
        return x.astype(np.float32), y.astype(np.float32)


def _fit(yard: Yard, corner: tuple[float, float], fine: float) -> Floats:
    steps = np.linspace(-350, 350, 5)
    ground = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    utm = reproject(ground, yard.frame.crs, CRS)
    pixels = np.stack([(utm[:, 0] - corner[0]) / fine, (corner[1] - utm[:, 1]) / fine], axis=-1)
    solved, *_ = np.linalg.lstsq(np.column_stack([ground, np.ones(len(ground))]), pixels, rcond=None)
    return np.asarray(solved.T)
