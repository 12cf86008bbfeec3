"""Strips of simulated yards carry the truth of their scene, and are the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from training.layout import BODY, EMPTY, KINDS, STEP_M
from training.simulated import labelled, on_line, strips_of, weighed, window

from yardwatch.model import Car
from yardwatch.simulate.anywhere import any_scene


@pytest.fixture(scope="module")
def scene():
    return next(
        found
        for seed in range(20)
        if len((found := any_scene(np.random.default_rng(seed), gsd_m=1.0, size_m=(160, 50))).truth) > 12
    )


def test_every_car_is_labelled_where_it_stands(scene):
    asked = 0
    for k, (true, given) in enumerate(zip(scene.tracks, scene.given, strict=True)):
        strip = labelled(scene, k)
        for car in scene.truth:
            if car.track != true.id:
                continue
            start, end = on_line(car, true.line, given.line)
            middle = round((start + end) / 2 / STEP_M)
            if end - start > 5 and 0 < middle < len(strip.state):
                asked += 1
                assert strip.state[middle] == BODY
                assert KINDS[strip.kind[middle]] == car.kind
    assert asked > 8


def test_there_is_no_body_where_there_is_no_car(scene):
    for k, (true, given) in enumerate(zip(scene.tracks, scene.given, strict=True)):
        strip = labelled(scene, k)
        metres = sum(
            end - start
            for car in scene.truth
            if car.track == true.id
            for start, end in [on_line(car, true.line, given.line)]
        )
        assert (strip.state == BODY).sum() * STEP_M <= metres + 1
        assert (strip.kind[strip.state == EMPTY] < 0).all()


def test_a_car_is_carried_over_to_a_line_beside():
    """A line 1 m to the left and begun 3 m earlier: the same stretch, 3 m on."""
    car = Car(id="1", track="T", start_m=10.0, end_m=23.0, probability=1.0)
    true, beside = shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(-3, 1), (100, 1)])
    assert on_line(car, true, beside) == pytest.approx((13.0, 26.0))
    assert on_line(car, true, beside.reverse()) == pytest.approx((77.0, 90.0))


def test_a_seed_is_a_yard():
    one, again, other = strips_of(0, 4), strips_of(0, 4), strips_of(0, 5)
    assert all((a.data == b.data).all() for a, b in zip(one, again, strict=True))
    assert len(one) != len(other) or (one[0].data.shape != other[0].data.shape) or (one[0].data != other[0].data).any()


def test_a_window_is_a_copy(scene):
    strip = labelled(scene, 0)
    if strip.data.shape[2] < 512:
        pytest.skip("this yard's first track is shorter than a training strip")
    piece = window(strip, np.random.default_rng(0))
    piece.data[:] = 9
    assert strip.data.max() <= 1


def test_hard_strips_are_weighed_by_hand() -> None:
    """Losses 0, 1, 1 and 18 have a mean of 5: 0.3, 0.5, 0.5 and 3.9; twenty times the mean is held at four times."""
    np.testing.assert_allclose(weighed(np.array([0.0, 1.0, 1.0, 18.0])), np.array([0.3, 0.5, 0.5, 3.9]) / 5.2)
    alike = np.r_[np.zeros(99), 1.0]
    assert weighed(alike)[-1] == pytest.approx(4.3 / (99 * 0.3 + 4.3))
    np.testing.assert_allclose(weighed(np.zeros(4)), 0.25)
