"""Coverage: what the record of a window could and could not have seen, and where it contradicts itself.

Stated beside every finding: how many dates and months have a look, the longest time without one, which sensors took
the looks, how many images were unusable, how the looks fall on the declared breaks. An "unprecedented" that rests on
three looks in one summer must show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from math import floor

from yardwatch.history.assessment import Coverage, Question
from yardwatch.history.days import day_words, span_words
from yardwatch.history.note import About, Note
from yardwatch.history.quantity import at_least, known, one_a_day
from yardwatch.history.selection import Selection
from yardwatch.history.wording import number, said
from yardwatch.model import Break, DateSpan, Observation
from yardwatch.model.plural import noun

OWN_SENSOR, NO_SENSOR = "own count, sensor with its scene", "sensor not stated"
GAP_TOLD = 92
"""Days without a look that a reader is told of: a season."""
OUTSIDE_BREAKS = "outside any break"


def coverage(selection: Selection, question: Question, breaks: Sequence[Break]) -> Coverage:
    """The coverage of a selection."""
    looks = (*selection.earlier, *((selection.observed,) if selection.observed else ()))
    first = question.window.first
    last = selection.observed.when.latest if selection.observed else min(question.as_of, question.window.last)
    days = sorted({max(look.when.latest, first) for look in looks})
    gaps = list(pairwise([first, *days])) if days else []
    sensors = Counter(_sensor(look) for look in (*looks, *selection.same_day))
    return Coverage(
        dates=len(one_a_day(looks)),
        months=_month(last) - _month(first) + 1,
        months_seen=len({_month(day) for day in days}),
        longest_gap=max(gaps, key=lambda gap: gap[1] - gap[0], default=None),
        unusable=len(selection.no_looks),
        sensors=dict(sorted(sensors.items(), key=lambda item: (-item[1], item[0]))),
        strata=_strata(days, breaks),
    )


def told(seen: Coverage, selection: Selection, question: Question) -> tuple[Note, ...]:
    """The notes a reader needs: gaps, sensors, looks that disagree, bounds that looks contradict."""
    undated = ", the images behind a published bound not among them" if selection.bounds else ""
    return (
        *_gaps_told(seen, undated),
        *_sensors_told(seen),
        *disagreements(selection),
        *contradictions(selection, question),
    )


def disagreements(selection: Selection) -> Iterator[Note]:
    """Looks of one date in the baseline whose values differ; each kept, one used."""
    used = {look.when: look for look in one_a_day(selection.earlier)}
    for look in selection.earlier:
        chosen = used[look.when]
        if chosen is not look and known(look) != known(chosen):
            day = span_words(look.when)
            text = f"Two looks on {day} disagree: {said(chosen)} is used, {said(look)} is kept beside it."
            yield Note(id=f"disagree:{look.id}", text=text, days=(look.when,))


def contradictions(selection: Selection, question: Question) -> Iterator[Note]:
    """Looks at parts of the zone that hold more than an "at most" whose span takes them in, a sentence a bound."""
    for bound in selection.bounds:
        above = [
            (part, least)
            for part in selection.family
            if part.zone != question.zone
            and bound.when.earliest <= part.when.earliest
            and part.when.latest <= bound.when.latest
            and (least := at_least(part, question.unit)) is not None
            and bound.upper is not None
            and least > bound.upper
        ]
        if not above:
            continue
        held = (
            f"{said(part, unit=True)} on {span_words(part.when)} in zone {part.zone} "
            f"(at least {number(floor(least))} {question.unit})"
            for part, least in above
        )
        text = (
            f"The bound of {said(bound)} for {span_words(bound.when)} lies below what parts of {question.zone} "
            f"alone held: {'; '.join(held)}. It is read as a statement of the time before the rise; both are kept."
        )
        days = (bound.when, *(part.when for part, _ in above))
        yield Note(id=f"bound-below-parts:{bound.id}", text=text, days=days)


def _gaps_told(seen: Coverage, undated: str) -> Iterator[Note]:
    if seen.longest_gap is None:
        return
    looks = f"{seen.dates} {noun(seen.dates, 'date')} with a look"
    months = f"{seen.months_seen} of the {seen.months} calendar months up to the observed look"
    text, days = f"Coverage: {looks}, in {months}{undated}", tuple[DateSpan, ...]()
    if (seen.gap_days or 0) >= GAP_TOLD:
        days = tuple(map(DateSpan.on, seen.longest_gap))
        gap = " to ".join(day_words(day) for day in seen.longest_gap)
        text += f"; longest time without one {seen.gap_days} days ({gap})"
    if seen.unusable:
        text += f"; unusable images: {seen.unusable}"
    if len(seen.strata) > 1:
        text += "; by break: " + ", ".join(f"{name} {count}" for name, count in seen.strata.items())
    yield Note(id="coverage", about=About.COVERAGE, text=f"{text}.", days=days)


def _sensors_told(seen: Coverage) -> Iterator[Note]:
    if len(seen.sensors) > 1:
        mix = ", ".join(f"{name} {count}" for name, count in seen.sensors.items())
        text = f"The looks come from more than one sensor, which may not see alike: {mix}."
        yield Note(id="sensors", text=text)


def _sensor(look: Observation) -> str:
    if look.source is not None and look.source.sensor:
        return look.source.sensor
    return OWN_SENSOR if look.own else NO_SENSOR


def _strata(days: Sequence[date], breaks: Sequence[Break]) -> dict[str, int]:
    counted = {part.id: sum(part.first <= day <= part.last for day in days) for part in breaks}
    inside = sum(any(part.first <= day <= part.last for part in breaks) for day in days)
    return {OUTSIDE_BREAKS: len(days) - inside, **counted}


def _month(day: date) -> int:
    return day.year * 12 + day.month
