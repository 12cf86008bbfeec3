"""Info: where a raster lies and how large its pixels are on the ground.

GSD is measured, not read: one pixel's edges at the raster's centre are carried from the scene's CRS to a ground
frame there, so a pixel of 0.597 m in EPSG:3857 at 47° N is 0.41 m, and one of 0.000005° has metres at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import affine
import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from rasterio.io import DatasetReader

from yardwatch.errors import SceneError
from yardwatch.ground import Frame, reproject

Positions = NDArray[np.float64]

WORLD_FILES = (".tfw", ".tifw", ".pgw", ".pngw", ".jgw", ".jpgw", ".j2w", ".jp2w", ".wld")
EDGE_POINTS = 21
"""Points an edge of the outline is carried with, so that it follows the ground where the projection bends it."""
COARSEST_M, FINEST_M = 10_000.0, 0.001
"""Ground metres a pixel beyond which a georeference is a mistake."""


@dataclass(frozen=True, kw_only=True)
class RasterInfo:
    """What a raster says of itself, and its measure on the ground."""

    crs: str
    """`EPSG:…`, or WKT where the CRS has no code."""
    width: int
    height: int
    bands: int
    """Bands in the file; 3 or 1 of them are delivered."""
    dtype: str
    nodata: float | None
    transform: Affine
    """Pixel corners (column, row) to the CRS; north-up, south-up or rotated."""
    pixel_m: tuple[float, float]
    """Ground metres of one pixel along a row and along a column, at the centre."""
    footprint: shapely.Polygon
    """Lon/lat outline."""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def gsd_m(self) -> float:
        """Ground metres a pixel, the coarser of the two axes."""
        return max(self.pixel_m)


def raster_info(dataset: DatasetReader, name: str, crs: str | None) -> RasterInfo:
    """The info of an open dataset; a CRS given by the user goes before the file's own.

    Raises SceneError when there is no CRS, no georeference, or one that does not lie on the Earth.
    """
    _refuse_unplaced(dataset, name)
    code = crs_code(crs, name) if crs is not None else _own_crs(dataset, name)
    transform = _transform(dataset, name)
    size = (dataset.width, dataset.height)
    footprint = _footprint(transform, size, code, name)
    return RasterInfo(
        crs=code,
        width=dataset.width,
        height=dataset.height,
        bands=dataset.count,
        dtype=str(dataset.dtypes[0]),
        nodata=dataset.nodata,
        transform=transform,
        pixel_m=_pixel_m(transform, size, code, name),
        footprint=footprint,
        tags=dataset.tags() | dataset.tags(ns="IMAGERY"),
    )


def crs_code(crs: str, name: str) -> str:
    """A CRS as `EPSG:…` or WKT. Raises SceneError for one that is unknown or lies nowhere on the Earth."""
    try:
        known = CRS.from_user_input(crs)
    except CRSError:
        raise SceneError(
            f"{name}: {crs!r} is no known coordinate reference system; write for instance EPSG:32652"
        ) from None
    if known.is_engineering or known.is_geocentric:
        raise SceneError(
            f"{name}: its reference system {known.name!r} has no place on the Earth; pass --crs EPSG:32652"
        )
    epsg = known.to_epsg(min_confidence=100)
    return f"EPSG:{epsg}" if epsg else str(known.to_wkt())


def _own_crs(dataset: DatasetReader, name: str) -> str:
    if dataset.crs is None:
        raise SceneError(f"{name} has no coordinate reference system; pass --crs EPSG:32652 or georeference it first")
    return crs_code(dataset.crs.to_wkt(), name)


def _refuse_unplaced(dataset: DatasetReader, name: str) -> None:
    """An image straight from its camera is told as such, whatever else it lacks."""
    unplaced = dataset.transform == Affine.identity() and bool(dataset.gcps[0] or dataset.rpcs)
    if unplaced and _world_file(Path(name)) is None:
        raise SceneError(
            f"{name}: knows its place by control points or RPCs only; orthorectify it first, "
            "or pass --height METRES of its ground above the ellipsoid"
        )


def _transform(dataset: DatasetReader, name: str) -> Affine:
    transform = dataset.transform
    if transform == Affine.identity():
        beside = _world_file(Path(name))
        if beside is None:
            raise SceneError(f"{name}: has no georeference; georeference it first, or put its world file beside it")
        transform = beside
    if not all(map(math.isfinite, transform)) or transform.determinant == 0:
        raise SceneError(f"{name}: its geotransform {tuple(transform)[:6]} makes no sense; georeference it first")
    return transform


def _world_file(path: Path) -> Affine | None:
    for suffix in WORLD_FILES:
        for beside in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
            if beside.is_file() and beside.stat().st_size < 1024:
                try:
                    return affine.loadsw(beside.read_text())
                except ValueError:
                    raise SceneError(f"{beside}: is not a world file of six numbers; mend it or take it away") from None
    return None


def _pixel_m(transform: Affine, size: tuple[int, int], crs: str, name: str) -> tuple[float, float]:
    column, row = size[0] / 2, size[1] / 2
    pixel = np.array(
        [(column, row), (column + 0.5, row), (column - 0.5, row), (column, row + 0.5), (column, row - 0.5)]
    )
    lonlat = to_lonlat(pixel, transform, crs, name)
    ground = reproject(lonlat, "EPSG:4326", Frame(float(lonlat[0, 0]), float(lonlat[0, 1])).crs)
    along_row, along_column = (float(np.hypot(*(ground[i] - ground[i + 1]))) for i in (1, 3))
    if min(along_row, along_column) < FINEST_M or max(along_row, along_column) > COARSEST_M:
        raise SceneError(f"{name}: its pixels would be {along_row:g} × {along_column:g} m on the ground; check --crs")
    return along_row, along_column


def _footprint(transform: Affine, size: tuple[int, int], crs: str, name: str) -> shapely.Polygon:
    width, height = size
    there = np.linspace(0, 1, EDGE_POINTS)[:-1]
    zero, one = np.zeros_like(there), np.ones_like(there)
    edge = np.stack([np.r_[there, one, 1 - there, zero] * width, np.r_[zero, there, one, 1 - there] * height], axis=-1)
    return shapely.Polygon(to_lonlat(edge, transform, crs, name))


def carried(transform: Affine, points: Positions) -> tuple[Positions, Positions]:
    """Points (…, 2) through an affine transform."""
    a, b, c, d, e, f = tuple(transform)[:6]
    x, y = points[..., 0], points[..., 1]
    return a * x + b * y + c, d * x + e * y + f


def to_lonlat(pixel: Positions, transform: Affine, crs: str, name: str) -> Positions:
    """Pixel positions (n, 2) as lon/lat. Raises SceneError when they do not lie on the Earth."""
    x, y = carried(transform, pixel)
    try:
        lonlat = reproject(np.stack([x, y], axis=-1), crs, "EPSG:4326")
    except ProjError as error:
        raise SceneError(f"{name}: its reference system cannot be carried to lon/lat; check --crs") from error
    on_earth = np.isfinite(lonlat).all() and (abs(lonlat[:, 0]) <= 180).all() and (abs(lonlat[:, 1]) <= 90).all()
    if not on_earth:
        raise SceneError(f"{name}: in that reference system its corners are not on the Earth; check --crs")
    return lonlat
