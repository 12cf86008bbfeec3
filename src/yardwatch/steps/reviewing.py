"""A person's corrections of one scene, made in QGIS on `cars.geojson`, into the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely

from yardwatch.errors import InputError
from yardwatch.model import Car, Track
from yardwatch.sites.folder import open_site
from yardwatch.sites.geojson import Feature, read_features
from yardwatch.steps.observing import current_looks, observe
from yardwatch.steps.place import Place
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ids import content_id
from yardwatch.store.lock import site_lock
from yardwatch.store.protocol import Store
from yardwatch.store.rows import CarRow, LookRow, ReviewRow

SAME_CAR_IOU = 0.5
"""Below half overlap a person has not moved a car's edge but drawn another car."""
TRACK_REACH_M = 5.0
"""A car's middle lies within a track spacing of its own centre line."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a review changed."""

    kept: int
    removed: int
    added: int


def review(where: Path, scene: str, edited: Path, *, reviewer: str, note: str, today: date) -> Verdict:
    """Compare the corrected cars with the counted ones, keep both, and observe anew.

    Deleted polygons are false cars, new ones missed cars; moved ones are kept. An empty file says: no car there.
    """
    place = Place(open_site(where))
    with site_lock(place.folder.path), GeoPackageStore(place.folder.store_path) as store:
        row = _look(place, store, scene)
        counted = store.cars(row.id)
        drawn = _cars(read_features(edited), place, row, edited)
        verdict = _compare([car.polygon for car in counted], [car.polygon for car in drawn])
        store.put_review(_review_row(row, verdict, drawn, reviewer, note, today), drawn)
        store.replace_observations(observe(place, store))
        return verdict


def _look(place: Place, store: Store, scene: str) -> LookRow:
    for row in current_looks(place, store):
        if row.scene == scene:
            return row
    raise InputError(
        f"{scene}: no such scene has been counted here; see `yardwatch scenes list {place.folder.path}` and run "
        f"`yardwatch run {place.folder.path}` first"
    )


def _compare(counted: Sequence[shapely.Polygon], drawn: Sequence[shapely.Polygon]) -> Verdict:
    """One to one, best overlap first."""
    pairs = sorted(((_iou(c, d), i, k) for i, c in enumerate(counted) for k, d in enumerate(drawn)), reverse=True)
    left, right = set(range(len(counted))), set(range(len(drawn)))
    for overlap, i, k in pairs:
        if overlap >= SAME_CAR_IOU and i in left and k in right:
            left.remove(i)
            right.remove(k)
    return Verdict(kept=len(counted) - len(left), removed=len(left), added=len(right))


def _iou(one: shapely.Polygon, other: shapely.Polygon) -> float:
    if not one.intersects(other):
        return 0.0
    common = one.intersection(other).area
    return float(common / (one.area + other.area - common))


def _cars(features: Sequence[Feature], place: Place, row: LookRow, path: Path) -> tuple[CarRow, ...]:
    cars = []
    for number, feature in enumerate(features, start=1):
        ground = place.frame.to_ground(feature.geometry)
        car = _car(number, feature, ground, place.tracks, path)
        zones = tuple(name for name, zone in place.ground_zones.items() if zone.intersects(ground.centroid))
        cars.append(CarRow(look=row.id, car=car, polygon=feature.geometry, zones=zones))
    return tuple(cars)


def _car(number: int, feature: Feature, ground: shapely.Polygon, tracks: Sequence[Track], path: Path) -> Car:
    track = min(tracks, key=lambda t: t.line.distance(ground.centroid))
    if track.line.distance(ground.centroid) > TRACK_REACH_M:
        off = track.line.distance(ground.centroid)
        raise InputError(
            f"{path.name}: car {number} lies {off:.0f} m from every track; move it onto one, or add the track to "
            "tracks.geojson and run again"
        )
    along = [track.line.project(shapely.Point(xy)) for xy in shapely.get_coordinates(ground)]
    said = feature.properties
    try:
        return Car(
            id=str(said.get("id") or f"added-{number}"),
            track=track.id,
            start_m=min(along),
            end_m=max(along),
            kind=str(said.get("kind") or "unknown"),
            probability=1.0,
            covered=said.get("covered"),
        )
    except ValueError as error:
        raise InputError(f"{path.name}: {error}") from None


def _review_row(
    row: LookRow, verdict: Verdict, drawn: Sequence[CarRow], reviewer: str, note: str, today: date
) -> ReviewRow:
    said = {"look": row.id, "reviewer": reviewer, "note": note, "cars": [car.polygon.wkt for car in drawn]}
    return ReviewRow(
        id=content_id(said),
        scene_sha256=row.scene_sha256,
        look=row.id,
        reviewer=reviewer,
        added=verdict.added,
        removed=verdict.removed,
        kept=verdict.kept,
        note=note,
        reviewed_on=today,
    )
