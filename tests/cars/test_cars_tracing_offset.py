"""How far given tracks lie off the image's, on heat known exactly."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from yardwatch.cars.tracing.offset import Across, Shift, common_normal, common_shift, sample_points

TRUE = [shapely.LineString([(0, 5.0 * k), (100, 5.0 * k)]) for k in range(5)]


def across(line: shapely.LineString, normal, truth=TRUE) -> Across:
    points, own = sample_points(line)
    cells = shapely.points(points.reshape(-1, 2))
    distance = np.stack([shapely.distance(cells, track) for track in truth]).min(axis=0)
    return Across(np.exp(-0.5 * (distance / 0.8) ** 2).reshape(points.shape[:2]), own @ np.array(normal))


def shift_of(lines):
    normal = common_normal(lines)
    return common_shift([across(line, normal) for line in lines], normal)


def moved(lines, by):
    return [shapely.transform(line, lambda xy: xy + np.array(by)) for line in lines]


def test_tracks_in_place():
    found = shift_of(TRUE)
    assert found.metres == 0
    assert found.verdict == "in place"
    assert found.score == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("off", [1.5, -1.75])
def test_a_small_shift_is_found_and_undone(off):
    found = shift_of(moved(TRUE, (0, off)))
    assert found.metres * found.normal[1] == pytest.approx(-off, abs=0.13)
    assert found.verdict == "snap"
    back = found.moved(moved(TRUE, (0, off))[2])
    assert back.distance(TRUE[2]) < 0.13


def test_five_metres_are_seen_by_the_outermost_track_alone():
    """Shifted by a spacing, four of five tracks fit again: the margin is a fifth."""
    found = shift_of(moved(TRUE, (0, 5.0)))
    assert found.metres * found.normal[1] == pytest.approx(-5, abs=0.01)
    assert found.margin == pytest.approx(0.2, abs=0.03)
    assert found.verdict == "off"


def test_lines_drawn_both_ways_share_one_normal():
    lines = [line.reverse() if k % 2 else line for k, line in enumerate(moved(TRUE, (0, 1.5)))]
    assert abs(shift_of(lines).metres) == pytest.approx(1.5, abs=0.01)


def test_an_image_without_tracks_says_nothing():
    normal = common_normal(TRUE)
    flat = [Across(np.full((65, 100), 0.05), np.ones(100)) for _ in TRUE]
    assert common_shift(flat, normal).verdict == "unsure"
    assert common_shift([], normal) is None


def test_normal_by_hand():
    assert common_normal([shapely.LineString([(0, 0), (10, 0)])]) == pytest.approx((0, 1))
    assert common_normal([shapely.LineString([(0, 0), (0, 10)])]) == pytest.approx((-1, 0))


def test_a_better_place_a_spacing_away_is_a_doubt_not_a_consent():
    """Moved by one spacing all tracks but the outermost fit: little is gained, and leaving them may be wrong."""
    shift = Shift(metres=-4.75, normal=(0.0, 1.0), score=0.62, here=0.56, margin=0.06)
    assert shift.verdict == "unsure"
