"""The parts of training that need no torch."""

from __future__ import annotations

import numpy as np
import pytest
from training.compose import Light, Parts, Placed, composite, label, paint
from training.layout import (
    BODY,
    EMPTY,
    GAP,
    KINDS,
    ROW_M,
    ROWS,
    SEEN_STEPS,
    STEP_M,
    UNKNOWN,
    WIDE_ROWS,
    Labelled,
    label_states,
)
from training.stacks import _row, stacks
from training.stock import Vehicle
from training.verges import verge
from training.ways import way

from training import rings, sensor, stock
from yardwatch.cars import network


def _vehicle(length_m, tone=0.9, height=3.0):
    data = np.full((3, 15, round(length_m / STEP_M)), tone, np.float32)
    return Vehicle(data, height, KINDS.index("tank"))


def test_states_of_two_coupled_cars_by_hand():
    state = label_states([(10.0, 20.0), (21.0, 30.0)], 160)
    assert (state[:40] == EMPTY).all()
    assert (state[40:80] == BODY).all()
    assert (state[80:84] == GAP).all()
    assert (state[84:120] == BODY).all()
    assert (state[120:] == EMPTY).all()


def test_a_hole_too_wide_for_a_coupling_is_empty():
    state = label_states([(0.0, 10.0), (14.0, 20.0)], 100)
    assert (state[41:55] == EMPTY).all()


def test_a_narrow_gap_is_still_labelled():
    state = label_states([(0.0, 10.0), (10.2, 20.0)], 100)
    assert (state == GAP).sum() == 3


def test_what_is_painted_is_what_is_labelled():
    strip = Labelled.empty(np.full((3, ROWS, SEEN_STEPS), 0.4, np.float32))
    one, two = (Placed(_vehicle(12.0), _vehicle(12.0).data, step, 24) for step in (100, 152))
    paint(strip, [one, two], Light(0, 0, 1.0, 0), np.random.default_rng(0))
    label(strip, [one, two])
    bright = strip.data[0, 32] > 0.8
    assert (bright == (strip.state == BODY)).all()
    assert (strip.state[148:152] == GAP).all()
    assert (strip.kind[100:148] == KINDS.index("tank")).all()
    assert (strip.kind[148:152] == UNKNOWN).all()


def test_composites_are_whole_and_repeatable():
    rng = np.random.default_rng(3)
    ground = [rng.uniform(0, 1, (3, WIDE_ROWS, SEEN_STEPS)).astype(np.float32)]
    parts = Parts(real=ground, drawn=ground, carless=ground, sprites=[_vehicle(9)], vehicles=[_vehicle(14)])
    first, second = (composite(parts, np.random.default_rng(7)) for _ in range(2))
    assert (first.data == second.data).all()
    assert first.data.shape == (3, ROWS, SEEN_STEPS)
    assert np.isfinite(first.data).all()


def test_rings_are_filled_from_around_and_nowhere_else():
    data = np.full((3, 64, 80), 0.2, np.float32)
    ring = np.zeros((64, 80), bool)
    rings.outline(ring, (20, 40, 20, 60), 2)
    data[:, ring] = 1.0
    filled = rings.smear(data, ring, 0.5)
    assert filled[:, ~ring] == pytest.approx(0.2)
    assert filled[:, ring] == pytest.approx(0.2, abs=0.01)
    assert not ring[30, 40]


@pytest.mark.parametrize("level", [-1, 0, 7, 15])
@pytest.mark.parametrize("axis", ["along", "across"])
def test_a_sensor_changes_no_even_ground(level, axis):
    matrix = sensor.reading(level, 0, 3, axis)
    assert matrix.sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_coarser_pixels_show_less_of_a_gap():
    line = np.ones(SEEN_STEPS, np.float32)
    line[254:258] = 0
    depth = [1 - (sensor.reading(level, 0, 3, "along") @ line).min() for level in (0, 8, 15)]
    assert depth[0] > depth[1] > depth[2] > 0.2


