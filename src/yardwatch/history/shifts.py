"""Shifts: where the level of a record changed and stayed changed; a surge, its end, and a new normal.

A *shift* is a cut of `pelt.py` between two runs of at least three looks whose levels differ by a fifth or more. Before
the cut a look more than three spreads from the median of the five looks round it is set to that median, so that one or
two odd looks in a row, a wrong zero among them, make no shift. The spread is the largest of those of looks 1, 2 and 3
apart: a record that wanders slowly has little difference between neighbours and would be cut to pieces.

    cut kept when     max(m₂/m₁, m₁/m₂) ≥ 1.25,  β = 3 ln n        (4/5 down is the same size as 5/4 up)

A level *above* the one before it is a surge until it ends or has stayed: it *ended* between two looks when a later
shift leads down to within a fifth of the old level, or below; it is a *new level* once it has lasted a year and at
least six looks, and the baseline may then begin there; else it is *under way*.

Own rule on published methods: Killick et al. (2012) for the cut, Hampel (1974) for the odd looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yardwatch.history.days import day_words, ends_of, span_words, within_words
from yardwatch.history.levels import Levels, RaisedLevel, Shift, Standing
from yardwatch.history.note import About, Dated, Note
from yardwatch.history.pelt import CountCost, pelt, robust_spread
from yardwatch.history.quantity import CARS, METRES, known, one_a_day
from yardwatch.history.selection import Selection
from yardwatch.history.wording import number
from yardwatch.model import DateSpan, Observation

Floats = NDArray[np.float64]

LEAST_LOOKS = 3
"""A level that fewer looks carry cannot be told from an odd look or two."""
EFFECT = 1.25
"""Levels nearer than this are one: a shift smaller than a fifth moves no finding."""
PENALTY = 3.0
"""Times ln n: the modified Bayes criterion of Zhang and Siegmund (2007) charges a cut about as much."""
HALF_WIDTH, ODD = 2, 3.0
"""Looks on each side of the median, and the spreads beyond which a look is odd (Hampel's three)."""
LAGS = (1, 2, 3)
NEW_LEVEL_AFTER, NEW_LEVEL_LOOKS = timedelta(days=365), 6
"""A year has had every season; six looks are what a small-n baseline can do with."""


def levels(looks: Sequence[Observation], missing: frozenset[str] = frozenset()) -> Levels:
    """The levels of looks at one zone in one unit; one look a date; ids in `missing` are left out, never read as zero.

    Fewer than six looks have no shift.
    """
    kept = [x for x in one_a_day(looks) if x.id not in missing and x.visible_fraction != 0]
    whens = [x.when for x in kept]
    counts = np.array([known(x) for x in kept], float)
    visible = np.array([1.0 if x.visible_fraction is None else x.visible_fraction for x in kept], float)
    return levels_of(whens, counts, visible)


def levels_of(whens: Sequence[DateSpan], counts: Floats, visible: Floats | None = None) -> Levels:
    """The same from days, counts (n,) and visible fractions (n,). ValueError for a negative or infinite count."""
    visible = np.ones_like(counts) if visible is None else visible
    if len(counts) < 2 * LEAST_LOOKS:
        return Levels(shifts=(), raised=(), spread=robust_spread(counts, visible))
    calm = calmed(counts, visible, robust_spread(counts, visible))
    spread = max(robust_spread(counts, visible, lag) for lag in LAGS)
    cost = CountCost(calm, visible, spread)
    cuts = _apart(cost, pelt(cost, PENALTY * float(np.log(len(counts))), LEAST_LOOKS))
    edges = (0, *cuts, len(counts))
    means = [cost.level(start, stop) for start, stop in pairwise(edges)]
    shifts = tuple(
        Shift(
            earliest=whens[cut - 1].earliest,
            latest=whens[cut].latest,
            before=means[i],
            after=means[i + 1],
            looks=(cut - edges[i], edges[i + 2] - cut),
        )
        for i, cut in enumerate(cuts)
    )
    return Levels(shifts=shifts, raised=_raised(shifts, whens[-1].latest), spread=spread)


def levels_in(selection: Selection, missing: frozenset[str] = frozenset()) -> Levels | None:
    """The levels of a selection's looks, the observed one included; None without one or in another unit than a count.

    Each date counts once; two looks of the observed date as the one that was observed.
    """
    observed = selection.observed
    if observed is None or observed.unit not in {CARS, METRES}:
        return None
    return levels((*selection.earlier, observed), missing)


def told(found: Levels | None, unit: str) -> tuple[Note, ...]:
    """What has become of the level the record stands at, and of a fall: at most one note."""
    if found is None or not found.shifts:
        return ()
    last = found.shifts[-1]
    size = f"from about {number(last.before)} to about {number(last.after)} {unit}"
    text = f"The level of the record changed between {day_words(last.earliest)} and {day_words(last.latest)}, {size}"
    became = _became(found.raised[-1]) if found.raised else Dated("")
    days = (*ends_of(last), *became.days)
    return (Note(id="level", about=About.LEVEL, text=f"{text}{became.text}.", days=days),)


def _became(raised: RaisedLevel) -> Dated:
    """What became of a raised level, to follow what is said of its shift."""
    began = within_words(raised.began)
    if raised.ended is not None:
        text = f"; the surge that began {began} ended {within_words(raised.ended)}"
        return Dated(text, (*ends_of(raised.began), *ends_of(raised.ended)))
    if raised.standing is Standing.NEW_LEVEL:
        since = DateSpan.on(raised.began.latest)
        return Dated(f"; a raised level has stood since {span_words(since)} and is a new normal, not a surge", (since,))
    return Dated(f"; a surge is under way, begun {began}", ends_of(raised.began))


def calmed(counts: Floats, visible: Floats, spread: float) -> Floats:
    """Counts with each odd look set to the median of the five looks round it."""
    rate = counts / visible
    n = len(rate)
    median = np.array([np.median(rate[max(0, i - HALF_WIDTH) : i + HALF_WIDTH + 1]) for i in range(n)])
    reach = ODD * np.sqrt(median / visible + (spread * median) ** 2 + 1 / 3)
    return np.where(np.abs(rate - median) > reach, median, rate) * visible


def _apart(cost: CountCost, cuts: tuple[int, ...]) -> tuple[int, ...]:
    """The cuts less those between levels too near each other, the nearest pair joined first."""
    kept = list(cuts)
    while kept:
        edges = (0, *kept, len(cost.counts))
        means = [cost.level(start, stop) for start, stop in pairwise(edges)]
        sizes = [_size(a, b) for a, b in pairwise(means)]
        least = int(np.argmin(sizes))
        if sizes[least] >= EFFECT:
            break
        del kept[least]
    return tuple(kept)


def _size(before: float, after: float) -> float:
    low, high = sorted((before, after))
    return float("inf") if low == 0 < high else (high / low if low else 1.0)


def _raised(shifts: Sequence[Shift], newest: date) -> tuple[RaisedLevel, ...]:
    found: list[RaisedLevel] = []
    i = 0
    while i < len(shifts):
        if shifts[i].after > shifts[i].before and not _is_return(shifts, i):
            surge, i = _follow(shifts, i, newest)
            found.append(surge)
        i += 1
    return tuple(found)


def _is_return(shifts: Sequence[Shift], i: int) -> bool:
    """Whether a rise only leads back to a level from which the record had fallen."""
    return i > 0 and shifts[i - 1].after < shifts[i - 1].before and shifts[i].after < EFFECT * shifts[i - 1].before


def _follow(shifts: Sequence[Shift], start: int, newest: date) -> tuple[RaisedLevel, int]:
    """The surge that begins with a shift, and the index of the last shift that belongs to it."""
    first, top, last = shifts[start], shifts[start].after, start
    ended = None
    for i in range(start + 1, len(shifts)):
        if _grown_old(shifts, start, shifts[i].earliest):
            break
        last, top = i, max(top, shifts[i].after)
        if shifts[i].after < EFFECT * first.before:
            ended = DateSpan(shifts[i].earliest, shifts[i].latest)
            break
    until = shifts[last + 1].earliest if last + 1 < len(shifts) else newest
    standing = Standing.ENDED if ended else Standing.UNDER_WAY
    if ended is None and _grown_old(shifts[: last + 1], start, until):
        standing = Standing.NEW_LEVEL
    began = DateSpan(first.earliest, first.latest)
    return RaisedLevel(began=began, ended=ended, before=first.before, during=top, standing=standing), last


def _grown_old(shifts: Sequence[Shift], start: int, until: date) -> bool:
    """Whether the level reached by a shift, or by those after it, has stood a year and six looks by a day."""
    held = sum(shift.looks[1] for shift in shifts[start:] if shift.latest <= until)
    return until - shifts[start].latest >= NEW_LEVEL_AFTER and held >= NEW_LEVEL_LOOKS
