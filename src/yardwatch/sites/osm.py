"""Tracks from OpenStreetMap: .osm.pbf and .osm (pyosmium), Overpass JSON, and GeoJSON made from them."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import osmium
import shapely

from yardwatch.errors import SiteError, UnavailableError
from yardwatch.model import Track, Zone
from yardwatch.sites.files import label, read_text
from yardwatch.sites.geojson import Feature, read_features
from yardwatch.sites.railway import Railway, Way, tracks_of
from yardwatch.sites.tracks import parse_gauge
from yardwatch.sites.values import shown

OSM_SUFFIXES = (".osm", ".pbf", ".osm.gz", ".osm.bz2")
SAME_NODE_DECIMALS = 7
"""OpenStreetMap keeps positions to 1e-7 degrees, so in GeoJSON, which drops node ids, equal positions are one node."""

Node = Mapping[str, Any]
Ways = Iterable[osmium.osm.Way]
Nodes = Iterable[osmium.osm.Node]


def import_tracks(path: Path, zones: Sequence[Zone]) -> tuple[Track, ...]:
    """Tracks (lon/lat) of `railway=rail` inside the zones, split at switches, with `service` and the first gauge.

    Raises UnavailableError for a missing file; SiteError for one that is broken or holds no rail inside the zones.
    """
    railway = read_railway(path)
    if not railway.ways:
        raise SiteError(f"{label(path)} holds no railway=rail; export the area with its railways")
    tracks = tracks_of(railway, zones)
    if not tracks:
        raise SiteError(
            f"{label(path)}: none of its {len(railway.ways)} ways of railway=rail lies inside the zones; "
            "check the zones' place and the extract's area"
        )
    return tracks


def read_railway(path: Path) -> Railway:
    """The rail of a file, whichever of the four forms it has."""
    if not path.is_file():
        raise UnavailableError(f"{label(path)} is not there; check the path of the OpenStreetMap file")
    if path.name.lower().endswith(OSM_SUFFIXES):
        return _from_osm(path)
    text = read_text(path)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        kinds = ".osm.pbf, .osm, Overpass JSON or GeoJSON"
        raise SiteError(f"{label(path)} is none of {kinds}; export it as one of these") from None
    if isinstance(document, dict) and "elements" in document:
        return _from_overpass(path, document["elements"])
    return _from_geojson(path)


def _way(identity: object, tags: Mapping[str, Any], nodes: Iterable[tuple[Hashable, Any]]) -> Way:
    listed = tuple(nodes)
    return Way(
        id=str(identity),
        nodes=tuple(node for node, _ in listed),
        lonlat=tuple(lonlat for _, lonlat in listed),
        gauge_mm=parse_gauge(tags.get("gauge")),
        service=str(tags["service"]) if tags.get("service") else None,
    )


def _from_osm(path: Path) -> Railway:
    # Two passes, so that of a whole country only the nodes of its railways are held. libosmium takes no XML entities.
    try:
        found = osmium.FileProcessor(path, osmium.osm.WAY).with_filter(osmium.filter.TagFilter(("railway", "rail")))
        ways = [(way.id, dict(way.tags), [node.ref for node in way.nodes]) for way in cast("Ways", found)]
        wanted = sorted({ref for _, _, refs in ways for ref in refs})
        held = osmium.FileProcessor(path, osmium.osm.NODE).with_filter(osmium.filter.IdFilter(wanted))
        nodes = {
            n.id: (n.location.lon, n.location.lat, n.tags.get("railway"))
            for n in cast("Nodes", held)
            if n.location.valid()
        }
    except (RuntimeError, ValueError, OSError) as error:
        raise SiteError(f"{label(path)} is broken: {shown(error, 120)}; download or export it again") from None
    positions = {ref: (lon, lat) for ref, (lon, lat, _) in nodes.items()}
    return Railway(
        ways=tuple(_way(i, tags, ((ref, positions.get(ref)) for ref in refs)) for i, tags, refs in ways if refs),
        switches=frozenset(ref for ref, node in nodes.items() if node[2] == "switch"),
        crossings=frozenset(ref for ref, node in nodes.items() if node[2] == "railway_crossing"),
    )


def _from_overpass(path: Path, elements: object) -> Railway:
    """Both `out geom` (positions in each way) and the form with node elements."""
    try:
        return _overpass_railway(cast("Iterable[Mapping[str, Any]]", elements))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__} {shown(error)}"
        raise SiteError(f"{label(path)} is broken Overpass JSON ({reason}); run the query again") from None


def _overpass_railway(elements: Iterable[Mapping[str, Any]]) -> Railway:
    nodes: dict[Any, Node] = {item["id"]: item for item in elements if item["type"] == "node"}
    positions = {ref: _position(node) for ref, node in nodes.items()}
    ways = []
    for item in elements:
        tags = item.get("tags") or {}
        if item["type"] != "way" or tags.get("railway") != "rail":
            continue
        drawn = item.get("geometry")
        places = [_position(p) for p in drawn] if drawn else [positions.get(ref) for ref in item["nodes"]]
        # A query may leave node ids out; equal positions are then one node, as in GeoJSON.
        names = item.get("nodes") or [place or ("missing", item["id"], n) for n, place in enumerate(places)]
        ways.append(_way(item["id"], tags, zip(names, places, strict=True)))
    return Railway(ways=tuple(ways), switches=_mapped(nodes, "switch"), crossings=_mapped(nodes, "railway_crossing"))


def _position(node: Node | None) -> tuple[float, float] | None:
    return None if node is None else (float(node["lon"]), float(node["lat"]))


def _mapped(nodes: Mapping[Any, Node], kind: str) -> frozenset[Hashable]:
    return frozenset(ref for ref, node in nodes.items() if (node.get("tags") or {}).get("railway") == kind)


def _from_geojson(path: Path) -> Railway:
    features = [(number, f, _tags(f)) for number, f in enumerate(read_features(path), 1)]
    ways = []
    for number, feature, tags in features:
        if tags.get("railway") != "rail" or feature.geometry.geom_type not in ("LineString", "MultiLineString"):
            continue
        name = _geojson_id(feature, number)
        parts = shapely.get_parts(feature.geometry)
        for n, part in enumerate(parts, 1):
            nodes = [(_node(x, y), (x, y)) for x, y in part.coords]
            ways.append(_way(name if len(parts) == 1 else f"{name}.{n}", tags, nodes))
    return Railway(
        ways=tuple(ways),
        switches=_points(features, "switch"),
        crossings=_points(features, "railway_crossing"),
    )


def _points(features: Sequence[tuple[int, Feature, Mapping[str, Any]]], kind: str) -> frozenset[Hashable]:
    return frozenset(
        _node(f.geometry.x, f.geometry.y)
        for _, f, tags in features
        if tags.get("railway") == kind and f.geometry.geom_type == "Point"
    )


def _node(x: float, y: float) -> tuple[float, float]:
    return round(x, SAME_NODE_DECIMALS), round(y, SAME_NODE_DECIMALS)


def _tags(feature: Feature) -> Mapping[str, Any]:
    nested = feature.properties.get("tags")
    return nested if isinstance(nested, dict) else feature.properties


def _geojson_id(feature: Feature, number: int) -> str:
    given = feature.properties
    named = next((v for v in (given.get("@id"), feature.id, given.get("osm_id"), given.get("id")) if v), None)
    return str(named).rpartition("/")[2] if named else f"feature{number}"
