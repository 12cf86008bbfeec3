"""The iteration behind the optimiser, held against the singular value decomposition."""

from __future__ import annotations

import numpy as np
import pytest
from training.orthonormal import orthonormal


@pytest.mark.parametrize("shape", [(16, 27), (64, 192), (192, 64), (48, 48), (1, 9)])
def test_singular_vectors_stay_and_values_come_near_one(shape):
    matrix = 1e-4 * np.random.default_rng(4).standard_normal(shape)
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    found = left.T @ orthonormal(matrix) @ right.T
    near = np.diag(found)[values > 0.03 * values[0]]
    assert len(near) >= len(values) - 2
    assert ((near > 0.6) & (near < 1.3)).all()
    assert np.abs(found - np.diag(np.diag(found))).max() < 1e-9


def test_its_length_does_not_depend_on_the_gradients():
    matrix = np.random.default_rng(5).standard_normal((8, 30))
    np.testing.assert_allclose(orthonormal(matrix), orthonormal(1e3 * matrix), atol=1e-4)


def test_nought_stays_nought():
    assert not orthonormal(np.zeros((3, 5))).any()
