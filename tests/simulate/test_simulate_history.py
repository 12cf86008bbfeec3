"""The history: a real surge, real gaps, trains that obey physics."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.simulate.history import schedule
from yardwatch.simulate.sun import sun_angles
from yardwatch.simulate.trains import Traffic, place
from yardwatch.simulate.yard import fictional_yard

YARD = fictional_yard(0)


@pytest.fixture(scope="module", params=[0, 7, 20231005])
def looks(request):
    return schedule(YARD, np.random.default_rng(request.param))


def test_record_runs_five_and_a_half_years_to_2024(looks):
    assert len(looks) >= 26
    days = [look.day for look in looks]
    assert days == sorted(set(days))
    assert days[-1].year == 2024
    assert (days[-1] - days[0]).days / 365.25 == pytest.approx(5.5, abs=0.1)


def test_the_surge_is_real(looks):
    counts = [look.freight_in_zone(YARD) for look in looks]
    earlier = counts[:-2]
    assert max(earlier) <= 20
    assert 8 <= np.mean(earlier) <= 16
    assert min(counts[-2:]) >= 60
    assert min(counts[-2:]) >= 3 * max(earlier)
    assert all(look.usable for look in looks[-2:])


def test_three_looks_are_no_looks(looks):
    assert sum(not look.usable for look in looks) == 3
    assert sum(0 < look.cloud_cover < 0.3 for look in looks) == 2


def test_the_building_rises_once_and_stays(looks):
    stages = [look.building for look in looks]
    order = [None, "cleared", "rising", "roofed"]
    ranks = [order.index(stage) for stage in stages]
    assert ranks == sorted(ranks)
    assert {0, 1, 2, 3} == set(ranks)
    assert sum(look.building == "roofed" and look.usable for look in looks) >= 6
    assert all(look.usable for look in looks if look.building in {"cleared", "rising"})


def test_light_season_and_misplacement(looks):
    for look in looks:
        assert np.hypot(*look.misplacement_m) <= 3.0
        assert (look.sun_azimuth_deg, look.sun_elevation_deg) == sun_angles(look.acquired, -123.40, -48.90)
        assert look.snow == 0 or look.day.month in (6, 7, 8)
    assert any(look.snow for look in looks)
    lush = {look.day.month: look.green for look in looks}
    assert np.mean([g for m, g in lush.items() if m in (12, 1, 2)]) > 0.7
    assert np.mean([g for m, g in lush.items() if m in (6, 7)]) < 0.25
    assert max(np.hypot(*look.misplacement_m) for look in looks) > 1.5


def test_some_trains_have_a_locomotive_which_is_not_freight(looks):
    kinds = [placed.car.kind for look in looks for placed in look.stock]
    assert "locomotive" in kinds
    surge = looks[-1]
    inside = [p.car for p in surge.stock if YARD.zones_of(p.car.track, (p.car.start_m + p.car.end_m) / 2)]
    assert len(inside) - sum(not car.freight for car in inside) == surge.freight_in_zone(YARD)
    assert any(not car.freight for car in inside)


def test_some_cars_stand_beyond_the_zone(looks):
    outside = [look for look in looks if sum(placed.car.freight for placed in look.stock) > look.freight_in_zone(YARD)]
    assert 0 < len(outside) < len(looks)


def test_same_seed_same_looks():
    assert schedule(YARD, np.random.default_rng(3)) == schedule(YARD, np.random.default_rng(3))
    assert schedule(YARD, np.random.default_rng(3)) != schedule(YARD, np.random.default_rng(4))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 70), st.integers(0, 2))
def test_placed_trains_fit_and_never_overlap(seed, freight, locomotives):
    traffic = Traffic(freight=freight, longest=14, locomotives=locomotives)
    placed = place(YARD, traffic, np.random.default_rng(seed), "x")
    cars = [p.car for p in placed]
    assert sum(car.freight for car in cars) == freight
    assert sum(not car.freight for car in cars) == locomotives
    assert len({car.id for car in cars}) == len(cars)
    for track in YARD.standing_room:
        on = sorted((car.start_m, car.end_m) for car in cars if car.track == track)
        start, end = YARD.standing_room[track]
        assert all(start - 0.01 <= a and b <= end + 0.01 for a, b in on)
        gaps = np.array([b[0] - a[1] for a, b in pairwise(on)])
        assert ((gaps >= 0.7 - 1e-9) & (gaps <= 1.4 + 1e-9) | (gaps > 8)).all()


def test_too_many_cars_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        place(YARD, Traffic(freight=400, longest=10, locomotives=0), np.random.default_rng(0), "x")
