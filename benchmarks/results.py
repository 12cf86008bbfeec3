"""A table of figures: what it is measured on, printed for people and written for machines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from yardwatch import __version__

FOLDER = Path(__file__).parent / "results"

Cell = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """Figures of one kind of data; real and simulated never share one."""

    name: str
    """Of the file."""
    title: str
    data: str
    """`real`, `simulated` or `none` (speed)."""
    rows: tuple[dict[str, Cell], ...]
    notes: tuple[str, ...]
    """What a figure quoted from the table must be quoted with."""


def show(table: Table) -> None:
    """Print with aligned columns and the notes below."""
    print(f"{table.title} [{table.data}]")
    heads = list(table.rows[0])
    lines = [heads, *([_text(row[head]) for head in heads] for row in table.rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        left = line[0].ljust(widths[0])
        print("  " + "  ".join([left, *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]))
    for note in table.notes:
        print(f"  - {note}")


def write(table: Table) -> str:
    """Write `results/<name>.json`; returns the path from the repository's root."""
    content = {
        "name": table.name,
        "title": table.title,
        "data": table.data,
        "code_version": __version__,
        "rows": list(table.rows),
        "notes": list(table.notes),
    }
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{table.name}.json"
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path.relative_to(FOLDER.parents[1]).as_posix()


def _text(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
