"""Any yard before a pixel is drawn: tracks, trains, light; and the parts that paint."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import shapely

from yardwatch.model import FREIGHT_KINDS
from yardwatch.simulate.anywhere import draw_yard
from yardwatch.simulate.anywhere.camera import expose, jpeg
from yardwatch.simulate.anywhere.course import Course, located
from yardwatch.simulate.anywhere.day import draw_day
from yardwatch.simulate.anywhere.fleet import FLEET, SHARES, draw_wagon
from yardwatch.simulate.anywhere.frame import canvas_over
from yardwatch.simulate.anywhere.rakes import fill
from yardwatch.simulate.anywhere.tracks import misset
from yardwatch.simulate.anywhere.vehicles import chord
from yardwatch.simulate.bodies import Patch

YARDS = [draw_yard(np.random.default_rng(seed)) for seed in range(60)]


def test_two_to_eight_tracks_at_real_spacing():
    numbers, headings = Counter(len(yard.tracks) for yard in YARDS), [yard.course.turn(0.0) for yard in YARDS]
    assert set(numbers) <= set(range(2, 9))
    assert len(numbers) >= 5
    assert np.histogram(np.mod(headings, 2 * np.pi), 4, (0, 2 * np.pi))[0].min() >= 6
    steps = np.concatenate([np.diff(yard.fan.across) for yard in YARDS])
    assert steps.min() >= 4.3
    assert np.quantile(steps, 0.8) <= 6.5
    assert steps.max() <= 13.0


def test_curves_are_no_tighter_than_180_metres():
    tightest = []
    for yard in YARDS:
        for _, line in yard.fan.lines:
            points = shapely.get_coordinates(shapely.line_interpolate_point(line, np.arange(0, line.length, 8.0)))
            turn = np.unwrap(np.arctan2(*np.diff(points, axis=0).T[::-1]))
            tightest.append(8.0 / max(float(np.abs(np.diff(turn)).max()), 1e-9))
    assert min(tightest) > 170  # 8 m chords read a 180 m curve to within 5 %
    assert sum(radius < 900 for radius in tightest) > 25
    assert sum(radius > 5000 for radius in tightest) > 30


def test_given_tracks_lie_within_one_and_a_half_metres():
    far = []
    for seed, yard in enumerate(YARDS):
        given = misset(yard.tracks, np.random.default_rng(seed))
        assert [track.id for track in given] == [track.id for track in yard.tracks]
        far += [a.line.hausdorff_distance(b.line) for a, b in zip(given, yard.tracks, strict=True)]
    assert max(far) <= 1.5 + 0.02  # the true line is simplified by a centimetre
    assert 0.2 < np.median(far) < 0.8


def test_lengths_and_gaps_are_those_of_real_stock():
    gaps, kinds = [], Counter()
    for yard in YARDS:
        kinds.update(standing.car.kind for standing in yard.stock)
        for standing in yard.stock:
            assert 6 <= standing.car.length_m <= 27
            assert standing.car.length_m == pytest.approx(
                standing.wagon.stock.over_couplers_m - standing.wagon.stock.gap_m
            )
        for one, other in pairwise(yard.stock):
            if one.car.track == other.car.track:
                gaps.append(other.car.start_m - one.car.end_m)
    gaps = np.array(gaps)
    coupled = gaps < 1.65
    assert gaps.min() >= 0.7 - 1e-9
    assert not ((gaps > 1.6) & (gaps < 2.0)).any()
    assert coupled.mean() > 0.6
    assert ((gaps > 2) & (gaps < 6)).sum() > 10
    assert set(kinds) == {*SHARES, "locomotive", "coach"}
    assert set(SHARES) | {"unknown"} == set(FREIGHT_KINDS)
    freight = {kind: kinds[kind] / sum(kinds[k] for k in SHARES) for kind in SHARES}
    assert min(freight.values()) > 0.07


def test_covered_is_said_of_open_wagons_alone():
    covered = Counter((s.car.kind == "open", s.car.covered) for yard in YARDS for s in yard.stock)
    assert set(covered) == {(True, True), (True, False), (False, None)}
    assert covered[True, True] > 0.15 * covered[True, False]


def test_about_one_scene_in_eight_is_empty_and_some_are_full():
    rooms = {"a": [(0.0, 250.0)], "b": [(0.0, 250.0)], "c": [(0.0, 250.0)]}
    numbers = np.array([len(fill(np.random.default_rng(seed), rooms)) for seed in range(400)])
    assert (numbers == 0).mean() == pytest.approx(0.14, abs=0.05)
    assert np.quantile(numbers, 0.9) > 30


def test_cars_stand_clear_of_other_tracks():
    for yard in YARDS:
        lines = {track.id: track.line for track in yard.tracks}
        for standing in yard.stock:
            middle = lines[standing.car.track].interpolate((standing.car.start_m + standing.car.end_m) / 2)
            assert all(middle.distance(line) > 3.5 for name, line in lines.items() if name != standing.car.track)


def test_days_spread_as_stated():
    days = [draw_day(np.random.default_rng(seed)) for seed in range(1500)]
    assert np.mean([day.snow > 0 for day in days]) == pytest.approx(0.08, abs=0.025)
    elevations, off = np.array([day.sun_elevation_deg for day in days]), np.array([day.off_nadir_deg for day in days])
    assert (elevations.min(), elevations.max()) == (pytest.approx(12, abs=1), pytest.approx(65, abs=1))
    assert 15 < off.max() <= 25
    assert np.median(off) < 12


def test_a_body_stands_over_its_bogies_inside_a_curve():
    # On a radius of 200 m a 20 m body has bogies 7.2 m from its middle: it lies 7.2² / (2 · 200) = 0.13 m inside.
    angle = np.linspace(0, 0.5, 2001)
    arc = shapely.LineString(np.stack([200 * np.cos(angle), 200 * np.sin(angle)], axis=-1))
    middle, forward = chord(arc, 40.0, 60.0)
    assert 200 - np.hypot(*middle) == pytest.approx(0.1296, abs=0.002)
    assert np.arctan2(forward[1], forward[0]) == pytest.approx(np.pi / 2 + 0.25, abs=1e-3)


def test_along_and_across_agree_with_projection():
    yard = next(yard for yard in YARDS if not yard.course.straight)
    canvas = canvas_over(yard.extent, 2.0)
    along, across = located(yard.course, canvas)
    line = shapely.LineString(yard.course.points)
    x, y = canvas.ground((slice(0, canvas.height, 1), slice(0, canvas.width, 1)))
    points = shapely.points(x[::37, ::41], y[::37, ::41])
    near = np.abs(across[::37, ::41]) < 30
    assert np.abs(shapely.line_locate_point(line, points) + yard.course.at[0] - along[::37, ::41])[near].max() < 0.15
    assert np.abs(shapely.distance(line, points) - np.abs(across[::37, ::41]))[near].max() < 0.05


def test_a_course_places_points_left_of_its_way():
    at = np.arange(-50.0, 51.0)
    north = Course(at=at, points=np.stack([0 * at, at], axis=-1), turn_rad=np.full_like(at, np.pi / 2), straight=True)
    assert north.place(np.array(10.0), np.array(3.0)) == pytest.approx([-3.0, 10.0])


@pytest.mark.parametrize("model", FLEET, ids=lambda model: f"{model.stock.kind} {model.stock.name}")
def test_every_type_is_painted_within_its_height(model):
    half = model.stock.body_m / 2
    x, t = np.meshgrid(np.arange(-half, half, 0.25), np.arange(-1.5, 1.5, 0.25))
    x, t = x.ravel().astype(np.float32), t.ravel().astype(np.float32)
    patch = Patch(x=x, t=t, sun_t=0.5, sun_up=0.8, grain=np.zeros_like(x), fine_m=0.25)
    looks = []
    for load, _ in model.loads:
        for seed in (1, 2):
            colour, height, cover = model.paint(draw_wagon(np.random.default_rng(seed), model, seed * 99, load), patch)
            assert colour.shape == (3, len(x))
            assert np.isfinite(colour).all()
            assert -0.05 < colour.min() < colour.max() < 3
            assert 0.3 < height.min() <= height.max() < 5.8
            assert 0 <= cover.min() <= cover.max() <= 1
            looks.append(colour.tobytes())
    assert len(set(looks)) == len(looks)


def test_jpeg_of_a_flat_grey_is_the_nearest_step():
    # Brightness 127.5 - 128 = -0.5; a block's constant term is 8 × that, -4, and rounds to 0 steps of 16: 128 is left.
    flat = np.full((3, 24, 40), 0.5, np.float32)
    assert jpeg(flat, 50) == pytest.approx(128 / 255, abs=1e-4)


def test_jpeg_loses_more_at_a_lower_quality():
    picture = np.random.default_rng(0).random((3, 33, 50), np.float32) * 0.5 + 0.25
    lost = [float(np.abs(jpeg(picture, quality) - picture).mean()) for quality in (98, 80, 30)]
    assert lost == sorted(lost)
    assert jpeg(picture, 80).shape == picture.shape


def test_about_one_picture_in_ten_is_grey():
    picture = np.stack([np.full((40, 40), tone, np.float32) for tone in (0.2, 0.5, 0.8)])
    grey = [np.ptp(expose(picture, np.random.default_rng(s), 8).astype(int), axis=0).max() < 3 for s in range(300)]
    assert np.mean(grey) == pytest.approx(0.10, abs=0.05)
