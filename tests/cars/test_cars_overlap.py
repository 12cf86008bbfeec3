from __future__ import annotations

import shapely

from yardwatch.cars.overlap import duplicates


def _body(x, y, length=13.0, width=3.1):
    return shapely.box(x, y - width / 2, x + length, y + width / 2)


def test_one_body_on_two_tracks_is_kept_where_it_is_likelier():
    bodies = [_body(0, 0), _body(1, 1.0), _body(30, 0)]
    assert duplicates(bodies, ["A", "B", "B"], [0.6, 0.9, 0.5]) == {0}


def test_neighbouring_tracks_share_no_ground():
    assert duplicates([_body(0, 0), _body(0, 4.3)], ["A", "B"], [0.9, 0.9]) == set()


def test_bodies_of_one_track_are_left_to_the_decoder():
    assert duplicates([_body(0, 0), _body(5, 0)], ["A", "A"], [0.9, 0.9]) == set()


def test_the_one_that_is_gone_takes_no_other_with_it():
    """B's body is A's; C's lies on B's alone and stays."""
    bodies = [_body(0, 0), _body(5, 0), _body(13.5, 0)]
    assert duplicates(bodies, ["A", "B", "C"], [0.9, 0.8, 0.7]) == {1}


def test_none_is_none():
    assert duplicates([], [], []) == set()
