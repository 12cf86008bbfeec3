"""The store that stays: one GeoPackage in the site's folder, open to QGIS and to any program that reads one.

Each call is one transaction: after a kill, a power cut or a full disk the file holds it whole or not at all. Two
processes may have it open; a write waits for the other's, and what is put twice is kept once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import shapely

from yardwatch.store import statements
from yardwatch.store.container import connect, setting, settle, told, transaction
from yardwatch.store.tabled import Columns, TableStore
from yardwatch.store.tables import Cells, Table

Row = TypeVar("Row")


class GeoPackageStore(TableStore):
    """A store in a GeoPackage, for one thread at a time.

    Args:
        path: the file, usually `site.gpkg`; made where it is missing.

    Raises:
        InputError: the file is damaged, or was not made by Yardwatch, or by a newer one.
        UnavailableError: it cannot be reached, or another program held it for a minute.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._connection = connect(self.path)

    def close(self) -> None:
        """See `Store`."""
        self._connection.close()

    @contextmanager
    def _reading(self) -> Iterator[FileSession]:
        with told(self.path):
            yield FileSession(self._connection)

    @contextmanager
    def _writing(self) -> Iterator[FileSession]:
        with told(self.path), transaction(self._connection):
            yield FileSession(self._connection)


@dataclass(frozen=True)
class FileSession:
    """The tables of an open GeoPackage; see `Session`."""

    connection: sqlite3.Connection

    def encode(self, table: Table[Row], rows: Iterable[Row], beside: Cells | None = None) -> list[Columns]:
        """See `Session`."""
        return statements.encode(table, rows, beside)

    def decode(self, table: Table[Row], rows: Iterable[Columns]) -> tuple[Row, ...]:
        """See `Session`."""
        return statements.decode(table, rows)

    def has(self, table: Table[Any], row_id: str) -> bool:
        """See `Session`."""
        return statements.has(self.connection, table, row_id)

    def select(self, table: Table[Any], column: str = "", value: str | None = None) -> list[Columns]:
        """See `Session`."""
        return statements.select(self.connection, table, column, value)

    def insert(self, table: Table[Any], rows: Sequence[Columns]) -> None:
        """See `Session`."""
        statements.insert(self.connection, table, rows)

    def update(self, table: Table[Any], row_id: str, row: Columns) -> None:
        """See `Session`."""
        statements.update(self.connection, table, row_id, row)

    def clear(self, table: Table[Any]) -> None:
        """See `Session`."""
        statements.clear(self.connection, table)

    def widen(self, layers: Sequence[str], polygons: Sequence[shapely.Polygon]) -> None:
        """See `Session`."""
        statements.widen(self.connection, layers, polygons)

    def setting(self, name: str) -> str | None:
        """See `Session`."""
        return setting(self.connection, name)

    def settle(self, name: str, value: str) -> None:
        """See `Session`."""
        settle(self.connection, name, value)
