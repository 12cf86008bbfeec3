"""Which sentence stands in which part: the key finding is short, everything else stands where it is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from yardwatch.history import shifts
from yardwatch.history.leads import rivals_told
from yardwatch.history.surge_notes import surge_notes
from yardwatch.report.sentences import Sentence
from yardwatch.report.views import SiteView

KEY_OBSERVATIONS = ("o-observed", "o-sensor", "o-kinds", "o-maximum")
KEY_INTERPRETATIONS = ("i-ratio", "i-unprecedented", "i-p-record", "i-p-model", "i-p-calibrated", "i-onset")
"""What the key finding shows; everything else stands in its own section."""
BEATEN = ("o-superseding", "i-superseded", "o-withdrawn-", "o-beaten-by-", "i-withdrawn-")

COVERAGE = "Coverage:"
"""How history begins its note of what the record could not have seen."""


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
        for sentence in _starting(every, "i-note-"):
            parts[_part(sentence, view)].append(sentence)
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


def _part(sentence: Sentence, view: SiteView) -> str:
    """Where a note belongs: history's own words tell."""
    held = view.assessment
    if view.surge is not None and held.surge and sentence.text in surge_notes(held.surge):
        return "surge"
    levels = shifts.told(held.levels, held.question.unit)
    if view.surge is not None and (sentence.text in levels or sentence.text.startswith(COVERAGE)):
        return "levels"
    return "rivals" if sentence.text in rivals_told(held.events, held.onset) else "notes"


def _starting(sentences: dict[str, Sentence], *starts: str) -> list[Sentence]:
    return [s for i, s in sentences.items() if i.startswith(starts)]
