"""Between which looks an object was first seen, and how many looks since show it.

Each look is *changed*, *old* or *unclear* for the object as a whole:

- changed: half of its clear pixels or more lie beyond the threshold;
- old: fewer do, and its colour hardly left the old ground's;
- unclear: the object is half hidden, or neither old nor beyond the threshold (haze, snow on a roof, worked earth).

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
STILL_OLD = 0.35
"""Departure from the old ground, ÷ the new ground's, up to which a look shows old ground. Seasons stay below 0.3; snow
on a new roof reaches 0.6 and worked earth 0.4 without passing the threshold, and neither is proof of old ground."""


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
            left = departure(colour, once[:, seen], now[:, seen])
            found.append(State.OLD if left <= STILL_OLD else State.UNCLEAR)
    return found


def departure(colour: Floats, once: Floats, now: Floats) -> float:
    """How far the colour left the old ground, ÷ how far the new ground did; root mean squares of (band, pixel) each."""
    size = float(np.sqrt(((now - once) ** 2).mean()))
    return float(np.sqrt(((colour - once) ** 2).mean())) / size if size > 0 else 0.0


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
