"""A view: part of a ground, turned, mirrored and stretched, as a sensor of some GSD sees it; and what to answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from benchmarks.peer.boxes import CELL_M, PIXEL_M, WIDTH_M
from benchmarks.peer.decoding import USUAL_M
from benchmarks.peer.grounds import SEEN_SHARE, Ground
from benchmarks.peer.standard import standardised

Floats = NDArray[np.float32]
Rng = np.random.Generator

SIDE = 128
"""Pixels of a view, 64 m."""
CELLS = 64
FINE_M = 0.25
FINE = 256
FINE_GROUND_M = 0.35
"""Grounds of finer pixels are seen through a sensor; coarser ones have been seen through one already."""
GSDS_M = np.geomspace(0.25, 1.05, 12)
STRETCH = (0.9, 1.1)
NEAR_SHARE = 0.75
"""Of views that are taken near a vehicle."""
ACROSS_M, ALONG = 1.0, 0.12
"""Deviation of the heat round a middle, across, and along as a share of the length: long vehicles' middles are less
sure; neighbours stand 4.3 m apart across."""
REACH_M = 2.5
"""Cells so near to a middle answer for its box."""


JITTER = 0.15
"""Of the standardised input: a whole scene has another spread and brightness than one view."""


@dataclass(frozen=True, eq=False)
class View:
    """Input (3, 128, 128) and targets on (64, 64): heat, what is known of it, boxes as the answer has them (5)."""

    x: Floats
    heat: Floats
    known: Floats
    shape: Floats


@dataclass(frozen=True, eq=False)
class Frame:
    """Ground metres = middle + matrix · view metres, both right and down, the view's from its middle."""

    middle: NDArray[np.float64]
    matrix: NDArray[np.float64]

    @classmethod
    def any(cls, ground: Ground, rng: Rng) -> Frame:
        """Near a vehicle or anywhere."""
        turn = rng.uniform(0, 2 * np.pi)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        matrix = rotation * rng.uniform(*STRETCH) @ np.diag([rng.choice([-1, 1]), 1])
        if len(ground.boxes) and rng.random() < NEAR_SHARE:
            return cls(ground.boxes[rng.integers(len(ground.boxes)), :2] + rng.uniform(-24, 24, 2), matrix)
        return cls(np.array([rng.uniform(0.1, 0.9) * side for side in ground.size_m]), matrix)

    def cells(self, count: int, step_m: float) -> NDArray[np.float64]:
        """(2, count, count): ground metres of a view's cells."""
        at = (np.arange(count) - (count - 1) / 2) * step_m
        return np.tensordot(self.matrix, np.stack(np.meshgrid(at, at)), 1) + self.middle[:, None, None]

    def carried(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes of the ground as boxes of the view."""
        back = np.linalg.inv(self.matrix)
        middle = (boxes[:, :2] - self.middle) @ back.T
        way = np.stack([np.cos(boxes[:, 3]), np.sin(boxes[:, 3])], axis=1) @ back.T
        long = boxes[:, 2] * np.hypot(*way.T)
        return np.column_stack([middle, long, np.arctan2(way[:, 1], way[:, 0]), boxes[:, 4]])


def view(ground: Ground, rng: Rng) -> View:
    """One example."""
    frame = Frame.any(ground, rng)
    sensor = ground.pixel_m < FINE_GROUND_M
    data, visible = _seen(ground, frame, (FINE, FINE_M) if sensor else (SIDE, PIXEL_M))
    if sensor:
        data, visible = _sensed(data, visible, rng)
    shown = visible > 0.95
    gain, offset = np.exp(rng.normal(0, JITTER)), rng.normal(0, JITTER)
    x = standardised(_light(data, rng), shown) * gain + offset * shown
    return View(x.astype(np.float32), *targets(frame.carried(ground.boxes)))


def _seen(ground: Ground, frame: Frame, grid: tuple[int, float]) -> tuple[Floats, Floats]:
    index = frame.cells(*grid)[::-1] / ground.pixel_m - 0.5
    data = np.stack([map_coordinates(band, index, order=1, mode="nearest") for band in ground.data])
    shown = map_coordinates(ground.visible.astype(np.float32), index, order=0, mode="constant")
    return data.astype(np.float32), shown.astype(np.float32)


@cache
def reading(level: int, phase: int, soft: int) -> Floats:
    """(SIDE, FINE): blur, pixels of a GSD, and reading back at half a metre, along one axis; rows sum to 1."""
    gsd = float(GSDS_M[level])
    at = (np.arange(FINE) + 0.5) * FINE_M
    pixels = (np.arange(int(FINE * FINE_M / gsd) + 2) - 0.5 + phase / 4) * gsd
    blur = max(gsd * np.hypot(0.29, soft / 10), 0.1)
    weight = np.exp(-0.5 * ((pixels[:, None] - at[None]) / blur) ** 2) + 1e-12
    weight = weight / weight.sum(axis=1, keepdims=True)
    wanted = (np.arange(SIDE) + 0.5) * PIXEL_M
    back = np.stack([np.interp(wanted, pixels, one) for one in np.eye(len(pixels))], axis=1)
    return (back @ weight).astype(np.float32)


def _sensed(data: Floats, visible: Floats, rng: Rng) -> tuple[Floats, Floats]:
    level, soft = int(rng.integers(len(GSDS_M))), int(rng.choice([2, 3, 5]))
    down, across = (reading(level, int(rng.integers(4)), soft) for _ in range(2))
    seen, shown = (np.asarray(down @ one @ across.T, np.float32) for one in (data, visible))
    return seen, shown


def _light(data: Floats, rng: Rng) -> Floats:
    """Gain, cast, colours changed and lost, gamma, noise."""
    data = data * np.float32(rng.uniform(0.6, 1.4)) * rng.normal(1, 0.08, (3, 1, 1)).astype(np.float32)
    if rng.random() < 0.2:
        data = data[rng.permutation(3)]
    if rng.random() < 0.4:
        grey = data.mean(axis=0, keepdims=True)
        data = grey + (data - grey) * np.float32(rng.choice([0.0, rng.uniform(0, 0.6)]))
    data = np.clip(data, 0, 1.3) ** np.float32(rng.uniform(0.7, 1.5))
    noise = np.float32(10 ** rng.uniform(-3, -1.7))
    return (data + noise * rng.standard_normal(data.shape, np.float32)).astype(np.float32)


def targets(boxes: NDArray[np.float64]) -> tuple[Floats, Floats, Floats]:
    """Heat, what is known of it, and shapes (5, v, u) of boxes (n, 5) in a view; cells off every box hold zeros."""
    heat, known = np.zeros((CELLS, CELLS), np.float32), np.ones((CELLS, CELLS), np.float32)
    shape, nearest = np.zeros((5, CELLS, CELLS), np.float32), np.full((CELLS, CELLS), REACH_M)
    at = (np.arange(CELLS) - (CELLS - 1) / 2) * CELL_M
    x, y = np.meshgrid(at, at)
    for bx, by, long, angle, seen in boxes[(np.abs(boxes[:, :2]) < CELLS).all(axis=1)]:
        dx, dy = bx - x, by - y
        s, t = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        if seen < SEEN_SHARE:
            known[(np.abs(s) < long / 2 + 1) & (np.abs(t) < WIDTH_M / 2 + 1)] = 0
            continue
        far = np.hypot(dx, dy)
        own = far < nearest
        nearest[own] = far[own]
        shape[:2, own] = dx[own], dy[own]
        shape[2:, own] = np.array([np.log(long / USUAL_M), np.cos(2 * angle), np.sin(2 * angle)])[:, None]
        half = CELL_M / 2
        peak = (dx > -half) & (dx <= half) & (dy > -half) & (dy <= half)
        spread = (s / max(ALONG * long, ACROSS_M)) ** 2 + (t / ACROSS_M) ** 2
        heat[:] = np.maximum(heat, np.where(peak, 1.0, np.exp(-0.5 * spread)))
    return heat, np.maximum(known, heat >= 1).astype(np.float32), shape
