"""Strips kept in bytes and bits, and what a pool makes of them; the torch part is held against the numpy one."""

from __future__ import annotations

import numpy as np
import pytest
from training.coarse.grid import Known
from training.layout import BODY, EMPTY, GAP, KINDS, ROWS, SEEN_ROWS, SEEN_STEPS, UNKNOWN, Labelled
from training.pools.arrays import coarse_arrays, drawn_arrays, together, yard_arrays

from training import sensor


def drawn(rows: int, steps: int, seed: int) -> Labelled:
    """A strip of noise with a freight car of 40 steps from step 100 on, and a locomotive of 80 coupled to it."""
    rng = np.random.default_rng(seed)
    strip = Labelled.empty(rng.random((3, rows, steps), np.float32))
    strip.visible[:, : 30 * seed] = False
    strip.state[100:140], strip.state[140:144], strip.state[144:224] = BODY, GAP, BODY
    strip.kind[100:140], strip.kind[144:224] = KINDS.index("tank"), KINDS.index("locomotive")
    return strip


def test_a_drawn_strip_is_kept_to_a_byte_and_its_freight_car_counts_once():
    strips = [drawn(ROWS, SEEN_STEPS, seed) for seed in (0, 1, 2)]
    strips[1].data *= 3
    kept = drawn_arrays(strips)
    assert kept["data"].dtype == np.uint8
    assert kept["data"].nbytes + kept["visible"].nbytes < 3 * 103_000
    np.testing.assert_allclose(kept["data"][0] * (1.5 / 255), strips[0].data, atol=0.5 * 1.5 / 255 + 1e-6)
    np.testing.assert_allclose(kept["data"][1] * (1.5 / 255), np.minimum(strips[1].data, 1.5), atol=0.003)
    assert (np.unpackbits(kept["visible"], axis=2)[2].astype(bool) == strips[2].visible).all()
    assert kept["cars"].astype(float).sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-3)
    assert not kept["cars"][:, 144:224].any()


def test_strips_of_yards_lie_end_to_end():
    strips = [drawn(SEEN_ROWS, steps, seed) for seed, steps in ((0, 512), (1, 700))]
    whole, parts = yard_arrays(strips), together([yard_arrays([one]) for one in strips])
    assert whole["length"].tolist() == [512, 700]
    assert whole["data"].shape == (3, SEEN_ROWS, 1212)
    for name, one in whole.items():
        assert (one == parts[name]).all(), name
    np.testing.assert_allclose(whole["data"][:, :, 512:] / 255, strips[1].data, atol=0.5 / 255 + 1e-6)


def test_a_short_coarse_strip_is_filled_up_with_nothing_seen():
    short = Known(
        data=np.full((3, 16, 101), 200, np.uint8), visible=np.ones((16, 101), bool),
        states=np.full((3, 50), 1 / 3, np.float32), cars=np.full(50, 0.1, np.float32),
    )  # fmt: skip
    kept = coarse_arrays([short, short])
    assert kept["length"].tolist() == [256, 256]
    assert kept["visible"].sum(axis=1).tolist() == [200] * 16
    assert kept["states"].shape == (3, 256)
    assert kept["cars"].astype(float).sum() == pytest.approx(10, abs=0.01)


@pytest.fixture
def plain(monkeypatch):
    """Torch's pools with nothing left to chance: no noise, no turns, no corners, a gamma of 0.7, the eighth GSD."""
    torch = pytest.importorskip("torch", reason="torch is in the training's own environment")
    import training.pools.sensor as seen
    import training.pools.targets as targets

    for room in (seen, targets):
        monkeypatch.setattr(room, "some", lambda n, share, device: torch.zeros(n, dtype=torch.bool))
        monkeypatch.setattr(room, "between", lambda n, low, high, device: torch.full((n,), low))
    monkeypatch.setattr(seen, "NOISE", (-9.0, -9.0))
    monkeypatch.setattr(seen, "THIN", 1)
    monkeypatch.setattr(seen, "levels", lambda n, share, device: torch.full((n,), 7))
    monkeypatch.setattr(seen, "PHASES", (0,))
    monkeypatch.setattr(seen, "SOFTS", (2,))
    return torch


def test_the_card_sees_what_the_processor_sees(plain):
    from training.pools.pool import Drawn
    from training.pools.sensor import matrices, sensed
    from training.pools.targets import answered

    matrices.cache_clear()
    strips = [drawn(ROWS, SEEN_STEPS, seed) for seed in (0, 1, 2)]
    pool = Drawn(drawn_arrays(strips), plain.device("cpu"))
    pool.chosen = plain.arange
    x, states = answered(sensed(pool.strips(3), 0.0))
    across, along = (sensor.reading(7, 0, 2, axis) for axis in ("across", "along"))
    for k, strip in enumerate(strips):
        visible = (across @ strip.visible.astype(np.float32) @ along.T) > 0.95
        data = np.clip(across @ strip.data @ along.T, 0, 1.2) ** np.float32(0.7)
        wanted = sensor.normalise(data, visible)
        assert np.abs(x[k].numpy() - wanted).mean() < 0.02
        soft = sensor._soft(strip.state)
        soft[:, visible[12:20].mean(axis=0)[::2] < 0.5] = 0
        np.testing.assert_allclose(states[k].numpy(), soft, atol=1e-5)
    matrices.cache_clear()


def test_a_metre_of_the_length_network_is_four_steps_of_the_strip_networks(plain):
    from training.coarse.grid import known
    from training.pools.pool import Yards
    from training.pools.targets import lengths, on_metres

    strip = drawn(SEEN_ROWS, SEEN_STEPS, 1)
    pool = Yards(yard_arrays([strip]), plain.device("cpu"))
    shown = on_metres(pool.windows(plain.tensor([0])))
    wanted = known(strip)
    np.testing.assert_allclose(shown["data"][0].numpy() * 255, wanted.data, atol=1.01)
    assert (shown["visible"][0].numpy() == wanted.visible).all()
    np.testing.assert_allclose(shown["states"][0].numpy(), wanted.states, atol=1e-6)
    np.testing.assert_allclose(shown["cars"][0].numpy(), wanted.cars, atol=1e-3)
    seen = lengths(shown)
    assert seen.x.shape == (1, 3, 16, 256)
    assert seen.weight[0, :7].sum() == 0
    assert seen.weight[0, 8:].all()
    assert (strip.kind != UNKNOWN).sum() == 120
    assert (strip.state[:100] == EMPTY).all()
