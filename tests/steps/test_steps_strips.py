"""Strips from a scene: only the tiles under the track are read, and a long track is read piece by piece."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import rasterio.shutil
import shapely
from affine import Affine
from benchmarks.ranges import served

from yardwatch.cars.strips import plan
from yardwatch.ground import Frame, reproject_geometry
from yardwatch.imagery import raster
from yardwatch.imagery.describe import bare_scene
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Track
from yardwatch.steps.strips import cut_strips

CRS = "EPSG:32710"
WEST, NORTH = 470_000.0, 4_584_000.0
"""In the open ocean at 48.9° S."""


def write_noise(path, width, height, gsd_m, tile) -> None:
    """Bytes of noise, tiled, hardly compressed; dark bars of 2 m give it edges, or it would pass for cloud."""
    data = np.random.default_rng(4).integers(100, 255, (3, height, width), np.uint8)
    data[:, :, np.arange(width) // max(1, round(2 / gsd_m)) % 2 == 0] //= 4
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=3,
        width=width,
        height=height,
        dtype="uint8",
        crs=CRS,
        transform=Affine(gsd_m, 0, WEST, 0, -gsd_m, NORTH),
        compress="deflate",
        photometric="rgb",
        tiled=True,
        blockxsize=tile,
        blockysize=tile,
    ) as out:
        out.write(data)


def ground_track(frame, *offsets) -> Track:
    """Through points east and south of the image's corner, metres."""
    line = shapely.LineString([(WEST + east, NORTH - south) for east, south in offsets]).segmentize(500)
    return Track(id="T", line=reproject_geometry(line, CRS, frame.crs))


def test_only_the_tiles_under_the_track_are_read(tmp_path, monkeypatch) -> None:
    """A track of 500 m crosses about 14 of 256 tiles; the rest of the file is never asked for."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    between, path = tmp_path / "between.tif", tmp_path / "noise.tif"
    write_noise(between, 2048, 2048, 0.5, 128)
    rasterio.shutil.copy(between, path, driver="COG", compress="deflate", blocksize=128, overviews="none")
    scene = bare_scene(path)
    frame = Frame.around(scene.footprint)
    tracks = (ground_track(frame, (300, 350), (760, 545)),)
    with served(path) as count:
        (over_ranges,) = cut_strips(replace(scene, href=count.url), tracks, frame)
    (from_file,) = cut_strips(scene, tracks, frame)
    assert from_file.visible.all()
    np.testing.assert_array_equal(over_ranges.data, from_file.data)
    assert 14 / 256 * 0.8 < count.bytes_sent / path.stat().st_size < 0.12


@pytest.fixture(scope="module")
def long_scene(tmp_path_factory):
    """Forty kilometres by 64 m at 1 m, its frame, and a track that bends along it and leaves it at the end."""
    path = tmp_path_factory.mktemp("long") / "long.tif"
    write_noise(path, 40_000, 64, 1.0, 64)
    scene = bare_scene(path)
    frame = Frame.around(scene.footprint)
    return scene, frame, ground_track(frame, (5, 20), (13_000, 40), (26_000, 25), (39_900, 32), (40_100, 32))


def test_forty_kilometres_in_pieces_are_as_in_one_piece(long_scene, monkeypatch) -> None:
    scene, frame, track = long_scene
    (strip,) = cut_strips(scene, (track,), frame)
    monkeypatch.setattr(raster, "PIECE_M", 1e9)
    with open_raster(scene.href) as opened:
        data, visible = opened.read_points(plan(track, scene.gsd_m).points, frame, strip.step_m)
    assert strip.data.shape[2] > 40_000
    assert not strip.visible[:, -100:].any()
    assert strip.visible[:, :39_000].all()
    np.testing.assert_array_equal(strip.visible, visible)
    np.testing.assert_allclose(strip.data, data, atol=1e-5)


def test_memory_holds_the_strip_and_little_more(long_scene) -> None:
    scene, frame, track = long_scene
    tracemalloc.start()
    (strip,) = cut_strips(scene, (track,), frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * (strip.data.nbytes + strip.visible.nbytes)
