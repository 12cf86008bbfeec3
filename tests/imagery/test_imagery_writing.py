"""Simulated scenes as files: marked, whole, the same each time."""

from __future__ import annotations

import rasterio
from affine import Affine

from yardwatch.imagery.describe import bare_scene
from yardwatch.imagery.writing import write_simulated

TRANSFORM = Affine(0.5, 0, 470300, 0, -0.5, 4583700)


def test_an_array_and_its_tags_come_back_with_the_mark(tmp_path, texture):
    path = tmp_path / "sim.tif"
    write_simulated(
        path, texture, TRANSFORM, "EPSG:32710", {"YARDWATCH_SYNTHETIC": "no", "ACQUIRED": "2020-02-03T04:05Z"}
    )
    with rasterio.open(path) as found:
        assert (found.read() == texture).all()
        assert (found.crs.to_epsg(), found.transform) == (32710, TRANSFORM)
    scene = bare_scene(path)
    assert scene.synthetic
    assert scene.acquired.isoformat() == "2020-02-03T04:05:00+00:00"
    assert [p.name for p in tmp_path.iterdir()] == ["sim.tif"]


def test_the_same_array_gives_the_same_bytes(tmp_path, texture):
    for name in ("a.tif", "b.tif"):
        write_simulated(tmp_path / name, texture, TRANSFORM, "EPSG:32710", {"X": "1"})
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
