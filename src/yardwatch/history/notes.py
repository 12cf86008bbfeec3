"""Notes on the rows behind a finding: what was published of them, what is odd about them, what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from yardwatch.history.assessment import Baseline, Question
from yardwatch.history.baseline import sees_enough
from yardwatch.history.days import day_words, span_words
from yardwatch.history.note import Note
from yardwatch.history.quantity import ends, highest, known
from yardwatch.history.selection import Selection
from yardwatch.history.wording import number, said
from yardwatch.model import Break, DateSpan, Observation, Window

DAYS_A_MONTH = 30.4375
LATE_START = timedelta(days=183)
"""A record that begins this long after its window does not fill it."""
LAST_MONTH = timedelta(days=31)
"""A bound "to 2023-10" may leave out looks of its last month: they are what it was held against."""


def notes(selection: Selection, question: Question, base: Baseline, breaks: Sequence[Break]) -> tuple[Note, ...]:
    """The notes, most needed first."""
    lines = (line for bound in selection.bounds for line in _of_bound(bound, selection, question.window, breaks))
    return (
        *_no_interval(selection),
        *lines,
        *_superseded(selection, question),
        *_thin(selection, question, base),
        *_doubts(selection),
        *selection.set_aside,
    )


def _no_interval(selection: Selection) -> Iterator[Note]:
    observed = selection.observed
    if observed is not None and None in ends(observed):
        who = "given" if observed.own else "published"
        seen = f"{said(observed, unit=True)} on {span_words(observed.when)}"
        text = f"No interval was {who} with {seen}; none is made up here."
        yield Note(id="no-interval", text=text, days=(observed.when,))


def _of_bound(bound: Observation, selection: Selection, window: Window, breaks: Sequence[Break]) -> Iterator[Note]:
    side = "at most" if bound.upper is not None else "at least"
    text = (
        f"A bound ({side} {said(bound, unit=True)}, {span_words(bound.when)}) stands for earlier images whose number "
        "was not published; it is read as being of images before the observed look."
    )
    yield Note(id=f"bound:{bound.id}", text=text, days=(bound.when,))
    for gap in breaks:
        days = _shared_days(gap, bound, window)
        if days > 0:
            months, whole = round(days / DAYS_A_MONTH), round((window.last - window.first).days / DAYS_A_MONTH)
            text = (
                f"The bound of {said(bound)} spans the break {gap.id!r} ({months} of the window's {whole} months) and "
                "cannot be split into the time before, during and after it."
            )
            yield Note(id=f"bound-over-break:{bound.id}:{gap.id}", text=text)
    for look in selection.earlier:
        within = bound.when.earliest <= look.when.earliest and look.when.latest <= bound.when.latest - LAST_MONTH
        if bound.upper is not None and within and known(look) > bound.upper:
            seen = f"{said(look)} on {span_words(look.when)}"
            text = f"The bound of {said(bound)} contradicts the look of {seen}; both are kept."
            yield Note(id=f"bound-contradicted:{bound.id}:{look.id}", text=text, days=(look.when,))


def _shared_days(gap: Break, bound: Observation, window: Window) -> int:
    first = max(gap.first, bound.when.earliest, window.first)
    last = min(gap.last, bound.when.latest, window.last)
    return (last - first).days + 1


def _superseded(selection: Selection, question: Question) -> Iterator[Note]:
    observed = selection.observed
    rivals = [x for x in selection.ever if observed and x.when != observed.when and known(x) > known(observed)]
    top = highest(rivals)
    if top is None:
        return
    seen = f"{said(top, unit=True)} on {span_words(top.when)}"
    if top in selection.earlier:
        text = f"The observed look is not the highest of its window: {seen}."
    elif top.when.earliest > question.as_of:
        text = f"After the as-of day the observed value was beaten by {seen}."
    else:
        text = f"Outside the window {seen} is higher."
    yield Note(id="superseded", text=text, days=(top.when,))


def _thin(selection: Selection, question: Question, base: Baseline) -> Iterator[Note]:
    if base.max == 0 and not base.max_is_bound:
        yield Note(id="all-zero", text="Every earlier look in the window was zero, so there is no ratio.")
    first, begins = selection.earlier[0].when.latest if selection.earlier else None, question.window.first
    if first is not None and first - begins > LATE_START and not selection.bounds:
        text = f"The window begins on {day_words(begins)}, its first look is of {day_words(first)}."
        yield Note(id="late-start", text=text, days=(DateSpan.on(begins), DateSpan.on(first)))
    own = sum(look.own for look in selection.earlier)
    if 0 < own < len(selection.earlier):
        text = f"The baseline mixes {own} own and {len(selection.earlier) - own} published looks."
        yield Note(id="mixed", text=text)
    blind = [look for look in selection.earlier if not sees_enough(look)]
    if blind:
        text = f"{len(blind)} earlier looks saw less than half of the track and do not count in n."
        yield Note(id="blind", text=text)


def _doubts(selection: Selection) -> Iterator[Note]:
    observed = selection.observed
    if observed is None:
        return
    day = span_words(observed.when)
    for look in selection.same_day:
        if known(look) != known(observed):
            text = f"Two looks on {day} disagree: {said(observed)} is used, {said(look)} is kept beside it."
            yield Note(id=f"disagree:{look.id}", text=text, days=(observed.when,))
    total = sum(known(part) for part in selection.parts)
    if selection.parts and total != known(observed):
        text = f"The classes of {day} add up to {number(total)}, the observed value is {said(observed)}."
        yield Note(id="classes", text=text, days=(observed.when,))
