"""What leaves the store: read back with the standard csv and json modules, pandas-free, and with GDAL."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.errors import InputError, UnavailableError
from yardwatch.model import DateSpan, Observation, Role, Source
from yardwatch.store.export import export, harmless
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ledger_tables import GROWING
from yardwatch.store.protocol import MemoryStore
from yardwatch.store.rows import ReviewRow, RunRow


@pytest.fixture
def store(rows):
    made = MemoryStore()
    first, again = rows.look(1), rows.look(2, scene="scene-1", scene_sha256=rows.look(1).scene_sha256)
    for look in (first, again):
        made.put_look(look, [rows.count(look)], [rows.car(look, n) for n in (1, 2)])
    made.put_look(rows.look(3, usable=False, reason="cloud", acquired=None), [], [])
    made.replace_changes([rows.change(1)], "run-1")
    for table in GROWING:
        made.keep(table, [rows.grown(number)[table.name] for number in (1, 2)])
    made.replace_observations(
        [
            Observation(
                id="a",
                zone='=HYPERLINK("http://x","y")',
                when=DateSpan.parse("2018-10/2023-10"),
                unit="% filled",
                value=73.5,
                source=Source(publisher="+1, Inc", quote='he said "20",\nthen left', url="@x"),
                note="-5",
            ),
            Observation(
                id="b", zone="z", when=DateSpan.on(date(2024, 1, 1)), unit="cars", value=None, role=Role.NO_LOOK
            ),
        ]
    )
    review = ReviewRow(
        id="r", scene_sha256="0", look=again.id, reviewer="A", added=0, removed=1, kept=1, reviewed_on=date(2024, 6, 18)
    )
    made.put_review(review, [rows.car(again, 1)])
    made.put_run(
        RunRow(id="run-1", command="run", started=datetime(2024, 1, 1, tzinfo=UTC), code_version="0", parameters="{}")
    )
    return made


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_is_the_record_by_default(store, tmp_path):
    path = export(store, "csv", tmp_path / "out.csv")
    first, second = read(path)
    assert (first["earliest"], first["latest"], first["value"], first["own"]) == (
        "2018-10-01",
        "2023-10-31",
        "73.5",
        "false",
    )
    assert first["quote"] == 'he said "20",\nthen left'
    assert (second["value"], second["role"], second["publisher"]) == ("", "no-look", "")


def test_no_cell_is_a_formula(store, tmp_path):
    first, _ = read(export(store, "csv", tmp_path / "out.csv"))
    assert first["zone"] == '\'=HYPERLINK("http://x","y")'
    assert first["publisher"] == "'+1, Inc"
    assert first["url"] == "'@x"
    assert first["note"] == "-5"


@pytest.mark.parametrize(
    "text", ["=1+1", "@a", "+a", "-a", "-", "+", "=", "\t=1", "\r=1", "＝1", "-1-1", "+1e", "-inf"]
)
def test_what_begins_like_a_formula_is_neutralised(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a", "-1", "+1.5", "-.5", "-1e-9", "1=1", "'=1", " =1", "2023-10-05", "a\n=b"])
def test_what_is_harmless_is_let_be(text):
    assert harmless(text) == text


@settings(deadline=None, max_examples=50)
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_numbers_are_let_be(number):
    assert harmless(str(number)) == str(number)


def test_csv_of_counts_names_scene_code_and_parameters_once_a_scene(store, tmp_path, rows):
    (row,) = read(export(store, "csv", tmp_path / "counts.csv", table="counts"))
    assert row["look"] == rows.look(2).id
    assert (row["scene"], row["code_version"], row["parameters"]) == ("scene-1", "0.1.0", '{"level":0.9}')
    assert row["scene_sha256"] == f"{1:064x}"
    assert (row["map"], row["lower"], row["upper"]) == ("2", "0", "2")
    assert float(row["mean"]) == pytest.approx(1.6)
    assert json.loads(row["pmf"]) == [0.1, 0.2, 0.7]
    assert row["acquired"] == "2023-10-05T02:10:00.123Z"


@pytest.mark.parametrize(
    ("table", "n"),
    [("looks", 2), ("cars", 2), ("changes", 1), ("reviews", 1), ("reviewed_cars", 1), ("runs", 1), ("observations", 2)],
)
def test_every_table_goes_out_as_csv(store, tmp_path, table, n):
    found = read(export(store, "csv", tmp_path / "out.csv", table=table))
    assert len(found) == n
    assert all(row["id"] for row in found)


def test_geojson_is_rfc_7946(store, tmp_path, rows):
    collection = json.loads(export(store, "geojson", tmp_path / "cars.geojson").read_text())
    assert set(collection) == {"type", "features"}
    first = collection["features"][0]
    ring = shapely.Polygon(first["geometry"]["coordinates"][0])
    assert ring.exterior.is_ccw
    assert ring.equals(rows.car(rows.look(2), 1).polygon)
    assert first["properties"]["zones"] == ["facility", "depot-north"]
    assert first["properties"]["freight"] is True
    assert first["properties"]["covered"] is None
    info = pyogrio.read_info(tmp_path / "cars.geojson", force_feature_count=True)
    assert (info["features"], info["crs"]) == (2, "EPSG:4326")


def test_geojson_of_changes_turns_the_ring_the_right_way(store, tmp_path, rows):
    assert not rows.change(1).polygon.exterior.is_ccw
    (feature,) = json.loads(export(store, "geojson", tmp_path / "c.json", table="changes").read_text())["features"]
    assert shapely.Polygon(feature["geometry"]["coordinates"][0]).exterior.is_ccw
    assert feature["properties"]["after"] == "2023-01-02"
    assert feature["properties"]["run"] == "run-1"


def test_an_empty_store_still_gives_a_file(tmp_path):
    assert json.loads(export(MemoryStore(), "geojson", tmp_path / "a.geojson").read_text())["features"] == []
    assert export(MemoryStore(), "csv", tmp_path / "a.csv").read_text().startswith("id,zone,earliest,latest,")
    assert len(pyogrio.list_layers(export(MemoryStore(), "gpkg", tmp_path / "a.gpkg"))) == 15


def test_gpkg_carries_everything(store, tmp_path):
    out = tmp_path / "out.gpkg"
    out.write_text("an older export")
    assert export(store, "gpkg", out) == out
    with GeoPackageStore(out) as copy:
        for name in ("looks", "counts", "cars", "observations", "changes", "changes_run", "reviews", "runs"):
            assert getattr(copy, name)() == getattr(store, name)(), name
        assert copy.reviewed_cars() == store.reviewed_cars()
        for table in GROWING:
            assert copy.kept(table) == store.kept(table), table.name
    np.testing.assert_array_equal([left.name for left in tmp_path.iterdir()], ["out.gpkg"])


def test_each_table_that_grows_can_be_exported(store, tmp_path):
    for table in GROWING:
        written = export(store, "csv", tmp_path / f"{table.name}.csv", table=table.name)
        with written.open(encoding="utf-8", newline="") as file:
            assert [row["id"] for row in csv.DictReader(file)] == [row.id for row in store.kept(table)]


def test_mistakes_are_told_and_the_older_file_stays(store, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("older")
    with pytest.raises(InputError, match="format 'xlsx' is not known; choose csv, geojson or gpkg"):
        export(store, "xlsx", out)
    with pytest.raises(InputError, match="table 'boats' cannot be exported so; choose one of cars, change_states"):
        export(store, "csv", out, table="boats")
    with pytest.raises(
        InputError,
        match="table 'looks' cannot be exported so; choose one of cars, change_states, changes, reviewed_cars",
    ):
        export(store, "geojson", out, table="looks")
    with pytest.raises(UnavailableError, match="cannot be written"):
        export(store, "csv", tmp_path / "nowhere" / "out.csv")
    assert out.read_text() == "older"


def test_a_store_is_not_written_over_itself(tmp_path, rows):
    path = tmp_path / "site.gpkg"
    with GeoPackageStore(path) as store:
        store.put_look(rows.look(1), [], [])
        for fmt in ("gpkg", "csv"):
            with pytest.raises(InputError, match="is the store itself"):
                export(store, fmt, tmp_path / "." / "site.gpkg")
        assert len(store.looks()) == 1
