"""Tracing on heat drawn by hand: what the lines must be is known to the centimetre."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from yardwatch.cars.tracing.company import company
from yardwatch.cars.tracing.heat import Heat
from yardwatch.cars.tracing.lines import lines
from yardwatch.cars.tracing.ridges import joined, ridges

SIZE = 160
HEAT_M = (0.8, 1.6)


def heat_of(*tracks: shapely.LineString, size: int = SIZE) -> Heat:
    """Heat of perfect knowledge; window metres, y down."""
    at = np.arange(size) + 0.5
    u, v = np.meshgrid(at, at)
    cells = shapely.points(u.ravel(), v.ravel())
    distance = np.stack([shapely.distance(cells, track) for track in tracks])
    nearest = distance.argmin(axis=0)
    share = np.clip(np.interp(distance.min(axis=0), HEAT_M, (1, 0)), 1e-3, 0.98)
    angle = np.empty(len(cells))
    for k, track in enumerate(tracks):
        own = nearest == k
        s = shapely.line_locate_point(track, cells[own])
        a, b = (
            shapely.get_coordinates(shapely.line_interpolate_point(track, np.clip(s + d, 0, track.length)))
            for d in (-1, 1)
        )
        angle[own] = np.arctan2(*(b - a).T[::-1])
    direction = np.stack([np.cos(2 * angle), np.sin(2 * angle)])
    return Heat(
        logit=np.log(share / (1 - share)).reshape(size, size).astype(np.float32),
        direction=direction.reshape(2, size, size).astype(np.float32),
    )


def traced(seen: Heat, outline: shapely.Polygon | None = None):
    return lines(ridges(seen), outline)


def furthest(line: shapely.LineString, truth: shapely.LineString) -> float:
    """Metres beside the truth, its ends drawn on so that a line's overshoot does not count."""
    a, b, *_, y, z = np.array(truth.coords)[[0, 1, -2, -1]]
    ends = [a - 9 * (b - a) / np.hypot(*(b - a)), z + 9 * (z - y) / np.hypot(*(z - y))]
    longer = shapely.LineString([ends[0], *truth.coords, ends[1]])
    return float(shapely.distance(shapely.points(shapely.get_coordinates(line.segmentize(1.0))), longer).max())


def covered(truth: shapely.LineString, found) -> float:
    """Metres of the truth within 0.7 m of a found line."""
    return truth.intersection(shapely.union_all([one.line.buffer(0.7) for one in found])).length


@pytest.mark.parametrize("degrees", [0, 7, 31, 45, 90, 118])
def test_a_straight_track_comes_back_whole_and_in_place(degrees):
    way = 70 * np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))])
    truth = shapely.LineString([80.2 - way, 80.2 + way])
    (found,) = traced(heat_of(truth))
    assert furthest(found.line, truth) < 0.25
    assert found.line.length == pytest.approx(140, abs=8)
    assert found.confidence > 0.8


def test_a_curve_of_150_m_is_followed():
    turn = np.deg2rad(np.linspace(0, 50, 200))
    truth = shapely.LineString(np.stack([15 + 150 * np.sin(turn), 20 + 150 * (1 - np.cos(turn))], axis=1))
    (found,) = traced(heat_of(truth))
    assert furthest(found.line, truth) < 0.35
    assert found.line.length == pytest.approx(truth.length, abs=8)


def test_tracks_four_metres_apart_stay_apart():
    truth = [shapely.LineString([(5, 60 + 4.3 * k), (155, 75 + 4.3 * k)]) for k in range(4)]
    found = traced(heat_of(*truth))
    assert len(found) == 4
    for one in found:
        assert min(furthest(one.line, track) for track in truth) < 0.3
    apart = min(a.line.distance(b.line) for k, a in enumerate(found) for b in found[:k])
    assert apart > 3.7


def test_a_gap_under_a_bridge_is_crossed_and_lowers_the_confidence():
    truth = shapely.LineString([(5, 80), (155, 84)])
    seen = heat_of(truth)
    seen.logit[:, 70:86] = -7
    (found,) = traced(seen)
    whole = traced(heat_of(truth))[0]
    assert found.line.length == pytest.approx(150, abs=8)
    assert furthest(found.line, truth) < 0.3
    assert found.confidence == pytest.approx(whole.confidence * (150 - 16) / 150, abs=0.03)


