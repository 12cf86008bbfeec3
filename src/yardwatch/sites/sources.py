"""`sources.toml`: the site's sources by address, with grade, days, origin, archived copy and withdrawal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

from yardwatch.model import DateSpan, Event, Observation, Role
from yardwatch.model.reference import Reference
from yardwatch.sites.config import Line, Slug
from yardwatch.sites.files import write_text
from yardwatch.sites.tomlfile import read_form

HEAD = "# Sources of this site, found by their address (url). docs/claims.md says what each key means.\n"


def _address(text: str) -> str:
    if text and not text.lower().startswith(("https://", "http://")):
        raise ValueError("is no web address; begin it with https://")
    return text


def _days(text: str) -> str:
    if text:
        DateSpan.parse(text)
    return text


Address = Annotated[str, AfterValidator(_address)]
Days = Annotated[str, AfterValidator(_days)]
Hash = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class Entry(BaseModel):
    """One source as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    publisher: Line
    url: Address = ""
    title: str = ""
    authors: tuple[Line, ...] = ()
    event: Days = ""
    disclosed: Days = ""
    accessed: date | None = None
    grade: str = ""
    graded_by: str = ""
    origin: str = ""
    archived_sha256: Hash = ""
    archived_url: Address = ""
    withdrawn: date | None = None
    withdrawn_why: str = ""
    note: str = ""

    def value(self) -> Reference:
        """As the model's reference. Raises ValueError."""
        days = {"event": self.event, "disclosed": self.disclosed}
        spans = {key: DateSpan.parse(text) if text else None for key, text in days.items()}
        return Reference(**(self.model_dump() | spans))

    @model_validator(mode="after")
    def _sound(self) -> Entry:
        self.value()
        return self


class SourcesFile(BaseModel):
    """The file's keys; any other is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: tuple[Entry, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> SourcesFile:
        for key in ("id", "url"):
            found = [getattr(one, key) for one in self.source if getattr(one, key)]
            twice = sorted({one for one in found if found.count(one) > 1})
            if twice:
                raise ValueError(f"{key} {twice[0]} is there twice; keep one source of it")
        ids = {one.id for one in self.source}
        lost = [one for one in self.source if one.origin and one.origin not in ids]
        if lost:
            raise ValueError(f"source {lost[0].id} names origin {lost[0].origin!r}, which is not listed; list it too")
        return self


def read_sources(path: Path) -> tuple[Reference, ...]:
    """The sources of the file, in its order. Raises SiteError."""
    return tuple(one.value() for one in read_form(path, SourcesFile).source)


def write_sources(path: Path, references: Iterable[Reference]) -> None:
    """Write sources so that `read_sources` gives them back. Raises SiteError where they would not be read again."""
    text = HEAD + "".join(f"\n[[source]]\n{_written(one)}" for one in references)
    write_text(path, text)
    read_sources(path)


def with_sources(
    record: Sequence[Observation], events: Sequence[Event], references: Sequence[Reference]
) -> tuple[tuple[Observation, ...], tuple[Event, ...]]:
    """Record and events with what the sources say of them: grades where a row has none, and withdrawals.

    A row whose source was withdrawn is kept as context: shown, and used for nothing.
    """
    known = {one.url: one for one in references if one.url}
    by_id = {one.id: one for one in references}
    return (
        tuple(_graded_row(one, known, by_id) for one in record),
        tuple(_graded_event(one, known, by_id) for one in events),
    )


def _graded_row(row: Observation, known: dict[str, Reference], by_id: dict[str, Reference]) -> Observation:
    found = known.get(row.source.url.strip()) if row.source else None
    if found is None or row.source is None:
        return row
    graded = replace(row, source=replace(row.source, grade=row.source.grade or _grade(found, by_id)))
    if found.withdrawn is None:
        return graded
    return replace(graded, role=Role.CONTEXT, note=_noted(row.note, found))


def _graded_event(event: Event, known: dict[str, Reference], by_id: dict[str, Reference]) -> Event:
    found = known.get(event.source.url.strip()) if event.source else None
    if found is None or event.source is None:
        return event
    source = replace(event.source, grade=event.source.grade or _grade(found, by_id))
    note = event.note if found.withdrawn is None else _noted(event.note, found)
    return replace(event, source=source, note=note)


def _noted(note: str, found: Reference) -> str:
    return "; ".join(filter(None, (f"source withdrawn {found.withdrawn}: {found.withdrawn_why}", note)))


def _grade(one: Reference, by_id: dict[str, Reference]) -> str:
    """Of a reprint, the grade of the story it goes back to where that has one."""
    seen = {one.id}
    top = one
    while top.origin and top.origin not in seen:
        top = by_id[top.origin]
        seen.add(top.id)
    return top.grade or one.grade


def _written(one: Reference) -> str:
    fields = {
        "id": one.id, "publisher": one.publisher, "url": one.url, "title": one.title, "authors": list(one.authors),
        "event": str(one.event or ""), "disclosed": str(one.disclosed or ""), "accessed": one.accessed,
        "grade": one.grade, "graded_by": one.graded_by, "origin": one.origin,
        "archived_sha256": one.archived_sha256, "archived_url": one.archived_url, "withdrawn": one.withdrawn,
        "withdrawn_why": one.withdrawn_why, "note": one.note,
    }  # fmt: skip
    return "".join(f"{key} = {_toml(value)}\n" for key, value in fields.items() if value)


def _toml(value: object) -> str:
    """JSON's strings and lists of strings are TOML's too; days are written bare."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=True)
