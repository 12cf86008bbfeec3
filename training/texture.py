"""Noise with structure at several scales, and drawn ground with rails: ballast, lanes, ties, weeds, snow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import zoom

from training.layout import ROW_M, STEP_M, WIDE_ROWS

Floats = NDArray[np.float32]
Rng = np.random.Generator


def noise(rng: Rng, shape: tuple[int, int], scales: tuple[int, ...] = (1, 4, 16)) -> Floats:
    """(rows, steps) of unit deviation: white noise at several grain sizes, summed with random weights."""
    total = np.zeros(shape, np.float32)
    for scale in scales:
        coarse = rng.standard_normal([int(np.ceil(d / scale)) + 1 for d in shape]).astype(np.float32)
        fine = zoom(coarse, scale, order=1) if scale > 1 else coarse
        total += fine[: shape[0], : shape[1]] * rng.uniform(0.3, 1)
    return total / max(float(total.std()), 1e-6)


def ground(rng: Rng, steps: int) -> Floats:
    """(3, WIDE_ROWS, steps): a yard's ground along one track and its neighbours."""
    tone = rng.uniform(0.2, 0.6) * np.array([1, rng.uniform(0.88, 1.02), rng.uniform(0.75, 1.05)])
    if rng.random() < 0.08:
        tone = rng.uniform(0.65, 0.9) * np.array([1, 1, rng.uniform(1, 1.04)])  # snow
    across = (np.arange(WIDE_ROWS) - (WIDE_ROWS - 1) / 2) * ROW_M
    light = noise(rng, (WIDE_ROWS, steps)) * rng.uniform(0.01, 0.06)
    knots = np.sort(rng.uniform(-8, 8, 5))
    light += np.interp(across, knots, rng.uniform(-0.12, 0.12, 5))[:, None]
    data = tone[:, None, None] + light[None] * (1 + 0.2 * rng.standard_normal((3, 1, 1)))
    for _ in range(rng.poisson(1.2)):
        lane(data, rng)
    if rng.random() < 0.3:
        data += _weeds(rng, steps)
    pitch = rng.uniform(4.3, 6.5)
    for centre in (-pitch, 0.0, pitch):
        if centre == 0 or rng.random() < 0.75:
            data += _rails(rng, across - centre, steps)
    return np.clip(data, 0.02, 1).astype(np.float32)


def lane(data: Floats, rng: Rng) -> None:
    """A band of other ground with sharp sides: gravel, walkway, oil, fresh ballast; it may begin and end."""
    rows, steps = data.shape[1:]
    middle, half = rng.uniform(0, rows), rng.uniform(0.3, 2.2) / ROW_M
    across = slice(max(0, int(middle - half)), max(0, int(middle + half) + 1))
    first, last = (0, steps) if rng.random() < 0.5 else np.sort(rng.integers(0, steps + 1, 2))
    tone = np.float32(1 + rng.choice([-1, 1]) * rng.uniform(0.05, 0.45)) * rng.normal(1, 0.05, (3, 1, 1))
    data[:, across, first:last] *= tone.astype(np.float32)


def _weeds(rng: Rng, steps: int) -> Floats:
    grown = np.clip(noise(rng, (WIDE_ROWS, steps), (4, 16)) - rng.uniform(0, 1.5), 0, 1)
    return grown[None] * np.array([-0.08, 0.02, -0.12])[:, None, None] * rng.uniform(0.3, 1.5)


def _rails(rng: Rng, across: Floats, steps: int) -> Floats:
    """Two rails, and ties where they show; (1, rows, steps)."""
    along = np.arange(steps) * STEP_M
    half = rng.choice([1.435, 1.52]) / 2
    rails = sum(np.exp(-(((across - side) / 0.12) ** 2)) for side in (-half, half)) * rng.uniform(-0.15, 0.3)
    ties = ((along % 0.6) > 0.3) * rng.uniform(-0.05, 0.05)
    bed = (np.abs(across) < 1.3).astype(float)
    return (rails[:, None] + bed[:, None] * (ties[None] + rng.uniform(-0.06, 0.06)))[None]
