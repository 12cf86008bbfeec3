"""Judgements entered for a site, checked against the claims of a report and the rules of wording."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from yardwatch.assess.judgement import Judged, Judgement, faults
from yardwatch.sites.folder import SiteFolder
from yardwatch.sites.judgements import Entered, read_judgements
from yardwatch.steps.linting import lexicon

FILE = "judgement.toml"


def judged(folder: SiteFolder, as_of: date, known: Collection[str]) -> Judged:
    """The judgements that belong to a report of that day; `known` are the ids of its claims. Raises SiteError."""
    path = folder.file(FILE)
    entered = () if path is None else read_judgements(path)
    found = tuple(_judgement(one) for one in entered if one.as_of in (None, as_of))
    return Judged(judgements=found, faults={one.id: faults(one, known, lexicon()) for one in found})


def _judgement(one: Entered) -> Judgement:
    return Judgement(
        id=one.id,
        text=one.text,
        likelihood=one.likelihood,
        confidence=one.confidence,
        because=one.because,
        alternatives=one.alternatives,
        rests_on=one.rests_on,
        signed_by=one.signed_by,
        signed_on=one.signed_on,
    )
