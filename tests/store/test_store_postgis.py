"""The store on a server: PostGIS itself is the oracle, and what a person may do wrong with an address."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from datetime import datetime

import psycopg
import pytest
import shapely

from yardwatch.errors import InputError, UnavailableError
from yardwatch.store import server
from yardwatch.store.export import export
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.postgis import PostGISStore, _escaped, _plain
from yardwatch.store.server import checked_address, label, schema_of
from yardwatch.store.tables import TABLES

services = pytest.mark.services


@services
def test_postgis_reads_what_was_put(postgis, rows):
    look = rows.look()
    car = rows.car(look, covered=None)
    with PostGISStore(postgis, "my-yard") as store:
        store.put_look(look, [rows.count(look)], [car])
    with psycopg.connect(postgis) as connection:
        connection.execute("SET search_path TO yardwatch_my_yard, public")
        area, srid, covered, acquired, zones = connection.execute(
            "SELECT ST_Area(geom), ST_SRID(geom), covered, acquired AT TIME ZONE 'UTC', zones::json->>1 FROM cars"
        ).fetchone()
        kinds = dict(
            connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'looks'"
            ).fetchall()
        )
        newest = connection.execute("SELECT count(*) FROM cars_newest").fetchone()
    assert area == pytest.approx(shapely.area(car.polygon), rel=1e-12)
    assert (srid, covered, zones, newest) == (4326, None, "depot-north", (1,))
    assert acquired == datetime(2023, 10, 5, 2, 10, 0, 123_000)  # noqa: DTZ001
    assert (kinds["acquired"], kinds["aligned"], kinds["align_windows"]) == (
        "timestamp with time zone",
        "boolean",
        "bigint",
    )


@services
def test_two_sites_in_one_database_know_nothing_of_each_other(postgis, rows):
    with PostGISStore(postgis, "one") as one, PostGISStore(postgis, "other") as other:
        one.put_look(rows.look(), [], [])
        assert (len(one.looks()), other.looks()) == (1, ())


@services
def test_a_server_and_a_file_hold_the_same(postgis, rows, tmp_path):
    look = rows.look()
    with PostGISStore(postgis, "one") as store:
        store.put_look(look, [rows.count(look)], [rows.car(look)])
        store.replace_changes([rows.change(1)], "run-1")
        export(store, "gpkg", tmp_path / "copy.gpkg")
        with GeoPackageStore(tmp_path / "copy.gpkg") as copy:
            assert (copy.looks(), copy.cars()) == (store.looks(), store.cars())
            assert (copy.changes(), copy.changes_run()) == (store.changes(), "run-1")


WRITER = textwrap.dedent(
    """
    import importlib.util, sys, time
    spec = importlib.util.spec_from_file_location("made", sys.argv[2])
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    from yardwatch.store import postgis
    slow = len(sys.argv) > 3

    def stop_before_the_end(*_):
        print("half-way", flush=True)
        time.sleep(600)

    with postgis.PostGISStore(sys.argv[1], "yard") as store:
        for number in range(1, 21):
            look = made.look(number)
            if slow and number == 2:
                postgis.ServerSession.widen = stop_before_the_end
            new = store.put_look(look, [made.count(look)], [made.car(look, n) for n in range(10)])
            print(int(new), flush=True)
    """
)


def writer(request, postgis, *more):
    command = [sys.executable, "-c", WRITER, postgis, request.path.parent / "conftest.py", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@services
def test_two_processes_put_the_same_looks_once(postgis, request):
    writers = [writer(request, postgis) for _ in range(2)]
    said = [one.communicate(timeout=100)[0].split() for one in writers]
    assert [one.returncode for one in writers] == [0, 0]
    assert [int(a) + int(b) for a, b in zip(*said, strict=True)] == [1] * 20
    with PostGISStore(postgis, "yard") as store:
        assert sorted(row.scene for row in store.looks()) == sorted(f"scene-{n}" for n in range(1, 21))
        assert len(store.cars()) == 200


@services
def test_a_kill_in_the_middle_of_a_look(postgis, request, rows):
    with writer(request, postgis, "slow") as one:
        assert [one.stdout.readline() for _ in range(2)] == ["1\n", "half-way\n"]
        os.kill(one.pid, signal.SIGKILL)
        assert one.wait(timeout=60) == -signal.SIGKILL
    with PostGISStore(postgis, "yard") as store:
        assert [row.scene for row in store.looks()] == ["scene-1"]
        assert len(store.cars()) == 10
        look = rows.look(2)
        assert store.put_look(look, [rows.count(look)], [])


@services
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE yardwatch SET value = '99' WHERE name = 'layout'", "has layout 99, this Yardwatch reads 1"),
        ("ALTER TABLE looks DROP COLUMN reason", "has no reason in looks"),
        ("DROP TABLE runs", "in runs"),
    ],
)
def test_a_schema_changed_by_another_program(postgis, statement, said):
    PostGISStore(postgis, "yard").close()
    with psycopg.connect(postgis, autocommit=True) as connection:
        connection.execute("SET search_path TO yardwatch_yard, public")
        connection.execute(statement)
    with pytest.raises(InputError, match=said):
        PostGISStore(postgis, "yard")


@services
def test_a_row_spoilt_from_outside_is_named(postgis, rows):
    look = rows.look()
    with PostGISStore(postgis, "yard") as store:
        store.put_look(look, [], [rows.car(look)])
        with psycopg.connect(postgis, autocommit=True) as connection:
            connection.execute("UPDATE yardwatch_yard.cars SET end_m = 0")
        with pytest.raises(InputError, match="row 1 of cars cannot be read"):
            store.cars()


@services
def test_held_by_another_program(postgis, rows, monkeypatch):
    PostGISStore(postgis, "yard").close()
    monkeypatch.setattr(server, "WAIT_S", 0.2)
    with PostGISStore(postgis, "yard") as store, psycopg.connect(postgis) as connection:
        connection.execute("LOCK TABLE yardwatch_yard.looks")
        with pytest.raises(UnavailableError, match="is held by another program"):
            store.put_look(rows.look(), [], [])
        connection.rollback()
        assert store.put_look(rows.look(), [], [])


@services
def test_somebody_without_the_right_to_write(postgis):
    with psycopg.connect(postgis, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS yardwatch_reader")
        connection.execute("CREATE ROLE yardwatch_reader LOGIN")
    with pytest.raises(UnavailableError, match=r"permission denied.*ask for the right to create a schema"):
        PostGISStore(postgis.replace("postgres@", "yardwatch_reader@"), "yard")


def test_a_server_that_is_not_there_is_told_without_the_password(monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"postgresql://me@127.0.0.1:{free.getsockname()[1]}/yards"
    monkeypatch.setenv("PGPASSWORD", "hush-hush")
    with pytest.raises(UnavailableError, match=r"me@127\.0\.0\.1") as caught:
        PostGISStore(address, "yard")
    assert "hush-hush" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://me:secret@host/yards", "a password stands in it"),
        ("postgresql://me@host/yards?password=secret", "a password stands in it"),
        ("postgresql://me@host/yards?options=-csecret", "option 'options' is not taken"),
        ("postgresql://me@host", "is no database"),
        ("mysql://host/secretless", "is no database"),
    ],
)
def test_addresses_that_are_refused_do_not_show_a_secret(address, said):
    with pytest.raises(InputError, match=said) as caught:
        checked_address(address)
    assert "secret@" not in str(caught.value)
    assert "=secret" not in str(caught.value)


def test_an_address_as_it_may_be_shown():
    assert label("postgresql://me:x@[::1]:5433/yards?sslmode=require") == "postgresql://me@[::1]:5433/yards"
    assert checked_address("postgresql://me@host/yards?sslmode=require").endswith("require")


def test_every_site_has_a_schema_of_its_own():
    assert schema_of("my-yard") == "yardwatch_my_yard"
    long = ["x" * 62, "x" * 63]
    assert len({schema_of(site) for site in long}) == 2
    assert all(len(schema_of(site)) <= 63 for site in long)


@pytest.mark.parametrize("text", ["", "plain", "\0", "\x10", "\x100", "\x10\0\x10\x10\0", "a\x10b\0c"])
def test_text_postgresql_cannot_hold_comes_back(text):
    assert "\0" not in _escaped(text)
    assert _plain(_escaped(text)) == text


def test_every_table_has_a_place_on_the_server():
    made = [server._create(table).as_string(None) for table in TABLES]
    assert all("GENERATED ALWAYS AS IDENTITY" in statement for statement in made)
