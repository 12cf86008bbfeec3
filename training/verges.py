"""Bands of one tone along a strip: grass between two roads, hedges, ditches, kerbs, furrows, pipes in the ground.

A traced line may follow them as it follows rails. They are as long as a train and as wide as one, and as even as a
row of sheeted wagons, but nothing cuts them crosswise at a wagon's length: a path lies anywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.layout import ROW_M, STEP_M
from training.texture import noise
from training.ways import placed, stretch

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

WIDE_M = (1.0, 5.0)
"""Of the band in the middle, evenly over the logarithm; a wagon is 2.6 to 3.3 m wide."""
BESIDE_M = (0.5, 7.0)
SHADE = 0.3
"""Of bands that stand up and cast a shadow: hedges, walls, kerbs."""
TONES = ((0.30, 0.42, 0.24), (0.22, 0.32, 0.16), (0.50, 0.48, 0.38), (0.45, 0.45, 0.45), (0.30, 0.26, 0.20))
"""Grass, hedge, dry grass, paving, soil."""


def verge(data: Floats, rng: Rng) -> None:
    """Paint bands side by side along the strip (3, rows, steps), one of them near its middle."""
    across, _ = placed(data.shape, rng)
    half = _between(rng, WIDE_M) / 2
    edges = [-half, half]
    for _ in range(rng.integers(1, 4)):
        edges += [edges[-1] + _between(rng, BESIDE_M)]
        edges.insert(0, edges[0] - _between(rng, BESIDE_M))
    for k in rng.permutation(len(edges) - 1):
        if edges[k] == -half:
            _band(data, across, (-half, half), np.ones((1, data.shape[2]), bool), rng)
        elif rng.random() < 0.8:
            _band(data, across, (edges[k], edges[k + 1]), stretch(data.shape[2], rng), rng)
    for _ in range(rng.poisson(0.7)):
        _crossing(data, rng)


def _band(data: Floats, across: Floats, edges: tuple[float, float], along: Bools, rng: Rng) -> None:
    """One tone between two uneven edges where `along` (1, steps), with clumps and, of some, a shadow beside."""
    ragged = noise(rng, across.shape, (4, 16)) * rng.uniform(0.0, 0.35)
    uneven = across + ragged
    inside = (uneven >= edges[0]) & (uneven < edges[1]) & along
    if rng.random() < SHADE:
        beside = uneven - rng.choice([-1, 1]) * rng.uniform(0.4, 2.5)
        data[:, (beside >= edges[0]) & (beside < edges[1]) & along] *= np.float32(rng.uniform(0.3, 0.8))
    tone = np.array(TONES[rng.integers(len(TONES))]) * rng.uniform(0.5, 1.7) * rng.normal(1, 0.06, 3)
    grain = noise(rng, across.shape, (1, 4, 16, 48)) * rng.uniform(0.005, 0.05)
    drawn = np.clip(tone[:, None, None] + grain[None] * rng.uniform(0.6, 1.4, (3, 1, 1)), 0.02, 1)
    data[:, inside] = drawn[:, inside].astype(np.float32)


def _crossing(data: Floats, rng: Rng) -> None:
    """A path, a drive or a trampled place across everything, askew."""
    rows, steps = np.indices(data.shape[1:])
    wide, at, slope = rng.uniform(0.6, 6.0), rng.uniform(0, data.shape[2] * STEP_M), rng.normal(0, 0.5)
    off = steps * STEP_M - at - slope * (rows - data.shape[1] / 2) * ROW_M
    share = np.float32(rng.uniform(0.3, 1.0))
    inside = np.abs(off) < wide / 2
    data[:, inside] = data[:, inside] * (1 - share) + share * np.float32(rng.uniform(0.15, 0.7))


def _between(rng: Rng, ends: tuple[float, float]) -> float:
    return float(np.exp(rng.uniform(*np.log(ends))))
