"""Noise, sensor, stock and bodies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.model import FREIGHT_KINDS
from yardwatch.simulate.bodies import PAINTERS, Patch, paint
from yardwatch.simulate.noise import Field, noise
from yardwatch.simulate.sensor import average, blur, deliver
from yardwatch.simulate.stock import FREIGHT, LOADS, LOCOMOTIVE, draw_string, draw_wagon


def test_noise_is_the_same_ground_at_every_pixel_size():
    fine = noise(Field(128, 256, 0.25), (16.0, 8.0), np.random.default_rng(1))
    coarse = noise(Field(32, 64, 1.0), (16.0, 8.0), np.random.default_rng(1))
    averaged = fine.reshape(32, 4, 64, 4).mean((1, 3))
    assert np.abs(averaged - coarse).max() < 0.05


def test_noise_has_the_spread_it_promises():
    field = noise(Field(400, 400, 1.0), (8.0, 4.0, 2.0), np.random.default_rng(2))
    assert abs(field.mean()) < 0.1
    assert field.std() == pytest.approx(1.0, abs=0.06)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 5))
def test_average_is_the_mean_of_its_block(factor, rows, columns):
    fine = np.random.default_rng(0).random((2, rows * factor, columns * factor), np.float32)
    expected = fine.reshape(2, rows, factor, columns, factor).mean((2, 4))
    assert np.allclose(average(fine, factor), expected, atol=1e-6)


def test_blur_keeps_brightness_and_damps_the_finest_stripes():
    stripes = np.tile(np.array([0.2, 0.8], np.float32), 64)[None, None].repeat(32, axis=1)
    blurred = blur(stripes)
    assert blurred.mean() == pytest.approx(0.5, abs=1e-3)
    inner = blurred[0, :, 8:-8]
    contrast = float(inner.max() - inner.min()) / 0.6
    assert contrast == pytest.approx(1 - 4 * 0.15, abs=1e-4)


def test_delivered_noise_is_as_stated_and_zero_is_kept_for_nodata():
    data = deliver(np.full((1, 300, 300), 0.5, np.float32), 1.0, np.random.default_rng(3))
    assert data.mean() == pytest.approx(127.5, abs=0.2)
    assert data.std() == pytest.approx(255 * np.hypot(0.010, 0.008 * 0.5**0.5), abs=0.15)
    assert deliver(np.zeros((1, 50, 50), np.float32), 1.0, np.random.default_rng(3)).min() == 1


def test_stock_has_real_lengths_and_gaps():
    pitch = {stock.name: stock.over_couplers_m for stock in FREIGHT}
    assert pitch["gondola"] == 13.92
    assert pitch["tank"] == 12.02
    assert pitch["boxcar"] == 16.44
    assert pitch["covered"] == 15.35
    assert all(0.7 <= stock.gap_m <= 1.4 for stock in (*FREIGHT, LOCOMOTIVE))
    assert {stock.kind for stock in FREIGHT} <= set(FREIGHT_KINDS)
    assert sum(LOADS.values()) == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 20))
def test_a_string_has_the_cars_asked_for_and_no_locomotive(seed, cars):
    string = draw_string(np.random.default_rng(seed), cars)
    assert len(string) == cars
    assert LOCOMOTIVE not in [wagon.stock for wagon in string]
    assert all(wagon.load == "none" or wagon.stock.kind == "open" for wagon in string)


def _patch(wagon) -> Patch:
    half = wagon.stock.body_m / 2
    x, t = np.meshgrid(np.arange(-half, half, 0.125), np.arange(-1.5, 1.5, 0.125))
    x, t = x.ravel().astype(np.float32), t.ravel().astype(np.float32)
    return Patch(x=x, t=t, sun_t=0.5, sun_up=0.8, grain=np.zeros_like(x), fine_m=0.125)


@pytest.mark.parametrize("stock", [*FREIGHT, LOCOMOTIVE], ids=lambda stock: stock.name)
def test_every_body_is_painted_within_its_height(stock):
    wagon = draw_wagon(np.random.default_rng(4), stock)
    colour, height = paint(wagon, _patch(wagon))
    assert colour.shape == (3, len(height))
    assert np.isfinite(colour).all()
    assert height.min() >= 1.0
    assert height.max() <= stock.height_m + 0.5
    assert stock.kind in PAINTERS


def test_an_empty_gondola_is_low_inside_and_a_tank_is_brightest_near_its_top():
    rng = np.random.default_rng(6)
    gondola, tank = FREIGHT[0], next(stock for stock in FREIGHT if stock.kind == "tank")
    wagon = draw_wagon(rng, gondola, "empty")
    patch = _patch(wagon)
    _, height = paint(wagon, patch)
    assert height[np.abs(patch.t) < 1.0].max() == gondola.height_m  # the end walls
    assert height[(np.abs(patch.t) < 1.0) & (np.abs(patch.x) < 5)].max() == pytest.approx(1.35)
    wagon = draw_wagon(rng, tank)
    patch = _patch(wagon)
    colour, _ = paint(wagon, patch)
    abreast = np.abs(patch.x - 2.5) < 0.5
    brightness = colour.mean(0)
    near_top = brightness[abreast & (np.abs(patch.t) < 0.7)].max()
    assert near_top > 1.5 * brightness[abreast & (patch.t < -1.2)].mean()
