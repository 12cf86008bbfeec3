"""Count in one bare image, no site needed; the answer as the `count --json` contract has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely

from yardwatch.cars.calibration import CALIBRATED_ON
from yardwatch.cars.count import disagree
from yardwatch.cars.cover import CoveredShare, covered_share
from yardwatch.cars.network import Network
from yardwatch.cars.spacing import spacing
from yardwatch.cars.tracing.packed import tracer_of
from yardwatch.errors import InputError, SceneError
from yardwatch.ground import Frame
from yardwatch.imagery.describe import bare_scene
from yardwatch.model import Capability, Car, Scene, Strip, Track
from yardwatch.progress import Report, silent
from yardwatch.sites.geojson import read_features
from yardwatch.sites.tracks import read_tracks
from yardwatch.steps.counting import SceneCount, Tracked, ZoneCount, count_scene
from yardwatch.steps.optics import blur_json, blur_of, sun_check
from yardwatch.steps.placing import placed
from yardwatch.steps.strips import cut_strips, ground_tracks
from yardwatch.steps.tracing import Traced, trace, traced_json
from yardwatch.steps.vehicles import write_vehicles
from yardwatch.steps.weights import load_network

WHOLE = "image"
"""Name of the one zone of a bare image."""


def count_bare(
    path: Path,
    tracks: Path | None,
    zones: Path | None = None,
    crs: str | None = None,
    out: Path | None = None,
    weights: Path | None = None,
) -> dict[str, Any]:
    """Count along the given tracks, or along those traced in the image where none are given.

    Writes every vehicle to `out` where one is given, also when there is none. `weights` of the strip network; the
    shipped ones where none are named.
    """
    if tracks is None:
        return count_traced(path, zones=zones, crs=crs, out=out, weights=weights)
    if out is not None:
        _refuse_inputs(out, path, tracks, zones)
    scene = bare_scene(path, crs=crs)
    frame = Frame.around(scene.footprint)
    network = load_network(weights)
    given = ground_tracks(_over(scene, read_tracks(tracks), tracks), frame)
    zone = _zone(zones, given, frame)
    lain = placed(scene, given, frame, network)
    counted, strips = _counted(scene, lain.tracks, zone, frame, network)
    if out is not None:
        write_vehicles(out, counted, frame)
    answer = as_json(scene, counted, network) | {"tracks_offset": lain.as_json(), "gsd_check": gsd_check(given)}
    return answer | _checks(scene, frame, counted, lain.tracks, strips)


def count_traced(
    path: Path,
    *,
    zones: Path | None = None,
    crs: str | None = None,
    out: Path | None = None,
    weights: Path | None = None,
    report: Report = silent,
) -> dict[str, Any]:
    """Count along tracks traced in the image itself; where none is found no count is given, which is no zero."""
    if out is not None:
        _refuse_inputs(out, path, zones)
    scene = bare_scene(path, crs=crs)
    frame = Frame.around(scene.footprint)
    network = load_network(weights)
    zone = None if zones is None else _polygon(zones, frame)
    found = trace(scene, frame, tracer_of(network), report)
    reason = found.reason or _beside(found, zone)
    strips: tuple[Strip, ...] = ()
    if reason is None:
        strips = cut_strips(scene, found.tracks, frame)
        tracked = _tracked(scene, found.tracks, strips, network)
        counted = count_scene(replace(tracked, vouched=found.vouched), {WHOLE: zone})
    else:
        counted = SceneCount(capability=Capability.NONE, reason=reason, visible_fraction=0.0)
    if out is not None:
        write_vehicles(out, counted, frame)
    answer = as_json(scene, counted, network) | _checks(scene, frame, counted, found.tracks if strips else (), strips)
    return answer | {"tracks": "traced", "traced": traced_json(found), "gsd_check": gsd_check(found.tracks)}


def _checks(
    scene: Scene, frame: Frame, counted: SceneCount, tracks: tuple[Track, ...], strips: tuple[Strip, ...]
) -> dict[str, Any]:
    """True sharpness and the sun."""
    near = shapely.union_all([track.line for track in tracks])
    blur = blur_json(blur_of(scene, frame, near), scene.gsd_m)
    return {"blur": blur, "sun_check": sun_check(scene, counted.cars, strips, tracks)}


def gsd_check(tracks: Sequence[Track]) -> dict[str, Any]:
    """Whether the tracks (ground lines) lie as far apart as tracks do, in the image's metres."""
    found = spacing([track.line for track in tracks])
    return {
        "verdict": found.verdict,
        "spacing_m": None if found.metres is None else round(found.metres, 2),
        "tracks": found.lines,
        "factor": None if found.factor is None else round(found.factor, 2),
    }


def _beside(found: Traced, zone: shapely.Geometry | None) -> str | None:
    """Why a zone holds none of the traced tracks; None where it does."""
    if zone is None or any(track.line.intersects(zone) for track in found.tracks):
        return None
    return f"none of the {len(found.tracks)} tracks found in the image runs through the zone; pass --tracks FILE"


def _counted(
    scene: Scene, lines: tuple[Track, ...], zone: shapely.Geometry | None, frame: Frame, network: Network
) -> tuple[SceneCount, tuple[Strip, ...]]:
    strips = cut_strips(scene, lines, frame)
    return count_scene(_tracked(scene, lines, strips, network), {WHOLE: zone}), strips


