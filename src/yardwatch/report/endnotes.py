"""Endnotes: sources numbered in the order they are first referred to; one address is one source, whoever is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from yardwatch.assess.syndication import by_address, grade_of, known_of, root
from yardwatch.assess.wording import number, publisher
from yardwatch.model import Reference, Source
from yardwatch.model.plural import noun


@dataclass(kw_only=True)
class Endnote:
    """One source, with what it is quoted for."""

    number: int
    publishers: tuple[str, ...]
    """As the site's list of sources names it, else as the rows do; several where they name several."""
    url: str
    about: str = ""
    """What else is known of it: days, grade, what it goes back to, withdrawal."""
    quotes: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    """Ids of the observations and events that rest on it."""

    @property
    def publisher(self) -> str:
        """Every name, as it is printed."""
        return "; ".join(self.publishers)

    @property
    def link(self) -> str | None:
        """The URL when it is a plain web address; anything else is shown as text and never made a link."""
        parts = urlsplit(self.url)
        return self.url if parts.scheme in ("http", "https") and parts.netloc else None


class Endnotes:
    """Collects sources as the page refers to them."""

    def __init__(self, references: Sequence[Reference] = ()) -> None:
        self._notes: dict[str, Endnote] = {}
        self._listed, self._by_id = by_address(references), {one.id: one for one in references}

    def refer(self, source: Source | None, evidence: str) -> int | None:
        """Number of the endnote for a source; None without one."""
        if source is None:
            return None
        name, url = publisher(source), source.url.strip()
        note = self._notes.setdefault(url or f"publisher {name}", self._new(name, url))
        if url not in self._listed and name not in note.publishers:
            note.publishers += (name,)
        if source.quote and source.quote not in note.quotes:
            note.quotes.append(source.quote)
        if evidence not in note.evidence:
            note.evidence.append(evidence)
        return note.number

    def _new(self, name: str, url: str) -> Endnote:
        one = self._listed.get(url)
        about = ", ".join(known_of(one, self._by_id)) if one else ""
        named = one.publisher if one else name
        return Endnote(number=len(self._notes) + 1, publishers=(named,), url=url, about=about)

    @property
    def listed(self) -> tuple[Endnote, ...]:
        """All endnotes by number."""
        return tuple(self._notes.values())

    @property
    def summary(self) -> str:
        """How many there are, how many are independent of each other, and how many are graded."""
        found = [self._listed.get(note.url) for note in self.listed]
        roots = {root(one, self._by_id) if one else f"note {i}" for i, one in enumerate(found)}
        graded = sum(bool(one and grade_of(one, self._by_id)) for one in found)
        total = f"{number(len(found))} {noun(len(found), 'source')}"
        apart = f"{number(len(roots))} once reprints count as what they reprint"
        return f"{total}, {apart}; {number(graded) if graded else 'none'} graded."
