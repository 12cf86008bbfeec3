"""The sun: against hand-worked positions."""

from datetime import UTC, datetime

import pytest

from yardwatch.simulate.light import Sun
from yardwatch.simulate.sun import sun_angles


@pytest.mark.parametrize(
    ("when", "lat", "elevation", "azimuth"),
    [
        # Nine hours after the equinox of 20 March 2024, 03:06 UTC, the declination is 9/24 × 0.395° = 0.15°.
        (datetime(2024, 3, 20, 12, 7, 30, tzinfo=UTC), -48.9, 90 - 48.9 - 0.15, 0.0),
        # At the June solstice the declination is +23.44°.
        (datetime(2024, 6, 20, 12, 2, 0, tzinfo=UTC), -48.9, 90 - 48.9 - 23.44, 0.0),
        (datetime(2024, 6, 20, 12, 2, 0, tzinfo=UTC), 48.9, 90 - 48.9 + 23.44, 180.0),
        (datetime(2024, 12, 21, 11, 58, 0, tzinfo=UTC), -48.9, 90 - 48.9 + 23.44, 0.0),
    ],
)
def test_noon_at_greenwich(when, lat, elevation, azimuth):
    found_azimuth, found_elevation = sun_angles(when, 0.0, lat)
    assert found_elevation == pytest.approx(elevation, abs=0.05)
    assert (found_azimuth - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1.0)


def test_equinox_sunrise_is_due_east():
    azimuth, elevation = sun_angles(datetime(2024, 3, 20, 6, 7, 30, tzinfo=UTC), 0.0, 0.0)
    assert elevation == pytest.approx(0, abs=0.3)
    assert azimuth == pytest.approx(90, abs=0.3)


def test_a_place_fifteen_degrees_west_lags_an_hour():
    here = sun_angles(datetime(2023, 10, 5, 14, 0, tzinfo=UTC), 0.0, -48.9)
    west = sun_angles(datetime(2023, 10, 5, 15, 0, tzinfo=UTC), -15.0, -48.9)
    assert west == pytest.approx(here, abs=0.05)


def test_light_from_the_left_is_positive_across():
    north = Sun(azimuth_deg=0, elevation_deg=30)
    assert north.across(0.0) == pytest.approx(3**0.5 / 2)  # a track running east has north on its left
    assert north.across(3.14159265) == pytest.approx(-(3**0.5) / 2)
    assert north.up == pytest.approx(0.5)
