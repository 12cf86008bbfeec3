"""Shadows drawn on one side of a track, and suns on either."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from yardwatch.cars.shadow_side import shadow_side
from yardwatch.model import Car, Strip, Track

EAST = Track(id="T", line=shapely.LineString([(0, 0), (300, 0)]))
"""Runs east: its left is north."""


def cars(n=12):
    return [
        Car(id=f"T-{i}", track="T", start_m=10 + 20 * i, end_m=24 + 20 * i, covered=False, probability=0.9)
        for i in range(n)
    ]  # fmt: skip


def strip(dark_left=True, depth=0.5):
    offsets = np.arange(-16, 17) * 0.5
    data = np.full((3, 33, 600), 0.5) + np.random.default_rng(1).normal(0, 0.02, (3, 33, 600))
    for car in cars():
        along = slice(int(car.start_m / 0.5), int(car.end_m / 0.5))
        side = (offsets > 1.6) & (offsets < 4) if dark_left else (offsets < -1.6) & (offsets > -4)
        data[:, side, along] *= depth
    return Strip(track="T", step_m=0.5, data=data.astype(np.float32), visible=np.ones((33, 600), bool), gsd_m=0.5)


@pytest.mark.parametrize(("azimuth", "agrees"), [(180, True), (215, True), (0, False), (330, False)])
def test_a_shadow_to_the_north_wants_a_sun_in_the_south(azimuth, agrees):
    found = shadow_side(cars(), [strip()], [EAST], azimuth)
    assert found.agrees is agrees
    assert found.cars == 12
    assert (found.score > 0) is agrees


def test_the_other_side():
    assert shadow_side(cars(), [strip(dark_left=False)], [EAST], 180).agrees is False


@pytest.mark.parametrize("azimuth", [90, 270, 80])
def test_a_sun_along_the_track_says_nothing(azimuth):
    assert shadow_side(cars(), [strip()], [EAST], azimuth).agrees is None


def test_no_shadow_or_few_cars_say_nothing():
    assert shadow_side(cars(), [strip(depth=1.0)], [EAST], 180).agrees is None
    assert shadow_side(cars(5), [strip()], [EAST], 180).agrees is None
    assert shadow_side([], [], [], 180).agrees is None
