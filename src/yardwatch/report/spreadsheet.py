"""The record as CSV: every observation the report rests on, one a row, as a spreadsheet takes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from yardwatch.model import Observation

COLUMNS = (
    *("id", "date", "zone", "unit", "value", "lower", "upper", "role", "kind", "own", "basis"),
    *("visible_fraction", "count", "synthetic", "publisher", "url", "quote", "note"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def observations_csv(record: Sequence[Observation]) -> str:
    """The record by day; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _row(seen)] for seen in record)
    return out.getvalue()


def _row(seen: Observation) -> tuple[str | float | bool | None, ...]:
    source = seen.source
    said = (source.publisher, source.url, source.quote) if source else ("", "", "")
    return (
        *(seen.id, str(seen.when), seen.zone, seen.unit, seen.value, seen.lower, seen.upper, seen.role.value),
        *(seen.kind, seen.own, seen.basis, seen.visible_fraction, seen.evidence, seen.synthetic, *said, seen.note),
    )


def _cell(value: str | float | bool | None) -> str | float | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
