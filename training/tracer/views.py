"""A view: part of a canvas, turned and bent, as a sensor of some GSD sees it; its heat and direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from training.tracer.canvas import PIXEL_M, Canvas
from yardwatch.cars.tracing.contrast import STEP_M, normalise

Floats = NDArray[np.float32]
Rng = np.random.Generator

FINE = 384
"""Pixels of 0.25 m along a view's side, 96 m."""
SEEN = 192
CELLS = 96
"""Cells of 1 m of the answer."""
GSD_M = (0.25, 1.05)
LEVELS = 12
HEAT_M = (0.8, 1.6)
"""From the centre line to where heat begins to fall, and to where it is none; half a track's spacing is 2.15 m.

A plateau, not a peak: heat then says whether there is a track, also where its middle is seen to half a metre only.
"""
SHARPEST_M = 160.0
"""Radius of the sharpest curve shown."""


@dataclass(frozen=True, eq=False)
class View:
    """Input (3, 192, 192) and targets on (96, 96): heat, direction (2), weight of heat."""

    x: Floats
    heat: Floats
    direction: Floats
    weight: Floats


@cache
def _reading(level: int, phase: int, soft: int) -> Floats:
    """(SEEN, FINE): blur, pixels of a GSD, and reading back at half a metre, along one axis."""
    gsd = float(np.geomspace(*GSD_M, LEVELS)[level])
    at = (np.arange(FINE) + 0.5) * PIXEL_M
    pixels = (np.arange(int(FINE * PIXEL_M / gsd) + 2) - 0.5 + phase / 4) * gsd
    blur = gsd * np.hypot(0.29, soft / 10)
    weight = np.exp(-0.5 * ((pixels[:, None] - at[None]) / max(blur, 0.1)) ** 2)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-6)
    wanted = (np.arange(SEEN) + 0.5) * STEP_M
    back = np.stack([np.interp(wanted, pixels, one) for one in np.eye(len(pixels))], axis=1)
    return (back @ weight).astype(np.float32)


def view(canvas: Canvas, rng: Rng, bend: bool) -> View:
    """One example."""
    curve = rng.choice([-1, 1]) / rng.uniform(SHARPEST_M, 900) if bend and rng.random() < 0.5 else 1e-9
    turn, stretch = rng.uniform(0, 2 * np.pi), rng.uniform(0.95, 1.05)
    width, height = canvas.size_m
    middle = np.array([rng.uniform(0.25, 0.75) * width, rng.uniform(0.25, 0.75) * height])
    frame = (middle, curve, turn, stretch)
    data, visible = _fine(canvas, frame)
    data, shown = _sensed(data, visible, rng)
    x = normalise(_light(data, rng), shown)
    heat, direction = _targets(_carried(canvas.points, frame))
    known = _cells(canvas.known, frame) & (shown.reshape(CELLS, 2, CELLS, 2).mean(axis=(1, 3)) > 0.5)
    return _flipped(View(x, heat, direction, known.astype(np.float32)), rng)


def _positions(count: int, step: float, frame: tuple) -> NDArray:
    """(2, count, count): canvas metres (x, y) of a view's cells."""
    middle, curve, turn, stretch = frame
    at = (np.arange(count) - (count - 1) / 2) * step * stretch
    u, v = np.meshgrid(at, at)
    x, y = np.cos(turn) * u - np.sin(turn) * v, np.sin(turn) * u + np.cos(turn) * v
    radius, side = 1 / curve, np.sign(curve)
    away = np.hypot(x, radius - y) * side
    along = np.arctan2(x * side, (radius - y) * side) * radius
    return np.stack([middle[0] + along, middle[1] + radius - away])


def _carried(points: Floats, frame: tuple) -> Floats:
    """Centre-line points in a view's metres from its middle."""
    middle, curve, turn, stretch = frame
    s, t = points[:, 0] - middle[0], points[:, 1] - middle[1]
    radius = 1 / curve
    x, y = (radius - t) * np.sin(s * curve), radius - (radius - t) * np.cos(s * curve)
    u, v = np.cos(turn) * x + np.sin(turn) * y, -np.sin(turn) * x + np.cos(turn) * y
    return np.stack([u / stretch, v / stretch, points[:, 2] + s * curve - turn], axis=1)


