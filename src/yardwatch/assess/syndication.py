"""Syndication: six reprints of one wire story are one source, and no better than the story they reprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yardwatch.errors import InputError
from yardwatch.history.days import day_words, span_words
from yardwatch.model.reference import Reference


def independent(references: Iterable[Reference]) -> dict[str, tuple[str, ...]]:
    """Ids of sources by the one they go back to, which stands first; in the order given.

    Raises InputError for an origin nobody listed and for a ring of origins.
    """
    by_id = {one.id: one for one in references}
    groups: dict[str, list[str]] = {}
    for one in by_id.values():
        groups.setdefault(root(one, by_id), []).append(one.id)
    return {name: (name, *(one for one in found if one != name)) for name, found in groups.items()}


def root(one: Reference, by_id: Mapping[str, Reference]) -> str:
    """Id of the source a source goes back to."""
    seen = [one.id]
    while by_id[seen[-1]].origin:
        above = by_id[seen[-1]].origin
        if above not in by_id:
            raise InputError(f"source {seen[-1]} names origin {above!r}, which is not listed; list it or leave it out")
        if above in seen:
            raise InputError(f"sources {', '.join(seen)} go round in a ring of origins; take one origin out")
        seen.append(above)
    return seen[-1]


def grade_of(one: Reference, by_id: Mapping[str, Reference]) -> str:
    """Its grade; of a reprint that of the story it goes back to, where that has one."""
    return by_id[root(one, by_id)].grade or one.grade


def endnote(one: Reference, by_id: Mapping[str, Reference]) -> str:
    """The source as an endnote: publisher, title, when published, of which days, grade, origin, archive, withdrawal."""
    grade = "" if grade_of(one, by_id) else "not graded"
    archive = "" if one.archived_sha256 else "no archived copy"
    day = "" if one.disclosed else "day of publication not stated"
    return ", ".join(part for part in (one.publisher, *known_of(one, by_id), day, grade, archive) if part) + "."


def known_of(one: Reference, by_id: Mapping[str, Reference]) -> tuple[str, ...]:
    """What is known of a source beside publisher and address; nothing of what is not."""
    grade = grade_of(one, by_id)
    parts = (
        f"“{one.title}”" if one.title else "",
        f"published {span_words(one.disclosed)}" if one.disclosed else "",
        f"of {span_words(one.event)}" if one.event else "",
        f"grade {grade}" if grade else "",
        f"goes back to {by_id[root(one, by_id)].publisher}" if one.origin else "",
        f"archived copy SHA-256 {one.archived_sha256}" if one.archived_sha256 else "",
        f"withdrawn {day_words(one.withdrawn)} ({one.withdrawn_why})" if one.withdrawn else "",
    )
    return tuple(part for part in parts if part)


def by_address(references: Sequence[Reference]) -> dict[str, Reference]:
    """Sources by their address, which is how rows of the record name them."""
    return {one.url: one for one in references if one.url}
