"""The server: a schema of a PostgreSQL database with PostGIS, made, opened and written safely.

Each site has a schema of its own, `yardwatch_<site>`, so that one database serves many. The password comes from the
environment or `~/.pgpass` and is neither taken from a file of the site nor written to one, nor shown.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import errors, sql

from yardwatch.errors import InputError, UnavailableError
from yardwatch.store.cells import LONLAT, Kind
from yardwatch.store.ledger_tables import GROWING, JUDGED_VIEW
from yardwatch.store.tables import GEOMETRY, TABLES, Table

Connection = psycopg.Connection[tuple[Any, ...]]

SCHEMES = ("postgresql", "postgres")
ALLOWED = ("sslmode", "sslrootcert", "service", "connect_timeout", "target_session_attrs")
"""Options an address may carry; a password is none of them."""
LAYOUT = 1
"""Of the tables; raised when a column changes meaning or goes."""
CONNECT_S, WAIT_S = 10, 60
"""Another process writes for milliseconds at a time; whoever holds the tables a minute is editing them by hand."""
NAME_BYTES = 63
"""Longest name PostgreSQL keeps; it cuts longer ones without a word."""
_TYPES = {
    Kind.TEXT: "text",
    Kind.LIST: "text",
    Kind.INTEGER: "bigint",
    Kind.DOUBLE: "double precision",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
    Kind.POLYGON: f"geometry(Polygon, {LONLAT})",
}
VIEWS: dict[str, LiteralString] = {
    "cars_newest": (
        "CREATE VIEW cars_newest AS SELECT * FROM cars WHERE look IN "
        "(SELECT id FROM looks WHERE fid IN (SELECT max(fid) FROM looks GROUP BY scene_sha256))"
    ),
    "changes_judged": JUDGED_VIEW,
}


def checked_address(address: str) -> str:
    """A store's address as it may stand in `site.yaml`. Raises InputError for one with a password, or for no such."""
    parts = urlsplit(address)
    name = label(address)
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise InputError(f"store {name!r} is no database; write for instance postgresql://user@host/database")
    options = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if parts.password is not None or "password" in options:
        raise InputError(f"store {name}: a password stands in it; take it out, and set PGPASSWORD or use ~/.pgpass")
    strange = sorted(options - set(ALLOWED))
    if strange:
        raise InputError(f"store {name}: option {strange[0]!r} is not taken; allowed: {', '.join(ALLOWED)}")
    return address


def label(address: str) -> str:
    """The address without password and options, as it may be shown."""
    parts = urlsplit(address)
    who = f"{unquote(parts.username)}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    host = parts.hostname or ""
    return f"{parts.scheme}://{who}{f'[{host}]' if ':' in host else host}{port}{parts.path}"


def schema_of(site: str) -> str:
    """The schema of a site; a name too long to stand whole ends in its hash."""
    name = "yardwatch_" + site.replace("-", "_")
    if len(name) <= NAME_BYTES:
        return name
    return f"{name[: NAME_BYTES - 9]}_{hashlib.sha256(site.encode()).hexdigest()[:8]}"


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what PostgreSQL raises into one line that names the store: InputError or UnavailableError."""
    try:
        yield
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName) as error:
        raise InputError(
            f"{name}: its tables were changed by another program ({_first_line(error)}); bring back a copy"
        ) from error
    except errors.LockNotAvailable as error:
        raise UnavailableError(f"{name} is held by another program; end its transaction, then run again") from error
    except errors.InsufficientPrivilege as error:
        raise UnavailableError(
            f"{name}: {_first_line(error)}; ask for the right to create a schema and to write in it"
        ) from error
    except (psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction) as error:
        raise UnavailableError(
            f"{name} cannot be used: {_first_line(error)}; is the server up, and PGPASSWORD or ~/.pgpass right?"
        ) from error


def connect(address: str, site: str) -> Connection:
    """Open the site's schema, made first where it is missing; two processes may do so at once."""
    name, schema = label(address), schema_of(site)
    with told(name):
        connection = psycopg.connect(checked_address(address), autocommit=True, **connection_settings())
        try:
            _extend(connection, name)
            if not _there(connection, schema):
                with transaction(connection, schema):
                    _make(connection, schema)
            _check(connection, name)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: Connection, schema: str) -> Iterator[None]:
    """All of it or nothing, and nobody else writes in the schema meanwhile."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (schema,))
        yield


def connection_settings() -> dict[str, Any]:
    """What every connection is opened with, as psycopg takes it."""
    settings: dict[str, Any] = {
        "application_name": "yardwatch",
        "client_encoding": "utf8",
        "connect_timeout": CONNECT_S,
        "options": f"-c timezone=UTC -c lock_timeout={WAIT_S * 1000} -c client_min_messages=warning",
    }
    if psycopg.pq.version() >= 160000 and "PGREQUIREAUTH" not in os.environ:
        settings["require_auth"] = "!password"  # a stranger's address must not be handed a password in clear
    return settings


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    secret = os.environ.get("PGPASSWORD")
    return lines[0].replace(secret, "…") if secret else lines[0]


def _extend(connection: Connection, name: str) -> None:
    """PostGIS into the database, where it is not yet."""
    if _home_of_postgis(connection) is None:
        try:
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        except psycopg.Error as error:
            raise InputError(
                f"{name} has no PostGIS ({_first_line(error)}); have CREATE EXTENSION postgis run in it "
                "(Debian: apt install postgresql-15-postgis-3)"
            ) from error


def _home_of_postgis(connection: Connection) -> str | None:
    """The schema that holds its functions: `public`, or where the database's owner put them."""
    found = connection.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'postgis'"
    ).fetchone()
    return None if found is None else str(found[0])


