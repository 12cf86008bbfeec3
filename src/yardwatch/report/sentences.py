"""Claims and limits as they stand on the page: with their place, what they rest on, and their endnotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yardwatch.assess.limits import Limit
from yardwatch.model import Claim, Event, Layer, Observation
from yardwatch.report.anchors import Anchors
from yardwatch.report.endnotes import Endnotes


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence that states something."""

    id: str
    claim: str
    """Its name on the page: the id, after the site's where the site stands beside another."""
    anchor: str
    layer: str
    text: str
    evidence: str
    """The `data-evidence` value: where on the page its evidence stands."""
    rests_on: tuple[tuple[str, str], ...]
    """Name and place of each claim it rests on."""
    sources: tuple[int, ...]
    """Endnotes."""


class Sentences:
    """Makes sentences of claims, in page order, collecting their sources as endnotes."""

    def __init__(self, anchors: Anchors, notes: Endnotes, known: Mapping[str, Observation | Event]) -> None:
        self._anchors, self._notes, self._known = anchors, notes, known

    def of_claims(self, claims: Sequence[Claim]) -> dict[str, Sentence]:
        """Sentences by claim id. Every claim gets its place before any refers to another."""
        for claim in claims:
            self._anchors.add("claim", claim.id)
        return {claim.id: self._of_claim(claim) for claim in claims}

    def of_limits(self, limits: Iterable[Limit]) -> tuple[Sentence, ...]:
        """Limits, in order."""
        return tuple(
            Sentence(
                id=limit.id, claim=self._anchors.claim(limit.id), anchor=self._anchors.add("limit", limit.id),
                layer="limit", text=limit.text,
                evidence=self._anchors.attribute(*limit.evidence), rests_on=(), sources=(),
            )
            for limit in limits
        )  # fmt: skip

    def _of_claim(self, claim: Claim) -> Sentence:
        found = [self._known[i] for i in claim.evidence if i in self._known and claim.layer is Layer.OBSERVATION]
        numbers = [self._notes.refer(seen.source, seen.id) for seen in found]
        (place,) = self._anchors.find(claim.id)
        return Sentence(
            id=claim.id,
            claim=self._anchors.claim(claim.id),
            anchor=place,
            layer=claim.layer.value,
            text=claim.text,
            evidence=self._anchors.attribute(*claim.rests_on, *claim.evidence),
            rests_on=tuple((i, self._anchors.attribute(i)) for i in claim.rests_on),
            sources=tuple(dict.fromkeys(n for n in numbers if n is not None)),
        )
