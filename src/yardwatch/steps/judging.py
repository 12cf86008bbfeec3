"""Judgements entered for a site, checked against the claims of a report and the rules of wording."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yardwatch.assess.judgement import Judgement, faults, judgement_claims, signature
from yardwatch.errors import RefusedError
from yardwatch.model import Claim
from yardwatch.sites.folder import SiteFolder
from yardwatch.sites.judgements import Entered, read_judgements
from yardwatch.steps.linting import lexicon

FILE = "judgement.toml"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The judgements of a report and what is wrong with each."""

    judgements: tuple[Judgement, ...] = ()
    faults: Mapping[str, tuple[str, ...]]
    """By judgement; empty where it may be published."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Claims of the third layer, in order."""
        return tuple(claim for one in self.judgements for claim in judgement_claims(one))

    def require_publishable(self) -> None:
        """Raise RefusedError naming the first judgement that may not be published, and why."""
        for name, told in self.faults.items():
            if told:
                raise RefusedError(
                    f"{FILE}: judgement {name} {told[0]}; the public edition waits for that "
                    "(--edition internal shows it as a draft)"
                )

    def as_json(self) -> dict[str, Any]:
        """What was judged, by whom, and what is wrong with it."""
        return {
            "entered": bool(self.judgements),
            "note": "judgement is entered and signed by a person",
            "judgements": [
                {
                    "id": one.id, "text": one.text, "likelihood": one.likelihood, "confidence": one.confidence,
                    "because": one.because, "alternatives": list(one.alternatives), "rests_on": list(one.rests_on),
                    "signed_by": one.signed_by or None,
                    "signed_on": one.signed_on.isoformat() if one.signed_on else None,
                    "signature": signature(one), "faults": list(self.faults[one.id]),
                }
                for one in self.judgements
            ],
        }  # fmt: skip


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
