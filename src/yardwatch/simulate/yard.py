"""The fictional yard: it lies in open ocean (48.90° S, 123.40° W) and exists nowhere.

The place is chosen so that nobody can take a picture of it for a picture of somewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from yardwatch.ground import Frame
from yardwatch.model import Track, Zone
from yardwatch.simulate.layout import Box, Gantry, Layout, Tree, ribbon, spine
from yardwatch.simulate.rails import ground_tracks, main_beyond

LON, LAT = -123.40, -48.90
ZONE_ID = "yard"
CLEARANCE_M = 4.3
"""Cars stand no nearer to another track's centre line: half of each loading gauge (3.4 m) and a margin."""
END_MARGIN_M = 8.0
"""Cars stand no nearer to a track's end or the zone's edge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Yard:
    """A yard with everything that stands in it, without trains. Compared and hashed by identity."""

    seed: int
    frame: Frame
    tracks: tuple[Track, ...]
    """Lon/lat; the truth's metres run along these lines carried into `frame`."""
    zones: tuple[Zone, ...]
    layout: Layout

    @cached_property
    def ground_lines(self) -> dict[str, shapely.LineString]:
        """Track id to centre line, ground metres."""
        return {track.id: self.frame.to_ground(track.line) for track in self.tracks}

    @cached_property
    def ground_zone(self) -> shapely.Polygon:
        """The counting zone, ground metres."""
        return self.frame.to_ground(self.zones[0].polygon)

    @cached_property
    def standing_room(self) -> dict[str, tuple[float, float]]:
        """Track id to the stretch (start, end, ground metres along it) in the zone where cars clear all neighbours."""
        return {name: self._room(name) for name in self.ground_lines}

    @property
    def building_polygon(self) -> shapely.Polygon:
        """Footprint of the building that rises, lon/lat."""
        return self.frame.to_lonlat(self.layout.building.polygon)

    def zones_of(self, track: str, middle_m: float) -> tuple[str, ...]:
        """Ids of the zones that hold the point `middle_m` along a track."""
        point = self.ground_lines[track].interpolate(middle_m)
        return (ZONE_ID,) if self.ground_zone.contains(point) else ()

    def _room(self, name: str) -> tuple[float, float]:
        line = self.ground_lines[name]
        others = shapely.union_all([other for key, other in self.ground_lines.items() if key != name])
        free = line.intersection(self.ground_zone.buffer(-END_MARGIN_M)).difference(others.buffer(CLEARANCE_M))
        longest = max(shapely.get_parts(free), key=lambda part: part.length)
        ends = sorted(line.project(shapely.Point(longest.coords[i])) for i in (0, -1))
        return max(ends[0], END_MARGIN_M), min(ends[1], line.length - END_MARGIN_M)


def fictional_yard(seed: int = 0) -> Yard:
    """The yard; `seed` moves trees, shed colours and ground texture, never tracks, zone or building."""
    frame = Frame(LON, LAT)
    tracks = tuple(
        Track(id=t.id, line=frame.to_lonlat(t.line), gauge_mm=t.gauge_mm, service=t.service) for t in ground_tracks()
    )
    zone = Zone(id=ZONE_ID, version=1, polygon=frame.to_lonlat(ribbon((-300, 300), (-42, 54))), approximate=False)
    layout = _layout(np.random.default_rng(seed))
    return Yard(seed=seed, frame=frame, tracks=tracks, zones=(zone,), layout=layout)


def _layout(rng: np.random.Generator) -> Layout:
    return Layout(
        yard_ground=ribbon((-290, 305), (-37, 29)),
        roads=_roads(),
        sheds=_sheds(rng),
        platforms=(Box(along=-90, across=9.4, length=150, width=4.4, height=1.1, colour=(0.60, 0.58, 0.55)),),
        beyond=tuple(main_beyond()),
        fields=_fields(rng),
        trees=_trees(rng),
        gantries=tuple(_gantry(along) for along in (-190, -105, -20, 65, 150)),
        masts=tuple((*spine(np.array(a), np.array(d)).tolist(), 18.0) for a, d in ((-150, -36), (20, 17), (170, -30))),
        building=Box(along=24, across=40, length=40, width=18, height=6.5, ridge=1.6, colour=(0.62, 0.66, 0.70)),
    )


