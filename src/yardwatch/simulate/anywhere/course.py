"""The line a yard is laid along: straight, bent, or straight and then bent, at any heading."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.noise import Single

Floats = NDArray[np.float64]

STEP_M = 1.0
TIGHTEST_M, WIDEST_M = 225.0, 2500.0
"""Radii of the course; its inmost track stays above 180 m."""
GRID_M = 4.0
"""Along and across are found on a grid of this pitch and interpolated: at 225 m radius 1 cm is lost."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """A smooth line sampled every metre; 0 along it is the picture's middle."""

    at: Floats
    """(n,): metres along, rising."""
    points: Floats
    """(n, 2): ground metres."""
    turn_rad: Floats
    """(n,): direction, counter-clockwise from east, unwrapped."""
    straight: bool
    """Bent nowhere more than a ladder can stand."""

    def place(self, along: Floats, across: Floats) -> Floats:
        """Ground points (..., 2) of positions along and across (to the left), metres."""
        turn = self.turn(along)
        x = np.interp(along, self.at, self.points[:, 0]) - across * np.sin(turn)
        y = np.interp(along, self.at, self.points[:, 1]) + across * np.cos(turn)
        return np.stack([x, y], axis=-1)

    def turn(self, along: Floats) -> Floats:
        """Direction at positions along, radians counter-clockwise from east."""
        return np.interp(along, self.at, self.turn_rad)

    def line(self, along: Floats, across: Floats) -> shapely.LineString:
        """The ground line through positions along and across."""
        return shapely.LineString(self.place(along, across))


def draw_course(rng: np.random.Generator, reach_m: float) -> Course:
    """A course of ± `reach_m` metres: half are straight, the rest bent throughout or from somewhere on."""
    at = np.arange(-np.ceil(reach_m), np.ceil(reach_m) + STEP_M, STEP_M)
    heading, shape = rng.uniform(0, 2 * np.pi), rng.random()
    radius = TIGHTEST_M * np.exp(rng.uniform(0, np.log(WIDEST_M / TIGHTEST_M))) * rng.choice([-1, 1])
    onset, way = rng.uniform(-70, 70), rng.choice([-1, 1])
    share = np.zeros_like(at) if shape < 0.5 else np.ones_like(at)
    if shape > 0.72:
        share = np.clip(way * (at - onset) / 30 + 0.5, 0, 1)
    turn = np.cumsum(share / radius) * STEP_M
    turn += heading - np.interp(0, at, turn)
    middle = (turn[1:] + turn[:-1]) / 2
    steps = np.stack([np.cos(middle), np.sin(middle)], axis=-1) * STEP_M
    points = np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
    points -= points[int(np.argmin(np.abs(at)))]
    return Course(at=at, points=points, turn_rad=turn, straight=shape < 0.5 or abs(radius) > 1500)


def located(course: Course, canvas: Canvas) -> tuple[Single, Single]:
    """Metres along and across the course of every pixel, (y, x) each."""
    step = max(1, round(GRID_M / canvas.fine_m))
    rows, columns = (np.arange(0, n + step, step) + 0.5 for n in canvas.shape)
    column, row = np.meshgrid(columns, rows)
    points = np.stack([column, row], axis=-1) @ canvas.to_ground[:, :2].T + canvas.to_ground[:, 2]
    _, nearest = cKDTree(course.points).query(points)
    forward = np.stack([np.cos(course.turn_rad[nearest]), np.sin(course.turn_rad[nearest])], axis=-1)
    off = points - course.points[nearest]
    along = course.at[nearest] + (off * forward).sum(-1)
    across = off[..., 1] * forward[..., 0] - off[..., 0] * forward[..., 1]
    return _spread(along, step, canvas.shape), _spread(across, step, canvas.shape)


def _spread(values: Floats, step: int, shape: tuple[int, int]) -> Single:
    """Values of every `step`-th pixel interpolated to all."""
    small = values.astype(np.float32)
    (row, down), (column, right) = ((np.arange(n) // step, (np.arange(n) % step / step)) for n in shape)
    tall = small[row] + down[:, None].astype(np.float32) * (small[row + 1] - small[row])
    return np.asarray(tall[:, column] + right.astype(np.float32) * (tall[:, column + 1] - tall[:, column]))
