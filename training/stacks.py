"""Goods stacked in rows on the ground: timber, steel, pipes, crates; what a traced line may follow through a works.

Stacks stand where they were put down: their lengths, widths and sides follow no gauge, and two or three stand abreast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.layout import ROW_M, STEP_M
from training.texture import noise

Floats = NDArray[np.float32]
Rng = np.random.Generator


def stacks(data: Floats, rng: Rng) -> None:
    """Rows of stacks along the strip (3, rows, steps), the first near its middle, others beside."""
    rows, steps = data.shape[1:]
    floor = rng.uniform(0.25, 0.65) * rng.normal(1, 0.04, (3, 1, 1)) + noise(rng, (rows, steps)) * 0.02
    data[:] = np.where(rng.random() < 0.6, floor, data)
    shade = (int(rng.integers(-6, 7)), int(rng.integers(-8, 9)), np.float32(rng.uniform(0.25, 0.7)))
    tone, centre = rng.uniform(0.2, 0.9) * rng.normal(1, 0.07, 3), rows / 2 + rng.normal(0, 1.0) / ROW_M
    for k in range(rng.integers(1, 4)):
        _row(data, centre + k * rng.choice([-1, 1]) * rng.uniform(3.0, 7.0) / ROW_M, tone, shade, rng)


def _row(data: Floats, centre: float, tone: NDArray, shade: tuple[int, int, np.float32], rng: Rng) -> None:
    """One row, in part empty; stacks of one row are of about one size and far from exactly."""
    long, wide, loose = rng.uniform(2.0, 6.5), rng.uniform(1.2, 4.5), rng.uniform(0.2, 3.0)
    at = rng.uniform(-5, 30)
    while at < data.shape[2] * STEP_M:
        size = long * rng.uniform(0.6, 1.5), wide * rng.uniform(0.6, 1.3)
        if rng.random() < 0.8:
            own = np.clip(tone * rng.uniform(0.7, 1.3) * rng.normal(1, 0.05, 3), 0.03, 1)
            _stack(data, _box(at, centre + rng.normal(0, 0.5) / ROW_M, size), own, shade, rng)
        at += size[0] + rng.exponential(loose) + 0.1


def _box(at_m: float, centre: float, size_m: tuple[float, float]) -> tuple[int, int, int, int]:
    """First row, row after the last, first step, step after the last."""
    half = size_m[1] / 2 / ROW_M
    return round(centre - half), round(centre + half), round(at_m / STEP_M), round((at_m + size_m[0]) / STEP_M)


def _stack(
    data: Floats, box: tuple[int, int, int, int], tone: NDArray, shade: tuple[int, int, np.float32], rng: Rng
) -> None:
    """A shadow, then boards or bars across or along, in light and dark."""
    top, bottom, left, right = box
    across, along, dark = shade
    data[(slice(None), *_inside(top + across, bottom + across, left + along, right + along))] *= dark
    target = data[(slice(None), *_inside(*box))]
    rows, steps = target.shape[1:]
    period, axis = rng.uniform(2, 8), rng.random() < 0.6
    wave = np.sin(2 * np.pi * (np.arange(steps)[None] if axis else np.arange(rows)[:, None]) / period)
    light = 1 + rng.uniform(0, 0.3) * wave + rng.normal(0, rng.uniform(0.02, 0.12), (rows, steps))
    target[:] = np.clip(tone[:, None, None] * light[None], 0.02, 1)


def _inside(top: int, bottom: int, left: int, right: int) -> tuple[slice, slice]:
    return slice(max(top, 0), max(bottom, 0)), slice(max(left, 0), max(right, 0))
