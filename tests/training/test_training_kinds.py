"""What the kind network learns from: yards of single vehicles, found as a counter would find them."""

from __future__ import annotations

from dataclasses import replace
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


def test_an_undecided_network_pays_for_kind_and_for_freight_by_hand():
    """Eight kinds alike: log 8 for the kind; a quarter is none of freight, wanted with 0.97 + 0.0075 or 0.0075."""
    torch = pytest.importorskip("torch", reason="torch is in the training's own environment")
    from training.kinds.learn import loss_of

    nothing = torch.zeros(1, len(KINDS) + 1)
    for kind, wanted in (("locomotive", 0.9775), ("tank", 0.0075)):
        by_hand = np.log(8) - wanted * np.log(0.25) - (1 - wanted) * np.log(0.75)
        found = loss_of(nothing, torch.tensor([KINDS.index(kind)]), torch.tensor([UNKNOWN]))
        assert float(found) == pytest.approx(by_hand, abs=1e-5)


def test_a_jolted_crop_is_moved_by_no_more_than_was_said(held, monkeypatch):
    pytest.importorskip("torch", reason="torch is in the training's own environment")
    from training.kinds import views

    seen = held.crops(np.arange(40))
    ramp = np.broadcast_to(np.linspace(0, 1, 64, dtype=np.float32), seen.data.shape)
    moved = views.jolted(replace(seen, data=ramp.copy())).data - ramp
    most = (views.STRETCH[0] + views.SHIFT[0]) / 2  # half the crop lies to either side of its middle
    assert 0.3 * most < np.abs(moved).max() <= most + 1e-6
    monkeypatch.setattr(views, "STRETCH", (0, 0))
    monkeypatch.setattr(views, "SHIFT", (0, 0))
    np.testing.assert_allclose(views.jolted(seen).data, seen.data, atol=1e-5)
