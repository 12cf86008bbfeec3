"""Counts: sums of tracks, lengths over couplers, footprints and capability, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from yardwatch.cars.calibration import Calibration
from yardwatch.cars.capability import capability
from yardwatch.cars.count import added, disagree, length_count, of_site, on_snow
from yardwatch.cars.footprint import footprint
from yardwatch.model import Capability, Car, Count, LengthCount


def car(start_m: float, end_m: float, track: str = "T") -> Car:
    return Car(id=f"{track}@{start_m}", track=track, start_m=start_m, end_m=end_m, probability=0.9)


def test_tracks_add_up_as_dice_do() -> None:
    die = np.array([0, 1, 1, 1, 1, 1, 1]) / 6
    pmf = added([die, die])
    np.testing.assert_allclose(pmf[2:13] * 36, [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1])


def test_twenty_long_tracks_keep_the_sum_of_means() -> None:
    rng = np.random.default_rng(0)
    pmfs = [p / p.sum() for p in rng.random((20, 90))]
    expected = sum(float(p @ np.arange(90)) for p in pmfs)
    assert Count(added(pmfs)).mean == pytest.approx(expected)


def test_snow_widens_by_its_own_spread() -> None:
    """A sure 40, a class of 15 % and snow's 20 %: normal round 40 of deviation 0.25 · 40 = 10, 90 % within ± 16.4."""
    sure = np.zeros(41)
    sure[40] = 1
    errors = on_snow(Calibration(gsd_m=0.7, bias=0.0, spread=0.15, floor=0.0))
    assert Count(errors.widened(sure)).interval == pytest.approx((40 - 16.4, 40 + 16.4), abs=1)


def test_looks_of_one_site_share_an_error_however_sure_each_is(monkeypatch):
    """3 % and 4 % make 5 %, 0.3 and 0.4 cars make 0.5: errors that have nothing to do with each other."""
    monkeypatch.setattr("yardwatch.cars.count.SITE_SPREAD", 0.03)
    monkeypatch.setattr("yardwatch.cars.count.SITE_FLOOR", 0.4)
    errors = of_site(Calibration(gsd_m=0.7, bias=0.01, spread=0.04, floor=0.3, each=0.02))
    assert (errors.spread, errors.floor) == (pytest.approx(0.05), pytest.approx(0.5))
    assert (errors.bias, errors.each, errors.gsd_m) == (0.01, 0.02, 0.7)


def test_length_of_a_train_over_couplers() -> None:
    """Five gondolas: 5 × 13.92 m over couplers however the gaps were read, so five cars."""
    coupled = [car(k * 13.92, k * 13.92 + 12.87) for k in range(5)]
    merged = [car(0, 4 * 13.92 + 12.87)]
    for cars in (coupled, merged):
        found = length_count(cars)
        assert found.occupied_m == pytest.approx(5 * 13.92)
        assert found.mean == pytest.approx(5)
        assert found.lower == pytest.approx(5 * 13.92 / 16.44, rel=0.02)
        assert found.upper == pytest.approx(5 * 13.92 / 12.02, rel=0.02)


def test_trains_apart_and_on_other_tracks_add_their_own_couplers() -> None:
    found = length_count([car(0, 12.87), car(40, 52.87), car(0, 12.87, "U")])
    assert found.occupied_m == pytest.approx(3 * 13.92)
    assert length_count([]).mean == 0


@pytest.mark.parametrize(
    ("ends", "expected"),
    [((5.0, 8.0), True), ((8.5, 9.2), False), ((9.9, 12.0), False), ((11.1, 14.0), True)],
)
def test_disagreement_needs_both_intervals(ends, expected) -> None:
    """The count is surely 10; the length's ends are widened to whole cars."""
    sure = np.zeros(11)
    sure[10] = 1
    length = LengthCount(mean=sum(ends) / 2, lower=ends[0], upper=ends[1], occupied_m=100)
    assert disagree(Count(sure), length) is expected


@pytest.mark.parametrize(
    ("gsd_m", "off_nadir_deg", "visible", "expected"),
    [
        (0.25, None, 1.0, Capability.CARS),
        (1.0, 20.0, 0.9, Capability.CARS),
        (1.01, None, 1.0, Capability.LENGTH),
        (4.0, None, 1.0, Capability.LENGTH),
        (10.0, None, 1.0, Capability.PRESENCE),
        (10.5, None, 1.0, Capability.NONE),
        (0.5, 36.0, 1.0, Capability.LENGTH),
        (0.5, -36.0, 0.2, Capability.PRESENCE),
        (0.5, 20.0, 0.29, Capability.LENGTH),
        (0.5, None, 0.05, Capability.LENGTH),
        (0.5, None, 0.049, Capability.NONE),
        (0.5, None, 0.002, Capability.NONE),
        (0.5, None, 0.0, Capability.NONE),
    ],
)
def test_what_an_image_can_carry(gsd_m, off_nadir_deg, visible, expected) -> None:
    able, reason = capability(gsd_m, off_nadir_deg, visible)
    assert able is expected
    assert reason
    assert "\n" not in reason


def test_reasons_name_what_lowered_them() -> None:
    assert "36° off nadir" in capability(0.5, 36.0, 1.0)[1]
    assert "20%" in capability(0.5, None, 0.2)[1]
    assert "0.2%" in capability(0.5, None, 0.002)[1]


def test_footprint_on_a_straight_and_on_a_curve() -> None:
    straight = shapely.LineString([(0, 0), (100, 0)])
    drawn = footprint(car(20, 33), straight)
    assert drawn.symmetric_difference(shapely.box(20, -1.55, 33, 1.55)).area < 1e-9
    angle = np.linspace(0, math.pi / 2, 500)
    curve = shapely.LineString(np.stack([200 * np.sin(angle), -200 * np.cos(angle)], axis=1))
    bent = footprint(car(50, 64), curve)
    assert bent.area == pytest.approx(14 * 3.1, rel=0.002)
    assert np.linalg.norm([bent.centroid.x, bent.centroid.y]) == pytest.approx(200, abs=0.2)


def test_a_car_off_its_track_is_refused() -> None:
    with pytest.raises(ValueError, match="off the end"):
        footprint(car(120, 133), shapely.LineString([(0, 0), (100, 0)]))
