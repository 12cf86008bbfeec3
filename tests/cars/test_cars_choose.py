"""Drawn cars against enumeration of all sets of disjoint bodies, and by hand."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from yardwatch.cars.backward import Runs
from yardwatch.cars.choose import SAME_CAR, THRESHOLD, TIE, choose


def _runs(samples):
    rows = [(k, start, end) for k, bodies in enumerate(samples) for start, end in bodies]
    sample, start, end = np.array(rows, np.int64).reshape(-1, 3).T
    return Runs(sample, np.ones_like(sample), start, end)


def _iou(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0])) / (max(a[1], b[1]) - min(a[0], b[0]))


def _worth(body, samples):
    overlaps = [max((_iou(body, other) for other in bodies), default=0.0) for bodies in samples]
    same = [one for one in overlaps if one >= SAME_CAR]
    return len(same) / len(samples) - THRESHOLD + TIE * sum(same) / len(samples)


def _best_by_enumeration(samples):
    bodies = sorted({body for sample in samples for body in sample})
    best, worth = (), 0.0
    for size in range(1, 5):
        for some in combinations(bodies, size):
            if all(a[1] <= b[0] for a, b in pairwise(some)):
                total = sum(_worth(body, samples) for body in some)
                if total > worth + 1e-12:
                    best, worth = some, total
    return worth, best


@pytest.mark.parametrize("seed", range(12))
def test_no_set_of_disjoint_bodies_is_better(seed):
    rng = np.random.default_rng(seed)
    samples = []
    for _ in range(6):
        at, bodies = int(rng.integers(0, 6)), []
        for _ in range(rng.integers(0, 4)):
            long = int(rng.integers(8, 14))
            bodies.append((at, at + long))
            at += long + int(rng.integers(1, 5))
        samples.append(bodies)
    found = choose(_runs(samples), len(samples))
    worth, _ = _best_by_enumeration(samples)
    drawn = list(zip(found.start.tolist(), found.end.tolist(), strict=True))
    assert sum(_worth(body, samples) for body in drawn) == pytest.approx(worth)
    assert all(a[1] <= b[0] for a, b in pairwise(drawn))


def test_many_like_readings_outweigh_the_likeliest_single_one():
    """Three samples say nothing, alike; seven a car, each an own one: it is drawn, its middle reading, with 0.7."""
    samples = [[], [], [], *[[(20 + k, 46 + k)] for k in range(-3, 4)]]
    found = choose(_runs(samples), 10)
    assert list(zip(found.start, found.end, strict=True)) == [(20, 46)]
    assert found.right == pytest.approx([0.7])


def test_a_car_less_likely_than_the_threshold_is_not_drawn():
    samples = [[(0, 26)]] * 4 + [[]] * 6
    assert len(choose(_runs(samples), 10).start) == 0


def test_two_cars_or_one_long_one():
    """Six samples split what four leave whole: each half is right with 0.6, together worth more than the whole."""
    samples = [[(0, 20), (22, 42)]] * 6 + [[(0, 42)]] * 4
    found = choose(_runs(samples), 10)
    assert found.start.tolist() == [0, 22]


def test_nothing_sampled_nothing_drawn():
    assert len(choose(_runs([[], []]), 2).start) == 0
