"""Streams of examples from the labelled blocks: every kind of strip, for each of the networks that share them."""

from __future__ import annotations

import numpy as np
import pytest
from training.examples import Examples
from training.layout import BODY, EMPTY, GAP, ROWS, SEEN_ROWS, SEEN_STEPS, Labelled
from training.pools import drawing
from training.pools.drawing import drawn_pool
from training.rings import FEW

from training import examples

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    """Few parts: what is drawn is the same, only from less."""
    for room, name, number in (
        (examples, "STRETCHED", 1), (examples, "VEHICLES", 6), (examples, "GROUNDS", 3),
        (drawing, "AT_ONCE", 2),
    ):  # fmt: skip
        monkeypatch.setattr(room, name, number)


def test_strips_without_a_vehicle_have_none_whatever_is_drawn_on_them(data_dir):
    stream = Examples(data_dir, ["west"], 0, [])
    for _ in range(40):
        strip = stream.bare()
        assert (strip.state == EMPTY).all()
        assert strip.data.shape == (3, ROWS, SEEN_STEPS)
        assert np.isfinite(strip.data).all()


def test_a_pack_depends_on_its_number_alone(data_dir):
    stream = Examples(data_dir, ["west"], 3, [])
    first, another, second = stream.pack(5, 6), stream.pack(6, 6), Examples(data_dir, ["west"], 3, []).pack(5, 6)
    assert any((one.x != other.x).any() for one, other in zip(first, another, strict=True))
    for one, other in zip(first, second, strict=True):
        assert (one.x == other.x).all()
        assert (one.states == other.states).all()


def test_a_pool_of_strips_depends_on_its_pieces_alone(data_dir):
    """Whatever draws them, and however many there are."""
    origin = (data_dir, ("west",), 3)
    few, more = (drawn_pool(origin, 1, FEW, size, map) for size in (2, 4))
    for name, one in few.items():
        assert (one == more[name][:2]).all(), name
    assert few["data"].shape == (2, 3, ROWS, SEEN_STEPS)
    assert set(np.unique(few["state"])) <= {EMPTY, BODY, GAP}
    assert (few["cars"].astype(float).sum(axis=1) >= 0).all()


def test_a_round_shows_simulated_strips_as_often_as_it_is_told(data_dir):
    """Three strips of tones 0.2, 0.5 and 0.8; the third never, the second in three windows of four."""
    scenes = [Labelled.empty(np.full((3, SEEN_ROWS, SEEN_STEPS), tone, np.float32)) for tone in (0.2, 0.5, 0.8)]
    stream = Examples(data_dir, ["west"], 0, scenes)
    weighed = stream.of_round(1, FEW, np.array([0.25, 0.75, 0.0]))
    tones = [float(weighed._window().data.flat[0]) for _ in range(400)]
    assert max(tones) < 0.6
    assert np.mean(np.array(tones) > 0.4) == pytest.approx(0.75, abs=0.07)
    assert {round(float(stream._window().data.flat[0]), 1) for _ in range(60)} == {0.2, 0.5, 0.8}
