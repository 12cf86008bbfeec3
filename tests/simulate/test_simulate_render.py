"""Pictures: the truth lies where the pixels are, by projections that the renderer does not use."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import Transformer
from shapely import ops

from yardwatch.model import Car
from yardwatch.simulate.history import schedule
from yardwatch.simulate.render import render
from yardwatch.simulate.stock import Stock, Wagon
from yardwatch.simulate.trains import Placed
from yardwatch.simulate.yard import fictional_yard

YARD = fictional_yard(0)
LOOKS = schedule(YARD, np.random.default_rng(0))
TO_UTM = Transformer.from_crs("EPSG:4326", "EPSG:32710", always_xy=True)
PLAIN = replace(
    LOOKS[-1], haze=0.0, off_nadir_deg=0.0, sun_elevation_deg=89.9, gain=1.0, misplacement_m=(0.0, 0.0), cloud_cover=0.0
)
"""The fullest look under a sun overhead, seen from overhead: nothing but bodies differs from the empty yard."""
WHITE = Wagon(
    stock=Stock(
        name="white", kind="flat", over_couplers_m=13.9, gap_m=1.2, width_m=3.0, height_m=1.3, share=0, colours=()
    ),
    colour=(1.6, 1.6, 1.6), load="none", snow=0.0, seed=1,
)  # fmt: skip


def to_utm(ground_xy):
    lon, lat = Transformer.from_crs(YARD.frame.crs, "EPSG:4326", always_xy=True).transform(*np.asarray(ground_xy).T)
    return np.stack(TO_UTM.transform(lon, lat), axis=-1)


def footprints(rendered):
    """Each true car's footprint in the picture's pixels."""
    found = []
    for car in rendered.truth:
        line = YARD.ground_lines[car.track]
        body = ops.substring(line, car.start_m, car.end_m).buffer(car.width_m / 2, cap_style="flat")
        columns, rows = ~rendered.transform @ to_utm(np.array(body.exterior.coords)).T
        found.append(shapely.Polygon(np.stack([columns, rows], axis=-1)))
    return found


@pytest.fixture(scope="module")
def pair():
    full = render(YARD, PLAIN, np.random.default_rng(1))
    empty = render(YARD, replace(PLAIN, stock=()), np.random.default_rng(1))
    return full, empty


def test_every_difference_is_a_car_and_every_car_is_a_difference(pair):
    full, empty = pair
    changed = (np.abs(full.data.astype(int) - empty.data).max(0) > 4).astype(float)
    inside = np.zeros(changed.shape, bool)
    y, x = np.mgrid[: changed.shape[0], : changed.shape[1]] + 0.5
    for shape in footprints(full):
        grown = shape.buffer(3.4)  # blur, couplers and the oily ground between cars
        left, top, right, bottom = (int(v) for v in grown.bounds)
        window = slice(top, bottom + 2), slice(left, right + 2)
        inside[window] |= shapely.contains_xy(grown, x[window], y[window])
        core = shapely.contains_xy(shape.buffer(-1), x[window], y[window])
        assert changed[window][core].mean() > 0.5
    assert not changed[~inside].any()


def test_truth_is_where_the_pixels_are_to_a_fifth_of_a_metre(pair):
    white = [Placed(car=car, wagon=WHITE) for car in lone_cars()]
    painted = render(YARD, replace(PLAIN, stock=tuple(white)), np.random.default_rng(1))
    change = np.abs(painted.data.astype(float) - pair[1].data).max(0)
    for car, shape in zip(painted.truth, footprints(painted), strict=True):
        left, top, right, bottom = (int(v) for v in shape.buffer(4).bounds)
        weight = change[top : bottom + 1, left : right + 1]
        weight = np.clip(weight - 20, 0, 40)  # the body alone, its edge pixels by their share
        rows, columns = np.mgrid[top : bottom + 1, left : right + 1] + 0.5
        weight *= shapely.contains_xy(shape.buffer(3), columns, rows)  # not the car on the next track
        centre = [np.average(columns, weights=weight), np.average(rows, weights=weight)]
        east, north = painted.transform @ np.array(centre)
        lon, lat = TO_UTM.transform(east, north, direction="INVERSE")
        middle = shapely.Point(Transformer.from_crs("EPSG:4326", YARD.frame.crs, always_xy=True).transform(lon, lat))
        line = YARD.ground_lines[car.track]
        assert line.project(middle) == pytest.approx((car.start_m + car.end_m) / 2, abs=0.15)
        assert line.distance(middle) < 0.15
        covered_m2 = (weight / 40).sum() * 0.25
        assert covered_m2 == pytest.approx(car.length_m * car.width_m, rel=0.12)


def lone_cars():
    """Two cars alone on every track, on straights and in the bend."""
    for track, (start, end) in YARD.standing_room.items():
        for i, at in enumerate((start + 3.3, end - 17.7)):
            yield Car(
                id=f"{track}-{i}", track=track, start_m=at, end_m=at + 12.7, kind="flat", probability=1.0, width_m=3.0
            )


def test_utm_is_not_the_ground_frame():
    """What the test above would miss by, were the two taken for one: metres at the yard's ends."""
    corner = np.array([[300.0, 0.0], [0.0, 0.0]])
    offset = np.diff(to_utm(corner), axis=0)[0] - np.diff(corner, axis=0)[0]
    assert np.hypot(*offset) > 1.0


