"""Values in columns and back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from yardwatch.store.cells import Kind, blob_geometry, from_column, geometry_blob, to_column

VALUES = {
    Kind.TEXT: st.text(),
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.DOUBLE: st.floats(allow_nan=False),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates(),
    Kind.DATETIME: st.datetimes(timezones=st.just(UTC)).map(
        lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)
    ),
    Kind.LIST: st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.text()).map(tuple),
}


@pytest.mark.parametrize("kind", Kind)
def test_none_is_null(kind):
    assert to_column(kind, None) is None
    assert from_column(kind, None) is None


@given(st.data())
def test_values_come_back(data):
    kind = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(VALUES[kind])
    assert from_column(kind, to_column(kind, value)) == value


def test_columns_by_hand():
    assert to_column(Kind.DATETIME, datetime(2023, 10, 5, 2, 10, tzinfo=UTC)) == "2023-10-05T02:10:00.000Z"
    assert to_column(Kind.DATE, date(2023, 10, 5)) == "2023-10-05"
    assert to_column(Kind.LIST, (0.1, 0.9)) == "[0.1,0.9]"
    assert to_column(Kind.BOOLEAN, True) == 1


def test_a_blob_by_hand():
    """GeoPackage 1.4, clause 2.1.3: magic, version, flags, srs_id, envelope (min x, max x, min y, max y), WKB."""
    blob = geometry_blob(shapely.Point(1, 2))
    assert blob[:8] == b"GP\x00\x03" + (4326).to_bytes(4, "little")
    one, two = b"\0\0\0\0\0\0\xf0\x3f", b"\0\0\0\0\0\0\0\x40"
    assert blob[8:40] == one + one + two + two
    assert blob[40:] == b"\x01\x01\x00\x00\x00" + one + two


@pytest.mark.parametrize(("envelope", "size"), [(0, 0), (1, 32), (2, 48), (3, 48), (4, 64)])
def test_any_envelope_is_read(envelope, size):
    box = shapely.box(0, 0, 1, 2)
    blob = b"GP\0" + bytes([1 | envelope << 1]) + b"\0" * 4 + b"\0" * size + shapely.to_wkb(box)
    assert blob_geometry(blob).equals_exact(box)


@pytest.mark.parametrize("blob", [b"", b"GP", b"XX\0\1" + b"\0" * 40, b"GP\0\x0b" + b"\0" * 99, b"GP\0\1\0\0\0\0\1\3"])
def test_what_is_no_geometry_is_refused(blob):
    with pytest.raises(ValueError, match=r"."):
        blob_geometry(blob)