def _roads() -> tuple[tuple[shapely.LineString, float], ...]:
    along = np.linspace(-440, 440, 111)
    service = shapely.LineString(spine(along, -46 + 2.5 * np.sin(along / 70)))
    north = shapely.LineString(spine(along, 60 + 4 * np.sin(along / 95 + 1)))
    drive = shapely.LineString(spine(np.array([-30.0, -30, -26]), np.array([60.0, 40, 15])))
    farm = shapely.LineString(spine(np.array([-150.0, -142, -120]), np.array([-46.0, -80, -140])))
    return (service, 4.5), (north, 7.0), (drive, 4.5), (farm, 3.0)


def _sheds(rng: np.random.Generator) -> tuple[Box, ...]:
    roofs = np.array(
        [[0.52, 0.36, 0.31], [0.53, 0.54, 0.55], [0.66, 0.66, 0.64], [0.45, 0.49, 0.54], [0.50, 0.46, 0.41]]
    )
    places = (
        (235, 34, 96, 15, 7.5, 1.8),
        (-90, 21, 34, 11, 6.0, 2.0),
        (-160, 34, 24, 12, 4.5, 1.5),
        (-214, 27, 15, 9, 4.0, 1.4),
        (-255, 42, 38, 14, 6.0, 1.6),
        (120, 42, 20, 12, 4.5, 1.2),
        (-40, -62, 17, 9, 4.0, 1.8),
        (-8, -66, 13, 9, 4.0, 1.8),
        (30, -61, 16, 10, 4.2, 1.8),
        (205, -60, 28, 13, 5.0, 1.6),
        (-225, -62, 30, 14, 5.0, 1.6),
    )
    colours = roofs[rng.integers(0, len(roofs), len(places))] + rng.normal(0, 0.04, (len(places), 1))
    return tuple(
        Box(along=a, across=d, length=ln, width=w, height=h, ridge=r, colour=(float(c[0]), float(c[1]), float(c[2])))
        for (a, d, ln, w, h, r), c in zip(places, colours, strict=True)
    )


def _fields(rng: np.random.Generator) -> tuple[Box, ...]:
    spots = [
        (-300, -105, 118, 62),
        (-90, -112, 100, 66),
        (75, -108, 110, 62),
        (265, -100, 130, 60),
        (-200, 108, 190, 70),
    ]
    tints = np.array([[0.42, 0.36, 0.28], [0.36, 0.40, 0.24], [0.50, 0.46, 0.32]])[rng.integers(0, 3, len(spots))]
    return tuple(
        Box(along=a, across=d, length=ln, width=w, colour=(float(c[0]), float(c[1]), float(c[2])))
        for (a, d, ln, w), c in zip(spots, tints, strict=True)
    )


def _trees(rng: np.random.Generator) -> tuple[Tree, ...]:
    rows = [(-400, -60, 72, 4.0, 30), (-20, 390, 71, 3.0, 46), (-330, -130, -57, 2.0, 16), (-75, 60, -76, 5.0, 26)]
    wild = [(-390, -60, 120, 14.0, 50), (20, 260, 98, 9.0, 45), (-340, 390, -125, 16.0, 50)]
    found = []
    for first, last, across, spread, number in rows + wild:
        places = spine(rng.uniform(first, last, number), across + rng.normal(0, spread, number))
        radii = rng.uniform(1.5, 4.2, number)
        found += [
            Tree(x=float(x), y=float(y), radius=float(r), height=float(2.2 * r + rng.uniform(0, 2)))
            for (x, y), r in zip(places, radii, strict=True)
        ]
    return tuple(found)


def _gantry(along: float) -> Gantry:
    left, right = spine(np.array([along, along]), np.array([7.3 if along > -10 else 12.6, -33.0]))
    return Gantry(feet=((float(left[0]), float(left[1])), (float(right[0]), float(right[1]))))
