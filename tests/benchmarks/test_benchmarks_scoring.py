from __future__ import annotations

import numpy as np
import pytest
from benchmarks.scoring import Score, Vehicle, bootstrap, score

from yardwatch.model import Car


def _car(start, end):
    return Car(id=f"{start}", track="T", start_m=start, end_m=end, probability=1.0)


def test_by_hand():
    vehicles = (Vehicle(0, 10, 1.0, "a"), Vehicle(11, 21, 1.0, "b"), Vehicle(30, 40, 0.4, "half hidden"))
    cars = (_car(0.0, 9.0), _car(16.0, 28.0), _car(31.0, 40.0), _car(50.0, 60.0))
    # a is found; 16–28 shares 5 of 17 m with b; the hidden one and what lies on it are let be; 50–60 is false.
    found, words = score(cars, vehicles)
    assert found == Score(hit=1, false=2, missed=1)
    assert found.f1 == pytest.approx(2 / 5)
    assert len(words) == 3


def test_one_drawn_over_two_is_one_false_and_two_missed_at_most():
    found, _ = score((_car(0.0, 21.0),), (Vehicle(0, 10, 1.0, "a"), Vehicle(11, 21, 1.0, "b")))
    assert found == Score(hit=0, false=1, missed=2)


def test_nothing_drawn_nothing_there():
    assert score((), ())[0].f1 == 1.0
    assert score((), (Vehicle(0, 10, 1.0, "a"),))[0] == Score(0, 0, 1)


def test_the_interval_holds_the_score():
    parts = [Score(5, 1, 0), Score(3, 0, 1), Score(0, 1, 0), Score(8, 0, 0)]
    low, high = bootstrap(parts, np.random.default_rng(0))
    assert low <= sum(parts, Score()).f1 <= high
