"""Opening: how a file from a stranger is handed to GDAL, and every reason why it is not.

GDAL's settings stand here once. Only plain raster formats are opened; documents that point to other files or
services (VRT, WMS, STACIT, …) are not, the folder beside the file is not scanned, and nothing is written there.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader

from yardwatch.errors import SceneError, UnavailableError

DRIVERS = ("GTiff", "JP2OpenJPEG", "PNG", "JPEG", "NITF")
"""Formats that carry their pixels themselves."""
SMALLEST_SIDE_PX = 8
"""Below this there is no texture to align by and no car to see."""
LARGEST_BLOCK_BYTES = 2**30
"""A block is decoded whole; a larger one exhausts a laptop."""
REMOTE = {"https://": "/vsicurl/https://", "http://": "/vsicurl/http://", "s3://": "/vsis3/"}

ENVIRONMENT: dict[str, str | int | bool] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # open the file named, not its neighbours
    "GDAL_PAM_ENABLED": False,  # leave no .aux.xml beside the user's file, read none
    "GDAL_TIFF_INTERNAL_MASK": True,
    "GDAL_PNG_WHOLE_IMAGE_OPTIM": False,  # the fast way reads a cut PNG without a word
    "GDAL_NUM_THREADS": 1,
    "GDAL_CACHEMAX": 128,  # MB; a piece of track needs a few tiles
    "GDAL_HTTP_CONNECTTIMEOUT": 10,
    "GDAL_HTTP_TIMEOUT": 60,
    "GDAL_HTTP_MAX_RETRY": 2,
    "VSI_CACHE": True,
}


def gdal() -> rasterio.Env:
    """The environment every read and write happens in."""
    return rasterio.Env(**ENVIRONMENT)


@contextmanager
def opened(href: str | Path) -> Iterator[DatasetReader]:
    """A raster file or URL as a GDAL dataset, closed at once on leaving.

    Raises SceneError for a file that is empty, damaged, no raster, too small or of complex numbers;
    UnavailableError for one that is not there or cannot be reached.
    """
    name = str(href)
    with gdal():
        dataset = _open(name)
        try:
            _refuse_unfit(dataset, name)
            yield dataset
        finally:
            dataset.close()


def damaged(name: str, where: str = "") -> SceneError:
    """The error for pixels that cannot be read."""
    return SceneError(f"{name}: its pixels cannot be read{where}; the file is damaged or cut short, fetch it again")


def is_remote(href: str) -> bool:
    """Whether an href is a URL that GDAL fetches."""
    return href.startswith(tuple(REMOTE))


def _open(name: str) -> DatasetReader:
    path = _local(name) if not is_remote(name) else _remote(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # told later, as an error or by a world file
        try:
            return DatasetReader(path, driver=list(DRIVERS))
        except RasterioError as error:
            raise _not_opened(name, str(error)) from error


def _remote(name: str) -> str:
    scheme = next(scheme for scheme in REMOTE if name.startswith(scheme))
    return REMOTE[scheme] + name.removeprefix(scheme)


def _local(name: str) -> str:
    path = Path(name)
    if not path.exists():
        raise UnavailableError(f"{name}: no such file; check the path")
    if not path.is_file():
        raise SceneError(f"{name}: is a folder, not an image; name the image file in it")
    if path.stat().st_size == 0:
        raise SceneError(f"{name}: is empty (zero bytes); fetch it again")
    with path.open("rb") as file:
        if path.suffix.lower() == ".vrt" or b"<VRTDataset" in file.read(512):
            raise SceneError(f"{name}: is a VRT, which only points to other files; give those, or a GeoTIFF made of it")
    return str(path.resolve())


def _not_opened(name: str, reason: str) -> Exception:
    if "not recognized" in reason and not is_remote(name):
        formats = "GeoTIFF, JPEG 2000, PNG, JPEG or NITF"
        return SceneError(f"{name}: is not an image that can be read; give {formats}, whole and undamaged")
    if is_remote(name):
        return UnavailableError(f"{name}: could not be reached or is no GeoTIFF ({reason.splitlines()[0]})")
    return damaged(name)


def _refuse_unfit(dataset: DatasetReader, name: str) -> None:
    if min(dataset.width, dataset.height) < SMALLEST_SIDE_PX:
        size = f"{dataset.width} × {dataset.height}"
        raise SceneError(
            f"{name}: is {size} pixels; a scene needs at least {SMALLEST_SIDE_PX} × {SMALLEST_SIDE_PX}, give the image"
        )
    if dataset.count == 0 or any("complex" in str(dtype) for dtype in dataset.dtypes):
        raise SceneError(f"{name}: holds no plain pixel values (complex radar data?); give an optical image")
    rows, columns = dataset.block_shapes[0]
    if rows * columns * np.dtype(dataset.dtypes[0]).itemsize * dataset.count > LARGEST_BLOCK_BYTES:
        raise SceneError(f"{name}: is stored in one block of {columns} × {rows} pixels; re-write it tiled (COG)")
