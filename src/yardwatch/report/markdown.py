"""The report as Markdown: for editors who paste, compare versions and keep a story in plain text.

Every string from outside is escaped, so that it is read as text and never as a link, an image or markup. A claim's id
stands behind its sentence in a code span; sources are footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yardwatch.report.endnotes import Endnote
from yardwatch.report.outline import Block, Figure, Grid, Heading, Items, Words

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_BULLET = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def markdown(blocks: Sequence[Block], sources: Sequence[Endnote], pictures: str) -> str:
    """The blocks as Markdown (CommonMark with tables and footnotes). `pictures`: folder of the figures' files."""
    body = [_block(block, pictures) for block in blocks]
    notes = [f"[^{note.number}]: {_plain(note.publisher)}{_address(note)}" for note in sources]
    return "\n\n".join([*body, "\n".join(notes)]).rstrip() + "\n"


def _block(block: Block, pictures: str) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_plain(block.text)}"
    if isinstance(block, Words):
        return _words(block)
    if isinstance(block, Items):
        return "\n".join(f"- {_words(entry)}" for entry in block.entries)
    if isinstance(block, Grid):
        return _grid(block)
    return _figure(block, pictures)


def _words(block: Words) -> str:
    text = _plain(block.text) + "".join(f"[^{number}]" for number in block.sources)
    text += f" `{_code(block.claim)}`" if block.claim else ""
    return {"quote": f"> {text}", "warning": f"**{text}**", "aside": f"*{text}*"}.get(block.role, text)


def _grid(grid: Grid) -> str:
    lines = [f"**{_plain(grid.caption)}**", "", _row(grid.head), "|" + " --- |" * len(grid.head)]
    return "\n".join([*lines, *(_row(row) for row in grid.rows)])


def _row(cells: Sequence[str | Words]) -> str:
    return "| " + " | ".join((_plain(cell) if isinstance(cell, str) else _words(cell)) or " " for cell in cells) + " |"


def _figure(figure: Figure, pictures: str) -> str:
    image = f"![{_plain(figure.plate.alt)}]({pictures}/{figure.plate.name}.png)"
    return f"{image}\n\n*{_plain(figure.caption)}*"


def _address(note: Endnote) -> str:
    """The address as text; a plain web address may be followed."""
    if note.link and not re.search(r"[\s<>]", note.link):
        return f", <{note.link}>"
    return f", {_plain(note.url)}" if note.url else ""


def _plain(text: str) -> str:
    """Text that Markdown reads as text: on one line, no mark of its own."""
    line = " ".join(text.split())
    return _BULLET.sub(r"\1\\\2", _MARKS.sub(r"\\\1", line))


def _code(text: str) -> str:
    return re.sub(r"[`\s]+", "-", text)
