"""The file as others see it: GDAL (through pyogrio) is the oracle, shapely compares the polygons."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import warnings
from datetime import UTC, date, datetime

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely

from yardwatch.errors import InputError, UnavailableError
from yardwatch.model import DateSpan, Observation
from yardwatch.store import container
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ledger_tables import GROWING, VERDICTS
from yardwatch.store.rows import ReviewRow, RunRow
from yardwatch.store.tables import TABLES


@pytest.fixture(autouse=True)
def _no_warning_from_gdal():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture
def path(tmp_path):
    return tmp_path / "site.gpkg"


def fill(path, rows):
    """Two looks at two scenes, the first looked at again; changes, a review."""
    looks = (rows.look(1), rows.look(2), rows.look(3, scene="scene-1", scene_sha256=rows.look(1).scene_sha256))
    with GeoPackageStore(path) as store:
        for look in looks:
            cars = [rows.car(look, n, kind="tank", covered=n == 2 or None) for n in (1, 2)]
            store.put_look(look, [rows.count(look)], cars)
        store.replace_changes([rows.change(1), rows.change(2)], "run-1")
        store.replace_observations(
            [Observation(id="a", zone="z", when=DateSpan.on(date(2023, 10, 5)), unit="cars", value=73.0)]
        )
        review = ReviewRow(
            id="r",
            scene_sha256=looks[1].scene_sha256,
            look=looks[1].id,
            reviewer="A",
            added=0,
            removed=1,
            kept=1,
            reviewed_on=date(2024, 6, 18),
        )
        store.put_review(review, [rows.car(looks[1], 1)])
        store.put_run(
            RunRow(
                id="run-1",
                command="run",
                started=datetime(2024, 1, 1, tzinfo=UTC),
                code_version="0.1.0",
                parameters="{}",
            )
        )
        return looks, store.cars(), store.changes()


def test_gdal_lists_the_layers_and_tables(path, rows):
    fill(path, rows)
    layers = dict(pyogrio.list_layers(path))
    assert layers == {
        **{table.name: "Polygon" if table.spatial else None for table in TABLES},
        "cars_newest": "Polygon",
        "changes_judged": "Polygon",
        "yardwatch": None,
    }


def test_an_empty_store_is_a_valid_file(path):
    GeoPackageStore(path).close()
    for name, _ in pyogrio.list_layers(path):
        assert pyogrio.read_info(path, layer=name, force_feature_count=True)["features"] == int(name == "yardwatch")


def test_gdal_reads_the_cars_as_they_were_put(path, rows):
    looks, cars, _ = fill(path, rows)
    info = pyogrio.read_info(path, layer="cars", force_total_bounds=True)
    assert info["crs"] == "EPSG:4326"
    assert info["geometry_type"] == "Polygon"
    assert info["fid_column"] == "fid"
    assert info["geometry_name"] == "geom"
    assert info["features"] == len(cars) == 6
    np.testing.assert_array_equal(info["total_bounds"], shapely.total_bounds([row.polygon for row in cars]))
    meta, _, blobs, columns = pyogrio.raw.read(path, layer="cars")
    read = dict(zip(meta["fields"], columns, strict=True))
    assert shapely.equals_exact(shapely.from_wkb(blobs), [row.polygon for row in cars]).all()
    assert list(read["id"]) == [row.car.id for row in cars]
    assert list(read["start_m"]) == [10.0] * 6
    np.testing.assert_allclose(read["length_m"], 13.92)
    assert read["freight"].dtype == bool
    assert read["freight"].all()
    assert list(read["covered"][:2]) != [None, None]
    assert [json.loads(cell) for cell in read["zones"]] == [["facility", "depot-north"]] * 6
    assert list(read["scene"]) == [look.scene for look in looks for _ in (1, 2)]
    assert set(read["acquired"].astype("datetime64[ms]")) == {np.datetime64("2023-10-05T02:10:00.123")}


def test_gdal_reads_every_type_of_column(path, rows):
    fill(path, rows)
    types = dict(zip(*(pyogrio.read_info(path, layer="changes")[key] for key in ("fields", "ogr_types")), strict=True))
    assert (types["after"], types["area_m2"], types["persistence"]) == ("OFTDate", "OFTReal", "OFTInteger64")
    meta, _, _, columns = pyogrio.raw.read(path, layer="counts")
    counts = dict(zip(meta["fields"], columns, strict=True))
    assert [json.loads(cell) for cell in counts["pmf"]] == [[0.1, 0.2, 0.7]] * 3
    np.testing.assert_allclose(counts["mean"], 0.2 + 2 * 0.7)
    assert set(counts["map"]) == set(counts["upper"]) == {2}
    assert set(counts["lower"]) == {0}
    # a count row by itself names the code version, parameters, scene hash and zone version
    assert set(counts["code_version"]) == {"0.1.0"}
    assert set(counts["parameters"]) == {'{"level":0.9}'}
    assert set(counts["zone_version"]) == {2}
    assert list(counts["scene_sha256"]) == [f"{n:064x}" for n in (1, 2, 1)]


def test_the_newest_look_of_a_scene_has_its_own_layer(path, rows):
    looks, _, _ = fill(path, rows)
    meta, _, blobs, columns = pyogrio.raw.read(path, layer="cars_newest")
    found = dict(zip(meta["fields"], columns, strict=True))["look"]
    assert sorted(found) == sorted([looks[1].id] * 2 + [looks[2].id] * 2)
    assert len(blobs) == 4


def test_the_changes_with_their_newest_verdicts_have_their_own_layer(path, rows):
    fill(path, rows)
    with GeoPackageStore(path) as store:
        said = rows.grown(1)["change_verdicts"]
        store.keep(VERDICTS, [said, dataclasses.replace(said, id="later", verdict="false", by="B")])
    meta, _, blobs, columns = pyogrio.raw.read(path, layer="changes_judged")
    read = dict(zip(meta["fields"], columns, strict=True))
    assert (list(read["id"]), len(blobs)) == (["g1", "g2"], 2)
    assert list(read["verdict"]) == ["false", None]
    assert list(read["judged_by"]) == ["B", None]


def test_a_file_of_the_first_release_gets_what_came_since_and_keeps_what_it_has(path, rows):
    _, cars, changes = fill(path, rows)
    with sqlite3.connect(path) as connection:  # as it was before the ledger
        connection.execute("DROP VIEW changes_judged")
        for table in GROWING:
            connection.execute(f"DROP TABLE {table.name}")
            connection.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = ?", (table.name,))
        for name in (*(table.name for table in GROWING), "changes_judged"):
            connection.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = ?", (name,))
            connection.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (name,))
        for column in container.LATER:
            connection.execute(f"ALTER TABLE changes DROP COLUMN {column}")
    connection.close()
    with GeoPackageStore(path) as store:
        assert (store.cars(), store.changes()) == (cars, changes)
        assert store.keep(VERDICTS, [rows.grown(1)["change_verdicts"]]) == 1
    assert dict(pyogrio.list_layers(path)).keys() >= {"changes_judged", *(table.name for table in GROWING)}
    before = path.read_bytes()
    GeoPackageStore(path).close()
    assert path.read_bytes() == before


def test_the_header_says_geopackage_and_the_database_is_sound(path, rows):
    fill(path, rows)
    with path.open("rb") as file:
        head = file.read(100)
    assert head[:16] == b"SQLite format 3\0"
    assert int.from_bytes(head[60:64], "big") == 10400
    assert int.from_bytes(head[68:72], "big") == 1196444487
    assert head[68:72] == b"GPKG"
    assert head[18:20] == b"\1\1", "journal is a WAL"
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        listed = connection.execute("SELECT table_name, min_x, max_y FROM gpkg_contents WHERE min_x NOT NULL")
        assert {name for name, *_ in listed} == {"cars", "cars_newest", "changes", "changes_judged", "reviewed_cars"}
    connection.close()


def test_the_one_file_is_the_whole_store(path, rows, tmp_path):
    fill(path, rows)
    assert [left.name for left in tmp_path.iterdir()] == ["site.gpkg"]
    with GeoPackageStore(path) as store:
        store.put_look(rows.look(9), [], [])
        shutil.copy(path, tmp_path / "copy.gpkg")
        with GeoPackageStore(tmp_path / "copy.gpkg") as copy:
            assert copy.looks() == store.looks()


def test_running_again_leaves_every_byte(path, rows):
    fill(path, rows)
    before = path.read_bytes()
    fill(path, rows)
    assert path.read_bytes() == before


def test_a_file_qgis_left_in_wal_is_brought_back(path, rows):
    fill(path, rows)
    qgis = sqlite3.connect(path)
    assert qgis.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    qgis.execute("SELECT count(*) FROM cars").fetchone()
    with GeoPackageStore(path) as store:  # held open elsewhere: works all the same
        store.put_look(rows.look(8), [], [])
    qgis.close()
    with GeoPackageStore(path) as store:
        assert len(store.looks()) == 4
    assert path.read_bytes()[18:20] == b"\1\1"


def test_gdal_may_edit_a_polygon(path, rows):
    """What QGIS writes back has another header and perhaps a Z; it is read all the same."""
    fill(path, rows)
    moved = shapely.force_3d(shapely.box(130.7, 42.4, 130.7002, 42.40003), 5.0)
    blob = b"GP\0\1" + (4326).to_bytes(4, "little") + shapely.to_wkb(moved, byte_order=1, flavor="iso")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE cars SET geom = ? WHERE fid = 1", (blob,))
    connection.close()
    with GeoPackageStore(path) as store:
        assert store.cars()[0].polygon.equals_exact(shapely.force_2d(moved))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE cars SET end_m = 0 WHERE fid = 2", "row 2 of cars cannot be read"),
        ("UPDATE cars SET geom = x'4750' WHERE fid = 1", "no GeoPackage geometry"),
        ("UPDATE cars SET geom = x'47500001E6100000FF' WHERE fid = 1", "row 1 of cars cannot be read"),
        ("UPDATE cars SET start_m = NULL WHERE fid = 1", "row 1 of cars cannot be read"),
    ],
)
def test_a_spoilt_row_is_named(path, rows, change, said):
    fill(path, rows)
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    with GeoPackageStore(path) as store, pytest.raises(InputError, match=said):
        store.cars()


def test_files_that_are_no_store(tmp_path):
    text, other, cut = tmp_path / "text.gpkg", tmp_path / "other.gpkg", tmp_path / "cut.gpkg"
    text.write_text("not a database, but long enough to have a header" * 10)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    GeoPackageStore(cut).close()
    cut.write_bytes(cut.read_bytes()[:5000])
    with pytest.raises(InputError, match=r"text\.gpkg is damaged or no GeoPackage"):
        GeoPackageStore(text)
    with pytest.raises(InputError, match=r"other\.gpkg was not made by Yardwatch"):
        GeoPackageStore(other)
    with pytest.raises(InputError, match=r"cut\.gpkg is damaged"):
        GeoPackageStore(cut).counts()
    with pytest.raises(UnavailableError, match="cannot be used"):
        GeoPackageStore(tmp_path / "nowhere" / "site.gpkg")
    assert text.read_text().startswith("not a database")


def test_a_file_of_zero_bytes_becomes_a_store(path):
    path.touch()
    with GeoPackageStore(path) as store:
        assert store.looks() == ()


def test_a_newer_layout_is_refused(path):
    GeoPackageStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE yardwatch SET value = 99")
    connection.close()
    with pytest.raises(InputError, match="has layout 99"):
        GeoPackageStore(path)


def test_a_column_that_is_missing_is_told(path):
    GeoPackageStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE observations DROP COLUMN basis")
        connection.execute("ALTER TABLE observations ADD COLUMN mine TEXT")
    connection.close()
    with pytest.raises(InputError, match=r"site\.gpkg has no basis in observations"):
        GeoPackageStore(path)


def test_a_file_somebody_edits_is_told_and_nothing_is_half_written(path, rows, monkeypatch):
    monkeypatch.setattr(container, "WAIT_S", 0.2)
    with GeoPackageStore(path) as store:
        editor = sqlite3.connect(path, isolation_level=None)
        editor.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError, match="held by another program"):
            store.put_look(rows.look(1), [], [])
        editor.execute("ROLLBACK")
        editor.execute("BEGIN")
        editor.execute("SELECT * FROM gpkg_contents").fetchone()  # a reader that does not leave
        with pytest.raises(UnavailableError, match="held by another program"):
            store.put_look(rows.look(1), [rows.count(rows.look(1))], [])
        editor.close()
        assert store.looks() == ()
        assert store.put_look(rows.look(1), [rows.count(rows.look(1))], [])


def test_a_failure_in_the_middle_leaves_nothing(path, rows, monkeypatch):
    from yardwatch.store import statements

    def fail(*_):
        raise OSError("no space left")

    with GeoPackageStore(path) as store:
        monkeypatch.setattr(statements, "widen", fail)
        with pytest.raises(OSError, match="no space left"):
            store.put_look(rows.look(1), [rows.count(rows.look(1))], [rows.car(rows.look(1))])
        assert (store.looks(), store.counts(), store.cars()) == ((), (), ())
        monkeypatch.undo()
        assert store.put_look(rows.look(1), [], [])


WRITER = textwrap.dedent(
    """
    import importlib.util, sys
    spec = importlib.util.spec_from_file_location("made", sys.argv[2])
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    from yardwatch.store.geopackage import GeoPackageStore
    with GeoPackageStore(sys.argv[1]) as store:
        for number in range(1, 31):
            look = made.look(number)
            new = store.put_look(look, [made.count(look)], [made.car(look, n) for n in range(20)])
            print(int(new), flush=True)
    """
)


def test_two_processes_put_the_same_looks_once(path, request, rows):
    made = request.path.parent / "conftest.py"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, made], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [writer.communicate(timeout=100)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert [len(lines) for lines in said] == [30, 30]
    assert [int(a) + int(b) for a, b in zip(*said, strict=True)] == [1] * 30
    with GeoPackageStore(path) as store:
        assert [row.scene for row in store.looks()] == [f"scene-{n}" for n in range(1, 31)]
        assert len(store.counts()) == 30
        assert len(store.cars()) == 600
