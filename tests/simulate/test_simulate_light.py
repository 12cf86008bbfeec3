"""Shadows and lean: lengths by hand, and a slow ray walk as the oracle."""

import numpy as np
import pytest

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.lean import lean
from yardwatch.simulate.light import Sun, shade


def flat_canvas(size: int = 160, fine: float = 0.25) -> Canvas:
    return Canvas(
        to_pixel=np.array([[1 / fine, 0, 0], [0, -1 / fine, size]]), west=0.0, north=size * fine, gsd_m=2 * fine,
        oversampled=2, width=size, height=size,
    )  # fmt: skip


@pytest.mark.parametrize(("elevation", "length"), [(45.0, 4.0), (26.565, 8.0), (63.435, 2.0)])
def test_shadow_is_height_over_tangent_long(elevation, length):
    height = np.zeros((160, 160), np.float32)
    height[40:44, 20:140] = 4.0
    dark = shade(height, flat_canvas(), Sun(azimuth_deg=0, elevation_deg=elevation))
    below = dark[44:, 80]  # sun in the north: the shadow falls south, down the picture
    assert (below > 0.5).sum() * 0.25 == pytest.approx(length, abs=0.4)
    assert not dark[:40].any()
    assert not dark[41, 80]


def test_shadow_falls_away_from_an_eastern_sun():
    height = np.zeros((160, 160), np.float32)
    height[20:140, 100:103] = 3.0
    dark = shade(height, flat_canvas(), Sun(azimuth_deg=90, elevation_deg=45))
    assert dark[80, 90] == 1
    assert not dark[:, 104:].any()


def test_shadow_agrees_with_a_ray_walk():
    rng = np.random.default_rng(5)
    height = np.zeros((160, 160), np.float32)
    for row, column in rng.integers(20, 130, (6, 2)):
        height[row : row + 12, column : column + 12] = rng.uniform(2, 6)
    sun = Sun(azimuth_deg=32, elevation_deg=38)
    walked = np.zeros_like(height, bool)
    rows, columns = np.mgrid[:160, :160]
    for j in range(1, 60):
        r = np.clip(np.rint(rows - j * np.cos(np.deg2rad(32))), 0, 159).astype(int)
        c = np.clip(np.rint(columns + j * np.sin(np.deg2rad(32))), 0, 159).astype(int)
        walked |= height[r, c] - j * 0.25 * sun.tangent > height + 0.1
    inner = slice(60, 160), slice(0, 100)
    agreed = (shade(height, flat_canvas(), sun) > 0.4)[inner] == walked[inner]
    assert agreed.mean() > 0.97


def test_a_thin_wall_throws_a_shadow_without_holes():
    height = np.zeros((160, 160), np.float32)
    height[30, 20:140] = 3.5
    dark = shade(height, flat_canvas(), Sun(azimuth_deg=28, elevation_deg=20))
    assert (dark[33:60, 60:110] > 0.5).all()


def test_inside_of_an_open_box_is_dark():
    height = np.zeros((160, 160), np.float32)
    height[50:63, 50:110] = 3.5
    height[52:61, 52:108] = 1.35
    dark = shade(height, flat_canvas(), Sun(azimuth_deg=0, elevation_deg=40))
    assert dark[52:60, 60:100].min() == 1
    assert dark[50, 60:100].max() == 0


def test_a_roof_leans_by_height_times_tangent():
    height = np.zeros((160, 160), np.float32)
    colour = np.full((3, 160, 160), 0.2, np.float32)
    height[70:90, 60:80], colour[:, 70:90, 60:80] = 8.0, 0.9
    lean(colour, height, flat_canvas(), off_nadir_deg=float(np.rad2deg(np.arctan(0.25))), view_azimuth_deg=270)
    bright = np.flatnonzero(colour[0, 80] > 0.5)  # sensor in the west: the roof is displaced 2 m to the east
    assert (bright.min(), bright.max()) == (60, 79 + 8)
    assert (colour[0, 69] == np.float32(0.2)).all()


def test_nothing_leans_at_nadir():
    height = np.zeros((160, 160), np.float32)
    colour = np.random.default_rng(0).random((3, 160, 160), np.float32)
    height[70:90, 60:80] = 8.0
    seen = colour.copy()
    lean(seen, height, flat_canvas(), off_nadir_deg=0.0, view_azimuth_deg=90)
    assert np.array_equal(seen, colour)
