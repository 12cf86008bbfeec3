"""Coasts and borders for the location inset: bundled, public domain, nothing fetched.

Natural Earth at 1:50m, thinned to some 6 km by `scripts/borders.py`, which also says which borders are drawn as
disputed. Good for showing where on Earth a place lies; not for measuring, and not for saying who owns what.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import shapely
from shapely.affinity import translate

CREDIT = "Coasts and borders: Natural Earth (public domain), simplified;\ndashed: disputed in whole or in part"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Coasts and borders around a place, in kilometres east and north of it."""

    land: shapely.Geometry
    borders: shapely.Geometry
    disputed: shapely.Geometry


def surroundings(lon: float, lat: float, width_km: float, height_km: float) -> Surroundings:
    """What lies within a box around a place, on an azimuthal equidistant map (Snyder 1987, a sphere of 6,371 km)."""
    box = shapely.box(-width_km / 2, -height_km / 2, width_km / 2, height_km / 2)
    reach = float(np.hypot(width_km, height_km)) / 2 / 111.0 + 3
    parts = _world()

    def around(geometries: Sequence[shapely.Geometry]) -> shapely.Geometry:
        near = [shape for turned in _unrolled(geometries, lon) for shape in [_near(turned, lat, reach)] if shape]
        flat = [shapely.make_valid(shapely.transform(shape, lambda xy: _flat(xy, lon, lat))) for shape in near]
        return shapely.intersection(shapely.union_all(flat), box)

    land, borders, disputed = (around(parts[key]) for key in ("land", "borders", "disputed"))
    return Surroundings(land=land, borders=borders, disputed=disputed)


def _unrolled(geometries: Sequence[shapely.Geometry], lon: float) -> list[shapely.Geometry]:
    """Each shape where it is nearest to the place, so that the date line cuts nothing."""
    return [
        translate(shape, turn)
        for shape in geometries
        for turn in (-360.0, 0.0, 360.0)
        if shape.bounds[0] + turn <= lon + 90 and shape.bounds[2] + turn >= lon - 90
    ]


def _near(shape: shapely.Geometry, lat: float, reach: float) -> shapely.Geometry | None:
    """The part within reach in latitude; a band is enough to keep far sides of the globe off the map."""
    _, south, _, north = shape.bounds
    if south > lat + reach or north < lat - reach:
        return None
    band = shapely.box(-720, lat - reach, 720, lat + reach)
    return shapely.intersection(shapely.make_valid(shape), band)


def _flat(points: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """Longitude and latitude to kilometres east and north on the azimuthal equidistant map."""
    across, up = np.radians(points[:, 0] - lon), np.radians(points[:, 1])
    here = np.radians(lat)
    cosine = np.clip(np.sin(here) * np.sin(up) + np.cos(here) * np.cos(up) * np.cos(across), -1, 1)
    angle = np.arccos(cosine)
    scale = 6371.0 * np.divide(angle, np.sin(angle), out=np.ones_like(angle), where=np.sin(angle) > 1e-9)
    x = scale * np.cos(up) * np.sin(across)
    y = scale * (np.cos(here) * np.sin(up) - np.sin(here) * np.cos(up) * np.cos(across))
    return np.stack([x, y], axis=-1)


@lru_cache(maxsize=1)
def _world() -> dict[str, tuple[shapely.Geometry, ...]]:
    content: dict[str, Any] = json.loads((resources.files("yardwatch.report") / "borders.json").read_text("utf-8"))
    steps = float(content["steps_per_degree"])
    lines = {
        key: [np.cumsum(np.reshape(line, (-1, 2)), axis=0) / steps for line in content[key]]
        for key in ("land", "borders", "disputed")
    }
    land = tuple(shapely.Polygon(ring) for ring in lines.pop("land") if len(ring) > 2)
    return {"land": land} | {key: tuple(map(shapely.LineString, found)) for key, found in lines.items() if found}
