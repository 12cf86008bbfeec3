"""Tracks: centre lines in `tracks.geojson`, or any GeoJSON of lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely

from yardwatch.errors import SiteError
from yardwatch.model import Track
from yardwatch.sites.files import label
from yardwatch.sites.geojson import Feature, read_features, write_features
from yardwatch.sites.values import shown

GAUGE_MM = range(300, 3001)
"""Gauges that exist lie well inside; anything else is a slip of the pen."""


def read_tracks(path: Path, *, none_yet: bool = False) -> tuple[Track, ...]:
    """Tracks in lon/lat, in the file's order.

    The id is the property `track`, else `id`, else the feature's own id, else its running number; `gauge` (mm) and
    `service` are kept. A MultiLineString of several parts gives one track a part (`7.1`, `7.2`).
    Raises SiteError for a file without tracks (unless `none_yet`: a site whose tracks are still to be drawn),
    a track of one point or no length, a geometry that is no line, and an id used twice.
    """
    features = read_features(path)
    if not features and not none_yet:
        raise SiteError(f"{label(path)} holds no tracks; draw centre lines in QGIS or import them from OpenStreetMap")
    tracks = tuple(track for n, feature in enumerate(features, 1) for track in _tracks(path, n, feature))
    ids = [track.id for track in tracks]
    twice = next((item for item in ids if ids.count(item) > 1), None)
    if twice is not None:
        raise SiteError(f"{label(path)}: two tracks are called {shown(twice)}; give each its own 'track' property")
    return tracks


def write_tracks(path: Path, tracks: Iterable[Track]) -> None:
    """Write lon/lat tracks so that `read_tracks` gives them back."""
    write_features(path, [_as_feature(track) for track in tracks])


def parse_gauge(value: object) -> int | None:
    """The first gauge in mm of OpenStreetMap's `gauge` (`1435;1520` is 1435); None where there is none to read."""
    match = re.match(r"\s*(\d{3,4})(\.0)?\s*(;|,|$)", str(value))
    return int(match[1]) if match and int(match[1]) in GAUGE_MM else None


def _tracks(path: Path, number: int, feature: Feature) -> list[Track]:
    given = feature.properties
    identity = _identity(given, feature.id, number)
    where = f"{label(path)} feature {number} (track {shown(identity)})"
    if feature.geometry.geom_type not in ("LineString", "MultiLineString"):
        raise SiteError(f"{where} is a {feature.geometry.geom_type} where a line is due; draw its centre line")
    merged = feature.geometry
    if merged.geom_type == "MultiLineString":
        merged = shapely.line_merge(merged, directed=True)
    parts = list(shapely.get_parts(merged))
    if any(part.length == 0 for part in parts):
        raise SiteError(f"{where} has one point or no length; draw at least two points apart")
    gauge, service = parse_gauge(given.get("gauge")), str(given.get("service") or "") or None
    return [
        Track(id=identity if len(parts) == 1 else f"{identity}.{n}", line=part, gauge_mm=gauge, service=service)
        for n, part in enumerate(parts, 1)
    ]


def _identity(given: Mapping[str, Any], own: str | int | None, number: int) -> str:
    for value in (given.get("track"), given.get("id"), own):
        if value is not None and str(value).strip():
            return str(value).strip().removesuffix(".0")
    return str(number)


def _as_feature(track: Track) -> Feature:
    properties = {"track": track.id, "gauge": track.gauge_mm, "service": track.service}
    return Feature(geometry=track.line, properties={k: v for k, v in properties.items() if v is not None})
