"""Between which looks an object was first seen, and how many looks since show it.

Each look is *changed*, *old* or *unclear* for the object as a whole:

- changed: half of its clear pixels or more lie beyond the threshold;
- old: fewer do, and its colour is nearer the old ground's than the new one's;
- unclear: the object is half hidden, or between the two (haze, snow on both).

The object begins with the first changed look after the last old one. The interval is open towards the past only when
no look shows old ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.composite import newest
from yardwatch.construction.pieces import Piece
from yardwatch.construction.series import Series

Floats = NDArray[np.float32]

HALF = 0.5
"""Of an object's pixels: clear, or changed."""
NEARER_OLD = 0.4
"""Way from the old colour (0) to the new one (1) below which a look shows old ground; a little under half, since
haze draws every colour towards the middle."""


class State(Enum):
    """What one look shows of one object."""

    CHANGED = "changed"
    OLD = "old"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True)
class Dates:
    """First seen between two looks."""

    after: date | None
    before: date
    changed: tuple[date, ...]
    """Looks that show the new ground, oldest first."""


def states(series: Series, piece: Piece, limit: float, k: int) -> list[State]:
    """What each look shows of the object, oldest first."""
    now = newest(series.later_looks, piece.box, k)[:, piece.mask]
    once = series.usual.inside(piece.box).median[:, piece.mask]
    found = []
    for index, look in enumerate(series.looks):
        far, clear = series.distance_of(index, piece.box)
        seen = clear[piece.mask]
        if seen.mean() < HALF:
            found.append(State.UNCLEAR)
        elif (far[piece.mask][seen] > limit).mean() >= HALF:
            found.append(State.CHANGED)
        else:
            colour = look.pixels.data[:, *piece.box][:, piece.mask][:, seen]
            old = way_to_new(colour, once[:, seen], now[:, seen]) < NEARER_OLD
            found.append(State.OLD if old else State.UNCLEAR)
    return found


def way_to_new(colour: Floats, once: Floats, now: Floats) -> float:
    """0 at the old colour, 1 at the new one: least-squares place on the line between them, (band, pixel) each."""
    step = now - once
    length = float((step**2).sum())
    return float((step * (colour - once)).sum()) / length if length > 0 else 0.0


def first_seen(days: Sequence[date], shown: Sequence[State]) -> Dates | None:
    """The interval from the days and states, oldest first; None when no look after the last old one is changed."""
    after: date | None = None
    changed: list[date] = []
    for day, state in zip(days, shown, strict=True):
        if state is State.OLD:
            after, changed = day, []
        elif state is State.CHANGED:
            changed.append(day)
    return Dates(after=after, before=changed[0], changed=tuple(changed)) if changed else None
