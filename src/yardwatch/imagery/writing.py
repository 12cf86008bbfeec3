"""Write a simulated scene as the GeoTIFF a provider might deliver, marked as simulated in its tags."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rasterio
from affine import Affine
from numpy.typing import NDArray

from yardwatch.imagery.metadata import SYNTHETIC_TAG


def write_simulated(path: Path, data: NDArray[Any], transform: Affine, crs: str, tags: Mapping[str, str]) -> None:
    """Write (band, y, x) whole or not at all. There is no way to write one without the mark."""
    part = path.with_name(path.name + ".part")
    bands, height, width = data.shape
    profile = {"driver": "GTiff", "count": bands, "height": height, "width": width, "dtype": data.dtype, "crs": crs,
               "transform": transform, "compress": "deflate", "tiled": True, "nodata": 0}  # fmt: skip
    with rasterio.open(part, "w", **profile) as raster:
        raster.write(data)
        raster.update_tags(**{**tags, SYNTHETIC_TAG: "true"})
    part.replace(path)
