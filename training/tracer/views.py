"""A view: part of a canvas, turned and bent, as a sensor of some GSD sees it; its heat and direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from training.tracer.canvas import PIXEL_M, Canvas
from yardwatch.cars.tracing.contrast import STEP_M, normalise, paired

Floats = NDArray[np.float32]
Rng = np.random.Generator

FINE = (192, 384)
"""Rows and columns of 0.25 m: 48 m across the tracks, 96 m along them."""
SEEN = (96, 192)
"""At half a metre; the network is given pairs of columns as one."""
CELLS = (48, 96)
"""Cells of 1 m of the answer."""
GSD_M = (0.25, 1.05)
LEVELS = 12
HEAT_M = 0.8
"""Deviation of the heat across a track: half a track's spacing is 2.15 m."""
NEAR_M, NEAR_WEIGHT = 2.5, 3.0
"""Within so far of a centre line a cell weighs more: there it is told where the middle is."""
OWN_RAD, OTHER_RAD = np.deg2rad((14.0, 24.0))
"""Tracks turned less than the first are sought in a view; those turned more than the second are ground as any other."""
ALONG_SHARE, ASIDE_M = 0.8, 14.0
"""Of views: those laid along a track, or along the straightest edges of ground without, and how far beside."""
SHARPEST_M = 160.0
"""Radius of the sharpest curve shown."""


@dataclass(frozen=True, eq=False)
class View:
    """Input (3, 96, 96) and targets on (48, 96): heat, direction (2), weight of heat."""

    x: Floats
    heat: Floats
    direction: Floats
    weight: Floats


@cache
def _reading(axis: int, level: int, phase: int, soft: int) -> Floats:
    """(SEEN, FINE) of an axis: blur, pixels of a GSD, and reading back at half a metre."""
    gsd = float(np.geomspace(*GSD_M, LEVELS)[level])
    at = (np.arange(FINE[axis]) + 0.5) * PIXEL_M
    pixels = (np.arange(int(FINE[axis] * PIXEL_M / gsd) + 2) - 0.5 + phase / 4) * gsd
    blur = gsd * np.hypot(0.29, soft / 10)
    weight = np.exp(-0.5 * ((pixels[:, None] - at[None]) / max(blur, 0.1)) ** 2)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-6)
    wanted = (np.arange(SEEN[axis]) + 0.5) * STEP_M
    back = np.stack([np.interp(wanted, pixels, one) for one in np.eye(len(pixels))], axis=1)
    return (back @ weight).astype(np.float32)


def view(canvas: Canvas, rng: Rng, bend: bool) -> View:
    """One example."""
    curve = rng.choice([-1, 1]) / rng.uniform(SHARPEST_M, 900) if bend and rng.random() < 0.5 else 1e-9
    middle, turn = _aim(canvas, rng)
    frame = (middle, curve, turn, rng.uniform(0.95, 1.05))
    data, visible = _fine(canvas, frame)
    data, shown = _sensed(data, visible, rng)
    x = paired(normalise(_light(data, rng), shown))
    heat, direction, weight = _targets(_carried(canvas.points, frame))
    rows, columns = CELLS
    seen = shown.reshape(rows, 2, columns, 2).mean(axis=(1, 3)) > 0.5
    return _flipped(View(x, heat, direction, weight * (_cells(canvas.known, frame) & seen)), rng)


def _aim(canvas: Canvas, rng: Rng) -> tuple[NDArray, float]:
    """Where a view's middle lies and how it is turned: mostly along a track, if there is one."""
    width, height = canvas.size_m
    middle = np.array([rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height])
    turn = rng.uniform(0, 2 * np.pi)
    lines = canvas.points if canvas.aims is None else canvas.aims
    inside = ((lines[:, :2] > 0) & (lines[:, :2] < [width, height])).all(axis=1)
    if inside.any() and rng.random() < ALONG_SHARE:
        x, y, angle = lines[inside][rng.integers(int(inside.sum()))]
        middle = np.array([x, y]) + rng.uniform(-ASIDE_M, ASIDE_M, 2)
        turn = float(angle + rng.uniform(-OWN_RAD, OWN_RAD) + rng.integers(2) * np.pi)
    return middle, turn


