"""Each scene of a site: how much of every zone and track it shows, what hides the rest, sharpness, sun, capability."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.cars.capability import capability
from yardwatch.imagery.quality import assess_quality
from yardwatch.imagery.sky import causes, shares
from yardwatch.model import Car, Grid, Scene
from yardwatch.progress import Report, silent, tracked
from yardwatch.sites.folder import open_site
from yardwatch.steps.aligning import Common, common_ground, near_tracks, read_window
from yardwatch.steps.optics import blur_json, blur_of, sun_check
from yardwatch.steps.place import Place
from yardwatch.steps.storing import has_store, open_store
from yardwatch.steps.strips import cut_strips
from yardwatch.store.rows import LookRow

Bools = NDArray[np.bool_]

BELT_M = 4.0
"""Beside a centre line: half a car, and what lies between it and the next track's."""


def check_scenes(where: str | Path, report: Report = silent) -> dict[str, Any]:
    """The `scenes check --json` answer; what the last run stored of a scene stands beside what is measured now."""
    place = Place(open_site(where))
    common = common_ground(place.frame, tuple(place.ground_zones.values()), place.tracks, place.reference.gsd_m)
    rows, cars = _stored(place)
    return {
        "site": place.folder.site.id,
        "reference_scene": place.reference.id,
        "scenes": [
            _checked(scene, place, common, rows.get(place.look_id(scene)), cars)
            for scene in tracked(place.scenes, "checking scenes", report)
        ],
    }


def _stored(place: Place) -> tuple[dict[str, LookRow], dict[str, list[Car]]]:
    if not has_store(place.folder):
        return {}, {}
    cars: dict[str, list[Car]] = {}
    with open_store(place.folder) as store:
        for row in store.cars():
            cars.setdefault(row.look, []).append(row.car)
        return {row.id: row for row in store.looks()}, cars


def _checked(
    scene: Scene, place: Place, common: Common, row: LookRow | None, cars: dict[str, list[Car]]
) -> dict[str, Any]:
    shift = (row.shift_x_m, row.shift_y_m) if row is not None else (0.0, 0.0)
    pixels = read_window(scene, common.grid, shift)
    quality = assess_quality(pixels, common.avoid)
    found = causes(pixels, common.avoid)
    belts = {track.id: near_tracks(common.grid, [track], BELT_M) for track in place.tracks}
    on_tracks = shares(found, np.any(list(belts.values()), axis=0))
    able, reason = capability(scene.gsd_m, scene.off_nadir_deg, on_tracks["visible"], scene.sun_elevation_deg)
    zones = shapely.union_all(list(place.ground_zones.values()))
    strips = cut_strips(scene, place.tracks, place.frame, shift) if row is not None and cars.get(row.id) else ()
    return {
        "id": scene.id,
        "usable": quality.usable,
        "reason": quality.reason,
        "capability": able.value,
        "capability_reason": reason,
        "haze": round(quality.haze, 3),
        "contrast": round(quality.contrast, 3),
        "tracks": {name: _rounded(shares(found, belt)) for name, belt in belts.items()},
        "zones": {
            name: _rounded(shares(found, _inside(common.grid, zone))) for name, zone in place.ground_zones.items()
        },
        "blur": blur_json(blur_of(scene, place.frame, zones) if quality.usable else None, scene.gsd_m),
        "sun": sun_check(scene, cars.get(row.id, []) if strips and row else [], strips, place.tracks if strips else ()),
        "alignment": None if row is None else _alignment(row, scene.id == place.reference.id),
    }


def _alignment(row: LookRow, reference: bool) -> dict[str, Any]:
    return {
        "aligned": row.aligned,
        "reference": reference,
        "dx_m": round(row.shift_x_m, 3),
        "dy_m": round(row.shift_y_m, 3),
        "residual_m": row.align_residual_m,
        "windows": row.align_windows,
    }


def _inside(grid: Grid, zone: shapely.Geometry) -> Bools:
    shapely.prepare(zone)
    centres = grid.centres()
    return np.asarray(shapely.contains_xy(zone, centres[..., 0], centres[..., 1]))


def _rounded(parts: Any) -> dict[str, float]:  # noqa: ANN401
    return {name: round(float(value), 4) for name, value in parts.items()}
