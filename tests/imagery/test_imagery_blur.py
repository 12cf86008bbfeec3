"""Blur against edges whose width is known by construction."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy import ndimage

from yardwatch.ground import Frame
from yardwatch.imagery.blur import FWHM, Blur, measure_blur
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Grid, Pixels


def pixels_of(data, step=0.5):
    grid = Grid(frame=Frame(0, 0), west=0, north=0, step_m=step, width=data.shape[2], height=data.shape[1])
    return Pixels(grid=grid, data=data.astype(np.float32), visible=np.ones(data.shape[1:], bool))


def roofs(sigma_px, noise=0.003):
    """Slanted rectangles, drawn eight times finer, blurred, averaged down."""
    fine, side = 8, 120
    y, x = np.mgrid[: side * fine, : side * fine] / fine
    picture = np.full(x.shape, 0.3)
    rng = np.random.default_rng(2)
    for cx in range(15, side, 30):
        for cy in range(15, side, 30):
            turn = rng.uniform(0, np.pi)
            u, v = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn), -(x - cx) * np.sin(turn) + (y - cy) * np.cos(turn)
            picture[(np.abs(u) < 9) & (np.abs(v) < 7)] = rng.uniform(0.5, 0.9)
    soft = ndimage.gaussian_filter(picture, sigma_px * fine)
    seen = soft.reshape(side, fine, side, fine).mean(axis=(1, 3))
    return seen[None] + rng.normal(0, noise, (3, side, side))


@pytest.mark.parametrize("sigma_px", [0.6, 1.0, 1.6, 2.2])
def test_a_known_gaussian_comes_back(sigma_px):
    true = FWHM * np.hypot(sigma_px, 1 / np.sqrt(12)) * 0.5  # the pixel's own width is part of it
    found = measure_blur(pixels_of(roofs(sigma_px)))
    assert found.fwhm_m == pytest.approx(true, rel=0.1)
    assert found.edges > 60


def test_pixels_that_promise_more_than_they_hold_are_told():
    soft = measure_blur(pixels_of(roofs(2.0)))
    assert "as soft as those of a" in soft.warning(0.5)
    assert Blur(fwhm_m=0.6, edges=100).warning(0.5) is None


def test_no_edges_no_answer():
    assert measure_blur(pixels_of(np.full((3, 80, 80), 0.5))) is None
    assert measure_blur(pixels_of(np.full((3, 9, 9), 0.5))) is None


def test_real_pixels_degraded(data_dir):
    with open_raster(data_dir / "negatives" / "town_no_track.tif") as raster:
        frame = Frame.around(raster.info.footprint)
        grid = Grid.over(frame, shapely.centroid(frame.to_ground(raster.info.footprint)).buffer(100), 0.25)
        data = raster.read_grid(grid).data
    soft = ndimage.gaussian_filter(data, (0, 1.5 / FWHM / 0.25, 1.5 / FWHM / 0.25))[:, ::2, ::2]
    assert measure_blur(pixels_of(soft)).fwhm_m == pytest.approx(1.5, rel=0.2)
