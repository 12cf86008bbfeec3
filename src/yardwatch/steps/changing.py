"""Windows of many dates, or of two, to changes: polygons of ground in lon/lat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yardwatch import __version__
from yardwatch.construction.changes import Findings, find_in
from yardwatch.construction.ledger import Looked
from yardwatch.construction.options import Options
from yardwatch.construction.pair import compare_pair
from yardwatch.errors import InputError, RefusedError, SceneError
from yardwatch.ground import Frame
from yardwatch.imagery.align import align
from yardwatch.imagery.describe import bare_scene
from yardwatch.model import Change, Grid, Pixels, Scene
from yardwatch.progress import Report, silent, tracked
from yardwatch.steps.aligning import near_tracks, read_window
from yardwatch.steps.ground_source import Rasters, Taken, on_cores
from yardwatch.steps.ledger import findings, looked_at, recognise, remember
from yardwatch.steps.place import Place
from yardwatch.steps.shown import OUTSIDE, shown_ground
from yardwatch.store.ids import canonical_json, content_id
from yardwatch.store.protocol import Store
from yardwatch.store.rows import LookRow

PIXELS_MAX = 30_000_000
"""Of a grid: 2.7 × 2.7 km at 0.5 m, whose mask of tracks is made at once. Larger ground is read more coarsely."""
PAIR_PIXELS_MAX = 10_000_000
"""Of two images alone, which are held in memory whole."""
CAR_BELT_M = 5.0
"""Beside a centre line: half a car, its lean and its shadow."""


def site_changes(place: Place, store: Store, report: Report = silent) -> tuple[Change, ...]:
    """Changes at a site that nobody judged false, lon/lat, each under the id it had before; all are kept in the store.

    Too few looks give none, and `refusal` says so.
    """
    rows = usable(place, store)
    now = looked(place, rows)
    if Said.of(store).run == now.run:
        remember(place, store, now)
        return findings(place, store)
    try:
        found = search(place, rows, Options(), report)
        store.replace_changes(recognise(place, store, found.changes, now), Said(now.run, notes=found.notes).text)
    except RefusedError as refused:  # the ledger stays: what was not looked for is not gone
        store.replace_changes((), Said(now.run, refused=str(refused)).text)
    return findings(place, store)


def search(place: Place, rows: Sequence[tuple[LookRow, Scene]], options: Options, report: Report = silent) -> Findings:
    """Changes in the ground of usable looks, ground metres. Raises RefusedError when they do not carry an answer."""
    area = shown_ground(place, [scene for _, scene in rows])
    if area is None:
        raise RefusedError(OUTSIDE)
    grid = _bounded(place.frame, area, place.reference.gsd_m)
    taken = [
        Taken(scene=scene, day=row.acquired.date(), shift_m=(row.shift_x_m, row.shift_y_m))
        for row, scene in rows
        if row.acquired is not None
    ]

    def each(call: Callable[[Any], Any], items: Iterable[Any]) -> Iterable[Any]:
        windows = list(items)
        return tracked(on_cores(call, windows), "searching the ground", report, len(windows))

    return find_in(Rasters.of(grid, taken), near_tracks(grid, place.tracks, CAR_BELT_M), options, each)


def refusal(place: Place, store: Store) -> str | None:
    """Why changes cannot be looked for at a site; None when they can. None found is then a finding."""
    rows, needed = usable(place, store), Options().looks_needed
    if len(rows) < needed:
        few = f"{len(rows)} usable, aligned looks; change that stays needs {needed}"
        return f"{few} (or compare two: --before, --after)"
    if shown_ground(place, [scene for _, scene in rows]) is None:
        return OUTSIDE
    said = Said.of(store)
    return said.refused if said.run == looked(place, rows).run else None


@dataclass(frozen=True)
class Said:
    """What the store keeps of the newest search beside its changes, as one text."""

    run: str
    """What it followed from."""
    refused: str | None = None
    """Why nothing could be looked for."""
    notes: tuple[str, ...] = ()
    """What could not be told."""

    @property
    def text(self) -> str:
        """The run alone where there is nothing more to say."""
        more = {"refused": self.refused, "notes": list(self.notes)}
        return f"{self.run} {canonical_json(more)}" if any(more.values()) else self.run

    @classmethod
    def of(cls, store: Store) -> Said:
        """Of the newest search; a text that was edited by hand says that another search is due."""
        run, _, more = (store.changes_run() or "").partition(" ")
        try:
            said = json.loads(more or "{}")
            return cls(run, said.get("refused"), tuple(map(str, said.get("notes", ()))))
        except (ValueError, AttributeError, TypeError):
            return cls("")


@dataclass(frozen=True, kw_only=True)
class PairFound:
    """Two bare rasters on one ground, and what differs between them."""

    before: Scene
    after: Scene
    frame: Frame
    shift_m: tuple[float, float]
    """Content of ground point p lies in the later image at p + shift."""
    changes: tuple[Change, ...]
    """Lon/lat."""


def pair(before: Path, after: Path) -> PairFound:
    """What differs between two bare rasters, which may be gone by the next look.

    Raises RefusedError where they cannot be compared.
    """
    first, second = bare_scene(before), bare_scene(after)
    if first.acquired is not None and second.acquired is not None and first.acquired > second.acquired:
        raise InputError(f"{before.name} is of {_day(first)}, after {after.name} of {_day(second)}; swap the two")
    common = first.footprint.intersection(second.footprint)
    if common.is_empty:
        raise SceneError(f"{before.name} and {after.name} do not overlap; give two images of one place")
    frame = Frame.around(common)
    grid = _bounded(frame, frame.to_ground(common), max(first.gsd_m, second.gsd_m), PAIR_PIXELS_MAX)
    ground = read_window(first, grid)
    shift = _shift(ground, read_window(second, grid), after)
    found = compare_pair(ground, read_window(second, grid, shift), np.zeros((grid.height, grid.width), bool), Options())
    days = {"after": _day(first), "before": _day(second)}
    changes = tuple(replace(c, polygon=frame.to_lonlat(c.polygon), **days) for c in found)
    return PairFound(before=first, after=second, frame=frame, shift_m=shift, changes=changes)


def usable(place: Place, store: Store) -> list[tuple[LookRow, Scene]]:
    """The looks changes are looked for in: current, usable, aligned and dated, each with its scene."""
    rows = {row.id: row for row in store.looks()}
    pairs = [(rows[place.look_id(scene)], scene) for scene in place.scenes if place.look_id(scene) in rows]
    return [(row, scene) for row, scene in pairs if row.usable and row.aligned and row.acquired is not None]


def looked(place: Place, rows: Sequence[tuple[LookRow, Scene]], since: date | None = None) -> Looked:
    """What a search in these looks follows from."""
    inputs: dict[str, Any] = {"command": "changes", "code": __version__, "looks": [row.id for row, _ in rows]}
    run = content_id(inputs | ({"since": since.isoformat()} if since else {}))
    days = [row.acquired.date() for row, _ in rows if row.acquired is not None]
    return Looked(run=run, until=max(days, default=None), ground=looked_at(place))


def _bounded(frame: Frame, area: shapely.Geometry, gsd_m: float, most: int = PIXELS_MAX) -> Grid:
    west, south, east, north = area.bounds
    smallest = float(np.sqrt((east - west) * (north - south) / most))
    return Grid.over(frame, area, max(gsd_m, smallest))


def _shift(reference: Pixels, moving: Pixels, path: Path) -> tuple[float, float]:
    found = align(reference, moving, np.zeros(reference.visible.shape, bool))
    if not found.aligned:
        raise RefusedError(f"{path.name} cannot be laid over the other image: {found.reason}; changes would be guesses")
    return found.dx_m, found.dy_m


def _day(scene: Scene) -> Any:  # noqa: ANN401
    return scene.acquired.date() if scene.acquired else None
