"""The ground a car covers: its length along the track's line, its width across it."""

from __future__ import annotations

import shapely
from shapely.ops import substring

from yardwatch.model import Car
from yardwatch.model.refuse import refuse


def footprint(car: Car, line_ground: shapely.LineString) -> shapely.Polygon:
    """Polygon in ground metres. Raises ValueError when the car lies off the line."""
    body = substring(line_ground, min(car.start_m, line_ground.length), min(car.end_m, line_ground.length))
    refuse(not isinstance(body, shapely.LineString) or body.length == 0, f"car {car.id} lies off the end of its track")
    outline = body.buffer(car.width_m / 2, cap_style="flat", join_style="mitre")
    return outline if isinstance(outline, shapely.Polygon) else shapely.convex_hull(outline)
