"""`record.csv`: published quantities of a site, one a row, each with who said it and what it may be used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from yardwatch.errors import SiteError
from yardwatch.model import Observation, Role, Source, Zone
from yardwatch.sites.files import label
from yardwatch.sites.table import Row, check_distinct, plain, read_table, write_table
from yardwatch.sites.values import shown
from yardwatch.sites.zones import name_lookup

COLUMNS = (
    *("id", "date", "zone", "place", "quantity", "unit", "role", "kind", "lower", "upper"),
    *("sensor", "publisher", "url", "quote", "basis", "note", "grade"),
)
REQUIRED = ("id", "date", "zone", "quantity", "unit", "role")


def read_record(path: Path, zones: Sequence[Zone]) -> tuple[Observation, ...]:
    """The observations of a record, in the file's order; a header alone gives none.

    `zone` is a zone id or one of its aliases; where it is empty, `place` must be an alias, unless the role is
    *context*: then the observation's zone is the place as the source names it.
    Raises SiteError naming file, row and column.
    """
    names = name_lookup(zones)
    rows = read_table(path, COLUMNS, REQUIRED)
    check_distinct(rows)
    return tuple(_observation(row, names) for row in rows)


def write_record(path: Path, observations: Iterable[Observation], zones: Sequence[Zone]) -> None:
    """Write published observations so that `read_record` gives them back, spreadsheet-safe.

    Raises SiteError for one counted here or from a synthetic scene: those live in the store, not in the record.
    """
    known = {zone.id for zone in zones}
    write_table(path, COLUMNS, [_as_row(path, observation, known) for observation in observations])


def _observation(row: Row, names: Mapping[str, str]) -> Observation:
    role = _role(row)
    when, remark = row.span("date")
    value, lower, upper = _numbers(row, role)
    zone = _zone(row, role, names)
    try:
        return Observation(
            id=row.identity(),
            zone=zone,
            when=when,
            unit=row.need("unit", "write cars, metres of train, % filled, or the source's own unit"),
            value=value,
            role=role,
            lower=lower,
            upper=upper,
            kind=row["kind"] or None,
            basis=row["basis"] or "reported",
            source=_source(row),
            place="" if row["place"] == zone else row["place"],
            note="; ".join(filter(None, (f"date {remark}" if remark else "", row["note"]))),
        )
    except ValueError as error:
        row.fail("quantity", f"{error}; correct the row")


def _role(row: Row) -> Role:
    text = row.need("role", "write observation if it is a look at the zone").lower()
    try:
        return Role(text)
    except ValueError:
        row.fail("role", f"unknown role {shown(text)}; allowed: {', '.join(Role)}")


def _numbers(row: Row, role: Role) -> tuple[float | None, float | None, float | None]:
    value, lower, upper = (row.number(column) for column in ("quantity", "lower", "upper"))
    if lower is not None and upper is not None and upper < lower:
        row.fail("upper", f"{plain(upper)} is below lower {plain(lower)}; swap them or correct one")
    if value is not None and lower is not None and value < lower:
        row.fail("quantity", f"{plain(value)} is below lower {plain(lower)}; correct one")
    if value is not None and upper is not None and value > upper:
        row.fail("quantity", f"{plain(value)} is above upper {plain(upper)}; correct one")
    if role is Role.BOUND and (value is not None or (lower is None) == (upper is None)):
        row.fail("quantity", "a bound has no quantity and either lower (at least) or upper (at most)")
    if role is Role.NO_LOOK and (value, lower, upper) != (None, None, None):
        row.fail("quantity", "a no-look has no numbers; leave quantity, lower and upper empty")
    return value, lower, upper


def _zone(row: Row, role: Role, names: Mapping[str, str]) -> str:
    named = row["zone"]
    if not named and role is Role.CONTEXT:
        return row.need("place", "name the zone, or for context the place")
    zone = names.get((named or row["place"]).casefold())
    if zone is None:
        known = ", ".join(sorted(set(names.values())))
        row.fail("zone", f"unknown zone {shown(named or row['place'])}; known: {known} (or an alias of theirs)")
    return zone


def _source(row: Row) -> Source:
    publisher = row.need("publisher", "write who said it (your own name for your own reading)")
    grade = row.grade()
    return Source(publisher=publisher, url=row.address("url"), quote=row["quote"], sensor=row["sensor"], grade=grade)


def _as_row(path: Path, observation: Observation, known: set[str]) -> dict[str, str]:
    if observation.own or observation.synthetic or observation.pmf is not None:
        remedy = "own counts and synthetic scenes stay in the store; export them from there"
        raise SiteError(f"{label(path)}: observation {observation.id} is not a published one; {remedy}")
    source = observation.source or Source(publisher="")
    in_zone = observation.zone in known
    return {
        "id": observation.id,
        "date": str(observation.when),
        "zone": observation.zone if in_zone else "",
        "place": observation.place if in_zone else observation.zone,
        "quantity": plain(observation.value),
        "unit": observation.unit,
        "role": observation.role.value,
        "kind": observation.kind or "",
        "lower": plain(observation.lower),
        "upper": plain(observation.upper),
        "sensor": source.sensor,
        "publisher": source.publisher,
        "url": source.url,
        "quote": source.quote,
        "basis": observation.basis,
        "note": observation.note,
        "grade": source.grade,
    }