def _fine(canvas: Canvas, frame: tuple) -> tuple[Floats, Floats]:
    place = _positions(FINE, PIXEL_M, frame) / PIXEL_M - 0.5
    index = place[::-1]
    data = np.stack([map_coordinates(band, index, order=1, mode="nearest") for band in canvas.data])
    inside = (index[0] > -0.5) & (index[1] > -0.5)
    inside &= (index[0] < canvas.data.shape[1] - 0.5) & (index[1] < canvas.data.shape[2] - 0.5)
    if not canvas.visible.all():
        near = np.clip(np.round(index).astype(int), 0, np.array(canvas.visible.shape)[:, None, None] - 1)
        inside &= canvas.visible[near[0], near[1]]
    return data.astype(np.float32), inside.astype(np.float32)


def _cells(known: NDArray[np.bool_], frame: tuple) -> NDArray[np.bool_]:
    place = np.floor(_positions(CELLS, 1.0, frame)[::-1] / PIXEL_M).astype(int)
    row, column = (np.clip(p, 0, n - 1) for p, n in zip(place, known.shape, strict=True))
    return known[row, column]


def _sensed(data: Floats, visible: Floats, rng: Rng) -> tuple[Floats, NDArray[np.bool_]]:
    level, soft = int(rng.integers(LEVELS)), int(rng.choice([2, 3, 5]))
    down, across = (_reading(level, int(rng.integers(4)), soft) for _ in range(2))
    seen = down @ data @ across.T
    if rng.random() < 0.15:
        more = _reading(min(level + 3, LEVELS - 1), 0, soft)
        seen += rng.uniform(0.1, 0.6) * (seen - more @ data @ more.T)
    shown = (down @ visible @ across.T) > 0.95
    if rng.random() < 0.15:
        edge = int(rng.integers(20, 120))
        shown[:edge] = False
    return seen, shown


def _light(data: Floats, rng: Rng) -> Floats:
    """Gain, cast, haze, gamma, noise, grey."""
    data = data * np.float32(rng.uniform(0.6, 1.4)) * rng.normal(1, 0.08, (3, 1, 1)).astype(np.float32)
    if rng.random() < 0.3:
        data = data[rng.permutation(3)]
    if rng.random() < 0.3:
        data = data.mean(axis=0, keepdims=True) + (data - data.mean(axis=0, keepdims=True)) * rng.uniform(0, 0.5)
    if rng.random() < 0.25:
        data = np.repeat(data.mean(axis=0, keepdims=True), 3, axis=0)
    data = np.clip(data, 0, 1.3) ** np.float32(rng.uniform(0.7, 1.5))
    noise = np.float32(10 ** rng.uniform(-3, -1.6))
    return (data + noise * rng.standard_normal(data.shape, np.float32) + np.float32(rng.uniform(0, 0.2))).astype(
        np.float32
    )


def _targets(points: Floats) -> tuple[Floats, Floats]:
    """Heat and direction (cos 2θ, sin 2θ) of each cell."""
    half = CELLS / 2 + 6
    points = points[(np.abs(points[:, :2]) < half).all(axis=1)]
    heat, direction = np.zeros((CELLS, CELLS), np.float32), np.zeros((2, CELLS, CELLS), np.float32)
    if not len(points):
        return heat, direction
    at = np.arange(CELLS) - (CELLS - 1) / 2
    cells = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    distance, index = cKDTree(points[:, :2]).query(cells, distance_upper_bound=4.0)
    near = np.isfinite(distance)
    chosen = points[index[near]]
    off = cells[near] - chosen[:, :2]
    across = off[:, 1] * np.cos(chosen[:, 2]) - off[:, 0] * np.sin(chosen[:, 2])
    beyond = np.maximum(np.abs(off[:, 0] * np.cos(chosen[:, 2]) + off[:, 1] * np.sin(chosen[:, 2])) - 0.5, 0)
    heat.reshape(-1)[near] = np.interp(np.hypot(across, beyond), HEAT_M, (1, 0))
    direction.reshape(2, -1)[:, near] = np.stack([np.cos(2 * chosen[:, 2]), np.sin(2 * chosen[:, 2])])
    return heat, direction


def _flipped(one: View, rng: Rng) -> View:
    """Mirrored or not; the direction's sine changes its sign."""
    if rng.random() < 0.5:
        return one
    sign = np.array([1, -1], np.float32)[:, None, None]
    return View(*(np.ascontiguousarray(a[..., ::-1]) for a in (one.x, one.heat, one.direction * sign, one.weight)))
