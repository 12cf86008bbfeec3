"""Anchors: one HTML id for each piece of evidence, so that every number on the page leads somewhere."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from markupsafe import Markup

REPORT = "report-identity"
WORDS = "words-of-likelihood"


def anchor(kind: str, raw_id: str) -> str:
    """An HTML id for a piece of evidence: readable where the id allows it, and never the same for two ids."""
    slug = re.sub(r"[^A-Za-z0-9_.-]+", "-", raw_id).strip("-")
    if slug == raw_id and len(slug) <= 40:
        return f"{kind}-{slug}"
    return f"{kind}-{slug[:40]}-{hashlib.sha256(raw_id.encode()).hexdigest()[:6]}"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One place on the page that states numbers and is no sentence of `assess`: a row, a figure, a box."""

    id: str
    kind: str
    """`figure`, `row`, `record`, `scene`, `limit` and the like."""
    evidence: tuple[str, ...]
    """Ids of observations, counts, scenes, changes, events, zones; empty for what the report says of itself."""


class Anchors:
    """Where each evidence id stands on the page. Kinds: obs, event, scene, count, change, zone, break, claim, limit.

    `prefix` keeps two sites on one page apart.
    """

    def __init__(self, prefix: str = "") -> None:
        self._places: dict[str, str] = {}
        self._prefix = f"{prefix}." if prefix else ""
        self.stated: dict[str, Statement] = {}
        """Every statement the page made so far, by id."""

    def claim(self, claim_id: str) -> str:
        """A claim's name on the page: its id, after the site's where the site stands beside another."""
        return self._prefix + claim_id

    def state(self, kind: str, name: str, *evidence: str | None) -> Markup:
        """The attributes of an element that states numbers: whose they are, and where their evidence stands."""
        statement = Statement(
            id=self.claim(f"{kind}:{name}"), kind=kind, evidence=tuple(dict.fromkeys(i for i in evidence if i))
        )
        self.stated[statement.id] = statement
        return Markup('data-claim="{}" data-evidence="{}"').format(statement.id, self.attribute(*statement.evidence))

    def add(self, kind: str, raw_id: str) -> str:
        """Give an id its place; the first kind to claim an id keeps it."""
        return self._places.setdefault(raw_id, anchor(kind, self._prefix + raw_id))

    def find(self, *raw_ids: str | None) -> tuple[str, ...]:
        """Places of the ids that have one, in order, each once."""
        return tuple(dict.fromkeys(self._places[i] for i in raw_ids if i is not None and i in self._places))

    def attribute(self, *raw_ids: str | None) -> str:
        """The `data-evidence` value: places parted by spaces; the report itself where none is known."""
        return " ".join(self.find(*raw_ids)) or REPORT
