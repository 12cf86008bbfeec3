"""Statements: rows of a table in and out of an open GeoPackage.

SQL is put together from the names in `tables`, which are constants; values always travel as parameters.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import shapely

from yardwatch.errors import InputError
from yardwatch.store.cells import from_column, to_column
from yardwatch.store.tables import Cells, Table

Row = TypeVar("Row")
Columns = tuple[Any, ...]
"""One row as SQLite takes it, in the order of the table's columns."""


def encode(table: Table[Row], rows: Iterable[Row], beside: Cells | None = None) -> list[Columns]:
    """Rows as SQLite takes them; `beside` fills the columns no row has of itself."""
    flat = [table.flatten(row) | (beside or {}) for row in rows]
    return [tuple(to_column(kind, cells[name]) for name, kind in table.columns.items()) for cells in flat]


def decode(table: Table[Row], rows: Iterable[Columns]) -> tuple[Row, ...]:
    """The values again. Raises InputError for a row that was spoilt from outside."""
    built = []
    for number, row in enumerate(rows, start=1):
        try:
            cells = {
                name: from_column(kind, cell) for (name, kind), cell in zip(table.columns.items(), row, strict=True)
            }
            built.append(table.build(cells))
        except (ValueError, TypeError, AttributeError, struct.error) as error:
            raise InputError(
                f"store: row {number} of {table.name} cannot be read ({error}); it was changed by another program: "
                "bring back a copy, or put the file aside and run again"
            ) from error
    return tuple(built)


def has(connection: sqlite3.Connection, table: Table[Any], row_id: str) -> bool:
    """Whether a row of this id is there."""
    found = connection.execute(f"SELECT 1 FROM {table.name} WHERE id = ?", (row_id,))  # noqa: S608
    return found.fetchone() is not None


def select(
    connection: sqlite3.Connection, table: Table[Any], column: str = "", value: str | None = None
) -> list[Columns]:
    """Rows in the order they were put; with a value, those that have it in the column."""
    where, values = (f'WHERE "{column}" = ?', (value,)) if value is not None else ("", ())
    rows = connection.execute(f"SELECT {_names(table)} FROM {table.name} {where} ORDER BY fid", values)  # noqa: S608
    return rows.fetchall()


def insert(connection: sqlite3.Connection, table: Table[Any], rows: Sequence[Columns]) -> None:
    """Add rows at the end."""
    if rows:
        marks = ", ".join("?" for _ in table.columns)
        connection.executemany(f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks})", rows)  # noqa: S608
        touch(connection, table)


def update(connection: sqlite3.Connection, table: Table[Any], row_id: str, row: Columns) -> None:
    """Put a row in the place of the one of this id."""
    settings = ", ".join(f'"{name}" = ?' for name in table.columns)
    connection.execute(f"UPDATE {table.name} SET {settings} WHERE id = ?", (*row, row_id))  # noqa: S608
    touch(connection, table)


def clear(connection: sqlite3.Connection, table: Table[Any]) -> None:
    """Take every row out."""
    connection.execute(f"DELETE FROM {table.name}")  # noqa: S608
    touch(connection, table)
    connection.execute(
        "UPDATE gpkg_contents SET min_x = NULL, min_y = NULL, max_x = NULL, max_y = NULL WHERE table_name = ?",
        (table.name,),
    )


def widen(connection: sqlite3.Connection, layers: Sequence[str], polygons: Sequence[shapely.Polygon]) -> None:
    """Widen the extent the layers are listed with, so that QGIS zooms to them without reading every row."""
    if not polygons:
        return
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(list(polygons)))
    connection.executemany(
        "UPDATE gpkg_contents SET min_x = min(ifnull(min_x, ?1), ?1), min_y = min(ifnull(min_y, ?2), ?2), "
        "max_x = max(ifnull(max_x, ?3), ?3), max_y = max(ifnull(max_y, ?4), ?4) WHERE table_name = ?5",
        [(west, south, east, north, layer) for layer in layers],
    )


def touch(connection: sqlite3.Connection, table: Table[Any]) -> None:
    """Say in the list of layers that the table changed just now."""
    connection.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE table_name = ?",
        (table.name,),
    )


def _names(table: Table[Any]) -> str:
    return ", ".join(f'"{name}"' for name in table.columns)
