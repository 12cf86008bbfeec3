"""GeoJSON in and out, always lon/lat: RFC 7946, and the older form with a `crs` member, which is reprojected."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from yardwatch.errors import SiteError
from yardwatch.ground import reproject_geometry
from yardwatch.sites.files import label, read_text, write_text
from yardwatch.sites.values import shown

DECIMALS = 8
"""Of written degrees: a millimetre on the ground."""
LONLAT = "EPSG:4326"
ROUND_TRIP = 1e-6
"""Of a coordinate's size: metres in a national grid, far above what a datum shift loses."""
CRS_NAME = r"(urn:(x-)?ogc:def:crs:\w+:[\w.]*:\w+|\w+:\w+|https?://www\.opengis\.net/def/crs/\w+/[\w.]+/\w+)"
"""Names by authority only: PROJ would also take definitions, which can name files."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One geometry with its properties."""

    geometry: shapely.Geometry
    """Lon/lat (WGS 84), two-dimensional, not empty, polygons valid."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    id: str | int | None = None
    """GeoJSON's own `id` member."""


def read_features(path: Path) -> list[Feature]:
    """Every feature of a file, in its order; an empty collection gives an empty list.

    Raises SiteError for what is no GeoJSON, an unknown CRS, and for a feature without a geometry, with an empty or
    self-crossing one, a line of one point, or coordinates that are not degrees (swapped, or metres without a `crs`).
    """
    document = _parse(path)
    crs = _crs(path, document)
    if document["type"] == "FeatureCollection":
        items = document.get("features")
    else:
        items = [document if document["type"] == "Feature" else {"geometry": document}]
    if not isinstance(items, list):
        raise SiteError(f"{label(path)} is a FeatureCollection without 'features'; export it again")
    return [_feature(path, number, item, crs) for number, item in enumerate(items, 1)]


def write_features(path: Path, features: Iterable[Feature]) -> None:
    """Write RFC 7946: lon/lat, outer rings anticlockwise, one feature a line so that edits show in a diff."""
    lines = [json.dumps(_as_json(feature), ensure_ascii=False, allow_nan=False) for feature in features]
    body = "\n" + ",\n".join(lines) + "\n" if lines else ""
    write_text(path, f'{{"type": "FeatureCollection", "features": [{body}]}}\n')


def _as_json(feature: Feature) -> dict[str, Any]:
    rounded = shapely.transform(feature.geometry, partial(np.round, decimals=DECIMALS))
    geometry = json.loads(shapely.to_geojson(shapely.orient_polygons(rounded)))
    identity = {} if feature.id is None else {"id": feature.id}
    return {"type": "Feature", **identity, "properties": dict(feature.properties), "geometry": geometry}


def _parse(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_text(path), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise SiteError(f"{label(path)} line {error.lineno} is not JSON: {error.msg}; export it again") from None
    except (ValueError, RecursionError) as error:
        raise SiteError(f"{label(path)} cannot be read as GeoJSON: {error}; export it again") from None
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        raise SiteError(f"{label(path)} is JSON but no GeoJSON ('type' is missing); export it as GeoJSON")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no coordinate")


def _crs(path: Path, document: Mapping[str, Any]) -> str:
    """The file's CRS as WKT, or lon/lat where it names none (RFC 7946)."""
    member = document.get("crs")
    if member is None:
        return LONLAT
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    try:
        crs = CRS.from_user_input(name) if isinstance(name, str) and re.fullmatch(CRS_NAME, name) else None
    except CRSError:
        crs = None
    if crs is None:
        remedy = "export it as EPSG:4326 (WGS 84)"
        raise SiteError(f"{label(path)} names a CRS that is not known ({shown(name or member)}); {remedy}")
    return LONLAT if crs == CRS("OGC:CRS84") else crs.to_wkt()


def _feature(path: Path, number: int, item: object, crs: str) -> Feature:
    where = f"{label(path)} feature {number}"
    if not isinstance(item, dict) or not isinstance(item.get("geometry"), dict):
        raise SiteError(f"{where} has no geometry; draw it or delete it")
    properties = item.get("properties")
    identity = item.get("id")
    return Feature(
        geometry=_geometry(where, item["geometry"], crs),
        properties=properties if isinstance(properties, dict) else {},
        id=identity if isinstance(identity, (str, int)) else None,
    )


def _geometry(where: str, raw: Mapping[str, Any], crs: str) -> shapely.Geometry:
    try:
        geometry = shapely.force_2d(shapely.from_geojson(json.dumps(raw)))
    except (shapely.GEOSException, ValueError, RecursionError) as error:
        reason = shown(str(error).split("Exception: ")[-1], 100)
        raise SiteError(f"{where} has a broken {shown(raw.get('type'))}: {reason}; draw it again") from None
    if geometry.is_empty:
        raise SiteError(f"{where} has an empty {geometry.geom_type}; draw it or delete it")
    lonlat = geometry if crs == LONLAT else _to_lonlat(where, geometry, crs)
    _check_degrees(where, lonlat, crs)
    if not lonlat.is_valid and geometry.geom_type.endswith("Polygon"):
        reason = shapely.is_valid_reason(lonlat)
        raise SiteError(
            f"{where} has a self-crossing or broken outline ({reason}); correct it in QGIS (Fix geometries)"
        )
    return lonlat


def _to_lonlat(where: str, geometry: shapely.Geometry, crs: str) -> shapely.Geometry:
    """Reprojected; points outside the CRS's reach, which PROJ bends somewhere, do not come back and are told."""
    lonlat = reproject_geometry(geometry, crs, LONLAT)
    there = shapely.get_coordinates(geometry)
    back = shapely.get_coordinates(reproject_geometry(lonlat, LONLAT, crs))
    if not np.allclose(back, there, rtol=ROUND_TRIP, atol=ROUND_TRIP * float(np.abs(there).max())):
        raise SiteError(f"{where} has coordinates outside its CRS; check which CRS the file is really in")
    return lonlat


def _check_degrees(where: str, lonlat: shapely.Geometry, crs: str) -> None:
    xy = shapely.get_coordinates(lonlat)
    x, y = np.abs(xy).max(axis=0)
    if x <= 180 and y <= 90:
        return
    if crs == LONLAT and x <= 90 and y <= 180:
        raise SiteError(
            f"{where} has latitude {xy[np.abs(xy[:, 1]).argmax(), 1]:g}: "
            "latitude and longitude look swapped; GeoJSON wants [longitude, latitude]"
        )
    raise SiteError(f"{where} has coordinates that are not degrees ({x:g}, {y:g}); export it as EPSG:4326 (WGS 84)")
