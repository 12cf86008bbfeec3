"""Ground frames: lon/lat to metres on the ground around one point, and back.

A frame is a transverse Mercator projection with scale 1 at its origin, so a metre in it is a metre on the
ground to better than 2 parts in 10 000 within 100 km. Lengths of cars, tracks and changes are measured in it,
never in the scene's own CRS: EPSG:3857 metres are 1.35 ground metres at 42° N and EPSG:4326 has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

Geometry = TypeVar("Geometry", bound=shapely.Geometry)
Floats = NDArray[np.float64]


@lru_cache(maxsize=256)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(CRS.from_user_input(source), CRS.from_user_input(target), always_xy=True)


def reproject(points: Floats, source: str, target: str) -> Floats:
    """Points of shape (..., 2), x/lon first, carried from one CRS to another; shape kept."""
    x, y = _transformer(source, target).transform(points[..., 0], points[..., 1])
    return np.stack([np.asarray(x, float), np.asarray(y, float)], axis=-1)


def reproject_geometry(geometry: Geometry, source: str, target: str) -> Geometry:
    """A shapely geometry carried from one CRS to another, vertex by vertex."""
    return shapely.transform(geometry, lambda xy: reproject(xy, source, target))


@dataclass(frozen=True)
class Frame:
    """A local metric frame with its origin at a point; two frames with one origin are equal."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            raise ValueError(f"frame origin {self.lon}, {self.lat} is not lon/lat in degrees")

    @classmethod
    def around(cls, lonlat: shapely.Geometry) -> Frame:
        """The frame centred on a lon/lat geometry, origin rounded so that small edits keep the frame."""
        centre = shapely.centroid(lonlat)
        return cls(round(float(shapely.get_x(centre)), 2), round(float(shapely.get_y(centre)), 2))

    @cached_property
    def crs(self) -> str:
        """PROJ string of the frame; x east, y north, metres."""
        return f"+proj=tmerc +lat_0={self.lat!r} +lon_0={self.lon!r} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"

    def to_ground(self, lonlat: Geometry) -> Geometry:
        """Lon/lat geometry to metres in this frame."""
        return reproject_geometry(lonlat, "EPSG:4326", self.crs)

    def to_lonlat(self, ground: Geometry) -> Geometry:
        """Geometry in this frame's metres to lon/lat (WGS 84, RFC 7946 order)."""
        return reproject_geometry(ground, self.crs, "EPSG:4326")
