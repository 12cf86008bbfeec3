"""Corrections: which sentences of a report change in its successor, and why. Read from the two reports alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yardwatch.errors import InputError
from yardwatch.history.days import days_in_words

Document = Mapping[str, Any]
TOLD = ("value", "lower", "upper", "role", "date", "zone", "basis")
"""Fields of a record row whose change a reader is told of."""

NOTE = "i-note-"
"""Notes are numbered anew in each report; those with the same words before their first number are the same note."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One sentence of the old report and what became of it."""

    claim: str
    was: str | None
    """None for a sentence the old report had not."""
    now: str | None
    """None for one that fell away."""
    why: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The change as it stands in the successor."""
        return {"claim": self.claim, "was": self.was, "now": self.now, "why": list(self.why)}


@dataclass(frozen=True, kw_only=True)
class Succession:
    """What a report replaces, and what changed."""

    old_id: str
    old_version: int
    old_as_of: date
    changed: tuple[Changed, ...]

    @property
    def version(self) -> int:
        """Of the successor."""
        return self.old_version + 1

    def as_json(self) -> dict[str, Any]:
        """What the successor says of the report it replaces."""
        return {
            "supersedes": {"id": self.old_id, "version": self.old_version, "as_of": self.old_as_of.isoformat()},
            "changed": [one.as_json() for one in self.changed],
        }


def succession(old: Document, new: Document) -> Succession:
    """The changes from an old report to a new one. Raises InputError where they are of two sites."""
    sites = [one["site"]["id"] for one in (old, new)]
    if sites[0] != sites[1]:
        raise InputError(
            f"the report to replace is of site {sites[0]!r}, this one of {sites[1]!r}; name one of this site"
        )
    reasons = _touched(old, new)
    before, after = _claims(old), _claims(new)
    changed = []
    for name, other in _pairs(before, after):
        said, says = _text(before.get(name)), _text(after.get(other))
        if _compared(said) != _compared(says):
            why = _why((old, before, name), (new, after, other), reasons)
            changed.append(Changed(claim=name if name in before else other, was=said, now=says, why=why))
    return Succession(
        old_id=old["id"],
        old_version=int(old.get("report_version", 1)),
        old_as_of=_day(old["as_of"]),
        changed=tuple(changed),
    )


def _day(said: object) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        raise InputError(
            f"the report to replace is as of {said!r}, which is no day; name the file as it was written"
        ) from None


def _text(row: Document | None) -> str | None:
    return None if row is None else str(row["text"])


def _compared(said: str | None) -> str | None:
    """A sentence as it is compared: older reports wrote days as 2023-10-05, and the same day in words is no change."""
    return None if said is None else days_in_words(said)


def _claims(document: Document) -> dict[str, Document]:
    return {row["id"]: row for row in [*document.get("claims", []), *document.get("limits", [])]}


def _touched(old: Document, new: Document) -> dict[str, str]:
    """What happened to each piece of evidence between the two, by id."""
    found: dict[str, str] = {}
    before, after = _by_id(old["record"]), _by_id(new["record"])
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            found[name] = f"new in the record: {_said(now)}"
        elif now is None and was is not None:
            found[name] = f"no longer in the record: {_said(was)}"
        elif was is not None and now is not None:
            told = _row_change(was, now)
            found |= {name: told} if told else {}
    listed = {row["id"] for row in old.get("events", [])}
    new_events = (row for row in new.get("events", []) if row["id"] not in listed)
    found |= {row["id"]: f"event now listed: {row['title']}" for row in new_events}
    zones = {zone["id"]: zone["version"] for zone in old.get("zones", [])}
    for zone in new.get("zones", []):
        if zones.get(zone["id"], zone["version"]) != zone["version"]:
            found[zone["id"]] = f"zone {zone['id']} has version {zone['version']}, had {zones[zone['id']]}"
    return found


def _row_change(was: Document, now: Document) -> str:
    withdrawn = [str(row.get("note", "")).startswith("source withdrawn") for row in (was, now)]
    if withdrawn == [False, True]:
        return f"{now['note'].split(';')[0]} ({_said(was)})"
    parts = [f"{key} {was[key]} became {now[key]}" for key in TOLD if was.get(key) != now.get(key)]
    return f"corrected: {_said(was)}; {', '.join(parts)}" if parts else ""


def _said(row: Document) -> str:
    number = "no number" if row["value"] is None else f"{row['value']:g} {row['unit']}"
    return f"{row['date']}, {row['zone']}, {number}"


Side = tuple[Document, Mapping[str, Document], str]
"""A report, its claims by id, and the claim in question."""


def _pairs(before: Mapping[str, Document], after: Mapping[str, Document]) -> list[tuple[str, str]]:
    """Old and new id of each sentence: notes are numbered, so they are matched by their words."""
    left = dict(after)
    found = [(name, _same_note(row, left) if name.startswith(NOTE) else name) for name, row in before.items()]
    taken = {other for _, other in found}
    return [*found, *(("", name) for name in after if name not in taken)]


def _same_note(row: Document, left: dict[str, Document]) -> str:
    """The note of the new report with the same words, else with the same beginning; each is taken once."""
    for words in (days_in_words, _beginning):
        for name, other in left.items():
            if name.startswith(NOTE) and words(other["text"]) == words(row["text"]):
                del left[name]
                return name
    return ""


def _beginning(text: str) -> str:
    return re.split(r"\d", days_in_words(text), maxsplit=1)[0][:40]


def _why(old: Side, new: Side, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """Evidence that changed, evidence the sentence now rests on or no longer does; else the day, else the software."""
    before, after = _rests(old[2], old[1]), _rests(new[2], new[1])
    found = [reasons[i] for i in sorted(before | after) if i in reasons]
    rows = _by_id(old[0]["record"]) | _by_id(new[0]["record"])
    if before and after:
        for when, ids in (("now", after - before), ("no longer", before - after)):
            found += [f"rests {when} on {_said(rows[i])}" for i in sorted(ids & rows.keys() - reasons.keys())]
    if old[0]["as_of"] != new[0]["as_of"]:
        found.append(f"the as-of day moved from {old[0]['as_of']} to {new[0]['as_of']}")
    if old[0]["version"] != new[0]["version"]:
        found.append(f"made with Yardwatch {new[0]['version']}, was {old[0]['version']}")
    return tuple(found) or ("the question or the wording changed, and none of its evidence",)


def _rests(name: str, claims: Mapping[str, Document]) -> frozenset[str]:
    """Every piece of evidence below a claim; places on the page read as ids."""
    row = claims.get(name)
    if row is None:
        return frozenset()
    own = {part for raw in row.get("evidence", []) for part in (raw, raw.partition("-")[2])}
    below: list[frozenset[str]] = [_rests(i, claims) for i in row.get("rests_on", []) if i != name]
    return frozenset(own).union(*below)


def _by_id(rows: Sequence[Document]) -> dict[str, Document]:
    return {row["id"]: row for row in rows}
