"""From looks to dated objects with measures, before it is decided which are believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.candidates import Candidate, Map, find_candidates
from yardwatch.construction.cube import CUT, RING_CELLS, Cube, cube_of, mean_series, step_of
from yardwatch.construction.evidence import Evidence, gather
from yardwatch.construction.levelled import Levelled
from yardwatch.construction.lines import Line, find_lines
from yardwatch.construction.measure import Measured, measure
from yardwatch.construction.odds import line_promising, promising
from yardwatch.construction.options import Options
from yardwatch.construction.pieces import Piece
from yardwatch.construction.shade import in_both_halves, same_half
from yardwatch.construction.shown import Dates, Shown, first_seen, show
from yardwatch.construction.source import Box, Each
from yardwatch.construction.strips import line_signs, measured_strip
from yardwatch.construction.views import views_of

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

FLOOR, BROAD_FLOOR = 1.1, 0.6
"""Evidence below which nothing is a change, however quiet the site; of single cells, and of most cells of a square."""
STABLE, MARGIN = 0.9, 1.4
BROAD_STABLE, BROAD_MARGIN = 0.75, 1.6
"""Share of the ground held to be stable, and how far above it evidence must stand."""
LINE_SHARE = 0.6
"""Of the limit: a line gathers evidence along its length."""
SHADED = 0.85
"""Brightness after ÷ before below which a cell only darkened: shadow on half the dates leaves 0.65–0.8."""
EVENED_M, EVENED_RANK = 5.0, 60
"""Side of the square, and the rank that is taken in it; edges keep their place."""
RIM_CELLS = RING_CELLS[1] + 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """One object."""

    measured: Measured
    dates: Dates
    shown: Shown
    split: int
    strength: float
    explained: float
    dark: bool
    line: Line | None = None
    """What it is a strip along; None for what is no line."""
    together: float = 0.0
    """Of a line: share of the spread of its mean brightness that a step explains."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What the search works on."""

    looks: Levelled
    evidence: Evidence
    avoid: Bools
    """Pixels."""
    map: Map
    broad: Map
    """The same, evened out over a few metres: for objects that are no lines."""
    limit: float
    """For lines."""
    broad_limit: float
    options: Options


def prepare(looks: Levelled, avoid: Bools, options: Options, each: Each = map) -> Scene:
    """Evidence and the site's own limit."""
    evidence = gather(looks, (options.reference_looks, options.persistence), each)
    side = evidence.side
    rows, columns = evidence.grid.height, evidence.grid.width
    blocked = avoid[: rows * side, : columns * side].reshape(rows, side, columns, side).any(axis=(1, 3))
    strength = evidence.breaks.size * np.sqrt(evidence.breaks.explained)
    open_ground = evidence.breaks.known & ~blocked
    strength[~open_ground] = 0
    evidence.steps.hide(~open_ground)
    old, new = evidence.breaks.old[:-1].mean(axis=0), evidence.breaks.new[:-1].mean(axis=0)
    dark = new < SHADED * np.maximum(old, 1e-3)
    fine = Map(strength, evidence.breaks.split, dark, evidence.grid.step_m, evidence.breaks.explained)
    broad = _evened(fine)
    return Scene(
        looks, evidence, avoid, fine, broad, _limit(fine.strength[open_ground], FLOOR),
        _broad_limit(broad.strength[open_ground]), options,
    )  # fmt: skip


def _limit(strength: Floats, floor: float) -> float:
    """From which evidence stands out of the site's stable ground."""
    return max(floor, MARGIN * float(np.quantile(strength, STABLE))) if len(strength) else floor


def _broad_limit(strength: Floats) -> float:
    """The same for evened evidence: it strays less, and grey on grey lies just above it."""
    return max(BROAD_FLOOR, BROAD_MARGIN * float(np.quantile(strength, BROAD_STABLE))) if len(strength) else BROAD_FLOOR


def _evened(fine: Map) -> Map:
    """For broad objects: what most cells around show. Grey on grey differs cell by cell, by the grain of the ground."""
    side = 2 * max(1, round(EVENED_M / fine.step_m / 2)) + 1
    strength = ndimage.percentile_filter(fine.strength, EVENED_RANK, size=side)
    dark = ndimage.uniform_filter(fine.dark.astype(np.float32), side) > 0.5
    return Map(strength, fine.split, dark, fine.step_m, fine.explained)


def search(scene: Scene, each: Each = map) -> Iterator[Found]:
    """Every object of either sort; one work may show as both."""
    lines = find_lines(scene.map, LINE_SHARE * scene.limit, scene.evidence.steps)
    candidates = find_candidates(scene.broad, scene.broad_limit, scene.options)
    items: list[Line | Candidate] = [*lines, *candidates]

    def look_at(one: Line | Candidate) -> Found | None:
        return _found(scene, one)

    yield from (found for found in each(look_at, items) if found is not None)


