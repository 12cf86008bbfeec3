"""Raster: an image read at points on the ground, wherever and however it is georeferenced.

`value(p) = bilinear(image, T⁻¹ · crs(p + shift))`: the point, moved by the scene's alignment shift, is carried from
the ground frame to the scene's CRS and through the inverse geotransform to a pixel position. When the points are
more than 1.5 GSD apart the image is first averaged down to their step, so that nothing is skipped (no aliasing).
Only the tiles under the points are read, in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from yardwatch.ground import Frame, reproject
from yardwatch.imagery.bands import BandReader
from yardwatch.imagery.info import RasterInfo, carried, raster_info
from yardwatch.imagery.opening import opened
from yardwatch.imagery.sampling import bilinear, carried_grid, pieces
from yardwatch.model import Grid, Pixels

Floats = NDArray[np.float32]
Positions = NDArray[np.float64]
Bools = NDArray[np.bool_]

PIECE_M = 200.0
"""Length of track read at once: a window that fits a cache of a few tiles, also along a diagonal."""
PIECE_CELLS = 512
"""Rows or columns of a grid read at once."""
AVERAGE_FROM = 1.5
"""Steps a GSD from which pixels between the points would be skipped."""
LEAST_REGION_PX = 64
"""A smaller piece of ground may be all one roof."""
MARGIN_PX = 4
"""Read around a piece: one for interpolation, the rest so that black borders look the same from both sides."""


@dataclass(frozen=True, eq=False)
class Raster:
    """An open image; use `open_raster`."""

    info: RasterInfo
    reader: BandReader

    def read_points(
        self, points: Positions, frame: Frame, step_m: float, shift_m: tuple[float, float] = (0.0, 0.0)
    ) -> tuple[Floats, Bools]:
        """The image at ground points (…, 2) of a frame, about `step_m` apart.

        Gives data (band, …) in 0..1 (0 where not visible) and visible (…). Points outside are not visible.
        Raises SceneError where the file is damaged.
        """
        pixel = self._pixel(np.asarray(points, float), frame, shift_m)
        along = max(1, round(PIECE_M / step_m))
        return self._read(pixel, step_m, along)

    def read_grid(self, grid: Grid, shift_m: tuple[float, float] = (0.0, 0.0)) -> Pixels:
        """The image on a ground grid. Raises SceneError where the file is damaged."""

        def centres(columns: Positions, rows: Positions) -> Positions:
            x = grid.west + (columns + 0.5) * grid.step_m
            y = grid.north - (rows + 0.5) * grid.step_m
            return self._pixel(np.stack([x, y], axis=-1), grid.frame, shift_m)

        pixel = carried_grid(centres, grid.width, grid.height)
        data, visible = self._read(pixel, grid.step_m, PIECE_CELLS)
        return Pixels(grid=grid, data=data, visible=visible)

    def _pixel(self, ground: Positions, frame: Frame, shift_m: tuple[float, float]) -> Positions:
        """Pixel positions, corner-based (column, row), of ground points; not finite where they have none."""
        there = reproject(ground + np.asarray(shift_m), frame.crs, self.info.crs)
        column, row = carried(~self.info.transform, np.where(np.isfinite(there), there, np.nan))
        return np.stack([column, row], axis=-1)

    def _read(self, pixel: Positions, step_m: float, longest: int) -> tuple[Floats, Bools]:
        shape = pixel.shape[:-1]
        data = np.zeros((self.reader.bands, *shape), np.float32)
        visible = np.zeros(shape, bool)
        for piece in pieces(shape, longest):
            data[:, *piece], visible[piece] = self._read_piece(pixel[piece], step_m)
        return data, visible

    def _read_piece(self, pixel: Positions, step_m: float) -> tuple[Floats, Bools]:
        window = self._window(pixel)
        if window is None:
            return np.zeros((self.reader.bands, *pixel.shape[:-1]), np.float32), np.zeros(pixel.shape[:-1], bool)
        factor = [self._factor(step_m, m) for m in self.info.pixel_m]
        size = (max(1, round(window.height / factor[1])), max(1, round(window.width / factor[0])))
        whole = size == (window.height, window.width)
        block = self.reader.read(window, None if whole else size)
        column = (pixel[..., 0] - window.col_off) * (size[1] / window.width) - 0.5
        row = (pixel[..., 1] - window.row_off) * (size[0] / window.height) - 0.5
        return bilinear(block.data, block.visible, column, row)

    def _window(self, pixel: Positions) -> Window | None:
        """The part of the image under pixel positions, with its margin; None when they all lie outside."""
        edge = np.array([self.info.width, self.info.height])
        inside = np.isfinite(pixel).all(axis=-1) & (pixel >= 0).all(axis=-1) & (pixel <= edge).all(axis=-1)
        if not inside.any():
            return None
        first = np.maximum(np.floor(pixel[inside].min(axis=0)).astype(int) - MARGIN_PX, 0)
        last = np.minimum(np.ceil(pixel[inside].max(axis=0)).astype(int) + MARGIN_PX, edge)
        return Window(int(first[0]), int(first[1]), *(int(n) for n in last - first))

    @staticmethod
    def _factor(step_m: float, pixel_m: float) -> float:
        return step_m / pixel_m if step_m > AVERAGE_FROM * pixel_m else 1.0


@contextmanager
def open_raster(href: str | Path, crs: str | None = None, over: shapely.Geometry | None = None) -> Iterator[Raster]:
    """An image file or URL, open for reading and closed on leaving.

    `crs` stands in for a missing or wrong reference system; `over` (lon/lat) is the ground that will be read, to
    which images of more than 8 bits are stretched. Raises SceneError for a file that cannot be used
    (the message says why and what to do) and UnavailableError for one that cannot be reached.
    """
    with opened(href) as dataset:
        info = raster_info(dataset, str(href), crs)
        region = None if over is None or over.is_empty else _region(info, over)
        yield Raster(info, BandReader(dataset, str(href), region=region))


def _region(info: RasterInfo, over: shapely.Geometry) -> Window | None:
    """The part of an image under some ground; None where it is too small to fit a stretch in, or outside."""
    corners = np.array(shapely.box(*over.bounds).exterior.coords)
    column, row = carried(~info.transform, reproject(corners, "EPSG:4326", info.crs))
    if not (np.isfinite(column).all() and np.isfinite(row).all()):
        return None
    left, right = (int(edge) for edge in np.clip([column.min(), column.max() + 1], 0, info.width))
    top, bottom = (int(edge) for edge in np.clip([row.min(), row.max() + 1], 0, info.height))
    if min(right - left, bottom - top) < LEAST_REGION_PX:
        return None
    return Window(left, top, right - left, bottom - top)
