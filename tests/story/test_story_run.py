"""The story end to end on a small fictional yard: the same inputs give the same rows, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.resources import files

import pytest

from yardwatch import pipeline
from yardwatch.errors import InputError, SiteError
from yardwatch.model import Role
from yardwatch.sites.folder import open_site
from yardwatch.steps import weights
from yardwatch.steps.place import Place
from yardwatch.store.geopackage import GeoPackageStore

from .conftest import LOOKS, NOW


def rows(folder):
    with GeoPackageStore(folder / "site.gpkg") as store:
        return store.looks(), store.counts(), store.cars(), store.observations(), store.changes()


def command(folder):
    return [sys.executable, "-m", "yardwatch", "run", str(folder), "--quiet"]


def test_each_scene_is_one_look_with_a_count_a_hash_and_a_version(counted):
    looks, counts, cars, observations, _ = rows(counted)
    scenes = Place(open_site(counted)).scenes
    assert [look.scene_sha256 for look in looks] == [scene.sha256 for scene in scenes]
    assert len(looks) == len(counts) == len(observations) == LOOKS
    assert all(count.zone == "yard" and count.zone_version == 1 for count in counts)
    assert all(look.synthetic and look.code_version and json.loads(look.parameters)["tracks"] for look in looks)
    assert cars
    assert all("yard" in car.zones for car in cars)


def test_counts_follow_the_truth(counted, simulated):
    """Also under snow; one of seven intervals at 90 % may miss it."""
    _, counts, cars, observations, _ = rows(counted)
    true = {one.when.earliest: simulated.truth[one.when.earliest].freight for one in observations}
    found = {one.when.earliest: one.value for one in observations}
    assert max(found, key=found.__getitem__) == max(true, key=true.__getitem__)
    assert sum(abs(found[day] - true[day]) for day in true) / sum(true.values()) < 0.1
    held = [one.lower <= true[one.when.earliest] <= one.upper for one in observations]
    assert sum(held) >= len(held) - 1
    assert all(count.calibrated for count in counts)
    kinds = {car.car.kind for car in cars}
    assert {"open", "locomotive"} < kinds


def test_a_look_names_the_weights_that_counted_it(counted):
    weights = (files("yardwatch") / "weights" / "strip-network.onnx").read_bytes()
    looks, *_ = rows(counted)
    assert {json.loads(look.parameters)["weights"] for look in looks} == {hashlib.sha256(weights).hexdigest()}


def test_without_its_weights_nothing_is_counted_or_written(site, monkeypatch):
    monkeypatch.setattr(weights, "SHIPPED", "gone.onnx")
    for cache in (weights.load_network, weights.shipped_sha256):
        cache.cache_clear()
    with pytest.raises(InputError, match=r"gone\.onnx cannot be read"):
        pipeline.run(site, now=NOW)
    assert not (site / "site.gpkg").exists()
    monkeypatch.undo()
    for cache in (weights.load_network, weights.shipped_sha256):
        cache.cache_clear()


def test_misplaced_scenes_are_put_back_to_within_a_pixel(counted, simulated):
    looks, *_ = rows(counted)
    known = {look.acquired.date(): look for look in simulated.looks}
    first = known[looks[0].acquired.date()].misplacement_m
    for row in looks[1:]:
        dx, dy = known[row.acquired.date()].misplacement_m
        assert row.shift_x_m == pytest.approx(dx - first[0], abs=0.25)
        assert row.shift_y_m == pytest.approx(dy - first[1], abs=0.25)


def test_running_again_counts_nothing_and_changes_nothing(run_site):
    before = (run_site / "site.gpkg").read_bytes()
    summary = pipeline.run(run_site, now=NOW)
    assert summary.counted == 0
    assert (run_site / "site.gpkg").read_bytes() == before


@pytest.mark.slow
def test_threads_give_the_same_rows(site, counted):
    pipeline.run(site, now=NOW, workers=3)
    assert rows(site) == rows(counted)


@pytest.mark.slow
def test_killed_in_the_middle_the_store_opens_and_a_second_run_completes_it(site, counted):
    running = subprocess.Popen(command(site), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and running.poll() is None:
            if (site / "site.gpkg").exists() and 0 < looks_in(site) < LOOKS:
                break
            time.sleep(0.01)
        os.kill(running.pid, signal.SIGKILL)
    finally:
        running.wait()
    assert running.returncode == -signal.SIGKILL, "the run ended before it could be killed"
    kept = looks_in(site)
    assert 0 < kept < LOOKS
    summary = pipeline.run(site, now=NOW)
    assert summary.counted == LOOKS - kept
    assert rows(site) == rows(counted)


def looks_in(folder):
    import sqlite3

    try:
        with sqlite3.connect(f"file:{folder / 'site.gpkg'}?mode=ro", uri=True) as store:
            return store.execute("SELECT count(*) FROM looks").fetchone()[0]
    except sqlite3.Error:
        return 0


@pytest.mark.slow
def test_two_processes_on_one_site_give_what_one_gives(site, counted):
    both = [subprocess.Popen(command(site), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    ended = [process.communicate(timeout=180) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert rows(site) == rows(counted)


def test_a_scene_under_cloud_is_a_no_look_never_a_zero(site, tmp_path):
    from yardwatch.steps.fictional import LICENCE, Simulated, deliver, simulate

    for folder in [path for path in sorted((site / "scenes").iterdir()) if path.is_dir()][1:]:
        shutil.rmtree(folder)
    whole = simulate(seed=11)
    clouded = Simulated(yard=whole.yard, looks=tuple(look for look in whole.looks if not look.usable)[:1])
    pipeline.add_scenes(site, deliver(tmp_path / "more", clouded), pipeline.Stated(licence=LICENCE), now=NOW)
    summary = pipeline.run(site, now=NOW)
    day = clouded.looks[0].acquired.date()
    (observed,) = [one for one in summary.observations if one.when.earliest == day]
    assert observed.role is Role.NO_LOOK
    assert observed.value is None
    assert "cloud" in observed.note


def test_without_tracks_or_scenes_the_message_says_what_to_do(site, tmp_path):
    (site / "tracks.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(SiteError, match="no tracks to count along"):
        pipeline.run(site, now=NOW)
    from yardwatch.sites.init import create
    from yardwatch.steps.fictional import simulate

    zone = simulate(seed=11).yard.zones[0].polygon
    create(tmp_path / "empty", name="Empty", zone=zone)
    with pytest.raises(SiteError, match="no scenes yet"):
        pipeline.run(tmp_path / "empty", now=NOW)
