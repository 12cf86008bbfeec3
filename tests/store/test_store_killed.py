"""kill -9 in the middle of a write: the file opens, holds whole looks alone, and a second run completes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pyogrio
import pytest

from yardwatch.store.geopackage import GeoPackageStore

CARS = 6000
"""Polygons of one look: more than SQLite keeps in memory (2 MB), so that the kill finds half of them in the file."""

WRITER = textwrap.dedent(
    f"""
    import importlib.util, sys, time
    spec = importlib.util.spec_from_file_location("made", sys.argv[2])
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    from yardwatch.store import statements
    from yardwatch.store.geopackage import GeoPackageStore

    def stop_before_the_end(*_):
        print("half-way", flush=True)
        time.sleep(600)

    with GeoPackageStore(sys.argv[1]) as store:
        first, second = made.look(1), made.look(2)
        store.put_look(first, [made.count(first)], [made.car(first, n) for n in range(3)])
        statements.widen = stop_before_the_end
        store.put_look(second, [made.count(second)], [made.car(second, n) for n in range({CARS})])
    """
)


@pytest.fixture
def killed(tmp_path, request):
    """A store whose writer was killed inside its second look."""
    path = tmp_path / "site.gpkg"
    command = [sys.executable, "-c", WRITER, path, request.path.parent / "conftest.py"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "half-way\n"
        os.kill(writer.pid, signal.SIGKILL)
        assert writer.wait(timeout=60) == -signal.SIGKILL
    return path


def test_a_kill_in_the_middle_of_a_look(killed, rows):
    journal = killed.with_name("site.gpkg-journal")
    assert journal.stat().st_size > 0, "the kill came outside the write; the test shows nothing"
    assert killed.stat().st_size > 500_000, "nothing of the second look was in the file yet"
    with GeoPackageStore(killed) as store:
        assert [row.scene for row in store.looks()] == ["scene-1"]
        assert len(store.counts()) == 1
        assert len(store.cars()) == 3
        second = rows.look(2)
        assert not store.has_look(second.id)
        assert store.put_look(second, [rows.count(second)], [rows.car(second, n) for n in range(CARS)])
        assert len(store.cars(second.id)) == CARS
    assert not journal.exists()
    assert pyogrio.read_info(killed, layer="cars", force_feature_count=True)["features"] == CARS + 3


def test_gdal_shows_no_half_look_after_a_kill(killed):
    """Opened to read, GDAL cannot roll back and says so; once the store was opened, it sees what was whole."""
    with pytest.raises(pyogrio.errors.DataSourceError, match="readonly"):
        pyogrio.read_info(killed, layer="cars")
    GeoPackageStore(killed).close()
    assert pyogrio.read_info(killed, layer="cars", force_feature_count=True)["features"] == 3


def test_a_kill_while_the_file_is_being_made(tmp_path):
    path = tmp_path / "site.gpkg"
    code = textwrap.dedent(
        """
        import sys, time
        from yardwatch.store import container
        def stop(*_, **__):
            print("half-way", flush=True)
            time.sleep(600)
        container._register = stop
        container.connect(sys.argv[1])
        """
    )
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout.readline() == "half-way\n"
        os.kill(maker.pid, signal.SIGKILL)
        maker.wait(timeout=60)
    with GeoPackageStore(path) as store:
        assert store.looks() == ()
