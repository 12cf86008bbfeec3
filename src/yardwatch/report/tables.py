"""The other tables of a report: events, the record, scenes and the truth beside the count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yardwatch.assess.wording import IntervalTerms, interval, number, spoken
from yardwatch.history.assessment import Assessment, EventLead
from yardwatch.history.days import span_iso
from yardwatch.model import Observation, Role
from yardwatch.report.content import TruthRow
from yardwatch.report.endnotes import Endnotes

ROLE_WORDS = {
    Role.OBSERVATION: "look",
    Role.BOUND: "bound",
    Role.CLASS: "part of a total",
    Role.CROSS_CHECK: "cross-check, never the observed value",
    Role.CONTEXT: "context, not used",
    Role.NO_LOOK: "no look: image unusable",
}


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One event against the onset."""

    number: int
    id: str
    when: str
    disclosed: str
    known: bool
    title: str
    lead: str
    closeness: str
    """How likely a random day is to lie as near; empty without an onset and for reports of the rise itself."""
    note: str
    source: int | None


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """One observation as it stands in the record."""

    id: str
    when: str
    zone: str
    quantity: str
    extent: str
    role: str
    own: bool
    basis: str
    note: str
    source: int | None
    count: str | None
    """Id of the count row behind an own one."""


@dataclass(frozen=True, kw_only=True)
class TruthSummary:
    """How the counts did against the truth."""

    rows: int
    inside: int
    """Rows whose interval holds the true number."""
    mean_error: float
    """Mean absolute difference, cars."""


def event_rows(assessment: Assessment, notes: Endnotes) -> tuple[EventRow, ...]:
    """Events numbered in the order given, as the chart numbers them."""
    return tuple(
        EventRow(
            number=i,
            id=lead.event.id,
            when=("about " if lead.event.approximate else "") + span_iso(lead.event.when),
            disclosed=span_iso(lead.event.disclosed),
            known=lead.known,
            title=lead.event.title,
            lead=lead_words(lead),
            closeness=closeness_words(lead),
            note=lead.event.note,
            source=notes.refer(lead.event.source, lead.event.id),
        )
        for i, lead in enumerate(assessment.events, 1)
    )


def lead_words(lead: EventLead) -> str:
    """How long an event came before or after the onset, as days from least to most."""
    if lead.lead_days is None:
        return "no onset"
    least, most = lead.lead_days
    if least >= 0:
        return f"{_range(least, most)} before"
    if most <= 0:
        return f"{_range(-most, -least)} after"
    return f"between {number(-least)} after and {number(most)} before"


def closeness_words(lead: EventLead) -> str:
    """The chance of such closeness under random dates, for this event and for one of all listed."""
    if lead.chance is None or lead.chance_of_any is None:
        return ""
    return f"{_percent(lead.chance)}; one of all listed: {_percent(lead.chance_of_any)}"


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "under 0.1 %"
    if share > 0.995:
        return "over 99 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def _range(least: int, most: int) -> str:
    return f"{number(least)} days" if least == most else f"{number(least)} to {number(most)} days"


def record_rows(record: Sequence[Observation], terms: IntervalTerms, notes: Endnotes) -> tuple[RecordRow, ...]:
    """Every observation of the record, by day."""
    return tuple(
        RecordRow(
            id=seen.id,
            when=span_iso(seen.when),
            zone=seen.zone,
            quantity="no look" if seen.role is Role.NO_LOOK else spoken(seen),
            extent=interval(seen, terms),
            role=ROLE_WORDS[seen.role],
            own=seen.own,
            basis=seen.basis,
            note=" · ".join(part for part in (seen.kind, seen.note) if part),
            source=notes.refer(seen.source, seen.id),
            count=seen.evidence,
        )
        for seen in record
    )


def truth_summary(rows: Sequence[TruthRow]) -> TruthSummary | None:
    """How many intervals hold the truth, and how far off the counts are on average; None without rows."""
    if not rows:
        return None
    return TruthSummary(
        rows=len(rows),
        inside=sum(row.lower <= row.true <= row.upper for row in rows),
        mean_error=sum(abs(row.mean - row.true) for row in rows) / len(rows),
    )
