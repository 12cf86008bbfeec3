"""Which sentence stands in which part: the key finding is short, everything else stands where it is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from yardwatch.assess.interpreted import numbered
from yardwatch.history.note import About, Note
from yardwatch.report.sentences import Sentence
from yardwatch.report.views import SiteView

KEY_OBSERVATIONS = ("o-observed", "o-sensor", "o-kinds", "o-maximum")
KEY_INTERPRETATIONS = ("i-ratio", "i-unprecedented", "i-p-record", "i-p-model", "i-p-calibrated", "i-onset")
"""What the key finding shows; everything else stands in its own section."""
BEATEN = ("o-superseding", "i-superseded", "o-withdrawn-", "o-beaten-by-", "i-withdrawn-")

SURGE_PARTS = {About.TEST: "surge", About.LEVEL: "levels", About.COVERAGE: "levels"}
"""Where on a page with a part on the surge notes stand that have no place of their own elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Sections:
    """A site's sentences by part."""

    observations: list[Sentence]
    interpretations: list[Sentence]
    judgements: list[Sentence]
    """Entered and signed by people."""
    checks: list[Sentence]
    onset: list[Sentence]
    beaten: list[Sentence]
    outside: list[Sentence]
    surge: list[Sentence]
    """Notes of the test."""
    levels: list[Sentence]
    """Notes of the record's levels and coverage."""
    rivals: list[Sentence]
    notes: list[Sentence]
    """Every other note: what must be read with the finding."""

    @classmethod
    def of(cls, view: SiteView) -> Sections:
        """Sort a site's sentences."""
        every = view.sentences
        parts: dict[str, list[Sentence]] = {"surge": [], "levels": [], "rivals": [], "notes": []}
        for claim, note in numbered(view.assessment).items():
            if claim in every:
                parts[_part(note, view)].append(every[claim])
        return cls(
            observations=[every[i] for i in KEY_OBSERVATIONS if i in every],
            interpretations=[every[i] for i in KEY_INTERPRETATIONS if i in every],
            judgements=_starting(every, "j-"),
            checks=_starting(every, "o-cross-", "i-cross-"),
            onset=_starting(every, "o-onset-", "i-events"),
            beaten=_starting(every, *BEATEN),
            outside=_starting(every, "o-outside-"),
            **parts,
        )


def _part(note: Note, view: SiteView) -> str:
    """Where a note belongs; a page without a part on the surge has those notes among the others."""
    if note.about is About.RIVALS:
        return "rivals"
    return SURGE_PARTS.get(note.about, "notes") if view.surge is not None else "notes"


def _starting(sentences: dict[str, Sentence], *starts: str) -> list[Sentence]:
    return [s for i, s in sentences.items() if i.startswith(starts)]
