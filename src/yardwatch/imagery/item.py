"""Item: a received scene as a STAC item, and back.

Core fields, and those of the `view`, `proj` and `file` extensions; what STAC has no word for stands under
`yardwatch:`. Schemas are not fetched: nothing here needs the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pystac
import shapely
from pystac.utils import datetime_to_str, str_to_datetime

from yardwatch.errors import SceneError
from yardwatch.imagery.dates import Moment
from yardwatch.imagery.describe import Described, sha256
from yardwatch.imagery.licences import licence, spdx
from yardwatch.model import Licence, Scene

EXTENSIONS = [
    "https://stac-extensions.github.io/view/v1.0.0/schema.json",
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
]
ASSET = "image"
ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What an id may be made of: it names a folder."""
_SHA256_MULTIHASH = "1220"


@dataclass(frozen=True, kw_only=True)
class Making:
    """What a COG was made of."""

    parents: tuple[str, ...]
    """SHA-256 of every file as it came."""
    how: Mapping[str, Any] = field(default_factory=dict)
    """What was done to them, as properties of the item."""


def scene_id(at: Moment, digest: str) -> str:
    """`2023-10-05-1a2b3c4d`: the date as far as it is known, and the first 8 digits of the original's hash."""
    return f"{at.text}-{digest[:8]}"


def as_item(described: Described, at: Moment, cog: Path, made: Making | None = None) -> dict[str, Any]:
    """The STAC item of a scene whose COG lies beside it; `made`: of what, and how, where not of one file as it came."""
    scene, info = described.scene, described.info
    footprint = shapely.orient_polygons(shapely.set_precision(scene.footprint, 1e-9))
    item = pystac.Item(
        id=scene.id,
        geometry=shapely.geometry.mapping(footprint),
        bbox=list(footprint.bounds),
        datetime=at.at,
        properties=_properties(described, at),
        stac_extensions=EXTENSIONS,
    )
    checksum: dict[str, Any] = {"file:checksum": _SHA256_MULTIHASH + sha256(cog), "file:size": cog.stat().st_size}
    checksum |= {"yardwatch:parents": list(made.parents) if made else [scene.sha256]}
    asset = pystac.Asset(f"./{cog.name}", media_type=pystac.MediaType.COG, roles=["data"], extra_fields=checksum)
    item.add_asset(ASSET, asset)
    item.properties |= dict(made.how) if made else {}
    item.properties["proj:shape"] = [info.height, info.width]
    item.properties["proj:transform"] = list(info.transform)[:6]
    item.add_link(pystac.Link("root", "../catalog.json", media_type="application/json"))
    item.add_link(pystac.Link("parent", "../catalog.json", media_type="application/json"))
    return item.to_dict(include_self_link=False, transform_hrefs=False)


def _properties(described: Described, at: Moment) -> dict[str, Any]:
    scene = described.scene
    epsg = scene.crs.startswith("EPSG:")
    known = {
        "gsd": round(scene.gsd_m, 4),
        "platform": scene.sensor,
        "view:off_nadir": scene.off_nadir_deg,
        "view:sun_azimuth": scene.sun_azimuth_deg,
        "view:sun_elevation": scene.sun_elevation_deg,
        "proj:code": scene.crs if epsg else None,
        "proj:wkt2": None if epsg else scene.crs,
        "license": spdx(scene.licence.name),
        "yardwatch:licence": scene.licence.name,
        "yardwatch:attribution": scene.licence.attribution or None,
        "yardwatch:licence_expires": scene.licence.expires.isoformat() if scene.licence.expires else None,
        "yardwatch:sha256": scene.sha256,
        "yardwatch:synthetic": scene.synthetic,
        "yardwatch:date_precision": at.precision,
        "yardwatch:date_from": described.metadata.date_from,
        "yardwatch:original": Path(scene.href).name,
        "yardwatch:origin": dict(described.metadata.origin) if described.metadata.origin else None,
        **(_range(at) if at.precision != "instant" else {}),
    }
    return {key: value for key, value in known.items() if value is not None}


def _range(at: Moment) -> dict[str, str]:
    return {
        "start_datetime": datetime_to_str(at.at),
        "end_datetime": datetime_to_str(_end(at.span.latest)),
    }


def _end(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(days=1) - timedelta(seconds=1)


def as_scene(document: Mapping[str, Any], folder: Path, name: str) -> Scene:
    """The scene of an item that lies in `folder`.

    Raises SceneError, beginning with `name`, for a document that is no item of this catalogue, and for an image
    outside its folder.
    """
    try:
        properties: Mapping[str, Any] = document["properties"]
        attribution = properties.get("yardwatch:attribution")
        return Scene(
            id=checked_id(document["id"], name),
            href=str(_inside(document["assets"][ASSET]["href"], folder, name)),
            sha256=properties["yardwatch:sha256"],
            acquired=str_to_datetime(properties["datetime"]).astimezone(UTC),
            gsd_m=float(properties["gsd"]),
            crs=properties.get("proj:code") or properties["proj:wkt2"],
            footprint=shapely.geometry.shape(document["geometry"]),
            sensor=properties.get("platform"),
            off_nadir_deg=properties.get("view:off_nadir"),
            sun_azimuth_deg=properties.get("view:sun_azimuth"),
            sun_elevation_deg=properties.get("view:sun_elevation"),
            licence=licence(properties.get("yardwatch:licence"), attribution, _day(properties)),
            synthetic=bool(properties["yardwatch:synthetic"]),
            date_precision=properties.get("yardwatch:date_precision", "instant"),
        )
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise SceneError(f"{name}: is no scene of this catalogue ({error!r}); receive the image again") from error


def relicensed(document: Mapping[str, Any], given: Licence) -> dict[str, Any]:
    """An item under another licence, all else as it was."""
    said = {
        "license": spdx(given.name),
        "yardwatch:licence": given.name,
        "yardwatch:attribution": given.attribution or None,
        "yardwatch:licence_expires": given.expires.isoformat() if given.expires else None,
    }
    properties = {**document["properties"], **said}
    return {**document, "properties": {key: value for key, value in properties.items() if value is not None}}


def _day(properties: Mapping[str, Any]) -> date | None:
    """The last day of the licence. Raises ValueError for one that is no day: an end nobody can read is no licence."""
    text = properties.get("yardwatch:licence_expires")
    return None if text is None else date.fromisoformat(text)


def checked_id(text: str, name: str) -> str:
    """An id that may name a folder. Raises SceneError for another."""
    if not ID_PATTERN.fullmatch(text):
        raise SceneError(f"{name}: {text!r} is no scene id; ids are letters, digits, '.', '_' and '-'")
    return text


def _inside(href: str, folder: Path, name: str) -> Path:
    path = (folder / href).resolve()
    if "://" in href or not path.is_relative_to(folder.resolve()):
        raise SceneError(f"{name}: its image {href!r} lies outside its folder; only images beside the item are read")
    return path
