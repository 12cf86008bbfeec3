"""The nearest matrix with orthonormal rows, nearly: no torch, any array with `@` and `.mT` will do.

Newton and Schulz's iteration with the coefficients of Jordan et al. (2024): an odd polynomial of the matrix, applied
five times, which moves each singular value towards one and leaves the singular vectors as they are. A decomposition
would be exact, and takes more than three times as long.
"""

from __future__ import annotations

from typing import TypeVar

Matrix = TypeVar("Matrix")

ITERATIONS = 5
POLYNOMIAL = (3.4445, -4.7750, 2.0315)
"""Steepest at nought; any singular value above 0.002 of the matrix's norm ends between 0.6 and 1.3."""
TINY = 1e-7


def orthonormal(matrix: Matrix) -> Matrix:
    """(…, a, b) to about the nearest with orthonormal rows, or columns where a > b; of nought nought."""
    if matrix.shape[-2] > matrix.shape[-1]:
        return orthonormal(matrix.mT).mT
    first, third, fifth = POLYNOMIAL
    found = matrix / ((matrix**2).sum((-2, -1), keepdims=True) ** 0.5 + TINY)
    for _ in range(ITERATIONS):
        square = found @ found.mT
        found = first * found + (third * square + fifth * square @ square) @ found
    return found
