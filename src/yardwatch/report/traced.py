"""Whose is each number? Walks a finished page and finds the claim, or the furniture, that every number belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

FURNITURE = {"date", "definition", "name", "note"}
"""What a number may be without a claim: the report's day, a definition, a name, an endnote's mark."""
_VOID = {"meta", "br", "use", "path", "rect", "image", "input", "img", "link", "hr", "circle", "line", "col", "wbr"}
_SILENT = {"style", "script"}
_SPOKEN = ("alt", "aria-label", "title")
"""Attributes that are read out: a number in one is a number said."""


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """One piece of text that holds a number."""

    text: str
    claim: str | None
    """Id of the claim or statement around it."""
    furniture: str | None
    """Of `FURNITURE`, where there is no claim nearer."""

    @property
    def loose(self) -> bool:
        """Whether nobody answers for it."""
        return self.claim is None and self.furniture not in FURNITURE


def numbers(page: str) -> tuple[Numbered, ...]:
    """Every piece of text with a digit in it, spoken attributes too, with the nearest element that answers for it."""
    walker = _Walker()
    walker.feed(page)
    walker.close()
    return tuple(walker.found)


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Numbered] = []
        self._stack: list[tuple[str, tuple[str | None, str | None] | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        owner: tuple[str | None, str | None] | None = None
        if "data-number" in named:
            owner = (None, named["data-number"])
        elif "data-claim" in named:
            owner = (named["data-claim"], None)
        self._stack.append((tag, owner))
        for name in _SPOKEN:
            self._say(named.get(name) or "")
        if tag in _VOID:
            self._stack.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._stack.pop()

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._stack]
        if tag in names:
            del self._stack[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not any(tag in _SILENT for tag, _ in self._stack):
            self._say(data)

    def _say(self, text: str) -> None:
        if re.search(r"\d", text):
            claim, furniture = next((owner for _, owner in reversed(self._stack) if owner), (None, None))
            self.found.append(Numbered(text=" ".join(text.split()), claim=claim, furniture=furniture))