def _tracked(scene: Scene, lines: tuple[Track, ...], strips: tuple[Strip, ...], network: Network) -> Tracked:
    return Tracked(scene=scene, tracks=lines, strips=strips, empties=(None,) * len(strips), network=network)


def _over(scene: Scene, tracks: tuple[Track, ...], path: Path) -> tuple[Track, ...]:
    over = tuple(track for track in tracks if track.line.intersects(scene.footprint))
    if over:
        return over
    lines = shapely.union_all([track.line for track in tracks])
    swapped = shapely.transform(lines, lambda xy: xy[:, ::-1]).intersects(scene.footprint)
    remedy = "latitude and longitude look swapped" if swapped else "check that both are of the same place"
    raise SceneError(
        f"{scene.id}: none of the {len(tracks)} tracks of {path.name} lies on the image; the image spans lon/lat "
        f"{_bounds(scene.footprint)}, the tracks {_bounds(lines)}; {remedy}"
    )


def _refuse_inputs(out: Path, *inputs: Path | None) -> None:
    if out.resolve() in {one.resolve() for one in inputs if one is not None}:
        raise InputError(f"{out}: is one of the files to count from, and --out would overwrite it; name another file")


def _bounds(geometry: shapely.Geometry) -> str:
    west, south, east, north = geometry.bounds
    return f"{west:.4f} {south:.4f} to {east:.4f} {north:.4f}"


def _zone(path: Path | None, lines: Sequence[Track], frame: Frame) -> shapely.Geometry | None:
    if path is None:
        return None
    zone = _polygon(path, frame)
    if not any(track.line.intersects(zone) for track in lines):
        raise InputError(f"{path.name}: no track on the image runs through it; check that both are of the same place")
    return zone


def _polygon(path: Path, frame: Frame) -> shapely.Geometry:
    """The zones' ground polygons as one."""
    polygons = [feature.geometry for feature in read_features(path)]
    if not polygons or any(shapely.get_dimensions(polygon) != 2 for polygon in polygons):
        raise InputError(f"{path.name}: --zones needs polygons, and at least one; draw them in QGIS as a polygon layer")
    return frame.to_ground(shapely.union_all(polygons))


def as_json(scene: Scene, counted: SceneCount, network: Network) -> dict[str, Any]:
    """The contract's fields, in its order."""
    zone = counted.zones[0] if counted.zones else None
    return {
        "scene": {
            "sha256": scene.sha256,
            "gsd_m": round(scene.gsd_m, 4),
            "acquired": _acquired(scene),
            "synthetic": scene.synthetic,
        },
        "capability": counted.capability.value,
        "capability_reason": counted.reason,
        "tracks": "given",
        "weights": {"sha256": network.sha256, "trained_on": list(network.trained_on)},
        **_numbers(zone, counted),
        "cars": [_car(car) for car in counted.cars],
        **({"reason": counted.reason} if counted.capability == "none" else {}),
    }


def _acquired(scene: Scene) -> str | None:
    """ISO 8601, no finer than the image says: a year stays a year."""
    if scene.acquired is None:
        return None
    digits = {"year": 4, "month": 7, "day": 10}.get(scene.date_precision)
    return scene.acquired.isoformat()[:digits]


def _numbers(zone: ZoneCount | None, counted: SceneCount) -> dict[str, Any]:
    if zone is None:
        return {
            "count": None, "by_kind": {}, "not_freight": 0, "length_count": None, "disagree": False,
            "visible_fraction": round(counted.visible_fraction, 4), "covered_share": _share(None),
        }  # fmt: skip
    inside = [car for car in counted.cars if car.id in set(zone.cars)]
    length = zone.length
    return {
        "count": count_json(zone),
        "by_kind": dict(sorted(Counter(car.kind for car in inside if car.freight).items())),
        "not_freight": zone.not_freight,
        "length_count": {
            "mean": round(length.mean, 2),
            "lower": round(length.lower, 2),
            "upper": round(length.upper, 2),
            "occupied_m": round(length.occupied_m, 1),
        },
        "disagree": bool(disagree(zone.count, length)),
        "visible_fraction": round(zone.visible_fraction, 4),
        "covered_share": _share(covered_share(zone.covered)),
    }


def count_json(zone: ZoneCount) -> dict[str, Any]:
    """Mean, most probable value and interval of a zone's count."""
    lower, upper = zone.count.interval
    return {
        "mean": round(zone.count.mean, 2),
        "map": zone.count.map,
        "lower": lower,
        "upper": upper,
        "level": zone.count.level,
        "calibrated": zone.count.calibrated,
        "calibrated_on": CALIBRATED_ON if zone.count.calibrated else None,
    }


def _share(share: CoveredShare | None) -> dict[str, float | None]:
    """Unknown where no wagon with its load in view was told covered or open; that is not zero."""
    if share is None:
        return {"value": None, "lower": None, "upper": None}
    return {"value": round(share.value, 3), "lower": round(share.lower, 3), "upper": round(share.upper, 3)}


def _car(car: Car) -> dict[str, Any]:
    return {
        "id": car.id, "track": car.track, "start_m": round(car.start_m, 2), "end_m": round(car.end_m, 2),
        "kind": car.kind, "freight": car.freight, "covered": car.covered, "probability": round(car.probability, 3),
    }  # fmt: skip
