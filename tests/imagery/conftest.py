"""Tiny rasters made on the fly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from scipy import ndimage

UTM = "EPSG:32710"
CORNER = Affine(0.5, 0, 470300, 0, -0.5, 4583700)
"""Half-metre pixels in the open ocean at 123.4° W, 48.9° S."""
NOW = datetime(2025, 1, 1, tzinfo=UTC)

MakeRaster = Callable[..., Path]


@pytest.fixture
def make_raster(tmp_path: Path) -> MakeRaster:
    """`make_raster(name, data (band, y, x), crs=…, transform=…, tags={…}, colormap={…}, mask=…, **profile)`."""

    def make(name: str, data: np.ndarray, **options) -> Path:
        tags, colormap, mask = (options.pop(key, None) for key in ("tags", "colormap", "mask"))
        colours = options.pop("colorinterp", None)
        profile = {"driver": "GTiff", "crs": UTM, "transform": CORNER} | options
        shape = {"count": data.shape[0], "height": data.shape[1], "width": data.shape[2], "dtype": data.dtype}
        path = tmp_path / name
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "w", **shape, **profile) as out:
            if colours:
                out.colorinterp = colours
            out.write(data)
            if colormap:
                out.write_colormap(1, colormap)
            if mask is not None:
                out.write_mask(mask)
            out.update_tags(**(tags or {}))
        return path

    return make


@pytest.fixture
def texture() -> np.ndarray:
    """(3, 200, 300) uint8, smooth blobs: something to see and to hold on to."""
    return _textured(200, 300)


@pytest.fixture
def textured() -> Callable[..., np.ndarray]:
    """`textured(height, width, seed)`: the same of any size."""
    return _textured


def _textured(height: int, width: int, seed: int = 5) -> np.ndarray:
    """Blobs of a few pixels with sharp edges here and there, 20..230."""
    rng = np.random.default_rng(seed)
    fine = ndimage.gaussian_filter(rng.normal(size=(height, width)), 2)
    coarse = ndimage.gaussian_filter(rng.normal(size=(height, width)), 8)
    grey = fine / fine.std() + coarse / coarse.std() + (coarse > 0.02)
    grey = np.clip(125 + 35 * (grey - grey.mean()) / grey.std(), 20, 230)
    return np.stack([grey, grey * 0.9 + 10, grey * 0.8 + 20]).astype(np.uint8)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def site_over() -> shapely.Polygon:
    """Lon/lat box round the rasters at CORNER."""
    return shapely.box(-123.406, -48.901, -123.402, -48.898)
