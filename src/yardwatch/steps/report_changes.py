"""Changes onto the page: findings with their pictures, and what a person judged false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yardwatch.construction.ledger_contract import entry_json
from yardwatch.construction.verdicts import Entry
from yardwatch.model import Pixels, Scene
from yardwatch.report.content import ChangeFigure
from yardwatch.report.evidence import Evidence
from yardwatch.report.forms import Edition
from yardwatch.steps.evidence import Shot, Shown, gather
from yardwatch.steps.ledger import ledger
from yardwatch.steps.place import Place
from yardwatch.steps.unchanged import at_hand
from yardwatch.store.protocol import Store
from yardwatch.store.rows import LookRow

LEAST_PX = 480
"""Width of a chip on the page, pixels: two marks side by side."""
LEFT_OUT = ("geometry", "history")
"""Of what is judged false: a public edition may have to be vague about places, and the store has the rest."""


def change_figures(
    place: Place, store: Store, looks: Sequence[LookRow], scenes: Mapping[str, Scene], edition: Edition
) -> tuple[ChangeFigure, ...]:
    """Each finding that the given looks show, with its sides on one contrast."""
    good = [row for row in looks if row.usable and row.aligned and row.acquired is not None]
    good = [row for row in good if at_hand(scenes[row.scene])]
    shots = [Shot(scene=scenes[row.scene], shift_m=(row.shift_x_m, row.shift_y_m)) for row in good]
    if not shots:
        return ()
    last = max(shot.day for shot in shots)
    entries = [entry for entry in _found(place, store) if not entry.dismissed]
    seen = [entry for entry in entries if entry.change.before is None or entry.change.before <= last]
    return tuple(_figure(entry, shots, place, edition) for entry in seen)


def dismissed_changes(place: Place, store: Store) -> tuple[dict[str, Any], ...]:
    """What the newest search found and a person judged false, as `changes --json` has it, without its place."""
    entries = [entry_json(entry) for entry in _found(place, store) if entry.dismissed]
    return tuple({name: value for name, value in one.items() if name not in LEFT_OUT} for one in entries)


def _found(place: Place, store: Store) -> list[Entry]:
    known = ledger(place, store)
    return [known[change.id] for change in store.changes() if change.id in known]


def _figure(entry: Entry, shots: Sequence[Shot], place: Place, edition: Edition) -> ChangeFigure:
    evidence = gather(Shown(change=entry.change, verdict=entry.verdict, edition=edition), shots, place.frame)
    ground = replace(entry.change, polygon=place.frame.to_ground(entry.change.polygon))
    sides = {} if evidence is None else _sides(evidence)
    return ChangeFigure(
        change=ground, before=sides.get("before"), during=sides.get("during"), after=sides.get("after"),
        verdict=entry.verdict,
    )  # fmt: skip


def _sides(evidence: Evidence) -> dict[str, Any]:
    return {side.role: (side.scene, enlarged(evidence.stretch.over(side.pixels))) for side in evidence.sides}


def enlarged(pixels: Pixels) -> Pixels:
    """The same window with each pixel as a square of many, so that a mark burned into a small chip stays legible."""
    times = -(-LEAST_PX // pixels.grid.width)
    if times <= 1:
        return pixels
    grid = replace(
        pixels.grid, step_m=pixels.grid.step_m / times, width=pixels.grid.width * times,
        height=pixels.grid.height * times,
    )  # fmt: skip
    data = pixels.data.repeat(times, axis=-1).repeat(times, axis=-2)
    visible = pixels.visible.repeat(times, axis=-1).repeat(times, axis=-2)
    return Pixels(grid=grid, data=data, visible=visible)
