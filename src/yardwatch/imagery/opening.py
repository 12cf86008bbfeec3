"""Opening: how a file from a stranger is handed to GDAL, and every reason why it is not.

GDAL's settings stand here once. Only plain raster formats are opened; documents that point to other files or
services (VRT, WMS, STACIT, …) are not, the folder beside the file is not scanned, and nothing is written there.

Sizes are refused from the header, before a pixel is decoded: a file of a few kilobytes may claim terabytes.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader

from yardwatch.errors import InputError, SceneError, UnavailableError

DRIVERS = ("GTiff", "JP2OpenJPEG", "PNG", "JPEG", "NITF")
"""Formats that carry their pixels themselves."""
SMALLEST_SIDE_PX = 8
"""Below this there is no texture to align by and no car to see."""
LARGEST_BLOCK_BYTES = 2**30
"""A block is decoded whole; a larger one exhausts a laptop."""
MOST_PIXELS = 2**32
"""65,536 × 65,536: four times the gigapixel a yard is cut from. `YARDWATCH_MAX_PIXELS` raises it."""
PIXELS_VARIABLE = "YARDWATCH_MAX_PIXELS"
MOST_BANDS = 500
"""Imaging spectrometers deliver some 450; every band costs memory before any is read."""
SUSPECT_BYTES, MOST_SQUEEZED = 2**30, 1000
"""More than a gigabyte once decoded, and a thousand times the file: no picture (deflate ends at 1032)."""
POINTERS = (b"<", b"{", b"[")
"""First character of documents that name other files: VRT, WMS, WMTS, STAC, GeoJSON."""
HEAD_BYTES = 512
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
    return rasterio.Env(**ENVIRONMENT, **_endpoint())


def _endpoint() -> dict[str, str]:
    """An S3 service other than Amazon's, told to GDAL in its own words; keys it finds in the environment itself."""
    url = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if not url:
        return {}
    parts = urlsplit(url)
    secure = "YES" if parts.scheme == "https" else "NO"
    return {"AWS_S3_ENDPOINT": parts.netloc, "AWS_HTTPS": secure, "AWS_VIRTUAL_HOSTING": "FALSE"}


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


def refuse_pointer(path: Path) -> None:
    """Refuse a document that points to other files or services, whatever it is called. Raises SceneError.

    Nothing in it is followed, so that a stranger's file can neither read this machine's files nor send it anywhere.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    if path.suffix.lower() == ".vrt" or b"<VRTDataset" in head:
        raise SceneError(f"{path}: is a VRT, which only points to other files; give those, or pass --follow")
    if head.startswith(POINTERS):
        raise SceneError(
            f"{path}: is a text document (XML or JSON), which only points to images; give the image it names"
        )


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
    refuse_pointer(path)
    return str(path.resolve())


def _not_opened(name: str, reason: str) -> Exception:
    if "not recognized" in reason and not is_remote(name):
        formats = "GeoTIFF, JPEG 2000, PNG, JPEG or NITF"
        return SceneError(f"{name}: is not an image that can be read; give {formats}, whole and undamaged")
    if is_remote(name):
        return UnavailableError(f"{name}: could not be reached or is no GeoTIFF ({reason.splitlines()[0]})")
    return damaged(name)


def _refuse_unfit(dataset: DatasetReader, name: str) -> None:
    _refuse_bombs(dataset, name)
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


def _refuse_bombs(dataset: DatasetReader, name: str) -> None:
    if dataset.count > MOST_BANDS:
        raise SceneError(
            f"{name}: has {dataset.count} bands, at most {MOST_BANDS} are read; give the bands of one image"
        )
    pixels, most = dataset.width * dataset.height, most_pixels()
    size = f"{dataset.width} × {dataset.height} pixels"
    if pixels > most:
        raise SceneError(
            f"{name}: claims {size}, the limit is {most:,}; cut out the ground you need, or set {PIXELS_VARIABLE}"
        )
    decoded = pixels * dataset.count * np.dtype(dataset.dtypes[0]).itemsize
    if decoded > SUSPECT_BYTES and not is_remote(name) and decoded > MOST_SQUEEZED * Path(name).stat().st_size:
        raise SceneError(
            f"{name}: claims {size} in {Path(name).stat().st_size:,} bytes, which no picture does; fetch it again"
        )


def most_pixels() -> int:
    """The largest image that is opened, in pixels. Raises InputError for a setting that is no number."""
    said = os.environ.get(PIXELS_VARIABLE, "")
    if said and not (said.isdecimal() and int(said) > 0):
        raise InputError(f"{PIXELS_VARIABLE}={said!r} is not a number of pixels; write for instance {MOST_PIXELS}")
    return int(said) if said else MOST_PIXELS
