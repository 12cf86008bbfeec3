"""CSL-JSON, which citation managers read and write: sources out and in, nothing lost on the way.

What CSL has no name for (grade, origin, hash, withdrawal) goes into `custom`, and once more into `note` as lines of
`yardwatch-<key>: <value>`, since some managers drop `custom`. Form: citeproc's CSL-JSON, version 1.0.2.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from yardwatch.errors import SiteError
from yardwatch.model import DateSpan
from yardwatch.model.reference import Reference
from yardwatch.sites.files import label, read_text
from yardwatch.sites.values import ID_PATTERN, shown

EXTRA = ("grade", "graded_by", "origin", "archived_sha256", "withdrawn", "withdrawn_why")
TYPE = "webpage"
_LINE = re.compile(r"^yardwatch-([a-z0-9_]+): (.*)$")


def to_csl(references: Iterable[Reference]) -> str:
    """The sources as CSL-JSON text."""
    return json.dumps([_item(one) for one in references], indent=2, ensure_ascii=False) + "\n"


def read_csl(path: Path) -> tuple[Reference, ...]:
    """Sources from a CSL-JSON file. Raises SiteError naming the file and the item."""
    try:
        items = json.loads(read_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise SiteError(f"{label(path)} is not JSON ({error}); export CSL-JSON again") from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SiteError(f"{label(path)} is not a list of CSL items; export CSL-JSON from the citation manager")
    found = []
    for number, item in enumerate(items, 1):
        try:
            found.append(_reference(item))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SiteError(f"{label(path)} item {number} ({shown(item.get('id'), 40)}): {error}") from None
    return tuple(found)


def _item(one: Reference) -> dict[str, Any]:
    extra = {key: str(getattr(one, key)) for key in EXTRA if getattr(one, key)}
    if one.archived_url:
        extra["archived_url"] = one.archived_url
    own = [one.note] if one.note else []
    note = "\n".join([*own, *(f"yardwatch-{key}: {value}" for key, value in extra.items())])
    item: dict[str, Any] = {"id": one.id, "type": TYPE, "publisher": one.publisher, "container-title": one.publisher}
    item |= {"title": one.title} if one.title else {}
    item |= {"URL": one.url} if one.url else {}
    item |= {"author": [{"literal": name} for name in one.authors]} if one.authors else {}
    item |= {"issued": _date_parts(one.disclosed)} if one.disclosed else {}
    item |= {"event-date": _date_parts(one.event)} if one.event else {}
    item |= {"accessed": _date_parts(DateSpan.on(one.accessed))} if one.accessed else {}
    item |= {"archive_location": one.archived_url} if one.archived_url else {}
    item |= {"note": note} if note else {}
    return item | ({"custom": extra} if extra else {})


def _reference(item: Mapping[str, Any]) -> Reference:
    lines = str(item.get("note", "")).splitlines()
    noted = {found[1]: found[2] for line in lines if (found := _LINE.match(line))}
    extra = noted | {key: str(value) for key, value in (item.get("custom") or {}).items()}
    publisher = str(item.get("publisher") or item.get("container-title") or "").strip()
    if not publisher:
        raise ValueError("has neither publisher nor container-title; add one in the citation manager")
    url = str(item.get("URL", "")).strip()
    if url and not re.fullmatch(r"https?://[^\s<>\"']+", url, re.IGNORECASE):
        raise ValueError(f"{shown(url)} is no web address; begin it with https://")
    withdrawn = extra.get("withdrawn")
    return Reference(
        id=_slug(str(item["id"])),
        publisher=publisher,
        url=url,
        title=str(item.get("title", "")),
        authors=tuple(_name(author) for author in item.get("author", [])),
        event=_span(item.get("event-date")),
        disclosed=_span(item.get("issued")),
        accessed=accessed.earliest if (accessed := _span(item.get("accessed"))) else None,
        withdrawn=date.fromisoformat(withdrawn) if withdrawn else None,
        note="\n".join(line for line in lines if not _LINE.match(line)),
        archived_url=str(extra.get("archived_url") or item.get("archive_location") or ""),
        **{key: extra.get(key, "") for key in EXTRA if key != "withdrawn"},
    )


def _date_parts(span: DateSpan) -> dict[str, list[list[int]]]:
    """A known day as one date; a month or year by its parts; anything else as first and last day."""
    first, last = span.earliest, span.latest
    if first == last:
        return {"date-parts": [[first.year, first.month, first.day]]}
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return {"date-parts": [[first.year]]}
    month = calendar.monthrange(first.year, first.month)[1]
    if (first.year, first.month) == (last.year, last.month) and (first.day, last.day) == (1, month):
        return {"date-parts": [[first.year, first.month]]}
    return {"date-parts": [[first.year, first.month, first.day], [last.year, last.month, last.day]]}


def _span(found: Mapping[str, Any] | None) -> DateSpan | None:
    if not found or not found.get("date-parts"):
        return None
    written = ["-".join(f"{int(part):02d}" for part in parts) for parts in found["date-parts"]]
    return DateSpan.parse("/".join(written))


def _name(author: Mapping[str, Any]) -> str:
    joined = " ".join(str(author[key]) for key in ("given", "family") if author.get(key))
    return str(author.get("literal") or joined)


def _slug(raw: str) -> str:
    """The item's id where it can serve as one of ours; else one made of it (managers write addresses as ids)."""
    if re.fullmatch(ID_PATTERN, raw):
        return raw
    made = re.sub(r"[^a-z0-9]+", "-", raw.lower().removeprefix("http").strip()).strip("-")[:62].strip("-")
    if not made:
        raise ValueError("has no id; give it a citation key")
    return made
