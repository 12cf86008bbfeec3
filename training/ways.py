"""Paved and beaten ways on a strip: what a traced line may follow that is no track, with what drives on it.

Motorways, streets, field paths, running tracks. Their vehicles are no rail vehicles, their markings no rails.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.layout import ROW_M, STEP_M
from training.texture import noise

Floats = NDArray[np.float32]
Rng = np.random.Generator

SPORTS_SHARE = 0.3
"""Of ways: running tracks, narrow lanes of one strong colour."""
LORRY_SHARE = 0.45
"""Of what drives on a way; the rest are cars and vans."""
BEND_M = 60.0
"""Length of the gentle bends by which a way leaves a straight line, and a line leaves the way's middle."""


def way(data: Floats, rng: Rng) -> None:
    """Paint one along the strip (3, rows, steps), near its middle."""
    across, along = placed(data.shape, rng)
    if rng.random() < SPORTS_SHARE:
        _running_track(data, across, rng)
    else:
        _road(data, across, along, rng)


def placed(shape: tuple[int, ...], rng: Rng) -> tuple[Floats, Floats]:
    """Metres (rows, steps) across from the way's middle and (steps,) along the strip."""
    _, rows, steps = shape
    along = np.arange(steps, dtype=np.float32) * STEP_M
    bend = rng.normal(0, 0.5) * np.sin(2 * np.pi * (along / rng.uniform(1, 4) / BEND_M + rng.random()))
    middle = rng.normal(0, 1.2) + rng.normal(0, 0.01) * (along - along.mean()) + bend
    across = (np.arange(rows, dtype=np.float32)[:, None] - (rows - 1) / 2) * ROW_M - middle[None]
    return across.astype(np.float32), along


def _surface(data: Floats, inside: NDArray[np.bool_], tone: Floats, rng: Rng) -> None:
    """One tone with a faint grain."""
    grain = noise(rng, inside.shape, (1, 4, 16)) * rng.uniform(0.004, 0.025)
    data[:] = np.where(inside[None], np.clip(tone[:, None, None] + grain[None], 0.02, 1), data)


def _running_track(data: Floats, across: Floats, rng: Rng) -> None:
    """Lanes of about a metre, red or another strong colour, with thin light lines between; it may end."""
    lane, lanes = rng.uniform(0.9, 1.35), int(rng.integers(2, 9))
    half = lane * lanes / 2
    inside = (np.abs(across) < half) & stretch(across.shape[1], rng)
    tone = rng.uniform(0.2, 0.55) * np.array([1.0, rng.uniform(0.35, 1.0), rng.uniform(0.3, 1.0)])
    _surface(data, inside, np.roll(tone, int(rng.choice([0, 0, 0, 1, 2]))).astype(np.float32), rng)
    line = inside & (np.abs((across + half + lane / 2) % lane - lane / 2) < ROW_M * rng.uniform(0.3, 0.7))
    data[:, line] += (rng.uniform(0.3, 0.9) - data[:, line]) * np.float32(rng.uniform(0.1, 0.8))


def _road(data: Floats, across: Floats, along: Floats, rng: Rng) -> None:
    """One to four lanes, grey or earthen, marked or not, with traffic."""
    lane, lanes = rng.uniform(2.6, 3.8), int(rng.integers(1, 5))
    half, earthen = lane * lanes / 2, rng.random() < 0.25
    tone = rng.uniform(0.15, 0.65) * (np.array([1.1, 1.0, 0.8]) if earthen else rng.normal(1, 0.03, 3))
    _surface(data, np.abs(across) < half + rng.uniform(0, 1.5), tone.astype(np.float32), rng)
    if not earthen and rng.random() < 0.8:
        _markings(data, across, along, lane, lanes, rng)
    shade = (rng.normal(0, 1.2), rng.normal(0, 1.2), rng.uniform(0.2, 0.7))
    for k in range(lanes):
        _traffic(data, across - ((k + 0.5) * lane - half), along, shade, rng)


def _markings(data: Floats, across: Floats, along: Floats, lane: float, lanes: int, rng: Rng) -> None:
    white, period, part = rng.uniform(0.55, 1), rng.uniform(4, 18), rng.uniform(0.25, 0.6)
    dashed = (along % period < part * period)[None]
    for k in range(lanes + 1):
        through = k in (0, lanes) or rng.random() < 0.2
        on = np.abs(across - (k - lanes / 2) * lane) < rng.uniform(0.1, 0.2)
        data[:, on if through else on & dashed] = white


def _traffic(data: Floats, across: Floats, along: Floats, shade: tuple[float, float, float], rng: Rng) -> None:
    """Vehicles of one lane with their shadows, none, few or a jam; a lorry has a cab before its box."""
    apart = rng.choice([0.0, 15.0, 60.0, 150.0], p=[0.3, 0.1, 0.35, 0.25])
    at = rng.exponential(apart) if apart else np.inf
    while at < along[-1]:
        lorry = rng.random() < LORRY_SHARE
        long, wide = (rng.uniform(6, 18.8), 2.55) if lorry else (rng.uniform(3.6, 5.6), rng.uniform(1.7, 2.1))
        height = rng.uniform(3, 4) if lorry else 1.6
        off = across - rng.normal(0, 0.25)
        data[:, _box(off - shade[0] * height, along - shade[1] * height, at, long, wide)] *= np.float32(shade[2])
        _painted(data, _box(off, along, at, long, wide), rng)
        if lorry:
            _painted(data, _box(off, along, at - 0.4 if rng.random() < 0.5 else at + long - 2.2, 2.6, wide), rng)
        at += long + 2 + rng.exponential(apart)


def _box(across: Floats, along: Floats, start: float, long: float, wide: float) -> NDArray[np.bool_]:
    return (np.abs(across) < wide / 2) & ((along >= start) & (along < start + long))[None]


def _painted(data: Floats, box: NDArray[np.bool_], rng: Rng) -> None:
    tone = rng.uniform(0.08, 1) * rng.normal(1, 0.15, (3, 1))
    data[:, box] = np.clip(tone + rng.normal(0, 0.02, (1, int(box.sum()))), 0.02, 1)


def stretch(steps: int, rng: Rng) -> NDArray[np.bool_]:
    """(1, steps): the whole strip, or a part of it."""
    first, last = (0, steps) if rng.random() < 0.6 else np.sort(rng.integers(0, steps + 1, 2))
    at = np.arange(steps)
    return ((at >= first) & (at < last))[None]
