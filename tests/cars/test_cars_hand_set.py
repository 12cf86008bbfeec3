"""The hand-set counter that benchmarks hold beside the network: each cue where it was drawn, none where it was not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from benchmarks.hand_set.counting import SPREAD_ALONE, total
from benchmarks.hand_set.evidence import evidence
from benchmarks.hand_set.gaps import notch

from yardwatch.cars.chain import CAR, EMPTY, GAP
from yardwatch.cars.profile import brightness
from yardwatch.cars.segment import decode_many
from yardwatch.model import Strip


def inside(cars, n, step_m, margin_m=1.5):
    at = (np.arange(n) + 0.5) * step_m
    return np.any([(at > a + margin_m) & (at < b - margin_m) for a, b in cars], axis=0)


@pytest.mark.parametrize(("bands", "looked"), [(3, False), (3, True), (1, True)])
def test_bodies_look_like_bodies_and_track_like_track(draw_strip, train, bands, looked) -> None:
    cars = train(5)
    strip = draw_strip(cars=cars, bands=bands)
    look = draw_strip(seed=1, bands=bands) if looked else None
    found = evidence(strip, look).log_prob
    on = inside(cars, len(found), strip.step_m)
    off = np.arange(len(found)) * strip.step_m > cars[-1][1] + 3
    assert (found[on, EMPTY] < found[on][:, [CAR, GAP]].max(axis=1)).mean() > 0.9
    assert (found[off, EMPTY] > found[off][:, [CAR, GAP]].max(axis=1)).mean() > 0.95


def test_log_probabilities_are_normalised_and_never_certain(draw_strip, train) -> None:
    found = evidence(draw_strip(cars=train(5)), draw_strip(seed=1)).log_prob
    np.testing.assert_allclose(np.exp(found).sum(axis=1), 1)
    assert found.min() >= np.log(0.02 / 3) - 1e-9


def test_gap_evidence_lies_between_coupled_bodies(draw_strip, train) -> None:
    cars = train(5)
    strip = draw_strip(cars=cars)
    found = evidence(strip).log_prob
    odds = found[:, GAP] - found[:, CAR]
    middles = [int((a[1] + b[0]) / 2 / strip.step_m) for a, b in itertools.pairwise(cars)]
    for middle in middles:
        assert odds[middle - 1 : middle + 2].max() > 0
    assert (odds[inside(cars, len(odds), strip.step_m)] < 0).mean() > 0.95


def test_a_neighbours_shadow_is_no_car_when_the_empty_look_is_known(draw_strip, train) -> None:
    """The next track's train throws its shadow across this empty one."""
    for shadow_m in (1.0, 4.0, 6.5):
        strip = draw_strip(beside=train(6), shadow_m=shadow_m)
        found = evidence(strip, draw_strip(seed=1)).log_prob
        assert (found[:, EMPTY] > found[:, CAR]).mean() > 0.9


def test_a_darker_day_changes_nothing_but_noise(draw_strip, train) -> None:
    cars = train(5)
    dark = evidence(draw_strip(cars=cars, light=0.55), draw_strip(seed=1)).log_prob
    on = inside(cars, len(dark), 0.5)
    off = np.arange(len(dark)) * 0.5 > cars[-1][1] + 3
    assert (dark[on, EMPTY] < dark[on, CAR]).mean() > 0.9
    assert (dark[off, EMPTY] > dark[off, CAR]).mean() > 0.95


def test_brightness_is_that_of_the_visible_ground_beside() -> None:
    data = np.full((1, 33, 10), 0.9, np.float32)
    data[:, (np.abs(np.arange(-16, 17)) * 0.5 >= 2.2) & (np.abs(np.arange(-16, 17)) * 0.5 <= 3.4)] = 0.3
    visible = np.ones((33, 10), bool)
    strip = Strip(track="T", step_m=0.5, data=data, visible=visible, gsd_m=0.5)
    assert brightness(strip) == pytest.approx(0.3)


def test_notch_by_hand() -> None:
    """One step 0.5 darker than both flanks: √(0.5 · 0.5); an edge: none."""
    signal = np.zeros((1, 41))
    signal[0, 20] = -0.5
    assert notch(signal, 0.5)[20] == pytest.approx(0.5)
    edge = np.zeros((1, 41))
    edge[0, 20:] = 1
    assert notch(edge, 0.5).max() == pytest.approx(0)


def test_hidden_steps_carry_no_evidence(draw_strip, train) -> None:
    strip = draw_strip(cars=train(5))
    visible = strip.visible.copy()
    visible[:, 60:120] = False
    found = evidence(Strip(track="T", step_m=0.5, data=np.where(visible, strip.data, 0), visible=visible, gsd_m=0.5))
    assert not found.visible[60:120].any()
    assert found.visible[:60].all()
    np.testing.assert_allclose(found.log_prob[60:120], -np.log(3))


def test_a_strip_that_shows_nothing_is_no_crash() -> None:
    nothing = Strip(
        track="T", step_m=0.5, data=np.zeros((3, 33, 20), np.float32), visible=np.zeros((33, 20), bool), gsd_m=0.5
    )
    assert not evidence(nothing).visible.any()
    assert not evidence(nothing, nothing).visible.any()


def test_an_empty_look_of_another_shape_is_refused(draw_strip) -> None:
    with pytest.raises(ValueError, match="differ in shape or step"):
        evidence(draw_strip(), draw_strip(length_m=100))


def test_no_tracks_no_cars() -> None:
    assert total([]).map == 0
    assert total([]).interval == (0, 0)


def test_spread_widens_without_moving_the_middle() -> None:
    """A sure 40 with a spread of 0.35: normal of deviation 14, 90 % within 40 ± 1.645 · 14."""
    sure = np.zeros(41)
    sure[40] = 1
    count = total([sure])
    assert count.map == 40
    assert count.mean == pytest.approx(40, rel=0.02)
    lower, upper = count.interval
    assert lower == pytest.approx(40 - 1.645 * SPREAD_ALONE * 40, abs=1.5)
    assert upper == pytest.approx(40 + 1.645 * SPREAD_ALONE * 40, abs=1.5)
    assert total([np.ones(1)], spread=0).interval == (0, 0)


def test_a_whole_train_may_be_missed_where_none_was_found():
    """0.15 · 0.8^k is left above k cars: below one twentieth from k = 5 on. Without tracks there is no train."""
    count = total([np.ones(1)])
    assert count.pmf[0] == pytest.approx(0.85)
    assert count.interval == (0, 5)
    assert total([]).interval == (0, 0)


def test_trains_move_the_mean_by_their_share():
    sure = np.zeros(101)
    sure[100] = 1.0
    assert total([sure], spread=1e-9).mean == pytest.approx(100 + (0.15 - 0.075) * 5, abs=0.01)


def test_a_negative_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="spread"):
        total([np.ones(1)], spread=-0.1)


def test_drawn_trains_are_counted_within_a_tenth(draw_strip, train) -> None:
    """Twelve strips of 0 to 8 cars of four lengths and colours, with empty looks."""
    rng = np.random.default_rng(5)
    look = draw_strip(seed=1)
    strips, truth = [], 0
    for seed in range(12):
        n = int(rng.integers(0, 9))
        cars = train(n, body_m=float(rng.choice([10.97, 12.87, 14.3])))
        truth += n
        strips.append(draw_strip(cars=cars, seed=seed + 2, light=float(rng.uniform(0.7, 1.2))))
    found = decode_many([evidence(s, look) for s in strips], rng=rng)
    assert total([f.pmf for f in found]).mean == pytest.approx(truth, rel=0.1)
