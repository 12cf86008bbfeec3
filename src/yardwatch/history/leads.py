"""Leads: each dated outside event against the onset, all of them listed, none called the cause.

`lead = onset − event`, in days, least and most: `onset.earliest − event.latest … onset.latest − event.earliest`;
negative when the event came after. A day given only roughly is read as ± 5 days. Events of the window that
happened by the as-of day are listed, whenever they became known; `known` says whether they were disclosed by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from yardwatch.history.assessment import EventLead, Onset, Question
from yardwatch.model import DateSpan, Event

APPROXIMATE = timedelta(days=5)
"""What "mid-August" leaves open, read narrowly."""


def leads(events: Sequence[Event], question: Question, onset: Onset | None) -> tuple[EventLead, ...]:
    """The events of the window up to the as-of day, in order of date."""
    until, first = min(question.as_of, question.window.last), question.window.first
    inside = [x for x in events if x.when.earliest <= until and x.when.latest >= first]
    return tuple(
        EventLead(event=event, known=event.disclosed.latest <= question.as_of, lead_days=_lead(event, onset))
        for event in sorted(inside, key=lambda x: (x.when, x.id))
    )


def _lead(event: Event, onset: Onset | None) -> tuple[int, int] | None:
    if onset is None:
        return None
    when = widened(event)
    return (onset.earliest - when.latest).days, (onset.latest - when.earliest).days


def widened(event: Event) -> DateSpan:
    """The days on which an event may have happened."""
    if not event.approximate:
        return event.when
    return DateSpan(event.when.earliest - APPROXIMATE, event.when.latest + APPROXIMATE)
