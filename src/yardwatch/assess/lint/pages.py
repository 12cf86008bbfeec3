"""Pages as sentences: Markdown and HTML without their markup, reports of ours claim by claim."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from yardwatch.assess.lint.statements import Statement
from yardwatch.assess.lint.text import Sentence, sentences, split

BLOCKS = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "figcaption",
        "dd",
        "dt",
        "caption",
        "summary",
        "title",
        "div",
        "section",
        "article",
    ]
)
SILENT = frozenset(["script", "style", "svg", "template"])
APART = frozenset(["sup", "small"])
"""Inside a claim of ours: endnote numbers and what it rests on, which are not its words."""
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


@dataclass
class _Piece:
    """A block of text, with the claim it words."""

    line: int
    claim: str | None
    layer: str
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


class _Reader(HTMLParser):
    """Collects blocks; claims of a report of ours as a whole."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self._open: list[str] = []
        self._claim_depth: int | None = None
        self._apart_depth: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        self._open.append(tag)
        named = dict(attrs)
        if self._claim_depth is not None:
            if tag in APART and self._apart_depth is None:
                self._apart_depth = len(self._open)
        elif layer := _layer(named):
            self._claim_depth = len(self._open)
            self.pieces.append(_Piece(self.getpos()[0], named["data-claim"], layer))
        elif tag in BLOCKS:
            self.pieces.append(_Piece(self.getpos()[0], None, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            depth, last = len(self._open), self._open.pop()
            if depth == self._apart_depth:
                self._apart_depth = None
            if depth == self._claim_depth:
                self._claim_depth = None
                self.pieces.append(_Piece(self.getpos()[0], None, ""))
            if last == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._apart_depth is None and self.pieces and not SILENT & set(self._open):
            self.pieces[-1].parts.append(data)


def html_sentences(page: str) -> tuple[Sentence, ...]:
    """Sentences of a page: of its claims alone where it is a report of ours, else of all its text."""
    pieces = [piece for piece in _pieces(page) if piece.text]
    claims = [piece for piece in pieces if piece.claim]
    return tuple(
        Sentence(piece.line, text, piece.claim, part)
        for part, piece in enumerate(claims or pieces)
        for text in split(piece.text)
    )


def html_statements(page: str) -> tuple[Statement, ...]:
    """The claims and limits a report's page states; empty where it is no report of ours."""
    return tuple(
        Statement(id=piece.claim, layer=piece.layer, text=piece.text)
        for piece in _pieces(page)
        if piece.claim and piece.text
    )


def report_sentences(document: Mapping[str, Any], lines: Iterable[str]) -> tuple[Sentence, ...]:
    """Sentences of a report's JSON, each at the line of the file where its claim stands."""
    rows = [*document.get("claims", []), *document.get("limits", [])]
    where = _lines_of([row["text"] for row in rows], lines)
    return tuple(
        Sentence(where.get(row["text"], 1), text, row["id"], part)
        for part, row in enumerate(rows)
        for text in split(row["text"])
    )


def markdown_sentences(text: str) -> tuple[Sentence, ...]:
    """Sentences of Markdown; code, tables, headings and link targets are passed over; lines keep their numbers."""
    lines, fenced = [], False
    for line in text.splitlines():
        fence = line.lstrip().startswith(("```", "~~~"))
        skipped = fenced or fence or line.lstrip().startswith(("|", "#", "<!--")) or line.startswith("    ")
        fenced = fenced != fence
        lines.append("" if skipped else _unmarked(line))
    return sentences(lines)


def _unmarked(line: str) -> str:
    line = re.sub(r"^\s*(?:>\s*|[-*+]\s+|\d+[.)]\s+)+", "", line)
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"\[\^[^\]]+\]", "", line)
    line = re.sub(r"`[^`]+`", "…", line)
    return re.sub(r"(\*\*|__|\*|`)", "", line)


def _layer(named: Mapping[str, str | None]) -> str:
    """The layer of the claim an element words; empty for any other, rows and figures included."""
    claim = named.get("data-claim") or ""
    return (named.get("data-layer") or ("limit" if claim.startswith("l-") else "")) if claim else ""


def _pieces(page: str) -> list[_Piece]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.pieces


def _lines_of(texts: Iterable[str], lines: Iterable[str]) -> dict[str, int]:
    wanted = {json.dumps(text, ensure_ascii=False): text for text in texts}
    found: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        _, _, rest = line.partition('"text": ')
        text = wanted.get(rest.rstrip().rstrip(",")) if rest else None
        if text is not None:
            found.setdefault(text, number)
    return found
