"""The best split of a cell's looks, on numbers worked by hand; rectangles and lines in maps of evidence."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from yardwatch.construction.agreement import agreement
from yardwatch.construction.breaks import find_breaks, middle
from yardwatch.construction.candidates import Map
from yardwatch.construction.faint import Steps
from yardwatch.construction.lines import find_lines
from yardwatch.construction.rectangles import largest_sum, rectangles

NEEDED = (4, 3)
NO_STEPS = Steps(np.zeros((0, 75, 100), np.float32), (), 2.0)


def cube(series, size=6):
    """(look, 1, y, x) the same everywhere, with ±0.01 that alternates so that the spread is known."""
    values = np.asarray(series, np.float32)[:, None, None, None]
    return np.broadcast_to(values, (len(values), 1, size, size)).copy()


def breaks(values, clear=None, weights=None):
    clear = np.ones((len(values), *values.shape[2:]), bool) if clear is None else clear
    weights = np.ones(len(values), np.float32) if weights is None else weights
    return find_breaks(values, clear, weights, np.array([0.02], np.float32), NEEDED)


def test_the_median_of_what_is_clear_is_numpys():
    rng = np.random.default_rng(1)
    stack = rng.random((9, 5, 6)).astype(np.float32)
    clear = rng.random((9, 5, 6)) > 0.4
    clear[:, 0, 0] = False
    with pytest.warns(RuntimeWarning):
        expected = np.nanmedian(np.where(clear, stack, np.nan), axis=0)
    expected[0, 0] = 0
    np.testing.assert_allclose(middle(stack, clear), expected, rtol=1e-6)


def test_a_step_is_parted_where_it_is():
    found = breaks(cube([0.3] * 5 + [0.4] * 4))
    # no look differs from its neighbour but one: σ is the floor 0.02; 0.1 ÷ 0.02 = 5 spreads
    assert (found.split == 5).all()
    np.testing.assert_allclose(found.size, 5, rtol=1e-4)
    np.testing.assert_allclose(found.explained, 1, rtol=1e-4)
    np.testing.assert_allclose(found.old[0], 0.3, rtol=1e-4)
    np.testing.assert_allclose(found.new[0], 0.4, rtol=1e-4)


def test_what_comes_and_goes_is_little_explained():
    found = breaks(cube([0.3, 0.5] * 6))
    assert found.explained.max() < 0.2
    assert found.size.max() < 0.5


def test_one_flooded_look_does_not_make_a_step():
    series = [0.3] * 12
    series[8] = 0.9
    found = breaks(cube(series))
    assert found.explained.max() < 0.4


def test_no_split_without_enough_clear_looks():
    values = cube([0.3] * 5 + [0.5] * 4)
    clear = np.ones((9, 6, 6), bool)
    clear[5:7, :, :3] = False  # two of the four later looks are hidden on the left
    found = breaks(values, clear)
    assert not (found.known[:, :2] & (found.split[:, :2] == 5)).any()
    assert (found.split[:, 4:] == 5).all()
    assert np.isfinite(found.size).all()
    hidden = breaks(values, np.zeros_like(clear))
    assert not hidden.known.any()
    assert (hidden.size == 0).all()


def test_splits_agree_or_do_not():
    ones = np.ones(10, np.float32)
    assert agreement(np.array([4] * 8 + [5, 9], np.int16), ones) == (4, pytest.approx(0.9))
    assert agreement(np.arange(2, 12, dtype=np.int16), ones)[1] == pytest.approx(0.3)


def test_the_largest_sum_is_that_of_all_rectangles():
    rng = np.random.default_rng(3)
    values = rng.normal(-0.2, 1, (9, 11))
    best = max(
        values[a:b, c:d].sum()
        for a, b in itertools.combinations(range(10), 2)
        for c, d in itertools.combinations(range(12), 2)
    )
    (top, bottom), (left, right) = largest_sum(values)
    assert values[top : bottom + 1, left : right + 1].sum() == pytest.approx(best)
    assert largest_sum(-np.ones((3, 3))) is None


def test_a_patchy_turned_roof_is_one_rectangle():
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:70, :70] - 35.0
    angle = 0.4
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    roof = (np.abs(along) < 18) & (np.abs(across) < 8)
    gain = np.where(roof & (rng.random(roof.shape) < 0.7), 1.0, -1.0).astype(np.float32)
    best = max((mask & roof).sum() / (mask | roof).sum() for mask in rectangles(gain, 50))
    assert best > 0.85


def test_a_broken_line_is_one_strip_and_a_block_is_none():
    strength = np.abs(np.random.default_rng(5).normal(0, 0.2, (150, 200))).astype(np.float32)
    for column in range(30, 170):
        if column % 20 > 3:
            row = round(40 + 0.3 * (column - 30))
            strength[row : row + 2, column] = 2.0
    strength[100:130, 60:100] = 3.0
    split = np.full(strength.shape, 7, np.int16)
    (line,) = find_lines(Map(strength, split, np.zeros(strength.shape, bool), 1.0), 1.0, NO_STEPS)
    assert line.length == pytest.approx(np.hypot(140, 42), rel=0.1)
    assert line.width <= 5
    assert line.split == 7
    assert abs((line.end - line.start)[1] / (line.end - line.start)[0]) == pytest.approx(0.3, abs=0.04)
