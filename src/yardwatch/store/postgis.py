"""The store on a server: the same rows in a PostGIS schema, for sites that several people or machines work in.

Columns are PostgreSQL's own (`date`, `timestamptz`, `boolean`, `geometry(Polygon, 4326)`), so that QGIS and SQL read
them as they are. PostgreSQL's text holds no NUL: it stands as DLE `0`, and DLE itself as two of them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import Any, TypeVar

import shapely
from psycopg import sql

from yardwatch.errors import InputError
from yardwatch.store.cells import LONLAT, Kind, from_column, to_column
from yardwatch.store.server import Connection, connect, label, schema_of, told, transaction
from yardwatch.store.tabled import Columns, TableStore
from yardwatch.store.tables import Cells, Table

Row = TypeVar("Row")
_ESCAPE = "\x10"
"""Data link escape: what it is for."""


class PostGISStore(TableStore):
    """A store in a PostgreSQL database, for one thread at a time.

    Args:
        address: `postgresql://user@host:port/database`, without a password.
        site: id of the site, which names the schema.

    Raises:
        InputError: the address is none, has a password in it, or the schema was changed or is of another version.
        UnavailableError: the server cannot be reached, lets nobody in, or somebody held the tables for a minute.
    """

    def __init__(self, address: str, site: str) -> None:
        self.name = label(address)
        self.schema = schema_of(site)
        self._connection = connect(address, site)

    def close(self) -> None:
        """See `Store`."""
        self._connection.close()

    @contextmanager
    def _reading(self) -> Iterator[ServerSession]:
        with told(self.name):
            yield ServerSession(self._connection, self.name)

    @contextmanager
    def _writing(self) -> Iterator[ServerSession]:
        with told(self.name), transaction(self._connection, self.schema):
            yield ServerSession(self._connection, self.name)


@dataclass(frozen=True)
class ServerSession:
    """The tables of an open schema; see `Session`."""

    connection: Connection
    name: str

    def encode(self, table: Table[Row], rows: Iterable[Row], beside: Cells | None = None) -> list[Columns]:
        """See `Session`."""
        flat = [table.flatten(row) | (beside or {}) for row in rows]
        return [tuple(_to_server(kind, cells[name]) for name, kind in table.columns.items()) for cells in flat]

    def decode(self, table: Table[Row], rows: Iterable[Columns]) -> tuple[Row, ...]:
        """See `Session`."""
        built = []
        for number, row in enumerate(rows, start=1):
            try:
                pairs = zip(table.columns.items(), row, strict=True)
                built.append(table.build({name: _from_server(kind, cell) for (name, kind), cell in pairs}))
            except (ValueError, TypeError, AttributeError, struct.error, shapely.errors.ShapelyError) as error:
                raise InputError(
                    f"{self.name}: row {number} of {table.name} cannot be read ({error}); it was changed by another "
                    "program: bring back a copy"
                ) from error
        return tuple(built)

    def has(self, table: Table[Any], row_id: str) -> bool:
        """See `Session`."""
        query = sql.SQL("SELECT 1 FROM {} WHERE id = %s").format(_table(table))
        return self.connection.execute(query, (row_id,)).fetchone() is not None

    def select(self, table: Table[Any], column: str = "", value: str | None = None) -> list[Columns]:
        """See `Session`."""
        names = [
            sql.SQL("ST_AsBinary({})" if kind is Kind.POLYGON else "{}").format(sql.Identifier(name))
            for name, kind in table.columns.items()
        ]
        query = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(names), _table(table))
        if value is not None:
            query += sql.SQL(" WHERE {} = %s").format(sql.Identifier(column))
        values = () if value is None else (_escaped(value),)
        return self.connection.execute(query + sql.SQL(" ORDER BY fid"), values).fetchall()

    def insert(self, table: Table[Any], rows: Sequence[Columns]) -> None:
        """See `Session`."""
        names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        marks = sql.SQL(", ").join(map(_mark, table.columns.values()))
        query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(_table(table), names, marks)
        if rows:
            with self.connection.cursor() as cursor:
                cursor.executemany(query, rows)

    def update(self, table: Table[Any], row_id: str, row: Columns) -> None:
        """See `Session`."""
        settings = [
            sql.SQL("{} = {}").format(sql.Identifier(name), _mark(kind)) for name, kind in table.columns.items()
        ]
        query = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(_table(table), sql.SQL(", ").join(settings))
        self.connection.execute(query, (*row, row_id))

    def clear(self, table: Table[Any]) -> None:
        """See `Session`."""
        self.connection.execute(sql.SQL("DELETE FROM {}").format(_table(table)))

    def widen(self, layers: Sequence[str], polygons: Sequence[shapely.Polygon]) -> None:
        """See `Session`; PostGIS keeps extents by itself."""

    def setting(self, name: str) -> str | None:
        """See `Session`."""
        found = self.connection.execute("SELECT value FROM yardwatch WHERE name = %s", (name,)).fetchone()
        return None if found is None else str(found[0])

    def settle(self, name: str, value: str) -> None:
        """See `Session`."""
        self.connection.execute(
            "INSERT INTO yardwatch (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def _table(table: Table[Any]) -> sql.Identifier:
    return sql.Identifier(table.name)


def _mark(kind: Kind) -> sql.SQL:
    return sql.SQL(f"ST_GeomFromWKB(%s, {LONLAT})" if kind is Kind.POLYGON else "%s")


def _to_server(kind: Kind, value: Any) -> Any:  # noqa: ANN401
    """A value as psycopg takes it for a column of this kind."""
    return None if value is None else _TO.get(kind, lambda same: to_column(kind, same))(value)


def _from_server(kind: Kind, value: Any) -> Any:  # noqa: ANN401
    """A value as it was before `_to_server`."""
    return None if value is None else _FROM.get(kind, lambda same: from_column(kind, same))(value)


def _escaped(text: str) -> str:
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("\0", f"{_ESCAPE}0")


def _plain(text: str) -> str:
    if _ESCAPE not in text:
        return text
    return _ESCAPE.join(part.replace(f"{_ESCAPE}0", "\0") for part in text.split(_ESCAPE * 2))


_TO: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: lambda value: _escaped(str(value)),
    Kind.BOOLEAN: bool,
    Kind.DATE: lambda value: value,
    Kind.DATETIME: lambda value: value.astimezone(UTC),
    Kind.POLYGON: lambda value: shapely.to_wkb(value, byte_order=1, output_dimension=2, flavor="iso"),
}
_FROM: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _plain,
    Kind.BOOLEAN: bool,
    Kind.DATE: lambda value: value,
    Kind.DATETIME: lambda value: value.astimezone(UTC),
    Kind.POLYGON: lambda value: shapely.from_wkb(bytes(value)),
}
