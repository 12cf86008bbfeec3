"""Endnotes: sources numbered in the order they are first referred to; one publisher and URL is one source."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from yardwatch.assess.wording import publisher
from yardwatch.model import Source


@dataclass(kw_only=True)
class Endnote:
    """One source, with what it is quoted for."""

    number: int
    publisher: str
    url: str
    quotes: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    """Ids of the observations and events that rest on it."""

    @property
    def link(self) -> str | None:
        """The URL when it is a plain web address; anything else is shown as text and never made a link."""
        parts = urlsplit(self.url)
        return self.url if parts.scheme in ("http", "https") and parts.netloc else None


class Endnotes:
    """Collects sources as the page refers to them."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], Endnote] = {}

    def refer(self, source: Source | None, evidence: str) -> int | None:
        """Number of the endnote for a source; None without one."""
        if source is None:
            return None
        key = (publisher(source), source.url.strip())
        note = self._notes.setdefault(key, Endnote(number=len(self._notes) + 1, publisher=key[0], url=key[1]))
        if source.quote and source.quote not in note.quotes:
            note.quotes.append(source.quote)
        if evidence not in note.evidence:
            note.evidence.append(evidence)
        return note.number

    @property
    def listed(self) -> tuple[Endnote, ...]:
        """All endnotes by number."""
        return tuple(self._notes.values())
