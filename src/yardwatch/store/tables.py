"""Tables: which columns each value takes in a GeoPackage and in an export, and how it is built again.

Beside a value's own columns stand some for whoever reads the file in QGIS or a spreadsheet: they follow from the
value (`mean`, `freight`, …) or from the look it belongs to (`about`), and are never read back.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from yardwatch.model import Capability, Car, DateSpan, Observation, Role, Source
from yardwatch.store.ledger_tables import CHANGE_COLUMNS, GROWING, build_change, flatten_change
from yardwatch.store.rows import CarRow, CountRow, LookRow, ReviewRow, RunRow
from yardwatch.store.table import GEOMETRY, Cells, Table, columns, fields_of, only

__all__ = [
    "CARS",
    "CHANGES",
    "COUNTS",
    "GEOMETRY",
    "LOOKS",
    "OBSERVATIONS",
    "REVIEWED_CARS",
    "REVIEWS",
    "RUNS",
    "TABLES",
    "Cells",
    "Table",
    "about",
    "columns",
]


def about(look: LookRow | None) -> Cells:
    """What the rows of a look say of it, so that a count names its scene, code and parameters by itself."""
    names = ("scene", "scene_sha256", "acquired", "code_version", "parameters")
    return {name: getattr(look, name, None) for name in names}


def _flatten_count(row: CountRow) -> Cells:
    count = row.count
    lower, upper = count.interval
    return fields_of(row) | {"mean": count.mean, "map": count.map, "lower": lower, "upper": upper}


def _flatten_car(row: CarRow) -> Cells:
    derived = {"length_m": row.car.length_m, "freight": row.car.freight}
    return fields_of(row.car) | derived | {"look": row.look, "zones": row.zones, GEOMETRY: row.polygon}


def _build_car(cells: Cells) -> CarRow:
    return CarRow(look=cells["look"], car=Car(**only(Car, cells)), polygon=cells[GEOMETRY], zones=cells["zones"])


def _flatten_observation(row: Observation) -> Cells:
    source = {field.name: getattr(row.source, field.name, None) for field in fields(Source)}
    return fields_of(row) | source | {"earliest": row.when.earliest, "latest": row.when.latest}


def _build_observation(cells: Cells) -> Observation:
    source = None if cells["publisher"] is None else Source(**only(Source, cells))
    when = DateSpan(cells["earliest"], cells["latest"])
    return Observation(**only(Observation, cells | {"source": source, "when": when, "role": Role(cells["role"])}))


_ABOUT = columns("TEXT scene scene_sha256", "DATETIME acquired", "TEXT code_version parameters")
_CAR = columns(
    "TEXT look id track",
    "DOUBLE start_m end_m",
    "TEXT kind",
    "DOUBLE probability width_m",
    "BOOLEAN covered",
    "LIST zones",
    "DOUBLE length_m",
    "BOOLEAN freight",
)

LOOKS = Table(
    name="looks",
    says="One scene looked at once: which code, parameters and tracks, and how far it could be used",
    key=("id",),
    columns=columns(
        "TEXT id scene scene_sha256",
        "DATETIME acquired",
        "TEXT code_version parameters tracks_sha256 capability capability_reason",
        "BOOLEAN usable",
        "TEXT reason",
        "DOUBLE visible_fraction shift_x_m shift_y_m align_residual_m",
        "INTEGER align_windows",
        "BOOLEAN aligned synthetic",
    ),
    flatten=fields_of,
    build=lambda cells: LookRow(**only(LookRow, cells | {"capability": Capability(cells["capability"])})),
)
COUNTS = Table(
    name="counts",
    says="Freight cars of one zone in one look: the whole distribution (pmf), and length divided by pitch beside it",
    key=("look", "id"),
    columns=columns(
        "TEXT id look zone",
        "INTEGER zone_version",
        "LIST pmf",
        "DOUBLE level",
        "BOOLEAN calibrated",
        "DOUBLE length_mean length_lower length_upper occupied_m visible_fraction",
        "INTEGER not_freight",
        "DOUBLE mean",
        "INTEGER map lower upper",
    )
    | _ABOUT,
    flatten=_flatten_count,
    build=lambda cells: CountRow(**only(CountRow, cells)),
)
CARS = Table(
    name="cars",
    says="Every rail vehicle found, as the footprint of its body",
    key=("look", "id"),
    columns=columns("POLYGON geom") | _CAR | _ABOUT,
    flatten=_flatten_car,
    build=_build_car,
)
REVIEWED_CARS = Table(
    name="reviewed_cars",
    says="Vehicles a reviewer left standing",
    key=("review", "id"),
    columns=columns("POLYGON geom", "TEXT review") | _CAR | _ABOUT,
    flatten=_flatten_car,
    build=_build_car,
)
CHANGES = Table(
    name="changes",
    says="Ground that became something else and stayed so, first seen between two days",
    key=("id",),
    columns=columns(
        "POLYGON geom",
        "TEXT id",
    )
    | CHANGE_COLUMNS
    | columns("TEXT run"),
    flatten=flatten_change,
    build=build_change,
)
OBSERVATIONS = Table(
    name="observations",
    says="The record: dated quantities of a zone in a unit, own and published, possibly only a bound",
    key=("id",),
    columns=columns(
        "TEXT id zone",
        "DATE earliest latest",
        "TEXT unit",
        "DOUBLE value",
        "TEXT role",
        "DOUBLE lower upper",
        "TEXT kind",
        "BOOLEAN own",
        "TEXT basis publisher url quote sensor grade",
        "INTEGER zone_version",
        "DOUBLE visible_fraction",
        "LIST pmf",
        "TEXT evidence",
        "BOOLEAN synthetic",
        "TEXT place note",
    ),
    flatten=_flatten_observation,
    build=_build_observation,
)
REVIEWS = Table(
    name="reviews",
    says="One person's corrections of one look",
    key=("id",),
    columns=columns(
        "TEXT id scene_sha256 look reviewer", "INTEGER added removed kept unsure", "TEXT note", "DATE reviewed_on"
    ),
    flatten=fields_of,
    build=lambda cells: ReviewRow(**only(ReviewRow, cells)),
)
RUNS = Table(
    name="runs",
    says="Every command that worked in the site",
    key=("id",),
    columns=columns("TEXT id command", "DATETIME started finished", "TEXT code_version parameters state"),
    flatten=fields_of,
    build=lambda cells: RunRow(**only(RunRow, cells)),
)
TABLES: tuple[Table[Any], ...] = (CARS, REVIEWED_CARS, CHANGES, LOOKS, COUNTS, OBSERVATIONS, REVIEWS, RUNS, *GROWING)
