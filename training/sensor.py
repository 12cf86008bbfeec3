"""What a sensor makes of a strip: blur, pixels of a GSD, noise, stretch, hidden corners; then the network's input.

Blur, sampling at the GSD and the reading back at the strip's step are linear along each axis, so each is one matrix:
seen = A_across · drawn · A_alongᵀ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from training.layout import (
    BODY,
    EMPTY,
    GAP,
    OUT,
    ROW_M,
    ROWS,
    SEEN_ROW_M,
    SEEN_ROWS,
    SEEN_STEPS,
    STEP_M,
    Labelled,
)
from yardwatch.cars.network import CLIP, CORE_ROWS, HIDDEN_SHARE, SPREAD_FLOOR

Floats = NDArray[np.float32]
Rng = np.random.Generator

FINE_M = np.geomspace(0.25, 1.05, 16)
COARSE_M = np.geomspace(1.1, 1.6, 4)
GSDS_M = np.concatenate([FINE_M, COARSE_M])
"""GSDs the matrices are made for."""
COARSE_SHARE = 0.05
"""Of examples a little coarser than the network is asked: what is at the edge should not be new."""
DRAWN_SHARE = 0.12
"""Of examples seen at the drawn resolution."""
PHASES, SOFTS = (0, 2), (2, 3, 5)
"""Quarters of a pixel by which its grid is off; blurs, in tenths of a pixel."""
SHARPENED, AMOUNT = 0.1, (0.1, 0.6)
"""Share of the examples with a pan-sharpening halo, and how strong it is."""
SOFTER = 3
"""Levels between a picture and what its halo is taken from."""
NOISE = (-3.0, -1.75)
"""Powers of ten."""
GREY_SHARE = 0.25
GAMMA = (0.7, 1.4)
LIFTED, LIFT = 0.3, (0.0, 0.3)
"""Share of the examples with a veil, and how bright it is."""
BRIGHTEST = 1.2
CORNERS = 0.3
"""Share of the examples that an image's edge cuts."""
SHOWN = 0.95
"""Of a point that is seen, what must lie within the image."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Input and target of one strip: `x` (3, 32, 512), `states` (3, 256)."""

    x: Floats
    states: Floats


@cache
def reading(level: int, phase: int, soft: int, axis: str) -> Floats:
    """The matrix of one axis; level −1 is the drawn resolution. Phase in quarters of a pixel, blur in tenths."""
    step, size = (STEP_M, SEEN_STEPS) if axis == "along" else (ROW_M, ROWS)
    out_step, out = (STEP_M, SEEN_STEPS) if axis == "along" else (SEEN_ROW_M, SEEN_ROWS)
    at = (np.arange(size) - (size - 1) / 2) * step
    wanted = (np.arange(out) - (out - 1) / 2) * out_step
    gsd = 0.2 if level < 0 else float(GSDS_M[level])
    count = int(np.ceil(size * step / gsd)) + 2
    pixels = (np.arange(count) - (count - 1) / 2 + phase / 4) * gsd
    blur = gsd * np.hypot(0.29, soft / 10)
    weight = np.exp(-0.5 * ((pixels[:, None] - at[None]) / blur) ** 2)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-6)
    strip_step = float(np.clip(gsd, 0.25, 1.0))
    cells = int(np.ceil(size * step / strip_step)) + 2
    knots = (np.arange(cells) - (cells - 1) / 2) * strip_step
    return (_linear(wanted, knots) @ _linear(knots, pixels) @ weight).astype(np.float32)


def _linear(wanted: NDArray, knots: NDArray) -> NDArray:
    """Weights of linear interpolation, edges held."""
    return np.stack([np.interp(wanted, knots, one) for one in np.eye(len(knots))], axis=1)


def seen(strip: Labelled, rng: Rng) -> Seen:
    """One training example."""
    level = _level(rng)
    soft, phase = int(rng.choice(SOFTS)), PHASES[rng.integers(len(PHASES))]
    across, along = (reading(level, phase, soft, axis) for axis in ("across", "along"))
    data = across @ strip.data @ along.T
    if rng.random() < SHARPENED:
        softer = reading(min(level + SOFTER, len(GSDS_M) - 1), phase, soft, "along")
        data += rng.uniform(*AMOUNT) * (data - across @ strip.data @ softer.T)
    data += rng.standard_normal(data.shape, np.float32) * np.float32(10 ** rng.uniform(*NOISE))
    if rng.random() < GREY_SHARE:
        data[:] = data.mean(axis=0, keepdims=True)
    visible = np.ones(data.shape[1:], bool)
    if not strip.visible.all():
        visible = (across @ strip.visible.astype(np.float32) @ along.T) > SHOWN
    return answered(replace(strip, data=data, visible=visible), rng)


def _level(rng: Rng) -> int:
    if rng.random() < COARSE_SHARE:
        return len(FINE_M) + int(rng.integers(len(COARSE_M)))
    return -1 if rng.random() < DRAWN_SHARE else int(rng.integers(len(FINE_M)))


def answered(strip: Labelled, rng: Rng) -> Seen:
    """Input and targets from a strip already on the network's grid: stretch, hidden corners, one of four readings."""
    data = np.clip(strip.data, 0, BRIGHTEST) ** np.float32(rng.uniform(*GAMMA))
    if rng.random() < LIFTED:
        data += np.float32(rng.uniform(*LIFT))
    if rng.random() < CORNERS:
        _corner(strip.visible, rng)
    states = _soft(strip.state)
    hidden = strip.visible[CORE_ROWS].mean(axis=0)[::OUT] < HIDDEN_SHARE
    states[:, hidden] = 0
    flip_s, flip_t = rng.choice([-1, 1]), rng.choice([-1, 1])
    x = normalise(data, strip.visible)[:, ::flip_t, ::flip_s]
    return Seen(np.ascontiguousarray(x), states[:, ::flip_s].copy())


def _corner(visible: NDArray[np.bool_], rng: Rng) -> None:
    """Nothing beyond a slanted image edge."""
    slope, at = rng.normal(0, 3), rng.uniform(0, 200)
    edge = at + slope * (np.arange(SEEN_ROWS) - SEEN_ROWS / 2)
    hidden = np.arange(SEEN_STEPS)[None] < edge[:, None]
    visible &= ~(hidden if rng.random() < 0.5 else hidden[:, ::-1])


def _soft(state: NDArray[np.int64]) -> Floats:
    """(3, cells): share of each state in each half metre, a little smoothed along the track."""
    hot = np.stack([state == k for k in (EMPTY, BODY, GAP)]).astype(np.float32)
    padded = np.pad(hot, ((0, 0), (1, 1)), mode="edge")
    smooth = 0.25 * padded[:, :-2] + 0.5 * padded[:, 1:-1] + 0.25 * padded[:, 2:]
    return smooth.reshape(3, -1, OUT).mean(axis=2) * np.float32(0.97) + np.float32(0.01)


def normalise(data: Floats, visible: NDArray[np.bool_]) -> Floats:
    """In units of the strip's own contrast round its own brightness; 0 where nothing is seen.

    The same as `yardwatch.cars.network.normalise` (a test holds the two together).
    """
    light = data.mean(axis=0)[visible]
    if light.size == 0:
        return np.zeros_like(data, dtype=np.float32)
    middle = np.median(light)
    spread = 1.4826 * np.median(np.abs(light - middle)) + SPREAD_FLOOR
    return (np.clip((data - middle) / spread, -CLIP, CLIP) * visible).astype(np.float32)