def _positions(shape: tuple[int, int], step: float, frame: tuple) -> NDArray:
    """(2, rows, columns): canvas metres (x, y) of a view's cells."""
    middle, curve, turn, stretch = frame
    v, u = np.meshgrid(*[(np.arange(n) - (n - 1) / 2) * step * stretch for n in shape], indexing="ij")
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
    down, across = (_reading(axis, level, int(rng.integers(4)), soft) for axis in range(2))
    seen = down @ data @ across.T
    if rng.random() < 0.15:
        wide = [_reading(axis, min(level + 3, LEVELS - 1), 0, soft) for axis in range(2)]
        seen += rng.uniform(0.1, 0.6) * (seen - wide[0] @ data @ wide[1].T)
    shown = (down @ visible @ across.T) > 0.95
    if rng.random() < 0.15:
        edge = int(rng.integers(10, 60))
        shown[(slice(edge), slice(None)) if rng.random() < 0.5 else (slice(None), slice(2 * edge))] = False
    return seen, shown


def _light(data: Floats, rng: Rng) -> Floats:
    """Gain, cast, haze, gamma, noise, grey."""
    data = data * np.float32(rng.uniform(0.6, 1.4)) * rng.normal(1, 0.08, (3, 1, 1)).astype(np.float32)
    if rng.random() < 0.15:
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


def _targets(points: Floats) -> tuple[Floats, Floats, Floats]:
    """Heat, direction (cos 2θ, sin 2θ) and weight of each cell."""
    rows, columns = CELLS
    points = points[(np.abs(points[:, 0]) < columns / 2 + 6) & (np.abs(points[:, 1]) < rows / 2 + 6)]
    turned = np.abs((points[:, 2] + np.pi / 2) % np.pi - np.pi / 2)
    heat, near, direction = _heat(points[turned <= OWN_RAD])
    _, doubtful, _ = _heat(points[(turned > OWN_RAD) & (turned < OTHER_RAD)])
    weight = np.where(near, NEAR_WEIGHT, np.where(doubtful, 0, 1))
    return heat, direction, weight.astype(np.float32)


def _heat(points: Floats) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Heat of some centre lines, the cells near them, and their direction there."""
    rows, columns = CELLS
    heat, near = np.zeros(rows * columns, np.float32), np.zeros(rows * columns, bool)
    direction = np.zeros((2, rows * columns), np.float32)
    if len(points):
        v, u = np.meshgrid(*[np.arange(n) - (n - 1) / 2 for n in CELLS], indexing="ij")
        cells = np.stack([u.ravel(), v.ravel()], axis=1)
        distance, index = cKDTree(points[:, :2]).query(cells, distance_upper_bound=4.0)
        close = np.isfinite(distance)
        chosen = points[index[close]]
        off, (cosine, sine) = cells[close] - chosen[:, :2], (np.cos(chosen[:, 2]), np.sin(chosen[:, 2]))
        across = off[:, 1] * cosine - off[:, 0] * sine
        beyond = np.maximum(np.abs(off[:, 0] * cosine + off[:, 1] * sine) - 0.5, 0)
        heat[close] = np.exp(-0.5 * (np.hypot(across, beyond) / HEAT_M) ** 2)
        direction[:, close] = np.stack([np.cos(2 * chosen[:, 2]), np.sin(2 * chosen[:, 2])])
        near[close] = distance[close] < NEAR_M
    return heat.reshape(CELLS), near.reshape(CELLS), direction.reshape(2, *CELLS)


def _flipped(one: View, rng: Rng) -> View:
    """Mirrored or not; the direction's sine changes its sign."""
    if rng.random() < 0.5:
        return one
    sign = np.array([1, -1], np.float32)[:, None, None]
    return View(*(np.ascontiguousarray(a[..., ::-1]) for a in (one.x, one.heat, one.direction * sign, one.weight)))
