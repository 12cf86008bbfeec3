"""Changes of ground over many dates: what became something else and stayed so.

For each cell of about a metre the day is sought that parts its looks best into before and after (`breaks`); objects
are cut from the evidence at several heights (`candidates`, `rectangles`, `lines`), dated look by look (`shown`),
measured at full resolution (`measure`) and believed by a fitted chance (`chance`). `docs/construction.md` has the
formulas, the limits and what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.construction.chance import score
from yardwatch.construction.doubt import doubt_of, settled_by_shape, site_notes
from yardwatch.construction.identity import change_id
from yardwatch.construction.kind import PLATFORM, RIGHT_ANGLES, sides
from yardwatch.construction.levelled import Levelled, level
from yardwatch.construction.looks import Look
from yardwatch.construction.odds import BELIEVED, chance
from yardwatch.construction.options import Options
from yardwatch.construction.search import Found, prepare, search
from yardwatch.construction.source import Each, Memory, Source
from yardwatch.errors import RefusedError
from yardwatch.model import Change

Bools = NDArray[np.bool_]

BESIDE_M = 8.0
"""Within this and the same dates a lesser object is part of a larger one's works: its shadow, apron or spoil."""
LESSER = 0.6
SURE = 0.9
SAME_LOOKS = 3
LONGER = 1.3
"""Times the longer side of a broad object from which a line is more than its side or diagonal."""
STRIP_RIM_M, HOUSE_RIM_M, MOST_OF = 2.0, 5.0, 0.6
"""Rims of a line and of a broad object within which another one's greater part is its own."""


@dataclass(frozen=True, eq=False)
class Findings:
    """Changes, and what must be said of all of them."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    """What could not be told, one sentence each."""


def find_changes(looks: Sequence[Look], avoid: Bools, options: Options) -> tuple[Change, ...]:
    """Objects that appeared, went or changed and stayed so, largest first; polygons in ground metres.

    Args:
        looks: windows on one grid, any order; what is not visible is no look.
        avoid: (y, x), True on tracks and stacking ground, where things come and go.
        options: what counts.

    Raises:
        RefusedError: fewer usable looks than needed; the message says how many are.
        InputError: windows on different grids.
    """
    if not looks:
        raise RefusedError(_too_few(options, 0, 0))
    return find_in(Memory.of(looks, avoid.shape), avoid, options).changes


def find_in(source: Source, avoid: Bools, options: Options, each: Each = map) -> Findings:
    """The same for looks that are read a window at a time, with what remains in doubt.

    Args:
        source: the looks.
        avoid: (y, x) on the source's grid.
        options: what counts.
        each: as `map`; one that works on several cores may be given.
    """
    looks = level(source, avoid, each)
    _enough(looks, len(source.days), options)
    found = [(one, score(one)) for one in search(prepare(looks, avoid, options, each), each)]
    sized = [pair for pair in found if fits(pair[0], options)]
    believed = [(one, odds) for one, odds in _apart(sized) if chance(odds) >= BELIEVED]
    told, withheld = [], 0
    for one, odds in believed:
        doubt = doubt_of(one, looks.days, looks.sensors)
        if doubt is not None and doubt.sensor and not settled_by_shape(one):
            withheld += 1
            continue
        told.append(_as_change(looks, one, odds, doubt.text if doubt else None))
    ordered = tuple(sorted(told, key=lambda change: (-change.area_m2, change.id)))
    return Findings(ordered, site_notes(looks, len(source.days), withheld))


def _enough(looks: Levelled, offered: int, options: Options) -> None:
    count = len(looks.indices)
    if count < options.looks_needed:
        raise RefusedError(_too_few(options, count, offered))
    if options.since is None:
        return
    before = sum(day < options.since for day in looks.days)
    if before < options.reference_looks or count - before < options.persistence:
        raise RefusedError(
            f"changes since {options.since} need {options.looks_needed} clear looks ({_parts(options)}), {before} lie "
            f"before and {count - before} after; choose another day or add looks"
        )


def _too_few(options: Options, usable: int, offered: int) -> str:
    return (
        f"changes need {options.looks_needed} clear looks ({_parts(options)}), {usable} of {offered} can be used; "
        "add looks, or compare two images with --before and --after"
    )


def _parts(options: Options) -> str:
    return f"{options.reference_looks} as reference and {options.persistence} that stay"


def fits(found: Found, options: Options) -> bool:
    """Whether size, shape and day are such as were asked for."""
    if options.since is not None and found.dates.before < options.since:
        return False
    if found.line is not None:
        return True
    measured = found.measured
    return (
        options.min_area_m2 <= measured.polygon.area <= options.max_area_m2
        and measured.rectangularity >= options.rectangularity
    )


def _apart(found: Iterable[tuple[Found, float]]) -> list[tuple[Found, float]]:
    """Without the lesser ones beside a larger one of the same dates."""
    given = list(found)
    lines = [one for one, odds in given if one.line is not None and chance(odds) >= BELIEVED]
    kept: list[tuple[Found, float]] = []
    whole = [pair for pair in given if not any(_is_line(pair[0], line) for line in lines)]
    for one, odds in sorted(whole, key=lambda pair: -_size(pair[0], pair[1])):
        if not any(_part_of(one, other) for other, _ in kept):
            kept.append((one, odds))
    return kept


def _is_line(one: Found, line: Found) -> bool:
    """Whether a long broad object is the line that lies in it: a wall with its shadow."""
    return one.line is None and one.measured.kind == PLATFORM and _of_strip(line, one)


def _size(found: Found, odds: float) -> float:
    """Expected area: what is hardly believed does not swallow what is."""
    return found.measured.polygon.area * chance(odds)


def _part_of(one: Found, other: Found) -> bool:
    if one.line is not None or other.line is not None:
        return _of_strip(one, other)
    near = shapely.distance(one.measured.polygon, other.measured.polygon) <= BESIDE_M
    lesser = one.measured.polygon.area < LESSER * other.measured.polygon.area
    same = abs(one.split - other.split) <= SAME_LOOKS
    return bool(near and lesser and same and not _by_itself(one))


def _of_strip(one: Found, other: Found) -> bool:
    """Whether most of one lies in the other: a line along a house, a patch of a wall's shadow."""
    if one.line is not None and (one.measured.length_m or 0.0) > LONGER * sides(other.measured.polygon)[0]:
        return False
    around = other.measured.polygon.buffer(STRIP_RIM_M if other.line is not None else HOUSE_RIM_M)
    return bool(one.measured.polygon.intersection(around).area > MOST_OF * one.measured.polygon.area)


def _by_itself(found: Found) -> bool:
    """Whether it has the corners of a building of its own, and no doubt of being real."""
    return found.measured.right_angles >= RIGHT_ANGLES and chance(score(found)) >= SURE


def _as_change(looks: Levelled, found: Found, odds: float, doubt: str | None) -> Change:
    measured, dates = found.measured, found.dates
    return Change(
        id=change_id(looks.grid.frame, measured.polygon, dates.before), kind=measured.kind, polygon=measured.polygon,
        area_m2=float(measured.polygon.area), after=dates.after, before=dates.before, persistence=len(dates.new),
        probability=round(chance(odds), 3), stage=measured.stage, score=odds, rectangularity=measured.rectangularity,
        straight_edges=measured.straight, length_m=measured.length_m, doubt=doubt,
    )  # fmt: skip
