"""Arrays written as GeoTIFF."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from yardwatch.errors import UnavailableError
from yardwatch.imagery.cog import write_geotiff
from yardwatch.imagery.describe import bare_scene


def test_an_array_and_its_tags_come_back(tmp_path, texture):
    path, transform = tmp_path / "sim.tif", Affine(0.5, 0, 470300, 0, -0.5, 4583700)
    write_geotiff(
        path, texture, transform, "EPSG:32710", {"YARDWATCH_SYNTHETIC": "true", "ACQUIRED": "2020-02-03T04:05Z"}
    )
    with rasterio.open(path) as found:
        assert (found.read() == texture).all()
        assert (found.crs.to_epsg(), found.transform) == (32710, transform)
        assert [c.name for c in found.colorinterp] == ["red", "green", "blue"]
    scene = bare_scene(path)
    assert scene.synthetic
    assert scene.acquired.isoformat() == "2020-02-03T04:05:00+00:00"
    assert [p.name for p in tmp_path.iterdir()] == ["sim.tif"]


def test_the_same_array_gives_the_same_bytes(tmp_path, texture):
    for name in ("a.tif", "b.tif"):
        write_geotiff(tmp_path / name, texture, Affine(0.5, 0, 0, 0, -0.5, 0), "EPSG:32710", {"X": "1"})
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


def test_nowhere_to_write(tmp_path):
    with pytest.raises(UnavailableError, match="cannot be written"):
        write_geotiff(tmp_path / "no" / "a.tif", np.zeros((1, 9, 9), np.uint8), Affine.identity(), "EPSG:32710", {})
