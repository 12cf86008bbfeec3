"""Record notes: what a reader must know of the record itself: its gaps, sensors, levels and the rivals in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yardwatch.history import coverage, shifts
from yardwatch.history.assessment import Coverage, EventLead, Onset, Question
from yardwatch.history.leads import rivals_told
from yardwatch.history.levels import Levels
from yardwatch.history.note import Note
from yardwatch.history.selection import Selection


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found of a record beside its observed look."""

    coverage: Coverage
    levels: Levels | None
    onset: Onset | None
    events: Sequence[EventLead]


def record_notes(rows: Selection, question: Question, found: Found) -> tuple[Note, ...]:
    """The notes, in that order."""
    if rows.observed is None:
        return ()
    return (
        *coverage.told(found.coverage, rows, question),
        *shifts.told(found.levels, question.unit),
        *rivals_told(found.events, found.onset),
    )
