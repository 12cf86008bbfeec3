"""Sharpen: a panchromatic image and the coarser multispectral one taken with it, as one image in colour.

    sharp_k = ms_k · pan / Σ_k w_k ms_k

with `ms` carried to the pan's pixels (cubic) and the weights `w ≥ 0` that make the multispectral sum most like the
pan, averaged down to the multispectral GSD (non-negative least squares). So the brightness at pan GSD is the pan's
own, and colour varies no finer than it was seen. Source: weighted Brovey transform (Gillespie 1987; weights from
regression, Aiazzi 2007). It adds no detail in colour and none that the pan has not.

The two must lie on each other to within a multispectral pixel: their correlation says whether they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window
from scipy.optimize import nnls

from yardwatch.errors import SceneError
from yardwatch.imagery.colours import colours
from yardwatch.imagery.opening import damaged, opened

Floats = NDArray[np.float32]
_Whole = np.dtype[np.uint8] | np.dtype[np.uint16]

PIECE_PX = 2048
SAMPLE_PX = 512
"""The weights are fitted on a grid of at most this side."""
LEAST_CORRELATION = 0.6
"""Of pan and weighted colours at multispectral GSD; two images of one moment reach 0.95, of another place under 0.3."""


def sharpened(pan: Path, colour: Path, target: Path, stated: str | None = None) -> Path:
    """Write red, green, blue and, where there is one, near infrared at the pan's GSD; 16-bit, or 8-bit from two 8-bit.

    `stated`: the order of the colour file's bands, as `--bands` says it. Raises SceneError where the two do not fit.
    """
    with opened(pan) as fine, opened(colour) as coarse:
        _check(fine, coarse, pan, colour)
        bands = _bands(coarse, colour, stated)
        on_pan = {"crs": fine.crs, "transform": fine.transform, "width": fine.width, "height": fine.height}
        try:
            with WarpedVRT(coarse, resampling=Resampling.cubic, add_alpha=True, **on_pan) as carried:
                weights = _weights(fine, carried, bands, (pan, colour))
                _write(fine, carried, bands, weights, target)
        except RasterioError as error:
            raise damaged(f"{pan} or {colour}") from error
    return target


def _bands(coarse: DatasetReader, colour: Path, stated: str | None) -> list[int]:
    found = colours(coarse, str(colour), stated)
    if "red" not in found:
        raise SceneError(f"{colour}: has no red, green and blue to colour the panchromatic image with; pass --bands")
    return [found[name] for name in ("red", "green", "blue", "nir") if name in found]


def _check(fine: DatasetReader, coarse: DatasetReader, pan: Path, colour: Path) -> None:
    if fine.crs is None or coarse.crs is None:
        raise SceneError(f"{pan}, {colour}: both need a coordinate reference system; georeference them first")
    if fine.count > 2:
        raise SceneError(
            f"{pan}: has {fine.count} bands, a panchromatic image has one; change the two, or leave --colour"
        )
    if np.dtype(fine.dtypes[0]).kind != "u" or np.dtype(coarse.dtypes[0]).kind != "u":
        raise SceneError(f"{pan}, {colour}: are not of whole positive numbers; sharpen them first")


def _weights(fine: DatasetReader, carried: WarpedVRT, bands: list[int], names: tuple[Path, Path]) -> Floats:
    """Weights of the bands, from both images averaged down to about the multispectral GSD."""
    shape = tuple(max(8, min(SAMPLE_PX, side // 4)) for side in (fine.height, fine.width))
    grey = fine.read(1, out_shape=shape, resampling=Resampling.average).astype(np.float64)
    colour = carried.read(bands, out_shape=(len(bands), *shape), resampling=Resampling.average).astype(np.float64)
    seen = (carried.read(carried.count, out_shape=shape, resampling=Resampling.nearest) > 0) & (grey > 0)
    if seen.sum() < 16:
        raise SceneError(f"{names[0]} and {names[1]} do not overlap; give two images of one place and moment")
    weights, _ = nnls(colour[:, seen].T, grey[seen])
    fitted = weights @ colour[:, seen]
    like = float(np.corrcoef(fitted, grey[seen])[0, 1]) if fitted.std() > 0 and grey[seen].std() > 0 else 0.0
    if not like >= LEAST_CORRELATION:
        raise SceneError(
            f"{names[0]} and {names[1]} do not show the same (correlation {like:.2f}, at least {LEAST_CORRELATION}); "
            "give two images of one place and moment"
        )
    return np.asarray(weights, np.float32)


def _write(fine: DatasetReader, carried: WarpedVRT, bands: list[int], weights: Floats, target: Path) -> None:
    both = {fine.dtypes[0], carried.dtypes[bands[0] - 1]}
    dtype: _Whole = np.dtype(np.uint8) if both == {"uint8"} else np.dtype(np.uint16)
    profile = {"driver": "GTiff", "dtype": dtype, "count": len(bands) + 1, "tiled": True, "bigtiff": "if_safer"}
    profile |= {"width": fine.width, "height": fine.height, "crs": fine.crs, "transform": fine.transform}
    extra = [ColorInterp.undefined] * (len(bands) - 3)
    with rasterio.open(target, "w", photometric="rgb", **profile) as out:
        out.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, *extra, ColorInterp.alpha)
        out.descriptions = (*("red", "green", "blue", "nir")[: len(bands)], None)
        for window in _windows(fine.width, fine.height):
            grey = fine.read(1, window=window).astype(np.float32)
            colour = carried.read(bands, window=window).astype(np.float32)
            seen = (carried.read(carried.count, window=window) > 0) & (fine.read_masks(1, window=window) > 0)
            out.write(_sharp(grey, colour, weights, dtype), list(range(1, len(bands) + 1)), window=window)
            out.write(np.where(seen, np.iinfo(dtype).max, 0).astype(dtype), len(bands) + 1, window=window)
        out.update_tags(**fine.tags())


def _sharp(
    grey: Floats, colour: Floats, weights: Floats, dtype: np.dtype[np.unsignedinteger]
) -> NDArray[np.unsignedinteger]:
    total = np.tensordot(weights, colour, axes=1)
    ratio = np.divide(grey, total, out=np.ones_like(grey), where=total > 0)
    return np.clip(np.rint(colour * ratio), 0, np.iinfo(dtype).max).astype(dtype)


def _windows(width: int, height: int) -> Iterator[Window]:
    for top in range(0, height, PIECE_PX):
        for left in range(0, width, PIECE_PX):
            yield Window(left, top, min(PIECE_PX, width - left), min(PIECE_PX, height - top))
