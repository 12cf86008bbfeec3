"""Orthorectify: an image that only knows its camera (RPCs) or some control points, put on the ground.

    (line, sample) = RPC(longitude, latitude, height)          ratio of cubics, NGA STDI-0002 (RPC00B)

All ground is taken to lie at one height, which the user states: metres above the WGS 84 ellipsoid, where the RPCs
live (the height above the sea and the geoid's are told apart by up to 100 m). An error of `dh` moves the image by
`dh · tan(off-nadir)`, 0.36 m a metre at 20°; that shift is the same all over a flat yard, and alignment takes it out.
What stands above or below the stated height (a bridge, a bank) keeps its lean.

Control points: an affine map of at least three, fitted by least squares; points that lie off it by more than two
pixels (root mean square) do not describe a flat image, and it is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.transform import from_gcps
from rasterio.warp import calculate_default_transform, reproject
from rasterio.warp import transform as carry

from yardwatch.errors import SceneError
from yardwatch.imagery.info import carried
from yardwatch.imagery.opening import damaged, most_pixels, opened

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Ellipsoidal heights of dry land."""
LEAST_POINTS = 3
MOST_RMS_PX = 2.0
WARP_MB = 64
_LONLAT = CRS.from_epsg(4326)


def needs_height(dataset: DatasetReader) -> bool:
    """Whether a file has no geotransform, but RPCs or control points."""
    return dataset.transform == Affine.identity() and bool(dataset.rpcs or dataset.gcps[0])


def orthorectified(source: Path, height_m: float, target: Path) -> Path:
    """Write the image as it would lie on ground of one height, in UTM, at its own GSD, with an alpha band.

    Raises SceneError for an image that is georeferenced already or cannot be put on the ground, and for a height
    that is none.
    """
    if not LOWEST_M <= height_m <= HIGHEST_M:
        raise SceneError(
            f"--height {height_m:g} m is outside {LOWEST_M:g} to {HIGHEST_M:g}; metres above the ellipsoid"
        )
    with opened(source) as dataset:
        if not needs_height(dataset):
            raise SceneError(f"{source}: has no RPCs or control points to orthorectify by; leave --height away")
        try:
            _warp(dataset, height_m, target, str(source))
        except RasterioError as error:
            raise damaged(str(source)) from error
    return target


@dataclass(frozen=True, kw_only=True)
class _Way:
    """From a pixel to the ground."""

    src_crs: CRS
    options: Mapping[str, Any]
    """As GDAL's transformers take them."""
    middle: tuple[float, float]
    """Lon/lat."""


def _warp(source: DatasetReader, height_m: float, target: Path, name: str) -> None:
    way = _by_rpcs(source, height_m) if source.rpcs else _by_points(source, name)
    crs = _utm(way, name)
    transform, width, height = calculate_default_transform(way.src_crs, crs, source.width, source.height, **way.options)
    if not math.isfinite(transform.a) or width * height > most_pixels():
        raise SceneError(f"{name}: on the ground it would have {width} × {height} pixels; its RPCs or points are wrong")
    alpha = source.count + 1
    profile = {"driver": "GTiff", "dtype": source.dtypes[0], "count": alpha, "tiled": True, "bigtiff": "if_safer"}
    profile |= {"width": width, "height": height, "crs": crs, "transform": transform}
    with rasterio.open(target, "w", photometric="minisblack", **profile) as out:
        out.colorinterp = (*_colours(source), ColorInterp.alpha)
        out.descriptions = (*source.descriptions, None)
        reproject(
            rasterio.band(source, list(source.indexes)),
            rasterio.band(out, list(source.indexes)),
            src_crs=way.src_crs,
            dst_crs=crs,
            dst_transform=transform,
            dst_alpha=alpha,
            src_nodata=source.nodata,
            resampling=Resampling.cubic,
            warp_mem_limit=WARP_MB,
            **way.options,
        )
        out.update_tags(**source.tags())


def _by_rpcs(source: DatasetReader, height_m: float) -> _Way:
    rpcs = source.rpcs
    options = {"rpcs": rpcs, "RPC_HEIGHT": height_m}
    return _Way(src_crs=_LONLAT, options=options, middle=(rpcs.long_off, rpcs.lat_off))


def _by_points(source: DatasetReader, name: str) -> _Way:
    points, crs = source.gcps
    crs = crs or _LONLAT
    if len(points) < LEAST_POINTS:
        raise SceneError(f"{name}: has {len(points)} control points, {LEAST_POINTS} are needed; orthorectify it first")
    fitted = from_gcps(points)
    column, row = carried(~fitted, np.array([(point.x, point.y) for point in points]))
    off = np.hypot(column - [point.col for point in points], row - [point.row for point in points])
    rms = float(np.sqrt((off**2).mean()))
    if not rms <= MOST_RMS_PX:
        raise SceneError(f"{name}: its control points lie {rms:.1f} pixels off a plane; orthorectify it over a terrain")
    x, y = carried(fitted, np.array([[source.width / 2, source.height / 2]]))
    (lon,), (lat,) = carry(crs, _LONLAT, x, y)
    return _Way(src_crs=crs, options={"gcps": points, "MAX_GCP_ORDER": "1"}, middle=(lon, lat))


def _utm(way: _Way, name: str) -> CRS:
    """UTM of the image's middle."""
    lon, lat = way.middle
    if not (-180 <= lon <= 180 and -80 <= lat <= 84):
        raise SceneError(f"{name}: its RPCs or control points put it at {lat:g}, {lon:g}; they are wrong")
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + min(int((lon + 180) // 6) + 1, 60))


def _colours(source: DatasetReader) -> list[ColorInterp]:
    """As they were, but for an alpha band, which is warped like any other."""
    return [ColorInterp.undefined if one is ColorInterp.alpha else one for one in source.colorinterp]
