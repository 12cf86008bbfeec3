"""Two images alone."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import shapely

from yardwatch.construction.options import Options
from yardwatch.construction.pair import compare_pair
from yardwatch.errors import InputError, RefusedError
from yardwatch.ground import Frame
from yardwatch.model import Grid, Pixels

TRUTH = shapely.box(200, 852, 240, 870)


def compare(before, after, scenes):
    return compare_pair(before.pixels, after.pixels, scenes.avoid(), Options())


def test_a_building_between_two_images(scenes):
    looks = scenes.history(12, built_at=6)
    (change,) = compare(looks[2], looks[8], scenes)
    assert change.kind == "new-structure"
    assert change.polygon.intersection(TRUTH).area / change.polygon.union(TRUTH).area > 0.85
    assert (change.after, change.before, change.persistence) == (None, None, 1)
    assert change.probability > 0.9
    assert "two images only" in change.doubt
    (back,) = compare(looks[8], looks[2], scenes)
    assert back.kind == "removed"


def test_nothing_between_images_that_differ_in_light_season_and_trains(scenes):
    looks = scenes.history(12, built_at=6)
    for i, j in ((0, 4), (1, 5), (7, 11)):
        assert compare(looks[i], looks[j], scenes) == ()


def test_a_pixel_of_misplacement_is_nothing(scenes):
    rng = np.random.default_rng(2)
    looks = scenes.history(12, built_at=6)
    moved = scenes.look(looks[9].day, looks[9].pixels.data, rng, shift=(1, -1))
    assert compare(looks[8], moved, scenes) == ()


def test_a_round_pond_is_no_structure(scenes):
    rng = np.random.default_rng(3)
    y, x = np.mgrid[: scenes.grid.height, : scenes.grid.width]
    scene = scenes.ground()
    scene[:, (y - 70) ** 2 + (x - 220) ** 2 < 25**2] = 0.65
    day = scenes.days(1)[0]
    first, second = scenes.look(day, scenes.ground(), rng), scenes.look(day, scene, rng)
    assert compare(first, second, scenes) == ()


def test_what_only_darkened_may_be_a_shadow(scenes):
    rng = np.random.default_rng(3)
    scene = scenes.ground()
    scene[(slice(None), *scenes.building)] *= 0.4
    day = scenes.days(1)[0]
    first, second = scenes.look(day, scenes.ground(), rng), scenes.look(day, scene, rng)
    assert compare(first, second, scenes) == ()


def test_nothing_in_common_is_refused(scenes):
    rng = np.random.default_rng(1)
    first = scenes.look(scenes.days(1)[0], scenes.ground(), rng)
    blank = replace(first.pixels, data=np.full_like(first.pixels.data, 0.5))
    with pytest.raises(RefusedError, match="unchanged ground"):
        compare_pair(first.pixels, blank, scenes.avoid(), Options())
    nothing = replace(first.pixels, visible=np.zeros_like(first.pixels.visible))
    with pytest.raises(RefusedError, match="unchanged ground"):
        compare_pair(first.pixels, nothing, scenes.avoid(), Options())


def test_other_grids_are_refused(scenes):
    first = scenes.history(1, built_at=None)[0].pixels
    other = replace(first, grid=replace(first.grid, step_m=0.6))
    with pytest.raises(InputError, match="different grids"):
        compare_pair(first, other, scenes.avoid(), Options())


@pytest.mark.slow
def test_four_prairie_dates_with_nothing_built(data_dir):
    """Real pixels: lakes, crops and 5 m. No object in six pairs, as `docs/construction.md` states."""
    rasterio = pytest.importorskip("rasterio")
    grid = Grid(frame=Frame(-99.18, 47.03), west=0, north=0, step_m=5.0, width=930, height=720)
    windows = []
    for path in sorted((data_dir / "naip_5m").glob("*.tif")):
        with rasterio.open(path) as raster:
            data = raster.read([1, 2, 3])[:, : grid.height, : grid.width]
        windows.append(Pixels(grid=grid, data=(data / 255).astype(np.float32), visible=(data > 0).any(axis=0)))
    assert len(windows) == 4
    nowhere = np.zeros((grid.height, grid.width), bool)
    found = [
        change
        for before, after in itertools.combinations(windows, 2)
        for change in compare_pair(before, after, nowhere, Options())
    ]
    assert found == []
