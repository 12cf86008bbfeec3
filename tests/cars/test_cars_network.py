from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from yardwatch.cars import network
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import CELL_M, Network, look, normalise, resampled
from yardwatch.cars.segment import decode
from yardwatch.errors import InputError
from yardwatch.model import Strip


@pytest.fixture(scope="module")
def shipped() -> Network:
    return Network.from_bytes((files("yardwatch") / "weights" / "strip-network.onnx").read_bytes())


def _strip(data, step_m=0.5, visible=None):
    data = np.asarray(data, np.float32)
    shown = np.ones(data.shape[1:], bool) if visible is None else visible
    return Strip(track="T", step_m=step_m, data=data, visible=shown, gsd_m=step_m)


def test_resampling_keeps_a_linear_ramp():
    step, n, rows = 0.5, 60, 33
    s = (np.arange(n) + 0.5) * step
    t = (np.arange(rows) - 16) * step
    ramp = 0.3 + 0.005 * s[None] + 0.02 * t[:, None]
    data, visible = resampled(_strip(np.stack([ramp] * 3), step))
    assert data.shape == (3, 32, 120)
    assert visible.all()
    inner = slice(2, -2)
    wanted_s, wanted_t = (np.arange(120) + 0.5) * 0.25, (np.arange(32) - 15.5) * 0.4
    wanted = 0.3 + 0.005 * wanted_s[None] + 0.02 * wanted_t[:, None]
    np.testing.assert_allclose(data[0][:, inner], wanted[:, inner], atol=1e-6)


def test_one_band_is_seen_as_grey():
    grey = np.random.default_rng(0).uniform(0, 1, (1, 33, 40))
    data, _ = resampled(_strip(grey))
    assert (data[0] == data[1]).all()
    assert (data[0] == data[2]).all()


def test_normalising_by_hand():
    light = np.array([[0.1, 0.2, 0.3, 0.4, 0.5]])  # median 0.3, median distance 0.1
    x = normalise(np.stack([light] * 3).astype(np.float32), np.ones((1, 5), bool))
    scale = 1.4826 * 0.1 + 0.02
    np.testing.assert_allclose(x[0, 0], np.array([-0.2, -0.1, 0, 0.1, 0.2]) / scale, rtol=1e-5)


def test_light_and_contrast_of_a_scene_do_not_matter_much():
    data = np.random.default_rng(1).uniform(0.2, 0.8, (3, 32, 64)).astype(np.float32)
    seen = np.ones((32, 64), bool)
    brighter, darker = normalise(data * 0.5 + 0.2, seen), normalise(data, seen)
    assert np.corrcoef(brighter.ravel(), darker.ravel())[0, 1] > 0.999
    assert abs(brighter.std() / darker.std() - 1) < 0.15


def test_what_is_not_seen_is_nought_and_no_evidence(shipped, draw_strip):
    strip = draw_strip(cars=((20.0, 33.0),))
    hidden = strip.visible.copy()
    hidden[:, 100:200] = False
    seen = look(replace(strip, visible=hidden), shipped)
    gone = seen.log_prob[101:199]
    assert not seen.visible[101:199].any()
    np.testing.assert_allclose(gone, -np.log(3))


def test_a_strip_without_anything_seen_has_no_evidence(shipped):
    nothing = look(_strip(np.zeros((3, 33, 50)), visible=np.zeros((33, 50), bool)), shipped)
    np.testing.assert_allclose(nothing.log_prob, -np.log(3))


def test_rows_of_evidence_are_chances(shipped, draw_strip, train):
    seen = look(draw_strip(cars=train(3)), shipped)
    np.testing.assert_allclose(np.exp(seen.log_prob).sum(axis=1), 1, atol=1e-6)
    assert seen.step_m == CELL_M
    assert len(seen.log_prob) == 300


@pytest.mark.parametrize("step_m", [0.25, 0.5])
def test_a_drawn_train_is_counted(shipped, draw_strip, train, step_m):
    cars = train(5)
    found = decode(look(draw_strip(cars=cars, step_m=step_m), shipped), rng=np.random.default_rng(0), habits=ANYWHERE)
    assert len(found.cars) == 5
    for car, (start, end) in zip(found.cars, cars, strict=True):
        assert car.start_m == pytest.approx(start, abs=1.0)
        assert car.end_m == pytest.approx(end, abs=1.0)


def test_an_empty_track_beside_a_train_is_empty(shipped, draw_strip, train):
    found = decode(look(draw_strip(beside=train(6)), shipped), rng=np.random.default_rng(0), habits=ANYWHERE)
    assert found.cars == ()


def test_a_track_has_no_direction(shipped, draw_strip, train):
    strip = draw_strip(cars=train(4))
    turned = replace(strip, data=strip.data[:, ::-1, ::-1].copy(), visible=strip.visible[::-1, ::-1].copy())
    there, back = look(strip, shipped), look(turned, shipped)
    np.testing.assert_allclose(there.log_prob, back.log_prob[::-1], atol=1e-3)


def test_pieces_are_as_the_whole(shipped, draw_strip, train, monkeypatch):
    strip = draw_strip(cars=train(8), length_m=300.0)
    whole = look(strip, shipped).log_prob
    monkeypatch.setattr(network, "PIECE_STEPS", 256)
    np.testing.assert_allclose(look(strip, shipped).log_prob, whole, atol=1e-3)


@pytest.mark.parametrize("junk", [b"", b"not a network", bytes(5000)])
def test_junk_is_no_network(junk):
    with pytest.raises(InputError, match="no strip network"):
        Network.from_bytes(junk)


def test_weights_say_what_they_saw(shipped):
    assert shipped.trained_on
    assert "swisstopo" in shipped.terms
    assert set(shipped.kinds) >= {"open", "tank", "locomotive"}
