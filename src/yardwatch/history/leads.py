"""Leads: each dated outside event against the onset, all of them listed, none called the cause.

`lead = onset − event`, in days, least and most: `onset.earliest − event.latest … onset.latest − event.earliest`;
negative when the event came after. A day given only roughly is read as ± 5 days. Events of the window that
happened by the as-of day are listed, whenever they became known; `known` says whether they were disclosed by then.

**Chance of such closeness.** `D = max(|least|, |most|)` is the farthest the two may lie apart. A day drawn at random
from the window (to the as-of day) lies within D of the whole onset with

    p = #{t : onset.latest − D ≤ t ≤ onset.earliest + D} ÷ #{t}

before or after it; with k dated events listed, one of k random days does with `1 − (1 − p)^k`: whoever looks through
a list for what lies near finds something. Events that report the rise itself (an observation, a publication, a
disclosure) have no such chance: their date follows from the rise. Own method; p is no measure of any bond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from yardwatch.history.assessment import EventLead, Onset, Question
from yardwatch.history.note import About, Note
from yardwatch.model import DateSpan, Event
from yardwatch.model.plural import noun

APPROXIMATE = timedelta(days=5)
"""What "mid-August" leaves open, read narrowly."""
REPORTS_OF_IT = frozenset({"observation", "publication", "disclosure"})
"""Kinds of event whose date follows from the rise itself."""
NEAR_DAYS = 183
"""Events up to half a year before the onset are named in the sentence; the list holds all."""


def leads(events: Sequence[Event], question: Question, onset: Onset | None) -> tuple[EventLead, ...]:
    """The events of the window up to the as-of day, in order of date."""
    until, first = min(question.as_of, question.window.last), question.window.first
    inside = [x for x in events if x.when.earliest <= until and x.when.latest >= first]
    listed = [
        EventLead(
            event=event,
            known=event.disclosed.latest <= question.as_of,
            lead_days=_lead(event, onset),
            grade=event.source.grade if event.source and event.source.grade else None,
        )
        for event in sorted(inside, key=lambda x: (x.when, x.id))
    ]
    k = sum(not reports_it(item.event) for item in listed)
    return tuple(_with_chance(item, onset, (first, until), k) for item in listed)


def chance_of_closeness(lead_days: tuple[int, int], onset: Onset, days: tuple[date, date]) -> float:
    """Chance that one day drawn at random from `days`, first to last, lies as near to the onset as the lead says."""
    reach = timedelta(days=max(abs(lead_days[0]), abs(lead_days[1])))
    first, last = max(onset.latest - reach, days[0]), min(onset.earliest + reach, days[1])
    return max((last - first).days + 1, 0) / ((days[1] - days[0]).days + 1)


def reports_it(event: Event) -> bool:
    """Whether an event is a report of the rise, so that its date is not independent of it."""
    return event.kind.strip().lower() in REPORTS_OF_IT


def rivals(listed: Sequence[EventLead]) -> tuple[EventLead, ...]:
    """The events that lie before the onset or may, the nearest first; reports of the rise itself are none."""
    may = [(x.lead_days[1], x) for x in listed if x.lead_days and x.lead_days[1] > 0 and not reports_it(x.event)]
    return tuple(item for _, item in sorted(may, key=lambda pair: (pair[0], pair[1].event.id)))


def rivals_told(listed: Sequence[EventLead], onset: Onset | None) -> tuple[Note, ...]:
    """The note that names every rival, the nearest first; those that may have come after the onset stand apart."""
    if onset is None or not listed:
        return ()
    found = [(x, x.lead_days) for x in rivals(listed) if x.lead_days]
    if not found:
        text = "No listed event lies before the onset; the list holds what was entered, not all that happened."
        return (Note(id="rivals", about=About.RIVALS, text=text),)
    either = [_named(item, days) for item, days in found if days[0] < 0]
    near = [_named(item, days) for item, days in found if 0 <= days[0] <= NEAR_DAYS]
    far = len(found) - len(near) - len(either)
    before = near + ([f"{far} listed {noun(far, 'event')} more than {NEAR_DAYS} days before"] if far else [])
    text = f"Listed before the onset: {'; '.join(before)}. " if before else ""
    text += f"Listed near the onset, before or after it: {'; '.join(either)}. " if either else ""
    text += "Nearness in time does not tell which of them, or what is not listed, has to do with the rise."
    return (Note(id="rivals", about=About.RIVALS, text=text),)


def widened(event: Event) -> DateSpan:
    """The days on which an event may have happened."""
    if not event.approximate:
        return event.when
    return DateSpan(event.when.earliest - APPROXIMATE, event.when.latest + APPROXIMATE)


def _lead(event: Event, onset: Onset | None) -> tuple[int, int] | None:
    if onset is None:
        return None
    when = widened(event)
    return (onset.earliest - when.latest).days, (onset.latest - when.earliest).days


def _with_chance(item: EventLead, onset: Onset | None, days: tuple[date, date], k: int) -> EventLead:
    if onset is None or item.lead_days is None or reports_it(item.event):
        return item
    p = chance_of_closeness(item.lead_days, onset, days)
    return replace(item, chance=p, chance_of_any=1 - (1 - p) ** k)


def _named(item: EventLead, days: tuple[int, int]) -> str:
    text = f"{item.event.title} ({_days_before(*days)}"
    text += "" if item.known else ", not disclosed by the as-of day"
    if item.chance is not None and item.chance_of_any is not None:
        text += f"; a random day lies as near with {_percent(item.chance)}, one of all listed with "
        text += _percent(item.chance_of_any)
    return text + (f"; source graded {item.grade}" if item.grade else "; source not graded") + ")"


def _days_before(least: int, most: int) -> str:
    if least < 0:
        return f"{-least} days after to {most} days before"
    return f"{least} to {most} days" if least != most else f"{most} {noun(most, 'day')}"


def _percent(chance: float) -> str:
    return f"{chance:.0%}".replace("%", " %") if chance >= 0.1 else f"{chance:.1%}".replace("%", " %")
