"""Zones: `zones.geojson` in and out, and what must hold between them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from yardwatch.errors import SiteError
from yardwatch.model import Zone
from yardwatch.sites.files import label
from yardwatch.sites.geojson import Feature, read_features, write_features
from yardwatch.sites.values import as_flag, is_id, shown

PROPERTIES = ("id", "version", "parent", "aliases", "approximate", "note")
ALIKE = 0.75
"""Likeness from which an unknown property is taken for a misspelling: `parnet`, `alias`, `Version`, not `name`."""
CHILD_INSIDE = 0.95
"""Share of a child's ground that must lie in its parent; the rest is a hand's tremor when drawing."""


def read_zones(path: Path) -> tuple[Zone, ...]:
    """Every version of every zone, checked by `check_zones`.

    Properties: id, version (1), parent, aliases (list, or text joined by ';'), approximate (false), note; others are
    kept out, but one that looks like a misspelling of these is an error. Raises SiteError.
    """
    zones = tuple(_zone(f"{label(path)} feature {n}", f) for n, f in enumerate(read_features(path), 1))
    if not zones:
        raise SiteError(f"{label(path)} holds no zone; draw one in QGIS and give it an 'id' property")
    check_zones(zones, label(path))
    return zones


def write_zones(path: Path, zones: Iterable[Zone], notes: Mapping[str, str] | None = None) -> None:
    """Write zones; `notes` gives a zone's note by its id."""
    write_features(path, [_as_feature(zone, (notes or {}).get(zone.id, "")) for zone in zones])


def check_zones(zones: Sequence[Zone], where: str = "zones.geojson") -> None:
    """Ids and versions once each, parents known and without a circle, children inside them, aliases unambiguous.

    Raises SiteError naming the zone.
    """
    newest = newest_zones(zones)
    keys = [(zone.id, zone.version) for zone in zones]
    for zone in zones:
        if keys.count((zone.id, zone.version)) > 1:
            raise SiteError(f"{where}: zone {zone.id} version {zone.version} is there twice; raise one version number")
        if zone.parent is not None and zone.parent not in newest:
            known = ", ".join(sorted(newest))
            raise SiteError(f"{where}: zone {zone.id} names an unknown parent {shown(zone.parent)}; known: {known}")
    for zone in newest.values():
        _check_ancestors(zone, newest, where)
        _check_inside(zone, newest, where)
    name_lookup(zones, where)


def newest_zones(zones: Iterable[Zone]) -> dict[str, Zone]:
    """The newest version of each zone, by id."""
    return {zone.id: zone for zone in sorted(zones, key=lambda zone: zone.version)}


def name_lookup(zones: Iterable[Zone], where: str = "zones.geojson") -> dict[str, str]:
    """Zone id by id and by alias (case and outer blanks ignored). Raises SiteError for a name two zones share."""
    names: dict[str, str] = {}
    for zone in newest_zones(zones).values():
        for name in (zone.id, *zone.aliases):
            other = names.setdefault(name.strip().casefold(), zone.id)
            if other != zone.id:
                raise SiteError(f"{where}: zones {other} and {zone.id} share the name {shown(name)}; keep it in one")
    return names


def _check_ancestors(zone: Zone, newest: Mapping[str, Zone], where: str) -> None:
    seen, parent = [zone.id], zone.parent
    while parent is not None:
        if parent in seen:
            circle = " → ".join([*seen, parent])
            raise SiteError(f"{where}: zones are each other's parent ({circle}); take one parent away")
        seen.append(parent)
        parent = newest[parent].parent


def _check_inside(zone: Zone, newest: Mapping[str, Zone], where: str) -> None:
    if zone.parent is None:
        return
    inside = shapely.area(shapely.intersection(zone.polygon, newest[zone.parent].polygon)) / zone.polygon.area
    if inside < CHILD_INSIDE:
        raise SiteError(
            f"{where}: zone {zone.id} lies only {inside:.0%} inside its parent {zone.parent}; "
            "a child's cars count for its parent, so draw it inside or take the parent away"
        )


def _zone(where: str, feature: Feature) -> Zone:
    given = feature.properties
    _check_spelling(where, given)
    identity = given.get("id")
    if not isinstance(identity, str) or not is_id(identity):
        raise SiteError(f"{where} has no usable 'id' ({shown(identity)}); use lower case letters, digits and dashes")
    if feature.geometry.geom_type not in ("Polygon", "MultiPolygon"):
        kind = feature.geometry.geom_type
        raise SiteError(f"{where}: zone {identity} is a {kind} where a polygon is due; draw its outline")
    return Zone(
        id=identity,
        version=_version(where, given.get("version")),
        polygon=feature.geometry,
        parent=str(given.get("parent") or "").strip() or None,
        aliases=_aliases(where, given.get("aliases")),
        approximate=_flag(where, given.get("approximate")),
    )


def _check_spelling(where: str, given: Mapping[str, Any]) -> None:
    for key in given:
        # `id` is left out: QGIS and GDAL add `fid`, and a missing `id` is told anyway.
        meant = difflib.get_close_matches(key.lower(), PROPERTIES[1:], 1, ALIKE)
        if key not in PROPERTIES and meant:
            raise SiteError(f"{where} has an unknown property {shown(key)}; write {meant[0]!r} if that is meant")


def _version(where: str, given: object) -> int:
    try:
        version = 1 if given is None else int(str(given).removesuffix(".0"))
    except ValueError:
        version = 0
    if version < 1:
        raise SiteError(f"{where}: version {shown(given)} is not a whole number from 1 up; correct it")
    return version


def _aliases(where: str, given: object) -> tuple[str, ...]:
    # QGIS keeps a list as text when a layer is edited and saved.
    if isinstance(given, str) and given.strip().startswith("["):
        try:
            given = json.loads(given)
        except json.JSONDecodeError:
            raise SiteError(f"{where}: aliases {shown(given)} are no list; join names by ';'") from None
    names = given.split(";") if isinstance(given, str) else given or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SiteError(f"{where}: aliases {shown(given)} are no list of names; join names by ';'")
    return tuple(name.strip() for name in names if name.strip())


def _flag(where: str, given: object) -> bool:
    flag = as_flag(given)
    if flag is None:
        raise SiteError(f"{where}: approximate is {shown(given)}; write true or false")
    return flag


def _as_feature(zone: Zone, note: str) -> Feature:
    properties = {
        "id": zone.id,
        "version": zone.version,
        "parent": zone.parent,
        "aliases": list(zone.aliases),
        "approximate": zone.approximate,
        "note": note,
    }
    return Feature(geometry=zone.polygon, properties=properties)
