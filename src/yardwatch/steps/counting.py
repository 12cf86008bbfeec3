"""Vehicles to counts: capability first, then what was read, and a count in each zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import shapely

from yardwatch.cars.calibration import calibration_of
from yardwatch.cars.capability import capability
from yardwatch.cars.count import calibrated_total, length_count, of_site, on_snow
from yardwatch.cars.footprint import footprint
from yardwatch.cars.kinds import Told
from yardwatch.model import Capability, Car, Count, LengthCount
from yardwatch.steps.reading import Read, Tracked, freight_pmfs, read, vehicles
from yardwatch.steps.stretches import Stretch, stretches, visible_fraction

__all__ = ["SceneCount", "Tracked", "ZoneCount", "count_scene"]


@dataclass(frozen=True, kw_only=True)
class ZoneCount:
    """What one zone holds in one scene."""

    zone: str
    count: Count
    length: LengthCount
    visible_fraction: float
    cars: tuple[str, ...]
    """Ids of the drawn cars whose middle lies in the zone."""
    not_freight: int
    covered: tuple[float, ...] = ()
    """Chance of a sheet over the load, of each car that carries its load in view."""


@dataclass(frozen=True, kw_only=True)
class SceneCount:
    """Everything counted in one scene."""

    capability: Capability
    reason: str
    visible_fraction: float
    zones: tuple[ZoneCount, ...] = ()
    cars: tuple[Car, ...] = ()
    footprints: tuple[shapely.Polygon, ...] = ()
    """Ground polygons, one a car, same order."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A vehicle and the ground it covers."""

    told: Told
    ground: shapely.Polygon


def count_scene(tracked: Tracked, zones: Mapping[str, shapely.Geometry | None]) -> SceneCount:
    """Count a scene's freight cars in each zone (ground; None for all the tracks)."""
    region = None if None in zones.values() or not zones else shapely.union_all(list(zones.values()))
    parts = {zone: stretches(tracked.tracks, polygon) for zone, polygon in zones.items()}
    everywhere = stretches(tracked.tracks, region)
    seen = visible_fraction(tracked.strips, everywhere)
    able, reason = capability(tracked.scene.gsd_m, tracked.scene.off_nadir_deg, seen, tracked.scene.sun_elevation_deg)
    if able in (Capability.NONE, Capability.PRESENCE):
        return SceneCount(capability=able, reason=reason, visible_fraction=seen)
    reads = read(tracked, {part for some in parts.values() for part in some} | set(everywhere))
    drawn = _drawn([reads[part] for part in everywhere], tracked)
    counts = tuple(
        _zone_count(zone, _inside(drawn, zones[zone]), [reads[p] for p in own], tracked, own)
        for zone, own in parts.items()
    )
    return SceneCount(
        capability=able, reason=reason, visible_fraction=seen, zones=counts,
        cars=tuple(one.told.car for one in drawn), footprints=tuple(one.ground for one in drawn),
    )  # fmt: skip


def _drawn(reads: Sequence[Read], tracked: Tracked) -> list[Drawn]:
    """Vehicles with ids a person can read aloud: the track and a running number from its start."""
    lines = _lines(tracked)
    running: dict[str, int] = {}
    drawn = []
    for one in sorted(vehicles(reads, lines), key=lambda told: (told.car.track, told.car.start_m)):
        track = one.car.track
        running[track] = running.get(track, 0) + 1
        car = replace(one.car, id=f"{track}-{running[track]}")
        drawn.append(Drawn(replace(one, car=car), footprint(car, lines[track])))
    return drawn


def _lines(tracked: Tracked) -> dict[str, shapely.LineString]:
    return {track.id: track.line for track in tracked.tracks}


def _inside(drawn: Sequence[Drawn], zone: shapely.Geometry | None) -> list[Told]:
    return [one.told for one in drawn if zone is None or zone.intersects(one.ground.centroid)]


def _zone_count(
    zone: str, inside: Sequence[Told], reads: Sequence[Read], tracked: Tracked, parts: Sequence[Stretch]
) -> ZoneCount:
    cars = [one.car for one in inside]
    return ZoneCount(
        zone=zone,
        count=_count(reads, tracked),
        length=length_count([car for car in cars if car.freight], tracked.scene.gsd_m),
        visible_fraction=visible_fraction(tracked.strips, parts),
        cars=tuple(car.id for car in cars),
        not_freight=sum(not car.freight for car in cars),
        covered=tuple(one.covered for one in inside if one.covered is not None and one.car.freight),
    )


def _count(reads: Sequence[Read], tracked: Tracked) -> Count:
    """With the errors of the GSD class, those of a site with a history, and those of snow where it is known to lie."""
    errors = calibration_of(tracked.scene.gsd_m)
    errors = of_site(errors) if tracked.known else errors
    errors = on_snow(errors) if tracked.snowy else errors
    return calibrated_total(freight_pmfs(reads, _lines(tracked)), errors, tracked.network.sha256)
