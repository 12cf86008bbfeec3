"""Claims: every sentence of a report that states something, with what it rests on.

Observation claims rest on the record, on counts, changes and events; interpretations rest on observations.
Judgements are entered and signed by a person and are never written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from yardwatch.assess.interpreted import interpretations
from yardwatch.assess.observed import observations
from yardwatch.assess.wording import IntervalTerms
from yardwatch.history.assessment import Assessment
from yardwatch.model import Change, Claim, Observation, Site


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What claims are made from."""

    site: Site
    assessment: Assessment
    own: tuple[Observation, ...] = ()
    """Own observations, beside the site's published record."""
    changes: tuple[Change, ...] = ()
    terms: IntervalTerms = field(default_factory=IntervalTerms)

    @property
    def known(self) -> Mapping[str, Observation]:
        """Every observation by id."""
        return by_id(self.assessment, [*self.site.record, *self.own])


def claims(basis: Basis) -> tuple[Claim, ...]:
    """All claims of an assessment: observations first, then the interpretations that rest on them."""
    seen = observations(basis.assessment, basis.known, basis.changes, basis.terms)
    return seen + interpretations(basis.assessment, basis.known, basis.changes, seen)


def by_id(assessment: Assessment, record: Iterable[Observation]) -> dict[str, Observation]:
    """Observations by id, those an assessment carries itself included."""
    held: Sequence[Observation | None] = (
        assessment.observed,
        assessment.superseded_by,
        *assessment.cross_checks,
        *assessment.unprecedented.outside,
        *(seen for pair in assessment.withdrawn for seen in (pair.observation, pair.by)),
    )
    return {seen.id: seen for seen in (*record, *held) if seen is not None}
