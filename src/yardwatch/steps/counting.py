"""Strips to cars and counts: capability first, then evidence, segmentation and a count in each zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from yardwatch.cars.capability import CARS_GSD_M, capability
from yardwatch.cars.count import SPREAD_ALONE, SPREAD_LOOK, SPREAD_NETWORK, length_count, total
from yardwatch.cars.evidence import evidence
from yardwatch.cars.footprint import footprint
from yardwatch.cars.lengths import ANYWHERE, CASE
from yardwatch.cars.network import Network, look
from yardwatch.cars.segment import Segmentation, decode_many
from yardwatch.model import Capability, Car, Count, Evidence, LengthCount, Scene, Strip, Track
from yardwatch.steps.stretches import Stretch, cut_evidence, stretches, visible_fraction


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Tracked:
    """A scene cut along its tracks: ground tracks, their strips and, where known, each track when empty."""

    scene: Scene
    tracks: tuple[Track, ...]
    strips: tuple[Strip, ...]
    empties: tuple[Strip | None, ...]
    network: Network | None = None
    """Speaks where single cars are seen and no track is known empty; the hand-set contrasts elsewhere."""


def count_scene(tracked: Tracked, zones: Mapping[str, shapely.Geometry | None]) -> SceneCount:
    """Count a scene's freight cars in each zone (ground; None for all the tracks).

    The draws behind the pmf are seeded by the scene's hash: the same scene gives the same count.
    """
    region = None if None in zones.values() or not zones else shapely.union_all(list(zones.values()))
    parts = {zone: stretches(tracked.tracks, polygon) for zone, polygon in zones.items()}
    everywhere = stretches(tracked.tracks, region)
    seen = visible_fraction(tracked.strips, everywhere)
    able, reason = capability(tracked.scene.gsd_m, tracked.scene.off_nadir_deg, seen)
    if able in (Capability.NONE, Capability.PRESENCE):
        return SceneCount(capability=able, reason=reason, visible_fraction=seen)
    decoded = _decode(tracked, {part for some in parts.values() for part in some} | set(everywhere))
    cars = _number([car for part in everywhere for car in decoded[part].cars])
    lines = {track.id: track.line for track in tracked.tracks}
    polygons = tuple(footprint(car, lines[car.track]) for car in cars)
    counts = []
    for zone, polygon in zones.items():
        inside = [
            car
            for car, drawn in zip(cars, polygons, strict=True)
            if polygon is None or polygon.intersects(drawn.centroid)
        ]
        counts.append(_zone_count(zone, inside, [decoded[p] for p in parts[zone]], tracked, parts[zone]))
    return SceneCount(
        capability=able, reason=reason, visible_fraction=seen, zones=tuple(counts), cars=cars, footprints=polygons
    )


def _decode(tracked: Tracked, parts: set[Stretch]) -> dict[Stretch, Segmentation]:
    rng = np.random.default_rng(int(tracked.scene.sha256[:16], 16))
    ordered = sorted(parts, key=lambda part: (part.track, part.start_m, part.end_m))
    used = sorted({part.track for part in ordered})
    looks = {track: _evidence(tracked, track) for track in used}
    habits = CASE if _network_of(tracked) is None else ANYWHERE
    found = decode_many([cut_evidence(looks[part.track], part) for part in ordered], rng=rng, habits=habits)
    return {part: _moved(one, part.start_m) for part, one in zip(ordered, found, strict=True)}


def _evidence(tracked: Tracked, track: int) -> Evidence:
    network = _network_of(tracked)
    if network is None:
        return evidence(tracked.strips[track], tracked.empties[track])
    return look(tracked.strips[track], network).evidence


def _network_of(tracked: Tracked) -> Network | None:
    """The network where it speaks: single cars are seen, and no track is known empty."""
    alone = all(empty is None for empty in tracked.empties)
    return tracked.network if alone and tracked.scene.gsd_m <= CARS_GSD_M else None


def _moved(found: Segmentation, by_m: float) -> Segmentation:
    """The cars along the whole track, not along the stretch."""
    cars = tuple(replace(car, start_m=car.start_m + by_m, end_m=car.end_m + by_m) for car in found.cars)
    return replace(found, cars=cars)


def _number(cars: Sequence[Car]) -> tuple[Car, ...]:
    """Cars with ids a person can read aloud: the track and a running number from its start."""
    running: dict[str, int] = {}
    numbered = []
    for car in sorted(cars, key=lambda c: (c.track, c.start_m)):
        running[car.track] = running.get(car.track, 0) + 1
        numbered.append(replace(car, id=f"{car.track}-{running[car.track]}"))
    return tuple(numbered)


def _zone_count(
    zone: str, cars: Sequence[Car], found: Sequence[Segmentation], tracked: Tracked, parts: Sequence[Stretch]
) -> ZoneCount:
    return ZoneCount(
        zone=zone,
        count=total([one.pmf for one in found], spread=_spread(tracked, parts)),
        length=length_count([car for car in cars if car.freight]),
        visible_fraction=visible_fraction(tracked.strips, parts),
        cars=tuple(car.id for car in cars),
        not_freight=sum(not car.freight for car in cars),
    )


def _spread(tracked: Tracked, parts: Sequence[Stretch]) -> float:
    """How far all tracks may err together: less by the network, and where every one of them is known empty."""
    if _network_of(tracked) is not None:
        return SPREAD_NETWORK
    known = bool(parts) and all(tracked.empties[part.track] is not None for part in parts)
    return SPREAD_LOOK if known else SPREAD_ALONE
