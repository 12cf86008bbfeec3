"""Window: the part of a remote image over a site, and the bytes of the file it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.ground import reproject_geometry
from yardwatch.imagery.fetching.remote import Readable, Remote
from yardwatch.imagery.fetching.spans import Span, merged
from yardwatch.imagery.info import RasterInfo, carried, raster_info
from yardwatch.imagery.opening import LARGEST_BLOCK_BYTES, MOST_BANDS, damaged, gdal

MAGIC = {
    b"II*\x00": "GTiff",
    b"MM\x00*": "GTiff",
    b"II+\x00": "GTiff",
    b"MM\x00+": "GTiff",
    b"\x00\x00\x00\x0cjP  ": "JP2OpenJPEG",
    b"\xff\x4f\xff\x51": "JP2OpenJPEG",
}
"""What the first bytes of a file that carries its own pixels are; a VRT, XML or JSON begins otherwise."""
LARGEST_VALUES = 400_000_000
"""Pixels times bands of a window: 11 × 11 km of RGB at 1 m, 1.2 × 1.2 km at 0.1 m. A file says its size itself, and
a few kilobytes can claim to be terabytes of one colour."""
TILE_PX, PIECE_PX = 512, 2048
EDGE_POINTS = 16
EDGE_PX = 0.01
"""An edge nearer than that to a pixel's border is on it: what is left of going to lon/lat and back."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be fetched."""

    window: Window
    spans: tuple[Span, ...]
    """Of the file's blocks under the window; empty where the format does not tell them."""
    info: RasterInfo


@contextmanager
def opened_remote(remote: Remote, name: str) -> Iterator[DatasetReader]:
    """A remote file as a GDAL dataset, by the driver its first bytes ask for and no other.

    Raises SceneError for a file that is no image or points to others, and whatever reading on the way raises.
    """
    head = remote.read(0, 16)
    driver = next((driver for magic, driver in MAGIC.items() if head.startswith(magic)), None)
    if driver is None:
        raise SceneError(
            f"{name}: is no GeoTIFF or JPEG 2000 (a VRT, XML or JSON that points to other files is not followed); "
            "choose another asset with --asset"
        )
    files: list[Readable] = []

    def opener(*_: object, **__: object) -> Readable:
        files.append(Readable(remote))
        return files[-1]

    path = f"window/{id(remote)}.tif"
    with gdal(), _failures(files, name), rasterio.open(path, driver=driver, opener=opener) as dataset:
        yield dataset


@contextmanager
def _failures(files: list[Readable], name: str) -> Iterator[None]:
    """What went wrong inside a read, instead of GDAL's own words for it."""
    try:
        yield
    except (RasterioError, SceneError) as error:
        failed = next((file.failure for file in files if file.failure is not None), None)
        if failed is not None:
            raise failed from error
        raise damaged(name) if isinstance(error, RasterioError) else error from error


def plan(dataset: DatasetReader, over: shapely.Polygon, name: str) -> Plan:
    """The pixels under a lon/lat area and the bytes they stand in.

    Raises SceneError where the image lies elsewhere, cannot be placed, or the window is beyond the pixel limit.
    """
    _refuse_large_blocks(dataset, name)
    info = raster_info(dataset, name, None)
    window = _window(info, over, name)
    values = int(window.width) * int(window.height) * dataset.count
    if values > LARGEST_VALUES:
        raise SceneError(
            f"{name}: its window over the site has {window.width} × {window.height} pixels of {dataset.count} bands, "
            f"{values / 1e6:,.0f} million values (limit {LARGEST_VALUES / 1e6:,.0f}); take a coarser asset or smaller "
            "zones"
        )
    return Plan(window=window, spans=tuple(_spans(dataset, window)), info=info)


def _refuse_large_blocks(dataset: DatasetReader, name: str) -> None:
    """A block is decoded whole, and a band is the least that is read."""
    rows, columns = dataset.block_shapes[0]
    if dataset.count > MOST_BANDS:
        raise SceneError(f"{name}: has {dataset.count} bands, at most {MOST_BANDS} are read; choose another asset")
    if rows * columns * np.dtype(dataset.dtypes[0]).itemsize * dataset.count > LARGEST_BLOCK_BYTES:
        raise SceneError(f"{name}: is stored in one block of {columns} × {rows} pixels; choose another asset")


def _window(info: RasterInfo, over: shapely.Polygon, name: str) -> Window:
    edge = shapely.segmentize(over, max(np.ptp(over.bounds[::2]), np.ptp(over.bounds[1::2])) / EDGE_POINTS)
    there = shapely.get_coordinates(reproject_geometry(edge, "EPSG:4326", info.crs))
    columns, rows = carried(~info.transform, there)
    if not (np.isfinite(columns).all() and np.isfinite(rows).all()):
        raise SceneError(f"{name}: cannot be placed over the site by its reference system; choose another asset")
    left, right = _whole(columns, info.width)
    top, bottom = _whole(rows, info.height)
    if right - left < 1 or bottom - top < 1:
        raise SceneError(f"{name}: does not lie over the site, whatever its item says; nothing was taken")
    return Window(left, top, right - left, bottom - top)