def test_training_and_counting_normalise_alike():
    rng = np.random.default_rng(5)
    data, visible = rng.uniform(0, 1, (3, 32, 512)).astype(np.float32), rng.random((32, 512)) > 0.1
    np.testing.assert_allclose(sensor.normalise(data, visible), network.normalise(data, visible), atol=1e-6)


def test_drawn_stock_has_every_kind_and_fits():
    drawn = [stock.draw(np.random.default_rng(seed)) for seed in range(200)]
    assert {one.kind for one in drawn} == set(range(len(KINDS)))
    for one in drawn:
        assert 5.5 <= one.data.shape[2] * STEP_M <= 28
        assert 0 <= one.data.min() <= one.data.max() <= 1
        assert (one.cover == UNKNOWN) == (KINDS[one.kind] != "open")


def test_a_pair_is_drawn_from_evenly_and_one_number_needs_no_draw() -> None:
    rng = np.random.default_rng(0)
    drawn = [rings.between(rng, (2.0, 9.0)) for _ in range(2000)]
    assert 2.0 <= min(drawn) < 2.1
    assert 8.9 < max(drawn) <= 9.0
    assert np.mean(drawn) == pytest.approx(5.5, abs=0.15)
    before = rng.bit_generator.state
    assert rings.between(rng, (3.0, 3.0)) == 3.0
    assert rng.bit_generator.state == before


def test_in_the_last_round_false_outlines_are_as_many_as_true_ones() -> None:
    assert np.mean(rings.MANY.decoys) > 1.5 * np.mean(rings.FEW.decoys)
    assert np.mean(rings.MANY.true) < 0.7 * np.mean(rings.FEW.true)


@pytest.mark.parametrize("paint_on", [way, stacks, verge])
def test_what_is_drawn_where_no_track_is_stays_a_picture_and_repeats(paint_on) -> None:
    for seed in range(25):
        first, second = (np.full((3, ROWS, SEEN_STEPS), 0.4, np.float32) for _ in range(2))
        paint_on(first, np.random.default_rng(seed))
        paint_on(second, np.random.default_rng(seed))
        assert (first == second).all()
        assert 0 <= first.min() <= first.max() <= 1.5
        assert np.isfinite(first).all()


def test_a_way_lies_along_the_strip_and_not_across_it() -> None:
    """Some row near the middle has the way's tone nearly all along, in most strips; what drives there is short."""
    through = []
    for seed in range(60):
        data = np.full((3, ROWS, SEEN_STEPS), 3.0, np.float32)
        way(data, np.random.default_rng(seed))
        through.append((data[:, 24:40] < 1.5).all(axis=0).mean(axis=1).max())
    assert np.median(through) > 0.95


def test_stacks_follow_no_gauge() -> None:
    """Widths of stacks in one row differ by more than a loading gauge lets wagons differ."""
    widths = []
    for seed in range(40):
        data = np.full((3, ROWS, SEEN_STEPS), np.nan, np.float32)
        _row(data, 32.0, np.full(3, 0.5), (0, 0, np.float32(1.0)), np.random.default_rng(seed))
        across = np.isfinite(data[0]).sum(axis=0)
        widths.append(np.ptp(across[across > 0]) * ROW_M)
    assert np.median(widths) > 0.8


def test_a_verge_runs_on_where_wagons_would_be_cut() -> None:
    """Rows near the middle hold one tone from end to end, but for a path or two; no gap returns at a wagon's length."""
    cut = []
    for seed in range(30):
        data = np.full((3, ROWS, SEEN_STEPS), 3.0, np.float32)
        verge(data, np.random.default_rng(seed))
        assert (data[:, ROWS // 2 - 20 : ROWS // 2 + 20] < 1.5).any(axis=(0, 1)).mean() > 0.9
        inside = (data < 1.5).all(axis=0)
        through = inside[inside.mean(axis=1).argmax()]
        cut.append(np.count_nonzero(np.diff(through.astype(int))))
    assert np.median(cut) <= 2
