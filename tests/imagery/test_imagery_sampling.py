"""Interpolation against scipy's, and the lattice against exact positions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from yardwatch.imagery.sampling import bilinear, carried_grid, pieces


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_bilinear_is_scipys_linear_interpolation(seed, height, width):
    rng = np.random.default_rng(seed)
    data = rng.uniform(size=(2, height, width)).astype(np.float32)
    columns, rows = rng.uniform(0, width - 1, (3, 4)), rng.uniform(0, height - 1, (3, 4))
    values, seen = bilinear(data, np.ones((height, width), bool), columns, rows)
    assert seen.all()
    for band, found in zip(data, values, strict=True):
        assert found == pytest.approx(ndimage.map_coordinates(band, [rows, columns], order=1), abs=1e-5)


def test_edges_hold_half_a_pixel_and_no_more():
    data = np.array([[[10.0, 20.0, 40.0]]], np.float32)
    columns = np.array([-0.6, -0.5, 0.0, 0.5, 1.5, 2.0, 2.5, 2.6])
    values, seen = bilinear(data, np.ones((1, 3), bool), columns, np.zeros(8))
    assert seen.tolist() == [False, True, True, True, True, True, True, False]
    assert values[0].tolist() == [0, 10, 10, 15, 30, 40, 40, 0]


def test_what_leans_on_an_unseen_pixel_is_unseen():
    data = np.array([[[10.0, 20.0, 99.0]]], np.float32)
    visible = np.array([[True, True, False]])
    values, seen = bilinear(data, visible, np.array([0.5, 1.0, 1.2, 2.0, np.nan]), np.zeros(5))
    assert seen.tolist() == [True, True, False, False, False]
    assert values[0].tolist() == [15, 20, 0, 0, 0]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 70), (33, 2), (100, 65)])
def test_the_lattice_is_exact_for_what_is_straight_and_near_for_what_bends(width, height):
    def straight(columns, rows):
        return np.stack([3 * columns - rows + 1, 0.5 * rows + columns], axis=-1)

    def bent(columns, rows):
        return straight(columns, rows) + 1e-6 * np.stack([columns**2, rows**2], axis=-1)  # a projection bends less

    everywhere = np.meshgrid(np.arange(width, dtype=float), np.arange(height, dtype=float))
    assert carried_grid(straight, width, height) == pytest.approx(straight(*everywhere), abs=1e-9)
    assert carried_grid(bent, width, height) == pytest.approx(bent(*everywhere), abs=1e-6 * 32**2 / 4 + 1e-9)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=3), st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_pieces_cover_everything_once(shape, longest):
    met = np.zeros(shape, int)
    for piece in pieces(tuple(shape), longest):
        met[piece] += 1
        assert max(met[piece].shape[int(np.argmax(shape))], 1) <= longest
    assert (met == 1).all()