def test_misplacement_moves_the_georeference_alone():
    moved = replace(PLAIN, misplacement_m=(2.0, -1.5))
    here, there = render(YARD, PLAIN, np.random.default_rng(1)), render(YARD, moved, np.random.default_rng(1))
    assert np.array_equal(here.data, there.data)
    assert (there.transform.c - here.transform.c, there.transform.f - here.transform.f) == (2.0, -1.5)


def test_same_seed_same_picture_another_seed_another_noise():
    one, same, other = (render(YARD, LOOKS[3], np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.data, same.data)
    assert not np.array_equal(one.data, other.data)
    assert np.abs(one.data.astype(float) - other.data).mean() < 6


def test_truth_counts_freight_in_the_zone():
    for look in (LOOKS[-1], LOOKS[4]):
        rendered = render(YARD, look, np.random.default_rng(0), 2.0)
        assert rendered.freight_in("yard") == look.freight_in_zone(YARD)
        assert len(rendered.truth) == len(rendered.zones) == len(look.stock)
        assert rendered.synthetic
    assert rendered.freight_in("nowhere") == 0


@pytest.mark.parametrize("gsd", [1.0, 3.0, 4.0])
def test_every_gsd_shows_the_same_yard(gsd, pair):
    coarse = render(YARD, PLAIN, np.random.default_rng(1), gsd)
    assert coarse.transform.a == gsd
    assert coarse.crs == "EPSG:32710"
    step = round(gsd / 0.5)
    fine = pair[0].data.astype(float)
    rows, columns = (n // step for n in fine.shape[1:])
    averaged = fine[:, : rows * step, : columns * step].reshape(3, rows, step, columns, step).mean((2, 4))
    shared = averaged[:, : coarse.data.shape[1], : coarse.data.shape[2]]
    seen = coarse.data[:, : shared.shape[1], : shared.shape[2]].astype(float)
    assert abs(seen.mean() - shared.mean()) < 1.5
    assert np.corrcoef(seen[1].ravel(), shared[1].ravel())[0, 1] > 0.75


@pytest.mark.parametrize("gsd", [0.0, -1.0, 0.1, 9.0, float("nan")])
def test_a_gsd_that_cannot_be_rendered_is_refused(gsd):
    with pytest.raises(ValueError, match="GSD"):
        render(YARD, PLAIN, np.random.default_rng(0), gsd)


def test_clouds_hide_what_their_mask_says():
    clear = render(YARD, LOOKS[4], np.random.default_rng(0), 1.0)
    clouded = render(YARD, replace(LOOKS[4], cloud_cover=0.95), np.random.default_rng(0), 1.0)
    assert not clear.cloud.any()
    assert clouded.cloud.mean() > 0.9
    hidden = clouded.data[:, clouded.cloud].astype(float)
    assert hidden.mean() > 180
    part = render(YARD, replace(LOOKS[4], cloud_cover=0.15), np.random.default_rng(0), 1.0)
    assert part.cloud.mean() == pytest.approx(0.2, abs=0.08)


def test_snow_whitens_the_fields_and_leaves_no_pixel_saturated():
    snowy = render(YARD, replace(LOOKS[4], snow=0.9, haze=0.05), np.random.default_rng(0), 1.0)
    clear = render(YARD, LOOKS[4], np.random.default_rng(0), 1.0)
    assert snowy.data.mean() > clear.data.mean() + 50
    assert (snowy.data == 255).mean() < 0.02


def test_the_building_shows_once_it_stands():
    def brightness(stage):
        rendered = render(YARD, replace(PLAIN, building=stage, stock=()), np.random.default_rng(0), 1.0)
        ground = YARD.frame.to_ground(YARD.building_polygon).buffer(-3)
        points = to_utm(np.array(ground.exterior.coords))
        columns, rows = ~rendered.transform @ points.T
        picture = rendered.data[:, rows.astype(int), columns.astype(int)].astype(float)
        return rendered, picture.mean(1)

    before, grass = brightness(None)
    assert before.building is None
    for stage in ("cleared", "roofed"):
        after, seen = brightness(stage)
        assert after.building.equals(YARD.building_polygon)
        assert after.building_stage == stage
        assert np.abs(seen - grass).max() > 20


def test_the_transform_is_north_up():
    rendered = render(YARD, PLAIN, np.random.default_rng(0), 2.0)
    assert isinstance(rendered.transform, Affine)
    assert rendered.transform.b == rendered.transform.d == 0
    assert rendered.transform.e == -2.0
    assert rendered.data.dtype == np.uint8
    assert rendered.data.min() >= 1
    held = shapely.box(*rendered_bounds(rendered))
    zone = np.array(YARD.ground_zone.exterior.coords)
    assert held.contains(shapely.Polygon(to_utm(zone)))


def rendered_bounds(rendered):
    west, north = rendered.transform @ (0, 0)
    east, south = rendered.transform @ (rendered.data.shape[2], rendered.data.shape[1])
    return west, south, east, north
