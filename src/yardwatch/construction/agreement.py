"""How far the cells of one object agree on the day they changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Splits = NDArray[np.int16]

WITHIN_LOOKS = 1
"""Splits that are held to be one."""


def agreement(split: Splits, strength: Floats) -> tuple[int, float]:
    """The split with most evidence within a look of it, and the share of the evidence that lies there."""
    weight = np.bincount(split, weights=strength, minlength=int(split.max()) + 2)
    near = weight.copy()
    for away in range(1, WITHIN_LOOKS + 1):
        near[away:] += weight[:-away]
        near[:-away] += weight[away:]
    best = int((near + 1e-6 * weight).argmax())
    return best, float(near[best] / max(weight.sum(), 1e-9))
