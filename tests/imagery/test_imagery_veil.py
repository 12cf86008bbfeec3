"""Where nothing of a track can be made out, and what hides it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from yardwatch.ground import Frame
from yardwatch.imagery.quality import assess_quality
from yardwatch.imagery.sky import BURNT, CLOUD, NODATA, SEEN, causes, shares
from yardwatch.imagery.veil import burnt, contrast, veiled
from yardwatch.model import Grid, Pixels

ALL = np.ones((160, 240), bool)


def pixels_of(data, visible=None):
    grid = Grid(frame=Frame(0, 0), west=0, north=0, step_m=0.5, width=data.shape[2], height=data.shape[1])
    shown = np.ones(data.shape[1:], bool) if visible is None else visible
    return Pixels(grid=grid, data=np.where(shown, data, 0).astype(np.float32), visible=shown)


@pytest.fixture
def track():
    """Bars of 2 m, noise, three bands alike: about what is seen of a track."""
    rng = np.random.default_rng(3)
    ties = np.where(np.arange(240) // 4 % 2 == 0, 0.4, 0.5)[None, :] * np.ones((160, 1))
    return np.stack([ties + rng.normal(0, 0.01, ties.shape)] * 3).astype(np.float32)


def cloud(shape=(160, 240)):
    rng = np.random.default_rng(4)
    soft = ndimage.gaussian_filter(rng.normal(size=shape), 20)
    return np.stack([0.8 + 0.08 * soft / np.abs(soft).max() + rng.normal(0, 0.008, shape)] * 3).astype(np.float32)


def test_contrast_is_a_ratio(track):
    """Half the light, the same contrast to within the term that keeps it finite."""
    whole, half = (np.median(contrast(data, ALL, 0.5)) for data in (track, track / 2))
    assert half == pytest.approx(whole, rel=0.12)


def test_noise_alone_has_none():
    noise = np.full((3, 160, 240), 0.5, np.float32) + np.random.default_rng(1).normal(0, 0.03, (160, 240))
    assert np.median(contrast(noise.astype(np.float32), ALL, 0.5)) < 0.008


def test_half_the_track_under_cloud(track):
    data = track.copy()
    data[:, :, :120] = cloud()[:, :, :120]
    hidden = veiled(data, ALL, 0.5)
    assert hidden[:, :115].all()
    assert not hidden[:, 120 + 30 :].any()  # a rim of 11 m and half a box
    quality = assess_quality(pixels_of(data), ALL)
    assert quality.usable
    assert 0.35 < quality.visible_fraction < 0.5


def test_a_track_under_cloud_is_no_look_though_its_fields_are_clear(track):
    data = track.copy()
    belt = np.zeros((160, 240), bool)
    belt[:60] = True
    data[:, :85] = cloud()[:, :85]
    quality = assess_quality(pixels_of(data), belt)
    assert not quality.usable
    assert quality.visible_fraction < 0.05
    assert "cloud" in quality.reason


def test_coarse_pixels_are_not_judged_by_it(track):
    assert not veiled(cloud(), ALL, 1.0).any()


def test_burnt_out_is_wider_than_a_white_roof(track):
    data = track.copy()
    data[:, 20:27, 20:60] = 1.0  # 3.5 × 20 m: a wagon's roof
    data[:, 80:120, 100:160] = 1.0  # 20 × 30 m
    found = burnt(data, ALL, 0.5)
    assert not found[:60].any()
    assert found[82:118, 102:158].all()


def test_causes_and_their_shares(track):
    data, visible = track.copy(), ALL.copy()
    visible[:, :24] = False
    data[:, :60, 180:] = 1.0
    found = causes(pixels_of(data, visible), ALL)
    assert (found[:, :24] == NODATA).all()
    assert (found[5:55, 185:] == BURNT).all()
    assert (found[130:, 40:100] == SEEN).all()
    told = shares(found)
    assert told["nodata"] == pytest.approx(0.1)
    assert told["visible"] == pytest.approx(1 - sum(told[name] for name in ("nodata", "burnt_out", "cloud")))
    assert shares(found, ~ALL)["visible"] == 0.0


def test_a_cloud_is_named(track):
    data = track.copy()
    data[:, :, :120] = cloud()[:, :, :120]
    assert (causes(pixels_of(data), ALL)[:, :100] == CLOUD).all()


@pytest.mark.parametrize("data", [np.zeros((3, 12, 9)), np.full((1, 12, 9), 0.5), np.ones((3, 12, 9))])
def test_a_handful_of_pixels_does_not_fall_over(data):
    quality = assess_quality(pixels_of(data), np.ones((12, 9), bool))
    assert not quality.usable
    assert quality.reason


def test_nodata_across_a_track_is_that_share_and_no_cloud(track):
    visible = ALL.copy()
    visible[:, 100:140] = False
    found = causes(pixels_of(track, visible), ALL)
    told = shares(found)
    assert told["nodata"] == pytest.approx(40 / 240)
    assert told["cloud"] == 0.0
    assert told["visible"] == pytest.approx(200 / 240)


def test_one_grey_band_is_judged_as_three(track):
    data = track.copy()
    data[:, :, :120] = cloud()[:, :, :120]
    three, one = (causes(pixels_of(bands), ALL) for bands in (data, data[:1]))
    assert (three == CLOUD).mean() == pytest.approx((one == CLOUD).mean(), abs=0.02)
