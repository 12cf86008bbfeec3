"""The chain from a sentence of a report down to its pixels, record rows and sources; read from the report alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yardwatch.errors import InputError

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Link:
    """One step of a chain, with what it rests on."""

    kind: str
    """`claim`, `limit`, `observation`, `count`, `cars`, `scene`, `zone`, `event`, `change`, `break`, `source`, or
    `missing` for what the report names and does not hold."""
    id: str
    text: str
    below: tuple[Link, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The link and everything below it."""
        return {"kind": self.kind, "id": self.id, "text": self.text, "below": [one.as_json() for one in self.below]}

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids named somewhere below that the report does not hold."""
        own = (self.id,) if self.kind == "missing" else ()
        return own + tuple(name for one in self.below for name in one.missing)

    def kinds(self) -> frozenset[str]:
        """Kinds met anywhere in the chain."""
        return frozenset({self.kind}).union(*(one.kinds() for one in self.below))


class Report:
    """A report's JSON with everything in it found by id."""

    def __init__(self, document: Row) -> None:
        sites = [document, *document.get("beside", [])]
        self.claims = _by_id(document.get("claims", []))
        for beside in document.get("beside", []):
            name = beside["site"]["id"]
            self.claims |= {f"{name}.{claim['id']}": claim for claim in beside.get("claims", [])}
        self.limits = _by_id(document.get("limits", []))
        self.records = _by_id(row for site in sites for row in site.get("record", []))
        self.events = _by_id(row for site in sites for row in site.get("events", []))
        self.zones = {zone["id"]: zone for site in sites for zone in site.get("zones", [])}
        self.breaks = _by_id(row for site in sites for row in site.get("breaks", []))
        self.changes, self.scenes = _by_id(document.get("changes", [])), _by_id(document.get("scenes", []))
        self.counts = {row["count"]: row for row in document.get("counts", [])}
        self.sources = {row["number"]: row for row in document.get("sources", [])}
        self.by_evidence = {name: row["number"] for row in self.sources.values() for name in row.get("evidence", [])}

    def raw(self, place: str) -> str:
        """The id behind a place on the page (`zone-facility`), which is how limits name their evidence."""
        _, _, name = place.partition("-")
        known = (*self.records, *self.events, *self.zones, *self.breaks, *self.changes, *self.scenes, *self.counts)
        if place in known or name in known:
            return place if place in known else name
        cut = name.rpartition("-")[0]  # a long id is cut and a piece of its hash put behind it
        return next((i for i in known if cut and re.sub(r"[^A-Za-z0-9_.-]+", "-", i).startswith(cut)), place)


def chain(document: Row, claim: str) -> Link:
    """The chain below a claim or limit. Raises InputError where the report has no such claim, naming those it has."""
    report = Report(document)
    if claim not in report.claims and claim not in report.limits:
        known = ", ".join((*report.claims, *report.limits)) or "none"
        raise InputError(f"the report has no claim {claim[:80]!r}; it has {known}")
    return _claim(report, claim)


def _claim(report: Report, name: str) -> Link:
    site, _, _ = name.rpartition(".")
    row = report.claims.get(name) or report.limits[name]
    above = [f"{site}.{i}" if site else i for i in row.get("rests_on", [])]
    below = [_claim(report, i) if i in report.claims else _missing(i) for i in above]
    kind = "claim" if name in report.claims else "limit"
    return Link(kind=kind, id=name, text=row["text"], below=(*below, *_evidence(report, row.get("evidence", []))))


def _evidence(report: Report, ids: Sequence[str]) -> tuple[Link, ...]:
    """Links of evidence ids; a count named beside the observation that rests on it stands below that alone."""
    counted = {report.records[i]["count"] for i in ids if i in report.records}
    return tuple(_link(report, report.raw(i)) for i in ids if i not in counted or i not in report.counts)


