"""Tables: which columns each value takes in a GeoPackage and in an export, and how it is built again.

Beside a value's own columns stand some for whoever reads the file in QGIS or a spreadsheet: they follow from the
value (`mean`, `freight`, …) or from the look it belongs to (`about`), and are never read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from yardwatch.model import Capability, Car, Change, DateSpan, Observation, Role, Source
from yardwatch.store.cells import Kind
from yardwatch.store.rows import CarRow, CountRow, LookRow, ReviewRow, RunRow

Row = TypeVar("Row")
Cells = dict[str, Any]
"""Column → value."""

GEOMETRY = "geom"


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Row]):
    """One layer or attribute table."""

    name: str
    says: str
    """One line for whoever opens the file."""
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    """Columns that together tell two rows apart."""
    flatten: Callable[[Row], Cells]
    build: Callable[[Cells], Row]
    """Raises ValueError when the cells make no sense together."""

    @property
    def spatial(self) -> bool:
        """Whether it is a layer with polygons."""
        return GEOMETRY in self.columns


def columns(*lines: str) -> dict[str, Kind]:
    """Columns written as `KIND name name …`, in order."""
    words = [line.split() for line in lines]
    return {name: Kind(kind) for kind, *names in words for name in names}


def about(look: LookRow | None) -> Cells:
    """What the rows of a look say of it, so that a count names its scene, code and parameters by itself."""
    names = ("scene", "scene_sha256", "acquired", "code_version", "parameters")
    return {name: getattr(look, name, None) for name in names}


def _fields(row: Any) -> Cells:  # noqa: ANN401
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _only(kind: type, cells: Cells) -> Cells:
    return {field.name: cells[field.name] for field in fields(kind)}


def _flatten_count(row: CountRow) -> Cells:
    count = row.count
    lower, upper = count.interval
    return _fields(row) | {"mean": count.mean, "map": count.map, "lower": lower, "upper": upper}


def _flatten_car(row: CarRow) -> Cells:
    derived = {"length_m": row.car.length_m, "freight": row.car.freight}
    return _fields(row.car) | derived | {"look": row.look, "zones": row.zones, GEOMETRY: row.polygon}


def _build_car(cells: Cells) -> CarRow:
    return CarRow(look=cells["look"], car=Car(**_only(Car, cells)), polygon=cells[GEOMETRY], zones=cells["zones"])


def _flatten_change(row: Change) -> Cells:
    return _fields(row) | {GEOMETRY: row.polygon}


def _build_change(cells: Cells) -> Change:
    return Change(**_only(Change, cells | {"polygon": cells[GEOMETRY]}))


def _flatten_observation(row: Observation) -> Cells:
    source = {field.name: getattr(row.source, field.name, None) for field in fields(Source)}
    return _fields(row) | source | {"earliest": row.when.earliest, "latest": row.when.latest}


def _build_observation(cells: Cells) -> Observation:
    source = None if cells["publisher"] is None else Source(**_only(Source, cells))
    when = DateSpan(cells["earliest"], cells["latest"])
    return Observation(**_only(Observation, cells | {"source": source, "when": when, "role": Role(cells["role"])}))


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
    flatten=_fields,
    build=lambda cells: LookRow(**_only(LookRow, cells | {"capability": Capability(cells["capability"])})),
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
    build=lambda cells: CountRow(**_only(CountRow, cells)),
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
        "TEXT id kind",
        "DOUBLE area_m2",
        "DATE after before",
        "INTEGER persistence",
        "DOUBLE probability",
        "TEXT stage run",
    ),
    flatten=_flatten_change,
    build=_build_change,
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
    flatten=_fields,
    build=lambda cells: ReviewRow(**_only(ReviewRow, cells)),
)
RUNS = Table(
    name="runs",
    says="Every command that worked in the site",
    key=("id",),
    columns=columns("TEXT id command", "DATETIME started finished", "TEXT code_version parameters state"),
    flatten=_fields,
    build=lambda cells: RunRow(**_only(RunRow, cells)),
)
TABLES: tuple[Table[Any], ...] = (CARS, REVIEWED_CARS, CHANGES, LOOKS, COUNTS, OBSERVATIONS, REVIEWS, RUNS)
