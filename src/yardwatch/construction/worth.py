"""What a piece of evidence is worth: the overlap ÷ union with one true object that its measures let expect.

A quadratic form of 14 signs, fitted by ridge regression over the pieces of development sites
(`python -m benchmarks.change --fit`). Products matter: a large piece is worth much when its splits agree and little
when they do not, since two works taken for one began on two days.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

SIGNS = ("constant", "coherence", "rectangularity", "above limit", "even", "inside", "ring", "lit ring", "area",
         "dark", "mixed", "rectangle", "of lit", "of all")  # fmt: skip
WEIGHTS: tuple[tuple[float, ...], ...] = (
    (0.15, -0.034, -0.361, -0.036, 0.109, -0.346, -0.278, -0.259, -0.039, -0.031, 0.216, -0.018, -0.226,
     -0.439),
    (0.05, 0.064, -0.063, -0.111, 0.155, -0.217, 0.144, 0.02, 0.003, 0.193, 0.004, -0.182, -0.032),
    (0.019, -0.1, 0.161, 0.156, 0.244, -0.108, 0.059, 0.124, -0.459, -0.189, 0.004, 0.342),
    (0.057, 0.149, -0.147, -0.241, -0.03, 0.018, -0.042, 0.052, 0.115, -0.055, -0.192),
    (-0.185, 0.317, 0.028, 0.148, -0.001, 0.094, 0.108, 0.163, -0.085, -0.074),
    (-0.258, -0.318, -0.036, 0.137, -0.132, -0.12, 0.113, -0.022, 0.161),
    (0.245, 0.718, 0.016, 0.097, -1.099, -0.173, 0.681, 1.083),
    (-0.347, -0.058, 0.253, 0.955, -0.13, 0.395, -0.556),
    (0.002, -0.044, -0.001, -0.011, 0.01, 0.009),
    (-0.047, -0.476, -0.048, 0.215, -0.025),
    (0.646, 0.103, -0.317, -0.155),
    (-0.018, -0.045, -0.119),
    (-0.034, -0.001),
    (0.304,),
)  # fmt: skip
"""Row i: of the products of sign i with itself and those after it; for evidence of many dates."""
PAIR_LINEAR = (-0.816, -1.262, 0.75, 0.375, 0.739, 0.313, 0.375, 0.086, -0.038, -0.095, 0.201, -0.057, -0.509, 0.122)
PAIR_SQUARES = (
    0.0,
    0.831,
    -0.177,
    -0.209,
    -0.274,
    -0.091,
    -0.073,
    -0.513,
    0.018,
    -0.112,
    -1.079,
    -0.057,
    0.381,
    -0.066,
)
"""For two images, whose pieces all agree on the only split: of the signs and their squares, fitted
earlier."""
_UPPER = np.triu_indices(len(SIGNS))
_FLAT = np.array([weight for row in WEIGHTS for weight in row])


def products(signs: Reals) -> Reals:
    """(105,): of every two of the 14 signs, the first being 1."""
    return np.asarray(signs[_UPPER[0]] * signs[_UPPER[1]])


def worth(signs: Reals) -> float:
    """Expected overlap ÷ union, of evidence of many dates."""
    return float(products(signs) @ _FLAT)


def pair_worth(signs: Reals) -> float:
    """The same of evidence of two images."""
    return float(signs @ np.array(PAIR_LINEAR) + signs**2 @ np.array(PAIR_SQUARES))
