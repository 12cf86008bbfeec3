"""Segmentations like what stands on a strip, and how far the decoder is from them: numbers alone, no torch.

A segmentation is like the truth where it agrees in every cell that is not next to an end of a body; those cells are
left open, because ends are labelled to half a metre.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.layout import GAP
from yardwatch.cars.backward import draw
from yardwatch.cars.chain import Chain
from yardwatch.cars.sweep import sweep

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

SURE = 0.9
"""Share of a cell from which its state is known; the targets are smoothed over half a metre."""
GAP_SURE = 0.34
"""A gap is seldom wider than a cell: it is held to where it has most of one."""
FORBIDDEN = 20.0
"""Nats against a state that is not there; finite, so that a row of cars no decoder expects has a likelihood too."""
SAMPLES = 16


def forbidden(wanted: NDArray[np.float32]) -> Bools:
    """(n, s, 3): states a segmentation like the truth cannot have, from their shares (n, s, 3) of each cell."""
    most, top = wanted.max(axis=2), wanted.argmax(axis=2)
    known = (most > SURE) | ((top == GAP) & (most > GAP_SURE))
    return known[..., None] & (np.arange(3) != top[..., None])


def pull(scores: Floats, wanted: NDArray[np.float32], chain: Chain, rng: Rng, samples: int = SAMPLES) -> Floats:
    """(n, s, 3): the gradient, in the scores (n, s, 3), of the log-chance of a segmentation like the truth.

    Chance of each state in each cell among the segmentations like the truth, less its chance among all: means over
    exact samples of either, so the gradient is unbiased.
    """
    both = np.concatenate([scores - FORBIDDEN * forbidden(wanted), scores])
    like, every = np.split(chances(both, chain, rng, samples), 2)
    difference: Floats = like - every
    return difference


def chances(scores: Floats, chain: Chain, rng: Rng, samples: int) -> Floats:
    """(n, s, 3): chance of each state in each cell, over sampled segmentations of scores (n, s, 3)."""
    strips, cells, _ = scores.shape
    filtered = sweep(chain, scores, np.full(strips, cells), "sum")
    found = np.zeros((strips, cells + 1, 3))
    for strip, steps in enumerate(found):
        runs = draw(filtered, strip, samples, rng)
        np.add.at(steps, (runs.start, runs.state), 1.0)
        np.add.at(steps, (runs.end, runs.state), -1.0)
    share: Floats = found.cumsum(axis=1)[:, :-1] / samples
    return share
