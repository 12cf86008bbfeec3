"""Windows of many dates, or of two, to changes: polygons of ground in lon/lat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yardwatch import __version__
from yardwatch.construction.changes import find_changes
from yardwatch.construction.contract import as_json
from yardwatch.construction.looks import Look
from yardwatch.construction.options import Options
from yardwatch.construction.pair import compare_pair
from yardwatch.errors import InputError, RefusedError, SceneError
from yardwatch.ground import Frame
from yardwatch.imagery.align import align
from yardwatch.imagery.describe import bare_scene
from yardwatch.model import Change, Grid, Pixels, Scene
from yardwatch.progress import Report, silent, tracked
from yardwatch.sites.folder import open_site
from yardwatch.sites.geojson import Feature, write_features
from yardwatch.steps.aligning import near_tracks, read_window
from yardwatch.steps.place import Place
from yardwatch.steps.storing import has_store, open_store
from yardwatch.store.ids import content_id
from yardwatch.store.protocol import Store
from yardwatch.store.rows import LookRow

PIXELS_MAX = 60_000_000
"""Bands × pixels × dates held at once: 240 MB of float32. A larger site is read more coarsely, and says so."""
CAR_BELT_M = 5.0
"""Beside a centre line: half a car, its lean and its shadow."""


def site_changes(place: Place, store: Store, report: Report = silent) -> tuple[Change, ...]:
    """Changes at a site from its aligned looks, kept in the store; too few looks give none, and `refusal` says so."""
    rows = _usable(place, store)
    run = content_id({"command": "changes", "code": __version__, "looks": [row.id for row, _ in rows]})
    if store.changes_run() == run:
        return store.changes()
    grid = _grid(place, len(rows))
    looks = [
        Look(day=row.acquired.date(), pixels=read_window(scene, grid, (row.shift_x_m, row.shift_y_m)))
        for row, scene in tracked(rows, "reading the ground", report)
        if row.acquired is not None
    ]
    try:
        found = find_changes(looks, near_tracks(grid, place.tracks, CAR_BELT_M), Options())
    except RefusedError:
        found = ()
    lonlat = tuple(replace(change, polygon=place.frame.to_lonlat(change.polygon)) for change in found)
    store.replace_changes(lonlat, run)
    return lonlat


def changes(where: str | Path, out: Path | None = None) -> dict[str, Any]:
    """The `changes --json` answer for a site, from what its last run stored."""
    folder = open_site(where)
    if not has_store(folder):
        raise InputError(f"{folder.path}: nothing counted yet; run `yardwatch run {folder.path}` first")
    place = Place(folder)
    with open_store(folder) as store:
        reason = refusal(place, store)
        return {**_answer(store.changes(), out), **({"reason": reason} if reason else {})}


def refusal(place: Place, store: Store) -> str | None:
    """Why changes cannot be looked for at a site; None when they can. None found is then a finding."""
    looks, needed = len(_usable(place, store)), Options().looks_needed
    if looks >= needed:
        return None
    return f"{looks} usable, aligned looks; change that stays needs {needed} (or compare two: --before, --after)"


def changes_between(before: Path, after: Path, out: Path | None = None) -> dict[str, Any]:
    """The same for two bare rasters: what differs between them, which may be gone by the next look.

    Two images that cannot be compared give no changes and a `reason`.
    """
    try:
        return _answer(_pair(before, after), out)
    except RefusedError as refused:
        return {**_answer((), out), "reason": str(refused)}


def _pair(before: Path, after: Path) -> list[Change]:
    first, second = bare_scene(before), bare_scene(after)
    if first.acquired is not None and second.acquired is not None and first.acquired > second.acquired:
        raise InputError(f"{before.name} is of {_day(first)}, after {after.name} of {_day(second)}; swap the two")
    common = first.footprint.intersection(second.footprint)
    if common.is_empty:
        raise SceneError(f"{before.name} and {after.name} do not overlap; give two images of one place")
    frame = Frame.around(common)
    grid = _bounded(frame, frame.to_ground(common), max(first.gsd_m, second.gsd_m), dates=2)
    ground = read_window(first, grid)
    shift = _shift(ground, read_window(second, grid), after)
    found = compare_pair(ground, read_window(second, grid, shift), np.zeros((grid.height, grid.width), bool), Options())
    days = {"after": _day(first), "before": _day(second)}
    return [replace(c, polygon=frame.to_lonlat(c.polygon), **days) for c in found]


def _usable(place: Place, store: Store) -> list[tuple[LookRow, Scene]]:
    rows = {row.id: row for row in store.looks()}
    pairs = [(rows[place.look_id(scene)], scene) for scene in place.scenes if place.look_id(scene) in rows]
    return [(row, scene) for row, scene in pairs if row.usable and row.aligned and row.acquired is not None]


def _grid(place: Place, dates: int) -> Grid:
    area = shapely.union_all(list(place.ground_zones.values()))
    return _bounded(place.frame, area, place.reference.gsd_m, dates)


def _bounded(frame: Frame, area: shapely.Geometry, gsd_m: float, dates: int) -> Grid:
    west, south, east, north = area.bounds
    smallest = float(np.sqrt(3 * max(dates, 1) * (east - west) * (north - south) / PIXELS_MAX))
    return Grid.over(frame, area, max(gsd_m, smallest))


def _shift(reference: Pixels, moving: Pixels, path: Path) -> tuple[float, float]:
    found = align(reference, moving, np.zeros(reference.visible.shape, bool))
    if not found.aligned:
        raise RefusedError(f"{path.name} cannot be laid over the other image: {found.reason}; changes would be guesses")
    return found.dx_m, found.dy_m


def _day(scene: Scene) -> Any:  # noqa: ANN401
    return scene.acquired.date() if scene.acquired else None


def _answer(found: Sequence[Change], out: Path | None) -> dict[str, Any]:
    answer = as_json(found)
    if out is not None:
        write_features(
            out,
            [
                Feature(geometry=change.polygon, properties={k: v for k, v in entry.items() if k != "geometry"})
                for change, entry in zip(found, answer["changes"], strict=True)
            ],
        )
    return answer
