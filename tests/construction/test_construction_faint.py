"""Faint straight lines: what no single cell shows, against what lines must not be."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.construction.cube import step_of
from yardwatch.construction.faint import Steps, along, faint_lines

SHAPE, STEP_M = (100, 120), 2.0


def steps_with(drawn, seed=3):
    """Two splits of noise of one spread a cell; in the second something is drawn."""
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 0.2, (2, *SHAPE)).astype(np.float32)
    values[1] += drawn
    return Steps(values, (5, 9), STEP_M)


def strip(angle, length_m, width_m, middle=(60.0, 50.0)):
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    x, y = (columns - middle[0]) * STEP_M, (rows - middle[1]) * STEP_M
    along_it, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return ((np.abs(along_it) <= length_m / 2) & (np.abs(across) <= width_m / 2)).astype(np.float32)


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.2, np.pi / 2, 2.3])
def test_a_line_of_one_spread_is_found_at_its_place_and_length(angle):
    found = next(faint_lines(steps_with(1.0 * strip(angle, 120, 4))))
    run = np.array([np.cos(angle), np.sin(angle)])
    middle = (found.start + found.end) / 2
    assert abs((middle - [60, 50]) @ [-run[1], run[0]]) * STEP_M < 2
    assert np.hypot(*(found.end - found.start)) * STEP_M == pytest.approx(120, abs=20)
    assert found.split == 9
    assert found.contrast == pytest.approx(1.0, abs=0.35)


def test_a_line_that_became_darker_is_found_too():
    found = next(faint_lines(steps_with(-1.0 * strip(0.3, 120, 4))))
    assert found.split == 9


@pytest.mark.parametrize(
    "drawn",
    [np.zeros(SHAPE), 2.0 * (np.mgrid[: SHAPE[0], : SHAPE[1]][1] > 60), 3.0 * strip(0.3, 30, 14),
     1.0 * strip(0.3, 25, 4)],
    ids=["noise", "edge of a field", "house", "too short"],
)  # fmt: skip
def test_what_is_no_line_is_not_found(drawn):
    assert not [one for one in faint_lines(steps_with(drawn)) if np.hypot(*(one.end - one.start)) * STEP_M > 50]


def test_where_things_come_and_go_there_is_no_line():
    steps = steps_with(1.0 * strip(0.0, 120, 4))
    hidden = np.zeros((200, 240), bool)
    hidden[80:120] = True
    steps.hide(hidden)
    assert (steps.values[:, 40:60] == 0).all()
    assert (steps.values[:, :40] != 0).all()
    assert not list(faint_lines(steps))


def test_cells_too_coarse_for_a_track_are_not_searched():
    steps = steps_with(1.0 * strip(0.3, 120, 4))
    assert not list(faint_lines(Steps(steps.values, steps.splits, 10.0)))


def test_a_gap_lowers_how_steadily_a_line_holds():
    whole, broken = strip(0.0, 120, 4), strip(0.0, 120, 4)
    broken[:, 50:70] = 0
    ends = np.array([30.0, 50.0]), np.array([90.0, 50.0])
    size, steady = along(steps_with(1.0 * whole), *ends, 9)
    size_broken, steady_broken = along(steps_with(1.0 * broken), *ends, 9)
    assert size == pytest.approx(1.0, abs=0.25)
    assert size_broken < size
    assert steady_broken < 0.3 < steady


def test_the_step_of_a_series_by_hand():
    """Four looks at 0 and four at 1: all of the spread is explained; one stray look of 8 leaves less."""
    series = np.array([0, 0, 0, 0, 1, 1, 1, 1], np.float32)
    assert step_of(series, np.ones(8, np.float32), (4, 3)) == (4, pytest.approx(1.0))
    series[1] = 1
    place, share = step_of(series, np.ones(8, np.float32), (4, 3))
    assert place == 4
    assert share == pytest.approx((0.75**2 * 2) / (5 * 3 / 8))


def test_a_series_too_short_has_no_step():
    assert step_of(np.array([0, 1, 1, np.nan], np.float32), np.ones(4, np.float32), (4, 3)) == (0, 0.0)
