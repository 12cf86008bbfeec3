"""Known shifts come back; what cannot be aligned says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from yardwatch.ground import Frame
from yardwatch.imagery.align import align
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Grid, Pixels

FRAME = Frame(-123.4, -48.9)


def pair(textured, shift_m, step=0.5, size=(220, 300), seed=5):
    """A reference and a scene in which what lies at p is found at p + shift, whole pixels."""
    margin = 40
    whole = textured(size[0] + 2 * margin, size[1] + 2 * margin, seed) / np.float32(255)
    grid = Grid(frame=FRAME, west=0, north=0, step_m=step, width=size[1], height=size[0])
    right, up = (round(s / step) for s in shift_m)

    def cut(rows, columns):
        data = whole[:, margin - rows : margin - rows + size[0], margin - columns : margin - columns + size[1]]
        return Pixels(grid=grid, data=data.astype(np.float32), visible=np.ones(size, bool))

    return cut(0, 0), cut(-up, right)


def nowhere(pixels):
    return np.zeros(pixels.visible.shape, bool)


@pytest.mark.parametrize("shift", [(0, 0), (3, 0), (0, 2.5), (-4.5, 5), (9, 0), (-12, 12)])
def test_the_sign_and_size_of_a_shift(textured, shift):
    reference, moving = pair(textured, shift)
    found = align(reference, moving, nowhere(reference))
    assert found.aligned
    assert found.reason is None
    assert (found.dx_m, found.dy_m) == pytest.approx(shift, abs=0.05)
    assert found.residual_m < 0.1
    assert found.windows >= 9


def test_another_light_haze_and_noise(textured):
    reference, moving = pair(textured, (2.5, -3.5))
    noise = np.random.default_rng(1).normal(0, 0.02, moving.data.shape)
    other = replace(moving, data=np.clip(0.95 - 0.5 * moving.data**1.5 + noise, 0, 1).astype(np.float32))
    found = align(reference, other, nowhere(reference))
    assert (found.dx_m, found.dy_m) == pytest.approx((2.5, -3.5), abs=0.1)


def test_trains_that_come_and_go_do_not_matter_when_avoided(textured):
    reference, moving = pair(textured, (2, -2), size=(260, 300))
    avoid = nowhere(reference)
    avoid[100:160] = True
    # an unbroken row of boxes every 15 m, by another 7 m: without the mask a perfect wrong match
    for pixels, start in ((reference, 0), (moving, 14)):
        pixels.data[:, 106:154] = 0.1
        for left in range(start, 300, 30):
            pixels.data[:, 110:150, left : left + 26] = 0.9
    found = align(reference, moving, avoid)
    assert found.aligned
    assert (found.dx_m, found.dy_m) == pytest.approx((2, -2), abs=0.1)


def test_borders_and_clouds_seen_in_one_scene_only(textured):
    reference, moving = pair(textured, (1.5, 4))
    visible = moving.visible.copy()
    visible[:, :60] = False
    visible[150:, 200:] = False
    hidden = replace(moving, data=np.where(visible, moving.data, 0).astype(np.float32), visible=visible)
    found = align(reference, hidden, nowhere(reference))
    assert (found.dx_m, found.dy_m) == pytest.approx((1.5, 4), abs=0.1)


def test_other_ground_is_not_aligned(textured):
    reference, _ = pair(textured, (0, 0))
    other, _ = pair(textured, (0, 0), seed=77)
    found = align(reference, other, nowhere(reference))
    assert not found.aligned
    assert "another shift fits" in found.reason
    assert (found.dx_m, found.dy_m) == (0, 0)


@pytest.mark.parametrize("shift", [(18, 0), (0, -19), (18, 2), (19, 19)])
def test_a_shift_beyond_the_search_is_not_aligned(textured, shift):
    reference, moving = pair(textured, shift)
    assert not align(reference, moving, nowhere(reference)).aligned


def test_two_halves_that_moved_apart_are_not_aligned(textured):
    reference, moving = pair(textured, (4, 0))
    _, other = pair(textured, (-4, 0))
    moving.data[:, :, 150:] = other.data[:, :, 150:]
    found = align(reference, moving, nowhere(reference))
    assert not found.aligned


def test_a_flat_scene_is_not_aligned(textured):
    reference, moving = pair(textured, (0, 0))
    flat = replace(moving, data=np.full_like(moving.data, 0.5))
    found = align(reference, flat, nowhere(reference))
    assert not found.aligned
    assert found.residual_m is None


def test_nothing_left_to_compare(textured):
    reference, moving = pair(textured, (0, 0))
    found = align(reference, replace(moving, visible=nowhere(moving)), nowhere(reference))
    assert not found.aligned
    assert "too little ground that both scenes show" in found.reason


def test_where_all_is_track_the_tracks_are_looked_at_and_it_is_told(textured):
    reference, moving = pair(textured, (3, -2))
    everywhere = ~nowhere(reference)
    found = align(reference, moving, everywhere)
    assert found.aligned
    assert not found.off_tracks
    assert (found.dx_m, found.dy_m) == pytest.approx((3, -2), abs=0.05)


def test_rows_of_cars_and_nothing_else_are_refused():
    """Every 15 m the same along, every 5 m across: many shifts fit, and the right one cannot be known."""
    x, y = np.meshgrid(np.arange(300), np.arange(220))
    rng = np.random.default_rng(2)

    def rows(along, across):
        cars = ((x - along) % 30 < 26) & ((y - across) % 10 < 6)
        data = np.where(cars, 0.7, 0.2) + rng.normal(0, 0.01, cars.shape)
        grid = Grid(frame=FRAME, west=0, north=0, step_m=0.5, width=300, height=220)
        return Pixels(grid=grid, data=np.stack([data] * 3).astype(np.float32), visible=np.ones(cars.shape, bool))

    found = align(rows(0, 0), rows(14, 0), np.ones((220, 300), bool))
    assert not found.aligned
    assert "another shift fits" in found.reason


def test_what_is_no_number_is_no_ground(textured):
    reference, moving = pair(textured, (2, 1))
    moving.data[:, 40:90, 60:140] = np.nan
    found = align(reference, moving, nowhere(reference))
    assert (found.dx_m, found.dy_m) == pytest.approx((2, 1), abs=0.05)


def test_one_grey_band_against_three(textured):
    reference, moving = pair(textured, (2, 1))
    grey = replace(moving, data=moving.data.mean(axis=0, keepdims=True))
    assert align(reference, grey, nowhere(reference)).aligned


def test_ground_too_small(textured):
    reference, moving = pair(textured, (0, 0), size=(30, 40))
    assert not align(reference, moving, nowhere(reference)).aligned


def test_grids_must_be_one(textured):
    reference, _ = pair(textured, (0, 0))
    other, _ = pair(textured, (0, 0), step=0.6)
    with pytest.raises(ValueError, match="one common grid"):
        align(reference, other, nowhere(reference))
    with pytest.raises(ValueError, match="one common grid"):
        align(reference, reference, np.zeros((3, 3), bool))
    again = replace(reference, grid=replace(reference.grid))  # as another process sends it
    assert align(reference, again, nowhere(reference)).aligned


def test_a_real_line_misplaced_on_purpose(data_dir):
    """Read twice, the second time with the shift reversed: the file itself is the oracle."""
    with open_raster(data_dir / "negatives" / "railway_no_wagons.tif") as raster:
        frame = Frame.around(raster.info.footprint)
        centre = shapely.centroid(frame.to_ground(raster.info.footprint))
        grid = Grid.over(frame, centre.buffer(110), 0.5)
        reference = raster.read_grid(grid)
        avoid = np.zeros(reference.visible.shape, bool)
        avoid[180:260] = True
        for shift in [(0.0, 0.0), (2.3, -1.7), (-5.9, 4.1)]:
            moving = raster.read_grid(grid, (-shift[0], -shift[1]))
            found = align(reference, moving, avoid)
            assert found.aligned
            assert (found.dx_m, found.dy_m) == pytest.approx(shift, abs=0.15)


def test_real_dates_close_a_triangle(data_dir):
    """Three flights over one prairie: the shift from the first to the last is the sum of the two between."""
    names = ("20090818", "20160816", "20200831")
    paths = [data_dir / "naip_5m" / f"m_4709963_se_14_1_{name}.tif" for name in names]
    with open_raster(paths[0]) as raster:
        frame = Frame.around(raster.info.footprint)
        grid = Grid.over(frame, shapely.centroid(frame.to_ground(raster.info.footprint)).buffer(900), 5.0)
    dates = []
    for path in paths:
        with open_raster(path) as raster:
            dates.append(raster.read_grid(grid))
    steps = [align(dates[i], dates[j], nowhere(dates[0])) for i, j in ((0, 1), (1, 2), (0, 2))]
    assert all(step.aligned for step in steps)
    first, second, both = (np.array([step.dx_m, step.dy_m]) for step in steps)
    assert np.hypot(*(first + second - both)) < 1.5  # 0.3 of a pixel
