"""The day's light against an empty look, where it was drawn in."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.cars.against import look_contrast
from yardwatch.cars.light import light
from yardwatch.model import Strip


@pytest.mark.parametrize("gain", [0.6, 1.0, 1.25])
def test_the_sun_of_an_empty_strip_is_its_gain(draw_strip, gain) -> None:
    found = light(draw_strip(light=gain), draw_strip(seed=1))
    np.testing.assert_allclose(found.sun, gain, rtol=0.03)
    assert found.shade is None
    assert found.snow is None


def test_a_full_yard_does_not_pass_for_a_dark_day(draw_strip, train) -> None:
    """Trains on this and the next track, shadows over the rest of it: still the sun's ratio, and the shadow's."""
    strip = draw_strip(cars=train(8), beside=train(8), light=0.9)
    found = light(strip, draw_strip(seed=1))
    np.testing.assert_allclose(found.sun, 0.9, rtol=0.05)
    np.testing.assert_allclose(found.shade, 0.36, rtol=0.08)


def test_white_roofs_are_no_snow_and_white_ground_is(draw_strip) -> None:
    strip, look = draw_strip(), draw_strip(seed=1)
    roofs, ground = strip.data.copy(), strip.data.copy()
    roofs[:, np.abs(strip.offsets_m) < 1.6] = 0.9
    ground[:, :, 100:250] = 0.9
    for data, snow in ((roofs, False), (ground, True)):
        changed = Strip(track="T", step_m=0.5, data=data, visible=strip.visible, gsd_m=0.5)
        found = light(changed, look)
        assert (found.snow is not None) is snow
        contrast = np.median(look_contrast(changed, look, found)[110:240])
        assert contrast < 0.06 if snow else contrast > 0.3


def test_nothing_visible_in_both_changes_nothing(draw_strip) -> None:
    strip = draw_strip()
    blind = Strip(track="T", step_m=0.5, data=strip.data, visible=np.zeros_like(strip.visible), gsd_m=0.5)
    np.testing.assert_array_equal(light(blind, strip).sun, 1)
