"""Places: where an item says it lies, and what of each zone it covers.

A footprint is read from `geometry`, else from `bbox`. One that crosses the antimeridian is cut there (RFC 7946 wants
it so, many providers do not): a bbox with west > east, and a ring whose neighbours lie more than 180° apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from yardwatch.ground import Frame

WORLD = shapely.box(-180, -90, 180, 90)
MOST_POINTS = 20_000


def footprint(item: Mapping[str, Any]) -> tuple[shapely.Geometry | None, list[str]]:
    """Lon/lat outline of an item, or None where it says nothing that makes sense; and what was odd about it."""
    notes = []
    outline = _from_geometry(item.get("geometry"))
    if outline is None and item.get("geometry") is not None:
        notes.append("its geometry makes no sense")
    if outline is None:
        outline = _from_bbox(item.get("bbox"))
        notes += ["its outline is its bbox"] if outline is not None else ["it does not say where it lies"]
    return outline, notes


def covered(outline: shapely.Geometry | None, zone: shapely.Geometry, frame: Frame) -> float | None:
    """Share of a lon/lat zone's ground inside an outline, 0..1; None where there is no outline."""
    if outline is None:
        return None
    whole = frame.to_ground(zone)
    near = shapely.intersection(outline, zone.envelope.buffer(0.01))
    return float(shapely.intersection(frame.to_ground(near), whole).area / whole.area)


def _from_geometry(value: object) -> shapely.Geometry | None:
    if not isinstance(value, Mapping) or value.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    try:
        geometry = shapely.geometry.shape(value)
        if shapely.get_num_coordinates(geometry) > MOST_POINTS:
            return None
        geometry = shapely.force_2d(geometry)
        parts = [_unwrapped(part) for part in shapely.get_parts(geometry)]
        return _on_earth(shapely.union_all([_valid(part) for part in parts]))
    except (ValueError, TypeError, AttributeError, IndexError, shapely.errors.ShapelyError):
        return None


def _from_bbox(value: object) -> shapely.Geometry | None:
    if not isinstance(value, list | tuple) or len(value) not in (4, 6):
        return None
    try:
        numbers = [float(one) for one in value]
    except (TypeError, ValueError):
        return None
    half = len(numbers) // 2
    west, south, east, north = numbers[0], numbers[1], numbers[half], numbers[half + 1]
    if not np.isfinite(numbers).all() or south > north:
        return None
    return _on_earth(shapely.box(west, south, east + 360 if west > east else east, north))


def _unwrapped(polygon: shapely.Polygon) -> shapely.Polygon:
    """A polygon that jumps from 179° to −179° as one that goes on to 181°."""

    def unwrap(lonlat: Any) -> Any:  # noqa: ANN401
        jumps = np.diff(lonlat[:, 0], prepend=lonlat[0, 0])
        turns = np.cumsum(np.where(jumps > 180, -1, np.where(jumps < -180, 1, 0)))
        return np.stack([lonlat[:, 0] + 360 * turns, lonlat[:, 1]], axis=-1)

    rings = [
        shapely.LinearRing(unwrap(shapely.get_coordinates(ring))) for ring in (polygon.exterior, *polygon.interiors)
    ]
    return shapely.Polygon(rings[0], rings[1:])


def _valid(polygon: shapely.Geometry) -> shapely.Geometry:
    return polygon if polygon.is_valid else shapely.make_valid(polygon)


def _on_earth(outline: shapely.Geometry) -> shapely.Geometry | None:
    """What lies beyond ±180° is carried round; nothing, where nothing is left or latitudes are no latitudes."""
    west, south, east, north = outline.bounds
    if not (np.isfinite(outline.bounds).all() and west >= -540 and east <= 540 and south >= -90 and north <= 90):
        return None
    turned = [affinity.translate(outline, xoff=turn).intersection(WORLD) for turn in (-360, 0, 360)]
    whole = shapely.union_all([part for part in turned if part.area > 0])
    polygons = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return shapely.union_all(polygons) if polygons else None