def _link(report: Report, name: str) -> Link:  # noqa: PLR0911 -- one return a kind
    if name in report.records:
        return _observation(report, report.records[name])
    if name in report.counts:
        return _count(report, name)
    if name in report.events:
        row = report.events[name]
        told = f"{row['date']} ({row['title']}), disclosed {row['disclosed']}"
        return Link(kind="event", id=name, text=told, below=_source(report, name))
    if name in report.changes:
        row = report.changes[name]
        scenes = tuple(_scene(report, scene) for scene in row.get("scenes", []))
        return Link(kind="change", id=name, text=f"{row['kind']}, {row['area_m2']:.0f} m²", below=scenes)
    if name in report.scenes:
        return _scene(report, name)
    if name in report.zones:
        return _zone(report, name)
    if name in report.breaks:
        row = report.breaks[name]
        return Link(kind="break", id=name, text=f"{row['from']} to {row['to']}: {row['note'] or 'no note'}")
    return _missing(name)


def _observation(report: Report, row: Row) -> Link:
    told = f"{row['date']}, {row['zone']}: {_amount(row)} ({row['role']}, {row['basis']})"
    below = (*((_count(report, row["count"]),) if row.get("count") else ()), *_source(report, row["id"]))
    zone = () if row.get("count") or row["zone"] not in report.zones else (_zone(report, row["zone"]),)
    return Link(kind="observation", id=row["id"], text=told, below=(*below, *zone))


def _amount(row: Row) -> str:
    """`73 cars`, `at most 20 cars`, `72 cars, interval 61 to 83`."""
    value, low, high = row["value"], row["lower"], row["upper"]
    if value is None and (low is None) != (high is None):
        return f"at most {high:g} {row['unit']}" if low is None else f"at least {low:g} {row['unit']}"
    amount = f"{'no number of' if value is None else f'{value:g}'} {row['unit']}"
    if low is None and high is None:
        return amount
    if low is None or high is None:
        return f"{amount}, {f'at most {high:g}' if low is None else f'at least {low:g}'}"
    return f"{amount}, interval {low:g} to {high:g}"


def _count(report: Report, name: str) -> Link:
    row = report.counts.get(name)
    if row is None:
        return _missing(name)
    told = f"counted with Yardwatch {row['code_version']} along tracks {row['tracks_sha256'][:12] or 'not hashed'}"
    cars = row.get("cars") or []
    polygons = Link(kind="cars", id=row["look"], text=f"{len(cars)} car polygons: {', '.join(cars) or 'none'}")
    zone = _zone(report, row["zone"], row["zone_version"])
    return Link(kind="count", id=name, text=told, below=(polygons, zone, _scene(report, row["scene"])))


def _scene(report: Report, name: str) -> Link:
    row = report.scenes.get(name)
    if row is None:
        return _missing(name)
    day, sensor = row["acquired"] or "on a day not stated", row["sensor"] or "sensor not stated"
    made = ", simulated" if row.get("synthetic") else ""
    return Link(kind="scene", id=name, text=f"taken {day}, {sensor}{made}, SHA-256 {row['sha256']}")


def _zone(report: Report, name: str, version: int | None = None) -> Link:
    row = report.zones.get(name)
    held = version if version is not None else (row or {}).get("version")
    rough = ", outline approximate" if row and row.get("approximate") else ""
    return Link(kind="zone", id=name, text=f"version {held}{rough}")


def _source(report: Report, evidence: str) -> tuple[Link, ...]:
    row = report.sources.get(report.by_evidence.get(evidence, -1))
    if row is None:
        return ()
    quotes = "; ".join(f"“{quote}”" for quote in row.get("quotes", []))
    grade = f"grade {row['grade']}" if row.get("grade") else "not graded"
    told = (row["publisher"], row["url"], grade, quotes)
    return (Link(kind="source", id=str(row["number"]), text=", ".join(part for part in told if part)),)


def _missing(name: str) -> Link:
    return Link(kind="missing", id=name, text="not in the report")


def _by_id(rows: Any) -> dict[str, Row]:  # noqa: ANN401 -- rows of JSON
    return {row["id"]: row for row in rows}