def test_a_gap_of_forty_metres_parts_two_tracks():
    seen = heat_of(shapely.LineString([(0, 80), (160, 80)]))
    seen.logit[:, 60:100] = -7
    found = traced(seen)
    assert [round(one.line.length / 10) for one in found] == [6, 6]


def test_a_switch_gives_the_through_track_and_a_branch_that_begins_at_it():
    through = shapely.LineString([(2, 80), (158, 80)])
    branch = shapely.LineString([(40, 80), (58, 80.6), (76, 82.4), (158, 93.8)])
    found = traced(heat_of(through, branch))
    longest, other = sorted(found, key=lambda one: -one.line.length)
    assert longest.line.length > 150
    assert longest.line.distance(other.line) >= 2.1
    assert covered(through, found) > 135
    assert covered(branch, found) > branch.length - 45


def test_crossing_tracks_do_not_turn_into_one_another():
    a, b = shapely.LineString([(5, 70), (155, 90)]), shapely.LineString([(60, 5), (100, 155)])
    found = traced(heat_of(a, b))
    for truth in (a, b):
        on_it = [one for one in found if furthest(one.line, truth) < 0.5]
        assert sum(one.line.length for one in on_it) > 135


def test_noise_gives_nothing():
    rng = np.random.default_rng(3)
    noise = Heat(
        logit=rng.normal(-2.5, 1.8, (SIZE, SIZE)).astype(np.float32),
        direction=rng.normal(0, 1, (2, SIZE, SIZE)).astype(np.float32),
    )
    assert (noise.share > 0.5).mean() > 0.05
    assert traced(noise) == []


def test_a_short_streak_is_no_track():
    assert traced(heat_of(shapely.LineString([(50, 80), (80, 80)]))) == []


def test_nothing_seen_gives_nothing():
    empty = Heat(logit=np.full((64, 64), -np.inf, np.float32), direction=np.zeros((2, 64, 64), np.float32))
    assert traced(empty) == []


def test_a_line_near_the_edge_is_drawn_on_to_it():
    seen = heat_of(shapely.LineString([(8, 80), (150, 80)]))
    (found,) = traced(seen, shapely.box(0, 0, SIZE, SIZE))
    assert found.line.bounds[0] == pytest.approx(0, abs=0.01)
    assert found.line.bounds[2] == pytest.approx(160, abs=0.01)


def test_windows_join_into_one_line():
    truth = shapely.LineString([(5, 50), (155, 110)])
    points = ridges(heat_of(truth))
    left, right = points.chosen(points.xy[:, 0] < 80), points.chosen(points.xy[:, 0] >= 80)
    (found,) = lines(joined([right, left]))
    assert furthest(found.line, truth) < 0.25


def test_on_the_ground_north_is_up():
    points = ridges(heat_of(shapely.LineString([(5, 50), (155, 110)])))
    ground = points.on_ground(1000.0, 2000.0)
    assert np.allclose(ground.xy, np.stack([1000 + points.xy[:, 0], 2000 - points.xy[:, 1]], axis=1))
    assert np.median(np.tan(ground.angle)) == pytest.approx(-60 / 150, abs=0.02)


def test_the_same_heat_gives_the_same_lines():
    seen = heat_of(*[shapely.LineString([(5, 40 + 5 * k), (155, 70 + 5 * k)]) for k in range(6)])
    first, second = traced(seen), traced(seen)
    assert [one.line.wkt for one in first] == [one.line.wkt for one in second]


def test_company_by_hand():
    """Beside the first 60 of 100 m runs a neighbour 5 m away; a line across and one 12 m away are none."""
    line = shapely.LineString([(0, 0), (100, 0)])
    others = [
        shapely.LineString([(0, 5), (60, 5)]),
        shapely.LineString([(80, -50), (80, 50)]),
        shapely.LineString([(0, -12), (100, -12)]),
    ]
    shares = company([line, *others])
    assert shares[0] == pytest.approx(0.63, abs=0.04)
    assert shares[1] == pytest.approx(1.0, abs=0.1)
    assert shares[2] == shares[3] == 0


def test_a_doubtful_track_is_believed_among_others_and_not_alone():
    def doubtful(seen: Heat) -> Heat:
        return Heat(logit=np.minimum(seen.logit, 0.1), direction=seen.direction)  # heat 0.52 at most

    rows = [shapely.LineString([(5, 60 + 5 * k), (155, 66 + 5 * k)]) for k in range(3)]
    assert traced(doubtful(heat_of(rows[0]))) == []
    assert len(traced(doubtful(heat_of(*rows)))) == 3
