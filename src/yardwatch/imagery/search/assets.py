"""Assets: which of an item's files is an image whose pixels can be read, and which of them is taken.

Taken is the one asked for; else, among images, a picture (`visual`) before data in three or more bands before data in
one, the finer before the coarser, the earlier named before the later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yardwatch.errors import InputError
from yardwatch.imagery.fetching.addresses import resolved

IMAGE_TYPES = ("image/tiff", "image/jp2", "image/vnd.stac.geotiff", "image/x.geotiff")
IMAGE_ENDS = (".tif", ".tiff", ".jp2", ".j2k")
NOT_IMAGES = {"thumbnail", "overview", "metadata", "cloud", "snow-ice", "data-mask", "water-mask", "saturation"}
"""Roles of files that are small, or about an image rather than one."""
MOST_ASSETS = 500


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file of an item that may be read."""

    name: str
    href: str
    """Absolute."""
    kind: str
    """`visual`, `data` (three bands or more) or `single` (one band, or not said)."""
    gsd_m: float | None = None
    """As the item says."""
    crs: str | None = None
    """`EPSG:…`, as the item says."""


def images(item: Mapping[str, Any], base: str) -> tuple[Asset, ...]:
    """The image files of an item, best first; hrefs that lead anywhere but to the web are left out."""
    stated = item.get("assets")
    pairs = list(stated.items())[:MOST_ASSETS] if isinstance(stated, Mapping) else []
    found = [asset for name, value in pairs if (asset := _asset(str(name), value, item, base)) is not None]
    order = {"visual": 0, "data": 1, "single": 2}
    return tuple(sorted(found, key=lambda asset: (order[asset.kind], asset.gsd_m or float("inf"))))


def chosen(found: tuple[Asset, ...], wanted: str | None, item: str) -> Asset:
    """The asset to take: the one named, else the best. Raises InputError naming those there are."""
    named = next((asset for asset in found if asset.name == wanted), None)
    if named is not None:
        return named
    names = ", ".join(asset.name for asset in found) or "none"
    if wanted is not None:
        raise InputError(f"{item}: has no image asset {wanted!r}; its images: {names}")
    if not found:
        raise InputError(f"{item}: names no image that can be read (GeoTIFF or JPEG 2000 over https); take another")
    return found[0]


def _asset(name: str, value: object, item: Mapping[str, Any], base: str) -> Asset | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("href"), str):
        return None
    roles = {str(role) for role in value["roles"]} if isinstance(value.get("roles"), list) else set()
    media = str(value.get("type", "")).split(";")[0].strip().lower()
    path = value["href"].split("?")[0].lower()
    if not (media in IMAGE_TYPES or path.endswith(IMAGE_ENDS)) or roles & NOT_IMAGES:
        return None
    try:
        href = resolved(value["href"], base)
    except InputError:
        return None
    return Asset(
        name=name, href=href, kind=_kind(name, value, roles), gsd_m=_gsd(value, item), crs=stated_crs(value, item)
    )


def _kind(name: str, value: Mapping[str, Any], roles: set[str]) -> str:
    if "visual" in roles or name in ("visual", "rendered_preview", "image"):
        return "visual"
    counts = [len(bands) for key in ("bands", "eo:bands", "raster:bands") if isinstance(bands := value.get(key), list)]
    return "data" if max(counts, default=0) >= 3 else "single"


def _gsd(value: Mapping[str, Any], item: Mapping[str, Any]) -> float | None:
    properties = item.get("properties")
    whole = properties if isinstance(properties, Mapping) else {}
    bands = value.get("raster:bands")
    band = bands[0] if isinstance(bands, list) and bands and isinstance(bands[0], Mapping) else {}
    said = [value.get("gsd"), value.get("eo:gsd"), value.get("raster:spatial_resolution")]
    said += [band.get("spatial_resolution"), whole.get("gsd"), whole.get("eo:gsd")]
    return next((length for one in said if (length := _length(one)) is not None), None)


def stated_crs(value: Mapping[str, Any], item: Mapping[str, Any]) -> str | None:
    """The reference system an asset, or else its item, claims."""
    properties = item.get("properties")
    for place in (value, properties if isinstance(properties, Mapping) else {}):
        if isinstance(code := place.get("proj:code"), str):
            return code.upper()
        if isinstance(number := place.get("proj:epsg"), int) and not isinstance(number, bool):
            return f"EPSG:{number}"
    return None


def _length(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 100_000:
        return None
    return float(value)