def _found(scene: Scene, one: Line | Candidate) -> Found | None:
    return _line(scene, one) if isinstance(one, Line) else _object(scene, one)


def _object(scene: Scene, candidate: Candidate) -> Found | None:
    framed = candidate.piece.framed(RIM_CELLS, scene.map.strength.shape)
    box, mask = framed.box, framed.mask
    explained, area_m2 = _explained(scene, box, mask), float(mask.sum()) * scene.map.step_m**2
    if not promising(candidate.strength, explained, area_m2):
        return None
    dated = _dated(scene, cube_of(scene.looks, scene.evidence, box, mask), candidate.split)
    if dated is None:
        return None
    side = scene.evidence.side
    wide = (slice(box[0].start * side, box[0].stop * side), slice(box[1].start * side, box[1].stop * side))
    views = views_of(scene.looks, wide, candidate.split, scene.options.persistence)
    piece = Piece(wide, np.kron(mask, np.ones((side, side), bool)))
    measured = measure(piece, views, scene.avoid[wide], scene.looks.grid)
    shown, dates = dated
    if measured is None or (candidate.dark and not in_both_halves(dates.new)):
        return None
    return Found(
        measured=measured, dates=dates, shown=shown, split=candidate.split, strength=candidate.strength,
        explained=explained, dark=candidate.dark,
    )  # fmt: skip


def _line(scene: Scene, line: Line) -> Found | None:
    box, strip = _strip(scene, line)
    if not strip.any():
        return None
    strength = scene.map.strength[box]
    strong = strip & (strength > 0.5 * np.median(strength[strip]))
    measured, explained = (
        measured_strip(line, scene.evidence.grid, _shaded(scene, box, strip)),
        _explained(scene, box, strong),
    )
    if not line_promising(line_signs(line, measured, explained, CUT, 1.0)):
        return None
    cube = cube_of(scene.looks, scene.evidence, box, strong)
    series = mean_series(cube)
    split, share = step_of(series, scene.looks.weights, _needed(scene))
    dated = _dated(scene, cube, split) if split else None
    if dated is None:
        return None
    shown, dates = dated
    return Found(
        measured=measured, dates=dates, shown=shown, split=split, strength=line.strength, explained=explained,
        dark=False, line=line, together=share,
    )  # fmt: skip


def _strip(scene: Scene, line: Line) -> tuple[Box, Bools]:
    """The cells of a line with evidence, in a box with a rim around them."""
    shape = scene.map.strength.shape
    steps = np.linspace(0, 1, int(2 * line.length) + 2)[:, None]
    at = np.rint(line.start + steps * (line.end - line.start) - 0.5).astype(int)
    wider = max(0, round((line.width - 1) / 2))
    box = tuple(
        slice(
            int(np.clip(of.min() - wider - RIM_CELLS, 0, size)), int(np.clip(of.max() + wider + RIM_CELLS + 1, 0, size))
        )
        for of, size in zip(at.T[::-1], shape, strict=True)
    )
    first = [part.start for part in box]
    rows, columns = at[:, 1] - first[0], at[:, 0] - first[1]
    strip = np.zeros([part.stop - part.start for part in box], bool)
    held = (rows >= 0) & (rows < strip.shape[0]) & (columns >= 0) & (columns < strip.shape[1])
    strip[rows[held], columns[held]] = True
    if wider:
        strip = ndimage.binary_dilation(strip, iterations=wider)
    return (box[0], box[1]), strip & (scene.map.strength[box] > 0)


def _shaded(scene: Scene, box: Box, strip: Bools) -> float:
    """Share of a strip and two cells beside it that darkened: what stands upright throws a shadow along its length."""
    return float(scene.map.dark[box][ndimage.binary_dilation(strip, iterations=2)].mean())


def _explained(scene: Scene, box: Box, mask: Bools) -> float:
    return float(scene.evidence.breaks.explained[box][mask].mean())


def _needed(scene: Scene) -> tuple[int, int]:
    return scene.options.reference_looks, scene.options.persistence


def _dated(scene: Scene, cube: Cube, split: int) -> tuple[Shown, Dates] | None:
    shown = show(cube, scene.looks.weights, split, scene.options.persistence)
    dates = first_seen(scene.looks.days, shown.states, split)
    if dates is None or len(dates.new) < scene.options.persistence:
        return None
    earlier = [day for day in scene.looks.days if day < dates.before]
    return (shown, dates) if same_half(earlier, dates.new) else None
