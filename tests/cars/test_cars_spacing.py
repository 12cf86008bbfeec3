"""Spacing of tracks as a check of the image's metres: hand-laid yards."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from yardwatch.cars.spacing import spacing


def yard(*offsets, scale=1.0, length=300.0):
    return [shapely.LineString([(0, y * scale), (length * scale, y * scale)]) for y in offsets]


def test_tracks_of_a_yard_are_plausible():
    found = spacing(yard(0, 4.5, 9.0, 14.0))
    assert (found.metres, found.closest, found.lines) == pytest.approx((4.5, 4.5, 4))
    assert found.verdict == "plausible"
    assert found.factor is None


def test_metres_half_as_long_are_seen_and_the_factor_told():
    found = spacing(yard(0, 4.7, 9.4, 14.1, scale=0.5))
    assert found.verdict == "too close"
    assert found.factor == pytest.approx(2.0)


def test_metres_twice_as_long_are_seen_where_four_tracks_lie_so():
    assert spacing(yard(0, 4.7, 9.4, 14.1, scale=2.0)).verdict == "too far"
    assert spacing(yard(0, 4.7, scale=2.0)).verdict == "plausible", "two tracks may have an undrawn one between"


def test_one_pair_at_a_usual_distance_clears_a_yard_with_undrawn_tracks():
    assert spacing(yard(0, 9.4, 14.1, 23.5, 32.9)).verdict == "plausible"


def test_lines_that_only_meet_or_follow_each_other_are_not_checked():
    crossing = [shapely.LineString([(0, 0), (300, 0)]), shapely.LineString([(150, -150), (150, 150)])]
    behind = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(110, 2), (210, 2)])]
    assert [spacing(lines).verdict for lines in (crossing, behind, yard(0), [])] == ["not checked"] * 4


def test_a_switch_does_not_make_tracks_too_close():
    rng = np.random.default_rng(5)
    lines = yard(*np.cumsum(rng.uniform(4.2, 5.5, 6)))
    branch = shapely.LineString([(0, lines[0].coords[0][1] + 0.1), (80, lines[0].coords[0][1] + 4.0)])
    assert spacing([*lines, branch]).verdict == "plausible"


def test_the_answer_is_plain_data():
    found = spacing(yard(0, 4.5))
    assert json.dumps([found.metres, found.lines, found.closest, found.verdict, found.factor])
