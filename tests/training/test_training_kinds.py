"""What the kind network learns from: yards of single vehicles, found as a counter would find them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from training.kinds.examples import bank
from training.kinds.yards import PRIOR, SHARES, mixed_scene
from training.layout import KINDS, UNKNOWN


@pytest.fixture(scope="module")
def held():
    return bank(np.random.default_rng([5, 1]), 2)


def test_shares_cover_the_kinds():
    assert set(SHARES) == set(PRIOR) == set(KINDS)
    assert sum(SHARES.values()) == pytest.approx(1)
    assert sum(PRIOR.values()) == pytest.approx(1)


def test_bodies_keep_apart():
    scene = mixed_scene(np.random.default_rng([5, 2]))
    assert 0.25 <= scene.gsd_m <= 0.75
    for track in scene.tracks:
        cars = sorted((car for car in scene.truth if car.track == track.id), key=lambda car: car.start_m)
        assert all(after.start_m - before.end_m >= 0.69 for before, after in pairwise(cars))


def test_only_open_wagons_are_covered_or_not(held):
    assert ((held.cover != UNKNOWN) == (held.kind == KINDS.index("open"))).all()


def test_examples_are_mixed_and_show_enough(held):
    assert len(np.unique(held.kind)) >= 6
    assert (held.visible.mean(axis=(1, 2)) >= 0.5).all()


def test_the_same_seed_gives_the_same_examples(held):
    again = bank(np.random.default_rng([5, 1]), 2)
    assert np.array_equal(again.data, held.data)
    assert np.array_equal(again.kind, held.kind)
