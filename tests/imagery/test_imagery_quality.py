"""Usable or not: worked examples of what must and must not be called cloud."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from yardwatch.ground import Frame
from yardwatch.imagery.quality import assess_quality, cloud, seen_at, usable
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Grid, Pixels


def pixels_of(data, step=0.5, visible=None):
    grid = Grid(frame=Frame(0, 0), west=0, north=0, step_m=step, width=data.shape[2], height=data.shape[1])
    shown = np.ones(data.shape[1:], bool) if visible is None else visible
    return Pixels(grid=grid, data=np.where(shown, data, 0).astype(np.float32), visible=shown)


@pytest.fixture
def ground(textured):
    return (textured(240, 320) / 255 * 0.7).astype(np.float32)


def veil(shape, seed=3):
    """Cloud: bright, colourless, soft, with a sensor's noise."""
    rng = np.random.default_rng(seed)
    soft = ndimage.gaussian_filter(rng.normal(size=shape), 25)
    return (0.82 + 0.06 * soft / abs(soft).max() + rng.normal(0, 0.006, shape)).astype(np.float32)


def test_clear_ground_is_a_look(ground):
    quality = assess_quality(pixels_of(ground))
    assert quality.usable
    assert quality.reason is None
    assert quality.visible_fraction == 1.0
    assert quality.contrast > 0.2


def test_cloud_over_all_is_no_look(ground):
    quality = assess_quality(pixels_of(np.stack([veil((240, 320))] * 3)))
    assert not quality.usable
    assert quality.visible_fraction == 0
    assert "cloud" in quality.reason


def test_a_cloud_of_50_m_is_found_and_the_rest_kept(ground):
    white = np.stack([veil((240, 320))] * 3)
    data = ground.copy()
    data[:, 60:160, 100:200] = white[:, 60:160, 100:200]
    found = cloud(data, np.ones((240, 320), bool), 0.5)
    truth = np.zeros((240, 320), bool)
    truth[60:160, 100:200] = True
    assert found[truth].mean() > 0.85
    assert found[~truth].mean() < 0.005
    quality = assess_quality(pixels_of(data))
    assert quality.usable
    assert quality.visible_fraction == pytest.approx(1 - 100 * 100 / (240 * 320), abs=0.03)


def test_most_under_cloud_is_no_look(ground):
    data = ground.copy()
    data[:, :, :250] = veil((240, 250))
    quality = assess_quality(pixels_of(data))
    assert not quality.usable
    assert "of the ground can be seen" in quality.reason


@pytest.mark.parametrize("size", [(6, 32), (32, 6), (28, 28)])
def test_white_roofs_are_no_cloud(ground, size):
    data = ground.copy()
    data[:, 100 : 100 + size[0], 100 : 100 + size[1]] = 0.9  # a wagon 3 × 16 m; a shed 14 × 14 m
    assert not cloud(data, np.ones((240, 320), bool), 0.5).any()


def test_coloured_brightness_is_no_cloud():
    sand = np.stack([veil((240, 320)), veil((240, 320)) - 0.1, veil((240, 320)) - 0.25])
    assert not cloud(sand, np.ones((240, 320), bool), 0.5).any()


def test_snow_with_rails_and_masts_is_seen():
    snow = np.stack([veil((240, 320))] * 3)
    snow[:, 10::20] -= 0.6  # something dark every 10 m
    quality = assess_quality(pixels_of(snow))
    assert quality.usable
    assert quality.visible_fraction > 0.95


def test_a_strip_under_cloud(ground):
    strip = ground[:, :33].copy()  # 16.5 m wide
    strip[:, :, 100:220] = veil((33, 120))
    seen = usable(strip, np.ones((33, 320), bool), 0.5)
    assert not seen[:, 104:216].any()
    assert seen[:, :76].all()  # a cloud's rim is taken along
    assert seen[:, 244:].all()


def test_an_image_beside_the_ground_is_no_look(ground):
    visible = np.zeros((240, 320), bool)
    visible[:, :80] = True
    quality = assess_quality(pixels_of(ground, visible=visible))
    assert not quality.usable
    assert quality.visible_fraction == 0.25
    quality = assess_quality(pixels_of(ground, visible=np.zeros((240, 320), bool)))
    assert (quality.usable, quality.visible_fraction) == (False, 0.0)
    assert "no image there" in quality.reason


def test_night_and_thick_haze_are_no_look(ground):
    assert "contrast" in assess_quality(pixels_of(ground * 0.05)).reason
    haze = assess_quality(pixels_of(0.51 + 0.35 * ground))
    assert "haze" in haze.reason
    assert haze.haze > 0.5


def test_grey_images_are_judged_too(ground):
    assert assess_quality(pixels_of(ground[:1])).usable
    assert not assess_quality(pixels_of(veil((240, 320))[None])).usable


def test_a_mask_at_points():
    grid = Grid(frame=Frame(0, 0), west=0, north=10, step_m=1, width=20, height=10)
    seen = np.ones((10, 20), bool)
    seen[2, 5] = False  # ground 5..6 east, 7..8 north
    points = np.array([[[5.5, 7.5], [6.5, 7.5]], [[5.01, 7.99], [-3.0, 7.5]]])
    assert seen_at(points, seen, grid).tolist() == [[False, True], [False, True]]


@pytest.mark.parametrize(
    ("name", "step"),
    [("muttenz/west.tif", 0.3), ("muttenz/northeast.tif", 0.3), ("negatives/town_no_track.tif", 1.0),
     ("negatives/railway_no_wagons.tif", 1.0), ("naip_5m/m_4709963_se_14_1_20120731.tif", 5.0)],
)  # fmt: skip
def test_clear_real_scenes_are_looks(data_dir, name, step):
    with open_raster(data_dir / name) as raster:
        frame = Frame.around(raster.info.footprint)
        inside = frame.to_ground(raster.info.footprint).buffer(-10 * step)
        near = inside.centroid.buffer(100 * step).intersection(inside)
        quality = assess_quality(raster.read_grid(Grid.over(frame, near, step)))
    assert quality.usable
    assert quality.visible_fraction > 0.9
