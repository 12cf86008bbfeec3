"""Cells: how one value stands in a column, and how it is read back.

    kind        value               GeoPackage column
    TEXT        str                 TEXT
    INTEGER     int                 INTEGER
    DOUBLE      float               DOUBLE
    BOOLEAN     bool                BOOLEAN, 0 or 1
    DATE        date                DATE, 2023-10-05
    DATETIME    datetime, UTC       DATETIME, 2023-10-05T02:10:00.000Z
    LIST        tuple               TEXT, a JSON list; floats keep every bit
    POLYGON     shapely.Polygon     POLYGON, lon/lat: the GeoPackage header (with the envelope), then ISO WKB

None is NULL in every column. Geometry: GeoPackage 1.4 (OGC 12-128r19), clause 2.1.3.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import shapely

from yardwatch.store.ids import canonical_json

LONLAT = 4326
_HEADER = struct.Struct("<2sBBi4d")
_FLAGS = 0b0000_0011  # little-endian header, envelope of min x, max x, min y, max y
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


class Kind(StrEnum):
    """What a column holds; the name is the column's type, but for LIST, which is TEXT."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    DOUBLE = "DOUBLE"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DATETIME = "DATETIME"
    LIST = "LIST"
    POLYGON = "POLYGON"

    @property
    def sql(self) -> str:
        """Declared type of the column."""
        return "TEXT" if self is Kind.LIST else self.value


def to_column(kind: Kind, value: Any) -> Any:  # noqa: ANN401
    """A value as SQLite takes it."""
    return None if value is None else _TO[kind](value)


def from_column(kind: Kind, value: Any) -> Any:  # noqa: ANN401
    """A value as it was before `to_column`. Raises ValueError, TypeError or struct.error where it cannot be that."""
    return None if value is None else _FROM[kind](value)


def to_plain(kind: Kind, value: Any) -> Any:  # noqa: ANN401
    """A value as JSON and CSV take it: dates as text, lists as lists, numbers and truth as they are."""
    if value is None or kind is Kind.BOOLEAN:
        return value
    if kind is Kind.LIST:
        return list(value)
    return shapely.to_wkt(value, rounding_precision=-1) if kind is Kind.POLYGON else _TO[kind](value)


def geometry_blob(geometry: shapely.Geometry) -> bytes:
    """A lon/lat geometry as a GeoPackage holds it; a third dimension is dropped."""
    west, south, east, north = shapely.bounds(geometry)
    header = _HEADER.pack(b"GP", 0, _FLAGS, LONLAT, west, east, south, north)
    return header + shapely.to_wkb(geometry, byte_order=1, output_dimension=2, flavor="iso")


def blob_geometry(blob: bytes) -> shapely.Geometry:
    """The geometry in a GeoPackage blob, also one written by QGIS with another header. Raises ValueError."""
    envelope = (blob[3] >> 1) & 0b111 if blob[:2] == b"GP" and len(blob) > 8 else len(_ENVELOPE_BYTES)
    if envelope >= len(_ENVELOPE_BYTES):
        raise ValueError("no GeoPackage geometry")
    try:
        return shapely.force_2d(shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[envelope] :]))
    except shapely.errors.GEOSException as error:
        raise ValueError(str(error)) from None


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_TO: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.DOUBLE: float,
    Kind.BOOLEAN: int,
    Kind.DATE: date.isoformat,
    Kind.DATETIME: _instant,
    Kind.LIST: lambda value: canonical_json(list(value)),
    Kind.POLYGON: geometry_blob,
}
_FROM: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.DOUBLE: float,
    Kind.BOOLEAN: bool,
    Kind.DATE: date.fromisoformat,
    Kind.DATETIME: datetime.fromisoformat,
    Kind.LIST: lambda value: tuple(json.loads(value)),
    Kind.POLYGON: blob_geometry,
}
