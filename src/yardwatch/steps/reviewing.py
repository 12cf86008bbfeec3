"""A person's corrections of one scene, made in QGIS on `cars.geojson`, into the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import shapely

from yardwatch.errors import InputError
from yardwatch.model import Car, Track
from yardwatch.sites.folder import open_site
from yardwatch.sites.geojson import Feature, read_features
from yardwatch.sites.values import as_flag
from yardwatch.steps.custody import deed
from yardwatch.steps.observing import current_looks, observe
from yardwatch.steps.place import Place
from yardwatch.steps.storing import has_store, open_store
from yardwatch.store import custody
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
    A file with cars of other scenes too, such as a whole export, is read for this scene alone.
    """
    place = _place(where)
    features = read_features(edited)
    with site_lock(place.folder.path), open_store(place.folder) as store:
        row = _look(place, store, scene)
        counted = store.cars(row.id)
        drawn = _cars(_of_scene(features, scene, edited), place, row, edited)
        verdict = _compare([car.polygon for car in counted], [car.polygon for car in drawn])
        said = _review_row(row, verdict, reviewer, note, today)
        kept = replace(said, id=_id(said, drawn, store))
        if store.put_review(kept, drawn):
            about = {"review": kept.id, "scene": row.scene, "look": row.id, "reviewer": reviewer}
            custody.append(place.folder.path, deed("reviewed", about=about))
        store.replace_observations(observe(place, store))
        return verdict


def _place(where: Path) -> Place:
    place = Place(open_site(where))
    place.folder.require_writable()
    if not has_store(place.folder):
        raise InputError(f"{where}: nothing counted yet; run `yardwatch run {where}` first")
    return place


def _of_scene(features: Sequence[Feature], scene: str, path: Path) -> tuple[Feature, ...]:
    """The features of this scene, and those that name none: drawn anew."""
    chosen = tuple(feature for feature in features if feature.properties.get("scene") in (None, "", scene))
    if features and not chosen:
        raise InputError(
            f"{path.name}: holds cars of other scenes only; to say that no car is in {scene}, give a file without any"
        )
    return chosen


def _look(place: Place, store: Store, scene: str) -> LookRow:
    for row in current_looks(place, store):
        if row.scene == scene and not row.usable:
            raise InputError(f"{scene}: is a no-look ({row.reason}) and holds no count to review; choose another scene")
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
    cars: list[CarRow] = []
    taken: set[str] = set()
    for number, feature in enumerate(features, start=1):
        polygon = _polygon(number, feature, path)
        ground = place.frame.to_ground(polygon)
        car = _car(number, feature, ground, place.tracks, path)
        if car.id in taken:  # QGIS keeps the id of a car that is copied
            car = replace(car, id=f"{car.id}-copy-{number}")
        taken.add(car.id)
        zones = tuple(name for name, zone in place.ground_zones.items() if zone.intersects(ground.centroid))
        cars.append(CarRow(look=row.id, car=car, polygon=polygon, zones=zones))
    return tuple(cars)


def _polygon(number: int, feature: Feature, path: Path) -> shapely.Polygon:
    """The car's outline; QGIS saves single polygons as multi-part ones."""
    parts = shapely.get_parts(feature.geometry)
    if len(parts) != 1 or not isinstance(parts[0], shapely.Polygon):
        kind = feature.geometry.geom_type if len(parts) == 1 else f"{feature.geometry.geom_type} of {len(parts)} parts"
        raise InputError(f"{path.name}: car {number} is a {kind}; draw each car as one polygon")
    return parts[0]


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
            covered=None if said.get("covered") in (None, "") else as_flag(said["covered"]),
        )
    except ValueError as error:
        raise InputError(f"{path.name}: {error}") from None


def _id(review: ReviewRow, drawn: Sequence[CarRow], store: Store) -> str:
    """What was said, and after what: saying it again changes nothing, going back to an earlier word is a new review."""
    cars = [[car.car.kind, car.car.covered, car.polygon.wkt] for car in drawn]
    said = {"look": review.look, "reviewer": review.reviewer, "note": review.note, "cars": cars}
    before = ["", *(one.id for one in store.reviews() if one.scene_sha256 == review.scene_sha256)]
    again = content_id({**said, "after": before[-2]}) if len(before) > 1 else ""
    return again if again == before[-1] and again else content_id({**said, "after": before[-1]})


def _review_row(row: LookRow, verdict: Verdict, reviewer: str, note: str, today: date) -> ReviewRow:
    return ReviewRow(
        id="",
        scene_sha256=row.scene_sha256,
        look=row.id,
        reviewer=reviewer,
        added=verdict.added,
        removed=verdict.removed,
        kept=verdict.kept,
        note=note,
        reviewed_on=today,
    )
