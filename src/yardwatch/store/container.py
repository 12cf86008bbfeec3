"""The file: an SQLite database that is a GeoPackage 1.4 (OGC 12-128r19), made, opened and written safely.

The journal is a rollback journal, not WAL. A WAL keeps committed rows in a file beside the database (`-wal`) until
it is folded back, so copying `site.gpkg` alone, which people do, could lose them, above all after a kill. With a
rollback journal what was committed is in the one file; writers wait for readers, and each write here takes
milliseconds. QGIS switches a GeoPackage it opens to WAL; the next opening here switches it back when nobody holds it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pyproj import CRS

from yardwatch.errors import InputError, UnavailableError
from yardwatch.store.cells import LONLAT
from yardwatch.store.ledger_tables import CHANGE_COLUMNS, GROWING, JUDGED_VIEW
from yardwatch.store.tables import GEOMETRY, TABLES, Table

APPLICATION_ID = 0x47504B47
"""`GPKG`."""
USER_VERSION = 10400
"""GeoPackage 1.4."""
LAYOUT = 1
"""Of the tables below; raised when a column changes meaning or goes."""
LATER = ("score", "rectangularity", "straight_edges", "length_m", "doubt")
"""Columns of `changes` that came after the first release."""
JUDGED = "The changes as last found, each with the newest verdict on it"
WAIT_S = 60.0
"""Another process writes for milliseconds at a time; whoever holds the file a minute is editing it by hand."""

_FRAME = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE yardwatch (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
CREATE VIEW cars_newest AS SELECT * FROM cars
  WHERE look IN (SELECT id FROM looks WHERE fid IN (SELECT max(fid) FROM looks GROUP BY scene_sha256));
"""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into one line that names the file: InputError (damaged) or UnavailableError."""
    try:
        yield
    except sqlite3.Error as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise InputError(
                f"{path} is damaged or no GeoPackage; put it aside and run again to make it anew"
            ) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise UnavailableError(
                f"{path} is held by another program; save or close it there (QGIS: end editing), then run again"
            ) from error
        if isinstance(error, sqlite3.OperationalError):
            raise UnavailableError(
                f"{path} cannot be used: {error}; check the folder, its rights and the disk"
            ) from error
        raise


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, made first where it is missing; two processes may do so at once."""
    with told(path):
        connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
        try:
            _leave_wal(connection)
            connection.execute("PRAGMA synchronous = FULL")
            if _empty(connection):
                with transaction(connection):
                    if _empty(connection):
                        _make(connection)
            _add_newer(connection)
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, and nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def setting(connection: sqlite3.Connection, name: str) -> str | None:
    """What holds for the whole file under this name; None when nothing was said."""
    found = connection.execute("SELECT value FROM yardwatch WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def settle(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Say what holds for the whole file; the same again changes nothing."""
    if setting(connection, name) != value:
        connection.execute(
            "INSERT INTO yardwatch (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )


def _empty(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])


def _leave_wal(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        connection.execute("PRAGMA busy_timeout = 200")
        with suppress(sqlite3.OperationalError):  # somebody has it open: WAL serves as well until they leave
            connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA busy_timeout = {WAIT_S * 1000:.0f}")


def _add_newer(connection: sqlite3.Connection) -> None:
    """Give a file made by an earlier Yardwatch the tables and columns that came since; what is in it stays."""
    missing = _missing(connection)
    if not missing:
        return
    with transaction(connection):
        for statement in _missing(connection):  # another process may have been quicker
            connection.execute(statement)
        _register_missing(connection)


def _missing(connection: sqlite3.Connection) -> list[str]:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if "yardwatch" not in there or setting(connection, "layout") != str(LAYOUT):
        return []
    old = {row[1] for row in connection.execute("PRAGMA table_info(changes)")}
    columns = [
        f'ALTER TABLE changes ADD COLUMN "{name}" {CHANGE_COLUMNS[name].sql}'
        for name in LATER
        if old and name not in old
    ]
    tables = [_create(table) for table in GROWING if table.name not in there]
    return columns + tables + ([JUDGED_VIEW] if "changes" in there and "changes_judged" not in there else [])


def _register_missing(connection: sqlite3.Connection) -> None:
    listed = {name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")}
    for table in GROWING:
        if table.name not in listed:
            _register(connection, table.name, table.says, spatial=table.spatial)
    if "changes_judged" not in listed:
        _register(connection, "changes_judged", JUDGED, spatial=True)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"yardwatch", *(table.name for table in TABLES)} <= names:
        raise InputError(f"{path} was not made by Yardwatch; put it aside and run again, or name another file")
    layout = setting(connection, "layout")
    if layout != str(LAYOUT):
        raise InputError(f"{path} has layout {layout}, this Yardwatch reads {LAYOUT}; use the version that made it")
    for table in TABLES:  # SQLite reads a quoted column that is missing as its own name, without a word
        there = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
        if not there >= set(table.columns):
            missing = ", ".join(sorted(set(table.columns) - there))
            raise InputError(f"{path} has no {missing} in {table.name}; use the version that made it")


def _make(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    frame = _FRAME.strip().rstrip(";").split(";\n")
    for statement in (*frame[:-1], *map(_create, TABLES), frame[-1], JUDGED_VIEW):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined cartesian", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic", 0, "NONE", 0, "undefined", None),
            ("WGS 84", LONLAT, "EPSG", LONLAT, CRS.from_epsg(LONLAT).to_wkt("WKT1_GDAL"), "longitude, latitude"),
        ],
    )
    for table in TABLES:
        _register(connection, table.name, table.says, spatial=table.spatial)
    _register(connection, "cars_newest", "The cars of the newest look at each scene", spatial=True)
    _register(connection, "changes_judged", JUDGED, spatial=True)
    _register(
        connection,
        "yardwatch",
        "What holds for the whole file: the layout of its tables, the run the changes come from",
        spatial=False,
    )
    settle(connection, "layout", str(LAYOUT))


def _create(table: Table[object]) -> str:
    key = ", ".join(f'"{name}"' for name in table.key)
    columns = ", ".join(
        f'"{name}" {kind.sql}{" NOT NULL" if name in (*table.key, GEOMETRY) else ""}'
        for name, kind in table.columns.items()
    )
    return f"CREATE TABLE {table.name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {columns}, UNIQUE ({key}))"


def _register(connection: sqlite3.Connection, name: str, says: str, *, spatial: bool) -> None:
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
        (name, "features" if spatial else "attributes", name, says, LONLAT if spatial else None),
    )
    if spatial:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'POLYGON', ?, 0, 0)", (name, GEOMETRY, LONLAT)
        )
