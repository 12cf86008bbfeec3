"""`events.csv`: dated outside happenings; the day they happened and the day they became known are two columns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from yardwatch.model import Event, Source
from yardwatch.sites.table import Row, check_distinct, read_table, write_table
from yardwatch.sites.values import as_flag, shown

COLUMNS = ("id", "date", "disclosed", "title", "kind", "approximate", "publisher", "url", "note", "grade")
REQUIRED = ("id", "date", "disclosed", "title", "kind")


def read_events(path: Path) -> tuple[Event, ...]:
    """The events of a file, in its order; a header alone gives none.

    A date followed by "(approx)" is read as approximate. Raises SiteError naming file, row and column.
    """
    rows = read_table(path, COLUMNS, REQUIRED)
    check_distinct(rows)
    return tuple(_event(row) for row in rows)


def write_events(path: Path, events: Iterable[Event]) -> None:
    """Write events so that `read_events` gives them back, spreadsheet-safe."""
    write_table(path, COLUMNS, [_as_row(event) for event in events])


def _event(row: Row) -> Event:
    when, remark = row.span("date")
    flag = as_flag(row["approximate"])
    if flag is None:
        row.fail("approximate", f"{shown(row['approximate'])} is neither; write true or false")
    if not row["disclosed"]:
        row.fail("disclosed", "is empty; write the day it became known (for a public happening, the same day)")
    return Event(
        id=row.identity(),
        when=when,
        disclosed=row.span("disclosed")[0],
        title=row.need("title", "say in a few words what happened"),
        kind=row.need("kind", "write for instance political, construction, disclosure"),
        approximate=flag or bool(remark),
        source=_source(row),
        note="; ".join(filter(None, ("date inferred" if remark == "inferred" else "", row["note"]))),
    )


def _as_row(event: Event) -> dict[str, str]:
    source = event.source or Source(publisher="")
    return {
        "id": event.id,
        "date": str(event.when),
        "disclosed": str(event.disclosed),
        "title": event.title,
        "kind": event.kind,
        "approximate": str(event.approximate).lower(),
        "publisher": source.publisher,
        "url": source.url,
        "note": event.note,
        "grade": source.grade or "",
    }


def _source(row: Row) -> Source | None:
    grade = row.grade()
    if not (row["publisher"] or row["url"]):
        return None
    return Source(publisher=row["publisher"], url=row.address("url"), grade=grade)
