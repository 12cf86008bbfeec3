"""What each look shows of one object: the old ground, something new, or neither surely; and when it was first seen.

Distances are in spreads of the cells (`cube`). With o and n the medians of the looks well before and of the newest, and
d_o, d_n a look's distances to them, its place between the two is p = (1 + (d_o² − d_n²) / |n − o|²) / 2: 0 old, 1 new.

- new: p ≥ 0.6;
- begun: farther from the old ground than looks before ever were, cell by cell and in the mean of all (4 spreads),
  though not like the new (worked earth, walls);
- old: p ≤ 0.3, no farther from the old ground than looks before usually are, the mean within 2.5 of its spreads;
- unclear: anything else, what is half hidden, and snowed, hazy or flooded days (a weight below 0.35).

The object was first seen between the last old look and the first look after it that is new or, when the next is too,
begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.cube import Cube, apart, level_of

Floats = NDArray[np.float32]

HALF = 0.5
"""Of an object's cells, clear, for a look to count."""
LEAST_WEIGHT = 0.35
BEGUN_WEIGHT = 0.6
"""Only a good look may show the beginning of something that looks like neither."""
NEW_FROM, OLD_UP_TO = 0.6, 0.3
BEYOND = 1.25
"""Times the largest distance of looks before, to be begun."""
WITHIN = 1.35
"""Times the usual distance of looks before, to be old."""
SHIFTED, LEAST_SPREAD = 2.5, 0.1
"""Spreads of its mean up to which a look may show old ground; and the least such spread, in spreads of a cell."""
BEGUN_SHIFT = 4.0
LEVEL_LOOKS = 7
"""Looks that make a level at most: those nearest to the split, since ground drifts."""


class State(Enum):
    """What one look shows of one object."""

    NEW = "new"
    BEGUN = "begun"
    OLD = "old"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """The states of all looks, oldest first, and how sure they are."""

    states: tuple[State, ...]
    step: float
    """Distance between the levels, ÷ the usual distance of looks from theirs: how clean the step is."""


@dataclass(frozen=True, kw_only=True)
class Dates:
    """First seen between two looks."""

    after: date | None
    before: date
    new: tuple[date, ...]
    """Looks since that show it."""
    stayed: float
    """Share of the decided looks since that show it."""


def show(cube: Cube, weights: Floats, split: int, k: int) -> Shown:
    """States of all looks; `split` looks lie before, the newest `k` or more make the new level."""
    seen = cube.clear.mean(axis=1) >= HALF
    usable = seen & (weights >= LEAST_WEIGHT)
    before, after = _parted(usable, split, k)
    if not len(before) or not len(after):
        return Shown(states=(State.UNCLEAR,) * len(weights), step=0.0)
    old, new = level_of(cube, before), level_of(cube, after)
    every = np.ones(old.shape[1], bool)
    gap = apart(new, old, every)
    to_old = np.array([apart(v, old, c) for v, c in zip(cube.values, cube.clear, strict=True)])
    to_new = np.array([apart(v, new, c) for v, c in zip(cube.values, cube.clear, strict=True)])
    place = (1 + (to_old**2 - to_new**2) / max(gap, 1e-6) ** 2) / 2
    usual = float(np.median(to_old[before]))
    farthest = float(np.quantile(to_old[before], 0.9)) if len(before) > 3 else float(to_old[before].max())
    shift = _shift(cube, before)
    states = [State.UNCLEAR] * len(weights)
    for index in np.flatnonzero(usable):
        if place[index] >= NEW_FROM:
            states[index] = State.NEW
        elif to_old[index] > BEYOND * farthest and shift[index] > BEGUN_SHIFT and weights[index] >= BEGUN_WEIGHT:
            states[index] = State.BEGUN
        elif place[index] <= OLD_UP_TO and to_old[index] <= max(WITHIN * usual, farthest) and shift[index] <= SHIFTED:
            states[index] = State.OLD
    noise = 0.5 * (usual + float(np.median(to_new[after])))
    return Shown(states=tuple(states), step=gap / max(noise, 1e-6))


def _shift(cube: Cube, before: NDArray[np.intp]) -> Floats:
    """(look,): how far the object's mean lies from that of looks before, in their spreads; the largest over features.

    Worked earth that is as bright as the ground differs little cell by cell, and all over.
    """
    clear = cube.clear[:, None]
    mean = (cube.values * clear).sum(axis=2) / np.maximum(clear.sum(axis=2), 1)
    middle = np.median(mean[before], axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(mean[before] - middle), axis=0), LEAST_SPREAD)
    return np.asarray(np.abs((mean - middle) / spread).max(axis=1), np.float32)


def _parted(usable: NDArray[np.bool_], split: int, k: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Looks well before the split and the newest after it."""
    before = np.flatnonzero(usable[: max(split - 1, 1)])
    after = np.flatnonzero(usable[split:]) + split
    newest = after[-max(k, min(LEVEL_LOOKS, (len(after) + 1) // 2)) :]
    return before[-2 * LEVEL_LOOKS :], newest


def first_seen(days: Sequence[date], states: Sequence[State], split: int) -> Dates | None:
    """The interval and what stayed; None when no look shows the new ground, or the newest decided one is old."""
    decided = [index for index, state in enumerate(states) if state is not State.UNCLEAR]
    new = [index for index in decided if states[index] is State.NEW]
    if not new or states[decided[-1]] is State.OLD:
        return None
    start = _start(states, decided, split)
    after = max((index for index in decided if states[index] is State.OLD and index < start), default=None)
    seen = _surely(states, decided, start)
    since = [index for index in decided if index >= seen]
    shown = [index for index in since if states[index] is not State.OLD]
    return Dates(
        after=None if after is None else days[after], before=days[seen],
        new=tuple(days[index] for index in shown), stayed=len(shown) / max(len(since), 1),
    )  # fmt: skip


def _surely(states: Sequence[State], decided: list[int], start: int) -> int:
    """The first look from the start on that is new, or begun with the next one too: a lone one may be a lorry."""
    run = [index for index in decided if index >= start]
    for index, following in zip(run, [*run[1:], run[-1]], strict=True):
        both = states[index] is State.BEGUN and states[following] is State.BEGUN
        if states[index] is State.NEW or both:
            return index
    return start


def _start(states: Sequence[State], decided: list[int], split: int) -> int:
    """The first look of the unbroken run of not-old looks that reaches the split."""
    start = next((index for index in decided if index >= split and states[index] is not State.OLD), decided[-1])
    for position in range(decided.index(start) - 1, -1, -1):
        index = decided[position]
        if states[index] is State.OLD:
            break
        start = index
    return start