def _there(connection: Connection, schema: str) -> bool:
    """Whether the schema has every table and column of today, or is of another layout, which `_check` tells."""
    path = [schema, _home_of_postgis(connection) or "public"]
    connection.execute(sql.SQL("SET search_path TO {}").format(sql.SQL(", ").join(map(sql.Identifier, path))))
    return _layout(connection) is not None and (_layout(connection) != str(LAYOUT) or not _missing(connection))


def _layout(connection: Connection) -> str | None:
    found = connection.execute("SELECT to_regclass(quote_ident(current_schema()) || '.yardwatch')").fetchone()
    if found is None or found[0] is None:
        return None
    row = connection.execute("SELECT value FROM yardwatch WHERE name = 'layout'").fetchone()
    return "?" if row is None else str(row[0])


def _missing(connection: Connection) -> dict[str, set[str]]:
    """Columns a table lacks, by table; a table that is not there lacks all."""
    rows = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    ).fetchall()
    lacks = {table.name: set(table.columns) - {column for of, column in rows if of == table.name} for table in TABLES}
    return {name: columns for name, columns in lacks.items() if columns}


def _make(connection: Connection, schema: str) -> None:
    """The schema; one made by an earlier Yardwatch is given the tables that came since, and keeps what is in it."""
    wanted = TABLES if _layout(connection) is None else GROWING  # a core table that is gone is a loss, and told
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    connection.execute(
        "CREATE TABLE IF NOT EXISTS yardwatch (fid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
        "name text NOT NULL UNIQUE, value text NOT NULL)"
    )
    for table in wanted:
        connection.execute(_create(table))
        connection.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(table.name), table.says))
    for name, view in () if _missing(connection) else VIEWS.items():
        if connection.execute("SELECT to_regclass(%s)", (name,)).fetchone() == (None,):
            connection.execute(view)
    connection.execute(
        "INSERT INTO yardwatch (name, value) VALUES ('layout', %s) ON CONFLICT DO NOTHING", (str(LAYOUT),)
    )


def _create(table: Table[object]) -> sql.Composed:
    needed = {*table.key, GEOMETRY}
    columns = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(name), sql.SQL(_TYPES[kind]), sql.SQL(" NOT NULL" if name in needed else "")
        )
        for name, kind in table.columns.items()
    ]
    return sql.SQL(
        "CREATE TABLE IF NOT EXISTS {} (fid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {}, UNIQUE ({}))"
    ).format(
        sql.Identifier(table.name), sql.SQL(", ").join(columns), sql.SQL(", ").join(map(sql.Identifier, table.key))
    )


def _check(connection: Connection, name: str) -> None:
    layout = _layout(connection)
    if layout != str(LAYOUT):
        raise InputError(f"{name} has layout {layout}, this Yardwatch reads {LAYOUT}; use the version that made it")
    for table, columns in _missing(connection).items():
        raise InputError(f"{name} has no {', '.join(sorted(columns))} in {table}; use the version that made it")