def _whole(positions: NDArray[np.float64], most: int) -> tuple[int, int]:
    """First pixel and the one after the last that positions along one axis touch, inside the image."""
    first, after = np.floor(positions.min() + EDGE_PX), np.ceil(positions.max() - EDGE_PX)
    return int(np.clip(first, 0, most)), int(np.clip(after, 0, most))


def _spans(dataset: DatasetReader, window: Window) -> Iterator[Span]:
    """Where a TIFF's blocks under the window stand; overlapping ones (all bands in one) are merged."""
    if dataset.driver != "GTiff":
        return
    rows, columns = dataset.block_shapes[0]
    whole = range(int(window.row_off) // rows, -(-int(window.row_off + window.height) // rows))
    across = range(int(window.col_off) // columns, -(-int(window.col_off + window.width) // columns))
    bands = dataset.indexes if dataset.interleaving and dataset.interleaving.name == "band" else (1,)
    found = []
    for band in bands:
        for row in whole:
            for column in across:
                at = dataset.get_tag_item(f"BLOCK_OFFSET_{column}_{row}", "TIFF", bidx=band)
                size = dataset.get_tag_item(f"BLOCK_SIZE_{column}_{row}", "TIFF", bidx=band)
                if at and size:  # none: a block that was never written, all nodata
                    found.append((int(at), int(at) + int(size)))
    yield from merged(found)


def cut(dataset: DatasetReader, window: Window, target: Path, name: str) -> None:
    """Write the window as a GeoTIFF with the values, bands, mask, palette and scale of the original.

    Complete on return, else not there. Raises SceneError for damaged pixels, UnavailableError for a full disk.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with rasterio.open(part, "w", **_profile(dataset, window)) as out:
            _describe(dataset, out)
            for piece in _pieces(window):
                _copy(dataset, out, piece, window, name)
        part.replace(target)
    except (OSError, RasterioError) as error:
        if isinstance(error, RasterioError) and not isinstance(error, OSError):
            raise
        raise UnavailableError(f"{target.parent}: cannot be written ({error}); make room, then run again") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(dataset: DatasetReader, out: Any, piece: Window, window: Window, name: str) -> None:  # noqa: ANN401
    to = Window(piece.col_off - window.col_off, piece.row_off - window.row_off, piece.width, piece.height)
    try:
        values = dataset.read(window=piece)
        mask = dataset.dataset_mask(window=piece) if _has_mask(dataset) else None
    except RasterioError as error:
        raise damaged(name) from error
    out.write(values, window=to)
    if mask is not None:
        out.write_mask(mask, window=to)


def _profile(dataset: DatasetReader, window: Window) -> dict[str, Any]:
    rgb = dataset.colorinterp[:3] == (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    return {
        "driver": "GTiff",
        "width": int(window.width),
        "height": int(window.height),
        "count": dataset.count,
        "dtype": np.result_type(*dataset.dtypes),
        "crs": dataset.crs,
        "transform": dataset.transform @ Affine.translation(window.col_off, window.row_off),
        "nodata": dataset.nodata,
        "tiled": True,
        "blockxsize": TILE_PX,
        "blockysize": TILE_PX,
        "compress": "deflate",
        "zlevel": 1,  # it is kept as the original, so any program shall read it, and soon
        "bigtiff": "if_safer",
        **({"photometric": "rgb"} if rgb else {}),
    }


def _describe(dataset: DatasetReader, out: Any) -> None:  # noqa: ANN401
    if dataset.colorinterp[0] is ColorInterp.palette and dataset.count == 1:
        out.write_colormap(1, dataset.colormap(1))
    else:
        out.colorinterp = dataset.colorinterp
    out.scales, out.offsets = dataset.scales, dataset.offsets
    for band, text in enumerate(dataset.descriptions, start=1):
        if text:
            out.set_band_description(band, text[:100])


def _has_mask(dataset: DatasetReader) -> bool:
    flags = {flag for band in dataset.mask_flag_enums for flag in band}
    return MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags


def _pieces(window: Window) -> Iterator[Window]:
    left, top, width, height = (int(v) for v in (window.col_off, window.row_off, window.width, window.height))
    for row in range(top, top + height, PIECE_PX):
        for column in range(left, left + width, PIECE_PX):
            yield Window(column, row, min(PIECE_PX, left + width - column), min(PIECE_PX, top + height - row))
