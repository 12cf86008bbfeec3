"""Scenes of any yard: truth lies where the pixels are, seeds repeat, every GSD shows the same yard."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from yardwatch.model import Car, Track
from yardwatch.simulate.anywhere import Sprite, any_scene, draw_yard, georeferenced, render_yard
from yardwatch.simulate.anywhere.fleet import FLEET, draw_wagon
from yardwatch.simulate.anywhere.frame import Extent
from yardwatch.simulate.anywhere.rakes import Standing

SEEDS = range(6)


@pytest.fixture(scope="module")
def scenes():
    return [any_scene(np.random.default_rng(seed), gsd_m=1.0) for seed in SEEDS]


def standing(number, start_m, name="russian", kind="flat"):
    """A car of a type on the track `east`."""
    model = next(m for m in FLEET if m.stock.name == name and m.stock.kind == kind)
    car = Car(
        id=f"x{number}", track="east", start_m=start_m, end_m=start_m + model.stock.body_m, kind=kind, probability=1.0,
        width_m=model.stock.width_m,
    )  # fmt: skip
    return Standing(car=car, wagon=draw_wagon(np.random.default_rng(number), model, 7, "none"), paint=model.paint)


def by_hand(*stock):
    """A yard whose one track of interest runs due east along y = 0 from x = -80."""
    yard = draw_yard(np.random.default_rng(3))
    track = Track(id="east", line=shapely.LineString([(-80, 0), (80, 0)]))
    extent = Extent(west=-80.0, north=32.0, width=160.0, height=64.0)
    return replace(yard, tracks=(track,), stock=tuple(stock), extent=extent, day=replace(yard.day, off_nadir_deg=0.0))


@pytest.mark.parametrize("gsd", [0.3, 0.5, 1.0])
def test_a_car_stands_on_the_pixels_of_its_interval(gsd):
    # 14.62 - 1.22 = 13.4 m of body from s = 50: x from -30 to -16.6, y within 1.45 m of the track.
    scene = render_yard(by_hand(standing(1, 50.0), standing(2, 80.0, "grain", "hopper")), gsd_m=gsd)
    rows, columns = np.nonzero(scene.vehicle == 1)
    west, north = scene.transform @ (columns.min(), rows.min())
    east, south = scene.transform @ (columns.max() + 1, rows.max() + 1)
    assert (west, east) == (pytest.approx(-30.0, abs=gsd), pytest.approx(-16.6, abs=gsd))
    assert (south, north) == (pytest.approx(-1.45, abs=gsd), pytest.approx(1.45, abs=gsd))
    assert len(rows) * gsd**2 == pytest.approx(13.4 * 2.9, rel=0.35 if gsd == 1.0 else 0.15)
    assert [car.kind for car in scene.truth] == ["flat", "hopper"]
    assert set(np.unique(scene.vehicle)) == {0, 1, 2}


def test_a_car_cut_by_the_edge_keeps_both_ends_and_one_beyond_is_no_truth():
    # The picture begins 9 m inside the extent, at x = -71: s = 9.
    scene = render_yard(
        by_hand(standing(1, 0.0), standing(2, 60.0), standing(3, 146.0, "shunter", "locomotive")), gsd_m=0.5
    )
    assert [(car.start_m, round(car.end_m, 2)) for car in scene.truth] == [(0.0, 13.4), (60.0, 73.4), (146.0, 161.67)]
    beyond = render_yard(by_hand(standing(1, -6.0), standing(2, 60.0)), gsd_m=0.5)
    assert [car.id for car in beyond.truth] == ["car-001"]
    assert beyond.truth[0].start_m == 60.0
    assert set(np.unique(beyond.vehicle)) == {0, 1}


def test_a_roof_is_seen_where_the_day_says_it_leans():
    # Seen from the west at tan(off-nadir) = 0.5, a top 4 m up lies 2 m east of its footprint, which stays where it was.
    bright = Sprite(pixels=np.full((3, 6, 27), 3.0, np.float32), step_m=0.5, kind="flat", height_m=4.0)
    yard = by_hand(*(standing(i, 20.0 + 16 * i) for i in range(6)))
    day = replace(
        yard.day, off_nadir_deg=float(np.rad2deg(np.arctan(0.5))), view_azimuth_deg=270.0, snow=0.0, haze=0.0,
        sun_elevation_deg=60.0, sun_azimuth_deg=180.0,
    )  # fmt: skip
    assert day.lean_m(4.0) == pytest.approx((2.0, 0.0), abs=1e-9)
    scene = render_yard(replace(yard, day=day), gsd_m=0.5, sprites=(bright,), bits=16)
    picture = scene.data.astype(float).mean(0)
    rows = np.unique(np.nonzero(scene.vehicle)[0])
    profile = picture[rows[1:-1]].mean(0)
    found = []
    for number, car in enumerate(scene.truth, start=1):
        columns = np.nonzero(scene.vehicle == number)[1]
        window = profile[columns.min() : columns.max() + 1]
        if window[8:-2].mean() > 0.8 * profile.max():  # painted, not drawn
            lit = np.flatnonzero(profile > 0.5 * profile.max())
            near = lit[(lit > columns.mean() - 18) & (lit < columns.mean() + 18)]
            found.append((near.max() + 1) * 0.5 + scene.transform.c - (car.end_m - 80))
    assert found
    assert np.median(found) == pytest.approx(2.0, abs=0.6)


def test_random_truth_is_where_its_pixels_are(scenes):
    seen = 0
    for scene in scenes:
        lines = {track.id: track.line for track in scene.tracks}
        for number, car in enumerate(scene.truth, start=1):
            rows, columns = np.nonzero(scene.vehicle == number)
            x, y = scene.transform @ np.array([columns + 0.5, rows + 0.5])
            points = shapely.points(x, y)
            s = shapely.line_locate_point(lines[car.track], points)
            assert (s > car.start_m - 1).all()
            assert (s < car.end_m + 1).all()
            assert (shapely.distance(lines[car.track], points) < car.width_m / 2 + 1).all()
            seen += len(rows) > 0
        assert scene.vehicle.max(initial=0) <= len(scene.truth)
    assert seen > 50


def test_a_white_sprite_changes_the_pixels_of_its_car_alone():
    sprite = Sprite(pixels=np.full((3, 6, 27), 1.4, np.float32), step_m=0.5, kind="flat", height_m=0.2)
    cars = [standing(i, 20.0 + 16 * i) for i in range(6)]
    yard = by_hand(*cars)
    yard = replace(yard, day=replace(yard.day, snow=0.0, haze=0.0))
    plain, painted = (render_yard(yard, gsd_m=0.5, sprites=given, bits=16) for given in ((), (sprite,)))
    change = np.abs(painted.data.astype(float) - plain.data).max(0)
    limit = 0.15 * plain.data.max()
    whitened = {int(n) for n in np.unique(plain.vehicle[change > limit])} - {0}
    assert 0 < len(whitened) < 6
    untouched = [n for n in range(1, 7) if n not in whitened]
    assert np.median(change[np.isin(plain.vehicle, untouched)]) < 0.1 * limit


@pytest.mark.parametrize("shape", [(4, 3), (1, 6, 20), (3, 1, 20)])
def test_a_sprite_that_is_no_picture_is_refused(shape):
    with pytest.raises(ValueError, match="sprite is"):
        Sprite(pixels=np.zeros(shape, np.float32), step_m=0.2, kind="tank")
    with pytest.raises(ValueError, match="above 0"):
        Sprite(pixels=np.zeros((3, 6, 20), np.float32), step_m=0.0, kind="tank")


def test_same_seed_same_bytes_another_seed_another_yard(scenes):
    again = any_scene(np.random.default_rng(1), gsd_m=1.0)
    assert again.data.tobytes() == scenes[1].data.tobytes()
    assert again.truth == scenes[1].truth
    assert np.array_equal(again.vehicle, scenes[1].vehicle)
    assert scenes[1].data.tobytes() != scenes[2].data.tobytes()


@pytest.mark.parametrize("gsd", [0.5, 2.0])
def test_a_gsd_changes_the_sampling_alone(gsd, scenes):
    """A pixel of the coarser picture is the mean of those of the finer, up to camera noise and stretch."""
    for seed in (2, 4):
        one, other = scenes[seed], any_scene(np.random.default_rng(seed), gsd_m=gsd)
        shared = [car for car in other.truth if car.end_m - car.start_m > 0]
        assert {(c.track, c.start_m, c.kind) for c in shared} & {(c.track, c.start_m, c.kind) for c in one.truth}
        assert [t.line for t in one.tracks] == [t.line for t in other.tracks]
        assert [t.line for t in one.given] == [t.line for t in other.given]
        assert one.day == other.day
        fine, coarse = (one, other) if gsd > 1 else (other, one)
        step = round(coarse.gsd_m / fine.gsd_m)
        left, top = (round(v) for v in ~fine.transform @ (coarse.transform.c, coarse.transform.f))
        rows, columns = ((n - off) // step for n, off in zip(fine.data.shape[1:], (top, left), strict=True))
        cut = fine.data[1, top : top + rows * step, left : left + columns * step].astype(float)
        mean = cut.reshape(rows, step, columns, step).mean((1, 3))
        rows, columns = (min(a, b) for a, b in zip(mean.shape, coarse.data.shape[1:], strict=True))
        pair = np.corrcoef(mean[:rows, :columns].ravel(), coarse.data[1, :rows, :columns].ravel().astype(float))
        assert pair[0, 1] > 0.85


def test_delivered_pictures(scenes):
    for scene in scenes:
        assert scene.synthetic
        assert scene.data.dtype == np.uint8
        assert scene.data.min() >= 1
        assert scene.data.shape[1:] == scene.vehicle.shape
        assert scene.vehicle.dtype == np.int16
        assert scene.data.std() > 4
        assert (scene.transform.a, scene.transform.b, scene.transform.d, scene.transform.e) == (1.0, 0, 0, -1.0)
        assert 0.6 * 15_400 < scene.vehicle.size < 1.7 * 15_400


def test_sixteen_bits_have_a_range_of_their_own():
    tops = [int(any_scene(np.random.default_rng(s), gsd_m=4.0, bits=16, size_m=(80, 60)).data.max()) for s in range(8)]
    scene = any_scene(np.random.default_rng(0), gsd_m=4.0, bits=16)
    assert scene.data.dtype == np.uint16
    assert scene.data.min() >= 1
    assert min(tops) < 6000 < max(tops)


def test_no_real_place(scenes):
    """Ground metres round an origin of no meaning; put on the globe it lies in the open ocean."""
    for scene in scenes:
        assert abs(scene.transform.c) < 250
        assert abs(scene.transform.f) < 250
        transform, true, _ = georeferenced(scene, "EPSG:4326")
        lon, lat = transform @ (0, 0)
        assert (lon, lat) == (pytest.approx(-123.40, abs=0.01), pytest.approx(-48.90, abs=0.01))
        there = Transformer.from_crs("+proj=tmerc +lat_0=-48.9 +lon_0=-123.4 +datum=WGS84", "EPSG:4326", always_xy=True)
        x, y = there.transform(scene.transform.c, scene.transform.f)
        assert (lon, lat) == (pytest.approx(x, abs=1e-7), pytest.approx(y, abs=1e-7))  # 1e-7° is 1 cm
        assert true[0].line.bounds[0] == pytest.approx(-123.40, abs=0.01)


@pytest.mark.parametrize("gsd", [0.0, -1.0, 0.1, 6.0, float("nan")])
def test_a_gsd_that_cannot_be_rendered_is_refused(gsd):
    with pytest.raises(ValueError, match="GSD"):
        any_scene(np.random.default_rng(0), gsd_m=gsd)


def test_other_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="12 bits"):
        any_scene(np.random.default_rng(0), gsd_m=4.0, bits=12)
    for size in ((10, 70), (220, 0), (float("nan"), 70), (9000, 70)):
        with pytest.raises(ValueError, match="cannot be drawn"):
            any_scene(np.random.default_rng(0), gsd_m=1.0, size_m=size)
