"""Callouts: no number covers a car or another number, however dense the yard."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.report.callouts import REACH, extent, place

CAR = (13.9, 3.1)


def yard(rows, cars, spacing=4.8):
    return [
        shapely.box(14.9 * k, spacing * row, 14.9 * k + CAR[0], spacing * row + CAR[1])
        for row in range(rows)
        for k in range(cars)
    ]


def numbered(shapes):
    return [(str(i), shape) for i, shape in enumerate(shapes, 1)]


def assert_nothing_covered(labels, shapes, size):
    boxes = [extent(label, size) for label in labels]
    assert not any(shapely.intersects(box, np.asarray(shapes)).any() for box in boxes)
    for i, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[:i])


@given(st.integers(1, 12), st.integers(1, 12), st.floats(3.3, 8), st.floats(0.5, 6))
@settings(max_examples=40, deadline=None)
def test_no_number_covers_a_car_or_another_number(rows, cars, spacing, size):
    shapes = yard(rows, cars, spacing)
    assert_nothing_covered(place(numbered(shapes), shapes, size), shapes, size)


def test_in_a_yard_at_reading_size_every_car_has_its_number_without_a_leader():
    shapes = yard(8, 10)
    labels = place(numbered(shapes), shapes, size=1.7)  # 11.5 units of a 150 m view 1,000 wide
    assert [label.text for label in labels] == [str(i) for i in range(1, 81)]
    assert all(label.leader is None for label in labels)


def test_where_lanes_are_too_narrow_a_leader_leads_to_the_car_it_names():
    shapes = yard(2, 3, spacing=3.5)
    labels = place(numbered(shapes), shapes, size=4.0)
    assert len(labels) == 6
    led = [label for label in labels if label.leader]
    for label in led:
        end = shapely.Point(label.leader[2], label.leader[3])
        assert end.distance(shapes[int(label.text) - 1]) == pytest.approx(0, abs=1e-9)


def test_what_finds_no_room_is_left_without_a_number():
    block = [shapely.box(0, 3.11 * k, 200, 3.11 * k + 3.1) for k in range(40)]
    labels = place([("1", shapely.box(95, 62.3, 105, 65.3))], block, size=3.0)
    assert labels == ()
    assert REACH * 3.0 < 62
