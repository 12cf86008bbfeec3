"""Where ground without tracks looks most like tracks: its long straight edges, found by the structure tensor.

A kerb, a furrow, a roof's sheets seen aslant teach nothing about tracks that run along the rows; laid along the rows
they are the hardest look-alikes there are. J = G * (∇f ∇fᵀ); its direction and its coherence λ₁ − λ₂ (Bigün 1987).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Floats = NDArray[np.float32]

PIXEL_M = 0.25
STEP = 4
"""Pixels of the canvas that are one of the tensor's, a metre."""
OVER_M = 5.0
"""Reach of the smoothing: half the length of an edge that counts as long."""
AIMS = 600


def aims(data: Floats, rng: np.random.Generator) -> Floats:
    """(n, 3): x and y in metres and direction, drawn by how much the ground there runs one way."""
    height, width = (n // STEP * STEP for n in data.shape[1:])
    grey = data[:, :height, :width].mean(axis=0).reshape(height // STEP, STEP, width // STEP, STEP).mean(axis=(1, 3))
    down, right = (gaussian_filter(grey, 0.7, order=order) for order in ((1, 0), (0, 1)))
    over = OVER_M / (PIXEL_M * STEP)
    xx, yy, xy = (gaussian_filter(part, over) for part in (right * right, down * down, right * down))
    coherence = np.hypot(xx - yy, 2 * xy)
    weight = (coherence / (xx + yy + 1e-5) * np.sqrt(coherence)).ravel()
    weight[weight < np.quantile(weight, 0.5)] = 0
    chosen = rng.choice(len(weight), AIMS, p=weight / weight.sum())
    row, column = np.unravel_index(chosen, grey.shape)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)[row, column] + np.pi / 2
    middle = (np.stack([column, row], axis=1) + 0.5) * STEP * PIXEL_M
    return np.column_stack([middle, angle]).astype(np.float32)
