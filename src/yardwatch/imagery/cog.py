"""COG: any raster that can be read, re-written as a cloud-optimised GeoTIFF, every pixel of it read once.

Values and types are kept; red, green and blue come first, other bands after them; palettes are expanded. The
reference system, the geotransform and a few known tags are written, nothing else a stranger put into the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.imagery.bands import BandReader
from yardwatch.imagery.info import RasterInfo
from yardwatch.imagery.opening import damaged, opened

TILE_PX = 512
PIECE_PX = 4 * TILE_PX
"""Side of the windows copied at once: 48 MB of 3-band float32."""
COG_OPTIONS: dict[str, Any] = {
    "driver": "COG",
    "compress": "deflate",
    "predictor": "yes",
    "blocksize": TILE_PX,
    "overview_resampling": "average",
    "bigtiff": "if_safer",
}


def write_cog(source: Path, info: RasterInfo, target: Path, tags: Mapping[str, str], bands: str | None = None) -> None:
    """Copy a raster to a COG with the CRS and transform of its info; complete on return.

    `bands`: their order as the user states it, see `colours`.
    Raises SceneError where the source is damaged or shows nothing at all, UnavailableError where the target cannot
    be written.
    """
    between = target.with_suffix(".tmp.tif")
    try:
        with opened(source) as dataset:
            _copy(dataset, BandReader(dataset, str(source), stated=bands), info, between, dict(tags))
            _as_cog(between, target)
    except OSError as error:
        raise UnavailableError(f"{target}: cannot be written ({error}); is there room on the disk?") from error
    finally:
        between.unlink(missing_ok=True)


def _copy(source: DatasetReader, reader: BandReader, info: RasterInfo, target: Path, tags: dict[str, str]) -> None:
    shown = False
    keep_mask = _has_own_mask(source, reader)
    with rasterio.open(target, "w", **_profile(source, reader, info)) as out:
        if reader.palette is None:
            out.colorinterp = _colours(source, reader)
            out.descriptions = _names(source, reader)
            out.scales, out.offsets = _scaled(source, reader)
        for window in _windows(info.width, info.height):
            values, visible = reader.stored(window)
            shown = shown or bool(visible.any())
            whole = values if reader.palette is not None else _whole(source, reader, window)
            out.write(whole.astype(out.dtypes[0], copy=False), window=window)
            if keep_mask:
                out.write_mask((visible * 255).astype(np.uint8), window=window)
        out.update_tags(**tags)
    if not shown:
        raise SceneError(f"{reader.name}: shows nothing, every pixel is nodata; give another image")


def _profile(source: DatasetReader, reader: BandReader, info: RasterInfo) -> dict[str, Any]:
    paletted = reader.palette is not None
    dtype = np.dtype("uint8") if paletted else np.result_type(*source.dtypes)
    nodata = None if paletted else source.nodata
    if nodata is None and np.issubdtype(dtype, np.floating):
        nodata = float("nan")
    return {
        "driver": "GTiff",
        "width": info.width,
        "height": info.height,
        "count": reader.bands if paletted else source.count,
        "dtype": dtype,
        "crs": info.crs,
        "transform": info.transform,
        "nodata": nodata,
        "tiled": True,
        "blockxsize": TILE_PX,
        "blockysize": TILE_PX,
        "bigtiff": "if_safer",
        **({"photometric": "rgb"} if reader.bands == 3 else {}),
    }


def _has_own_mask(source: DatasetReader, reader: BandReader) -> bool:
    """Whether visibility is neither in an alpha band nor in a nodata value, so that it must be carried over."""
    if reader.palette is not None:
        return True
    flags = {flag for band in source.mask_flag_enums for flag in band}
    return MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags


def _order(source: DatasetReader, reader: BandReader) -> list[int]:
    """Bands of the source as they are written: a TIFF has no blue, green, red."""
    return [*reader.indexes, *(i for i in source.indexes if i not in reader.indexes)]


def _colours(source: DatasetReader, reader: BandReader) -> list[ColorInterp]:
    """Red, green, blue or grey, alpha where it is, the rest without a meaning."""
    first = (ColorInterp.red, ColorInterp.green, ColorInterp.blue) if reader.bands == 3 else (ColorInterp.gray,)
    rest = _order(source, reader)[len(first) :]
    alpha = {i for i in rest if source.colorinterp[i - 1] is ColorInterp.alpha and i != reader.false_alpha}
    return [*first, *(ColorInterp.alpha if i in alpha else ColorInterp.undefined for i in rest)]


def _names(source: DatasetReader, reader: BandReader) -> list[str | None]:
    """What a band shows, where somebody said so; a stranger's own text is not carried over."""
    known = {band: colour for colour, band in reader.colours.items()}
    return [known.get(i) for i in _order(source, reader)]


def _scaled(source: DatasetReader, reader: BandReader) -> tuple[list[float], list[float]]:
    order = [i - 1 for i in _order(source, reader)]
    return [source.scales[i] for i in order], [source.offsets[i] for i in order]


def _whole(source: DatasetReader, reader: BandReader, window: Window) -> NDArray[Any]:
    try:
        return source.read(_order(source, reader), window=window)
    except RasterioError as error:
        raise damaged(reader.name) from error


def _windows(width: int, height: int) -> Iterator[Window]:
    for top in range(0, height, PIECE_PX):
        for left in range(0, width, PIECE_PX):
            yield Window(left, top, min(PIECE_PX, width - left), min(PIECE_PX, height - top))


def _as_cog(between: Path, target: Path) -> None:
    with rasterio.open(between) as whole:
        rasterio.shutil.copy(whole, target, **COG_OPTIONS)
