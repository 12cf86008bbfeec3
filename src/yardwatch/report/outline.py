"""The report as a plain run of blocks (headings, sentences, tables, figures): what editors' forms are written from.

The page has its own template; Markdown and Word are written from these blocks, so that both say the same in the same
order, and each sentence keeps its claim's id.
"""

from __future__ import annotations

from dataclasses import dataclass

from yardwatch.report.plates import Plate
from yardwatch.report.sentences import Sentence


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading; level 1 is the report's."""

    level: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """One sentence or note."""

    text: str
    claim: str | None = None
    """Id of the claim it states."""
    sources: tuple[int, ...] = ()
    """Endnotes."""
    role: str = ""
    """`quote` for the sentence to cite, `warning` for what must not be overlooked, `aside` for small print."""


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list."""

    entries: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table; the first column names the row. A cell with endnotes is a `Words`."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | Words, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with its caption."""

    plate: Plate
    caption: str


Block = Heading | Words | Items | Grid | Figure


def said(sentence: Sentence) -> Words:
    """A claim's sentence as a block."""
    return Words(text=sentence.text, claim=sentence.claim, sources=sentence.sources)
