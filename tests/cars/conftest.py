"""Strips drawn by hand: ballast, rails, cars with shadows, neighbours. Nothing here comes from the code under test."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from yardwatch.model import Strip

Draw = Callable[..., Strip]
BALLAST = np.array([0.46, 0.44, 0.41])
BODIES = np.array([[0.50, 0.24, 0.18], [0.75, 0.74, 0.70], [0.20, 0.30, 0.48], [0.28, 0.40, 0.30]])


def _draw(
    *,
    length_m: float = 150.0,
    step_m: float = 0.5,
    cars: tuple[tuple[float, float], ...] = (),
    beside: tuple[tuple[float, float], ...] = (),
    shadow_m: float = 2.5,
    light: float = 1.0,
    seed: int = 0,
    bands: int = 3,
) -> Strip:
    """Cars (start, end) on this track, `beside` on the next one to the left, 5 m off; shadows fall to the right."""
    rng = np.random.default_rng(seed)
    n, half = round(length_m / step_m), round(8 / step_m)
    off = np.arange(-half, half + 1) * step_m
    along = (np.arange(n) + 0.5) * step_m
    # What the place looks like is fixed; what a day adds is not.
    place = np.random.default_rng(99).normal(0, 0.03, (len(off), n))
    ground = BALLAST[:, None, None] * (1 + place)
    for centre in (0.0, 5.0, -5.0):
        ground[:, np.abs(np.abs(off - centre) - 0.76) < 0.3] *= 1.15
    data, shade = ground.copy(), np.zeros((len(off), n), bool)
    rows = [((0.0, car), BODIES[i % 4]) for i, car in enumerate(cars)] + [((5.0, c), BODIES[1]) for c in beside]
    for (centre, (a, b)), _ in rows:
        shade |= ((off > centre - 1.55 - shadow_m) & (off < centre))[:, None] & ((along > a) & (along < b))[None]
    data[:, shade] *= 0.4
    for (centre, (a, b)), colour in rows:
        body = (np.abs(off - centre) < 1.55)[:, None] & ((along > a) & (along < b))[None]
        data[:, body] = colour[:, None]
    data = np.clip(data * light + rng.normal(0, 0.012, data.shape), 0, 1).astype(np.float32)
    data = data.mean(axis=0, keepdims=True) if bands == 1 else data
    return Strip(track="T", step_m=step_m, data=data, visible=np.ones(data.shape[1:], bool), gsd_m=step_m)


@pytest.fixture(scope="session")
def draw_strip() -> Draw:
    """The drawing function."""
    return _draw


def _train(
    cars: int, start_m: float = 20.0, body_m: float = 12.9, gap_m: float = 1.0
) -> tuple[tuple[float, float], ...]:
    return tuple((start_m + k * (body_m + gap_m), start_m + k * (body_m + gap_m) + body_m) for k in range(cars))


@pytest.fixture(scope="session")
def train() -> Callable[..., tuple[tuple[float, float], ...]]:
    """(start, end) of coupled bodies."""
    return _train
