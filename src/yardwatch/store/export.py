"""Export: the rows on their way to a spreadsheet, a map or another store.

CSV and GeoJSON carry the newest look at each scene, so that no car is there twice; the GeoPackage carries everything.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import shapely

from yardwatch.errors import InputError, UnavailableError
from yardwatch.store import rows, tables
from yardwatch.store.cells import to_plain
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ledger_tables import GROWING
from yardwatch.store.protocol import Store
from yardwatch.store.tables import GEOMETRY, TABLES, Cells, Table

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FORMULA = "=+-@\t\r\n＝＋－＠"
"""First characters that make a spreadsheet take a cell for a formula, full-width ones too (OWASP, CSV injection)."""
_DEFAULT = {"csv": "observations", "geojson": "cars"}


def export(store: Store, fmt: str, out: str | Path, *, table: str | None = None) -> Path:
    """Write one table as CSV or GeoJSON, or everything as a GeoPackage; the file appears whole or not at all.

    Args:
        store: what to write.
        fmt: `csv`, `geojson` or `gpkg`.
        out: file to write; an older one is replaced.
        table: which; default `observations` for CSV, `cars` for GeoJSON. GeoJSON takes layers only.

    Raises:
        InputError: unknown format or table, or `out` is the store's own file.
        UnavailableError: the file cannot be written.
    """
    out = Path(out)
    if out.resolve() == getattr(store, "path", Path()).resolve():
        raise InputError(f"{out} is the store itself; name another file")
    if fmt == "gpkg":
        _whole(out, lambda path: copy(store, path))
        return out
    if fmt not in _DEFAULT:
        raise InputError(f"format {fmt!r} is not known; choose csv, geojson or gpkg")
    chosen = _table(table or _DEFAULT[fmt], spatial=fmt == "geojson")
    cells = _cells(store, chosen)
    _whole(out, lambda path: (_write_csv if fmt == "csv" else _write_geojson)(path, chosen, cells))
    return out


def copy(source: Store, path: Path) -> None:
    """Make a GeoPackage with everything a store holds."""
    with GeoPackageStore(path) as target:
        for look in source.looks():
            counts = [row for row in source.counts() if row.look == look.id]
            target.put_look(look, counts, source.cars(look.id))
        target.replace_observations(source.observations())
        changes_run = source.changes_run()
        if changes_run is not None:
            target.replace_changes(source.changes(), changes_run)
        for review in source.reviews():
            target.put_review(review, source.reviewed_cars(review.id))
        for run in source.runs():
            target.put_run(run)
        for table in GROWING:
            target.keep(table, source.kept(table))


def harmless(text: str) -> str:
    """Text as a CSV cell no spreadsheet takes for a formula: one that begins like one and is no number gets a `'`."""
    return f"'{text}" if text[:1] in tuple(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _table(name: str, *, spatial: bool) -> Table[Any]:
    allowed = {table.name: table for table in TABLES if table.spatial or not spatial}
    if name not in allowed:
        raise InputError(f"table {name!r} cannot be exported so; choose one of {', '.join(sorted(allowed))}")
    return allowed[name]


def _cells(store: Store, table: Table[Any]) -> list[Cells]:
    looks = {look.id: look for look in rows.newest(store.looks())}
    if table.name == "looks":
        return [table.flatten(look) for look in looks.values()]
    if table.name in ("counts", "cars"):
        found = store.counts() if table.name == "counts" else store.cars()
        return [table.flatten(row) | tables.about(looks[row.look]) for row in found if row.look in looks]
    if table.name == "reviewed_cars":
        every = {look.id: look for look in store.looks()}
        return [
            table.flatten(row) | tables.about(every.get(review.look)) | {"review": review.id}
            for review in store.reviews()
            for row in store.reviewed_cars(review.id)
        ]
    if table in GROWING:
        return [table.flatten(row) for row in store.kept(table)]
    beside = {"run": store.changes_run()} if table.name == "changes" else {}
    return [table.flatten(row) | beside for row in getattr(store, table.name)()]


def _write_csv(path: Path, table: Table[Any], cells: Iterable[Cells]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        for row in cells:
            writer.writerow([_csv_cell(to_plain(kind, row[name])) for name, kind in table.columns.items()])


def _csv_cell(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    return harmless(value) if isinstance(value, str) else value


def _write_geojson(path: Path, table: Table[Any], cells: Iterable[Cells]) -> None:
    names = [(name, kind) for name, kind in table.columns.items() if name != GEOMETRY]
    features = [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(shapely.orient_polygons(row[GEOMETRY])),
            "properties": {name: to_plain(kind, row[name]) for name, kind in names},
        }
        for row in cells
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _whole(out: Path, write: Callable[[Path], None]) -> None:
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            made = Path(folder) / out.name
            write(made)
            made.replace(out)
    except OSError as error:
        raise UnavailableError(f"{out} cannot be written: {error.strerror or error}; check the folder") from error
