"""Pointers: a VRT, which is a list of other files, followed only where the user asks for it, and only so far.

Followed are mosaics and stacks of plain images that lie in the VRT's own folder or below it. Refused are addresses,
files elsewhere, other VRTs, and whatever computes (pixel functions, warps, raw bands): a stranger's VRT can read no
file that was not sent with it.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
import rasterio
import rasterio.shutil
from defusedxml import DefusedXmlException
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from yardwatch.errors import SceneError
from yardwatch.imagery.opening import damaged, gdal, most_pixels, opened

LARGEST_BYTES = 5_000_000
"""Ten thousand tiles; more is not a scene."""
SOURCES = {"SimpleSource", "ComplexSource", "AveragedSource"}
PLAIN = {
    *("VRTDataset", "SRS", "GeoTransform", "Metadata", "MDI", "BlockXSize", "BlockYSize", "OverviewList"),
    *("VRTRasterBand", "ColorInterp", "Description", "NoDataValue", "HideNoDataValue", "UnitType", "Offset", "Scale"),
    *("ColorTable", "Entry", "MaskBand", "CategoryNames", "Category", *SOURCES),
    *("SourceFilename", "SourceBand", "SourceProperties", "SrcRect", "DstRect", "NODATA", "UseMaskBand"),
    *("ScaleOffset", "ScaleRatio", "LUT", "Histograms", "HistItem", "HistMin", "HistMax", "BucketCount", "HistCounts"),
    *("IncludeOutOfRange", "Approximate"),
}
"""Elements of a mosaic or stack; any other one computes, or points in another way."""


def is_vrt(path: Path) -> bool:
    """Whether a file is meant to be followed: it is called a VRT."""
    return path.suffix.lower() == ".vrt"


def pointed_at(vrt: Path) -> tuple[Path, ...]:
    """The images a VRT is made of, each once. Raises SceneError for one that may not be followed."""
    root = _parsed(vrt)
    for element in root.iter():
        if element.tag not in PLAIN or element.get("subClass") is not None:
            raise SceneError(f"{vrt}: <{element.tag}> is more than a list of images; give a GeoTIFF made of it")
    named = [element for element in root.iter() if element.tag == "SourceFilename"]
    if not named:
        raise SceneError(f"{vrt}: names no image; give the image itself")
    return tuple(dict.fromkeys(_inside(element, vrt) for element in named))


def gathered(vrt: Path, target: Path) -> Path:
    """Write what a VRT shows as one GeoTIFF. Raises SceneError for one that may not be followed, or is damaged."""
    for source in pointed_at(vrt):
        with opened(source):
            pass
    try:
        with gdal(), DatasetReader(str(vrt.resolve()), driver=["VRT"]) as whole:
            if whole.width * whole.height > most_pixels():
                raise SceneError(f"{vrt}: claims {whole.width} × {whole.height} pixels; cut out the ground you need")
            rasterio.shutil.copy(whole, target, driver="GTiff", tiled=True, bigtiff="if_safer")
    except RasterioError as error:
        raise damaged(str(vrt)) from error
    return target


def _parsed(vrt: Path) -> Element:
    if vrt.stat().st_size > LARGEST_BYTES:
        raise SceneError(f"{vrt}: is larger than {LARGEST_BYTES:,} bytes; give a GeoTIFF made of it")
    try:
        root: Element = defusedxml.ElementTree.parse(vrt, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException, ValueError):
        raise SceneError(f"{vrt}: is no XML that can be read; give the images it names") from None
    return root


def _inside(element: Element, vrt: Path) -> Path:
    name, home = (element.text or "").strip(), vrt.resolve().parent
    path = (home / name).resolve()
    if not name or "://" in name or name.startswith("/vsi") or not path.is_relative_to(home):
        raise SceneError(f"{vrt}: points to {name!r}, which is not below its own folder; put the file there")
    if not path.is_file():
        raise SceneError(f"{vrt}: points to {name!r}, which is not there; put the file beside it")
    return path
