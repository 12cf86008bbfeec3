"""Suspect zeros: a zero among looks that make it all but impossible is read as a missing value, and said to be.

A zero is suspect when the looks on both sides of it are above zero and, under the forecast moments of the six looks
before and the six after it within thirteen months, `P(Y = 0) < 10⁻⁶`. Real yards do stand empty: at a mean of 12 cars
and a spread of 0.8 a zero has a chance of 3 %, and is kept. Suspect zeros are left out of the model's fit only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yardwatch.history.forecast import moments

IMPOSSIBLE = 1e-6
"""Chance of a zero; about one such false flag in a million looks, if the model holds."""
NEIGHBOURS = 6
REACH_DAYS = 396


def suspect_zeros(day: NDArray[np.int64], counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(n,): True where a zero reads like a missing value; days and counts (n,) in order of date."""
    found = np.zeros(len(counts), dtype=bool)
    for i in np.flatnonzero(counts == 0):
        near = np.r_[max(0, i - NEIGHBOURS) : i, i + 1 : min(len(counts), i + 1 + NEIGHBOURS)]
        near = near[np.abs(day[near] - day[i]) <= REACH_DAYS]
        if not ((near < i).any() and (near > i).any()) or counts[i - 1] == 0 or counts[i + 1] == 0:
            continue
        fitted = moments(counts[near], 1.0, 0.0)
        found[i] = 1 - float(fitted.tail(1.0)) < IMPOSSIBLE
    return found
