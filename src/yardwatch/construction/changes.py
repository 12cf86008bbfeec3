"""Changes of ground over many dates: what became something else and stayed so.

Median and spread of the reference dates after IR-MAD normalisation; a place is changed when the smallest distance over
its newest k ≥ 3 clear looks exceeds what stable ground shows; objects by morphology. `docs/construction.md` has the
formulas, the limits and what was measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.composite import newest
from yardwatch.construction.dating import Dates, first_seen, states
from yardwatch.construction.identity import change_id
from yardwatch.construction.looks import Look, in_order
from yardwatch.construction.objects import Field, candidates, shape_thing
from yardwatch.construction.options import Options
from yardwatch.construction.persistence import smallest_of_newest, threshold
from yardwatch.construction.pieces import Piece
from yardwatch.construction.series import Series, make_series
from yardwatch.construction.shade import darkened, in_both_halves
from yardwatch.model import Change

Bools = NDArray[np.bool_]


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
    series = make_series(in_order(looks, avoid.shape), avoid, options)
    known = series.usual.looks >= options.reference_looks
    smallest = smallest_of_newest(series.newest_first(known), options.persistence)
    limit = threshold(smallest, known & ~avoid)
    field = _field(series, (smallest > limit) & ~avoid, avoid, options)
    found = (_dated(series, field, piece, limit, options) for piece in candidates(field, options))
    return tuple(sorted((change for change in found if change), key=lambda change: (-change.area_m2, change.id)))


def _field(series: Series, changed: Bools, avoid: Bools, options: Options) -> Field:
    rows, columns = np.nonzero(changed)
    now = newest(series.later_looks, (rows, columns), options.persistence)
    dark = np.zeros_like(changed)
    dark[rows, columns] = darkened(series.usual.median[:, rows, columns], now)
    return Field(series.looks[0].pixels.grid, changed & ~dark, dark, avoid)


def _dated(series: Series, field: Field, piece: Piece, limit: float, options: Options) -> Change | None:
    """The piece as a change, or None when its shape does not fit or it did not stay."""
    once = series.usual.inside(piece.box).median
    now = newest(series.later_looks, piece.box, options.persistence)
    thing = shape_thing(field, piece, once, now, options)
    if thing is None:
        return None
    shown = states(series, thing.piece, limit, options.persistence)
    dates = first_seen([look.day for look in series.looks], shown)
    if dates is None or not _stayed(dates, thing.dark, options):
        return None
    return Change(
        id=change_id(field.grid.frame, thing.polygon, dates.before),
        kind=thing.kind,
        polygon=thing.polygon,
        area_m2=float(thing.polygon.area),
        after=dates.after,
        before=dates.before,
        persistence=len(dates.changed),
        probability=None,
        stage=thing.stage,
    )


def _stayed(dates: Dates, dark: bool, options: Options) -> bool:
    """Enough changed looks; what only darkened must be dark under a high and under a low sun."""
    return len(dates.changed) >= options.persistence and (not dark or in_both_halves(dates.changed))
