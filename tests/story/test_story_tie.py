"""A person's points on a real run: taken, stored, told; and what `scenes check` says of the same site."""

from __future__ import annotations

import csv
import json
import shutil

import pytest

from yardwatch.sites.folder import open_site
from yardwatch.steps.place import Place
from yardwatch.store.geopackage import GeoPackageStore


def pairs(path, place, shift, odd=None):
    """Five pairs, the scene's at a shift of ground metres; one of them elsewhere."""
    import shapely

    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("name", "reference_lon", "reference_lat", "scene_lon", "scene_lat"))
        for i, (x, y) in enumerate([(0, 0), (80, 10), (-60, 20), (40, -30), (-90, -5)]):
            off = (9.0, 0.0) if i == odd else (0.0, 0.0)
            there = shapely.Point(x + shift[0] + off[0], y + shift[1] + off[1])
            here, there = (place.frame.to_lonlat(point) for point in (shapely.Point(x, y), there))
            writer.writerow((f"mast {i}", here.x, here.y, there.x, there.y))
    return path


@pytest.mark.slow
def test_a_tie_is_taken_by_the_next_run(run_site, cli, tmp_path):
    for folder in [path for path in sorted((run_site / "scenes").iterdir()) if path.is_dir()][2:]:
        shutil.rmtree(folder)
    place = Place(open_site(run_site))
    scene = next(one for one in place.scenes if one.id != place.reference.id)
    before = place.look_id(scene)
    points = pairs(tmp_path / "pairs.csv", place, (4.0, -3.0))
    code, out, _ = cli("scenes", "tie", run_site, scene.id, "--points", points, "--json")
    assert code == 0
    answer = json.loads(out)
    assert (answer["dx_m"], answer["dy_m"]) == pytest.approx((4.0, -3.0), abs=0.01)
    assert answer["residual_m"] < 0.01
    place = Place(open_site(run_site))
    assert place.look_id(scene) != before
    assert cli("run", run_site, "--quiet")[0] == 0
    with GeoPackageStore(run_site / "site.gpkg") as store:
        row = {one.id: one for one in store.looks()}[place.look_id(scene)]
    assert (row.shift_x_m, row.shift_y_m) == pytest.approx((4.0, -3.0), abs=0.01)
    assert row.align_windows == 5
    assert row.aligned


def test_bad_ties_leave_nothing(site, cli, tmp_path):
    place = Place(open_site(site))
    scene = next(one for one in place.scenes if one.id != place.reference.id)
    odd = pairs(tmp_path / "odd.csv", place, (4.0, -3.0), odd=2)
    code, _, err = cli("scenes", "tie", site, scene.id, "--points", odd)
    assert code == 2
    assert "pair 'mast 2' lies 9.0 m from where the other 4 say" in " ".join(err.split())
    good = pairs(tmp_path / "good.csv", place, (4.0, -3.0))
    assert cli("scenes", "tie", site, place.reference.id, "--points", good)[0] == 2
    assert cli("scenes", "tie", site, "../../etc", "--points", good)[0] == 2
    far = pairs(tmp_path / "far.csv", place, (400.0, 0.0))
    assert cli("scenes", "tie", site, scene.id, "--points", far)[0] == 2
    assert not (site / "ties").exists()


@pytest.mark.slow
def test_check_says_what_each_scene_carries(run_site, cli):
    code, out, _ = cli("scenes", "check", run_site, "--json")
    assert code == 0
    scenes = json.loads(out)["scenes"]
    assert len(scenes) == 7
    for one in scenes:
        assert one["capability"] == "cars"
        assert one["zones"]["yard"]["visible"] > 0.5
        assert 0.4 < one["blur"]["effective_gsd_m"] < 1.0
        assert one["alignment"]["aligned"]
    assert sum(one["alignment"]["reference"] for one in scenes) == 1
