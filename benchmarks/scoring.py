"""How drawn cars are held against labelled vehicles: intersection over union along the track, one to one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from yardwatch.model import Car

SAME = 0.5
"""Least intersection over union of a match."""
HALF_VISIBLE = 0.5
"""A vehicle less visible than this is ignored, and so is what was drawn on it."""


@dataclass(frozen=True, order=True)
class Vehicle:
    """A labelled vehicle along its track, metres."""

    start_m: float
    end_m: float
    visible: float
    id: str


@dataclass(frozen=True)
class Score:
    """Matched, false and missed cars; scores add."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hit + other.hit, self.false + other.false, self.missed + other.missed)

    @property
    def f1(self) -> float:
        """2 · hit / (2 · hit + false + missed)."""
        total = 2 * self.hit + self.false + self.missed
        return 2 * self.hit / total if total else 1.0


def score(cars: tuple[Car, ...], vehicles: tuple[Vehicle, ...]) -> tuple[Score, list[str]]:
    """Score of one track, and its misses and false cars in words."""
    drawn = [(car.start_m, car.end_m) for car in cars]
    shared = np.array([[_iou(d, (v.start_m, v.end_m)) for v in vehicles] for d in drawn]).reshape(
        len(drawn), len(vehicles)
    )
    pairs = zip(*linear_sum_assignment(-np.where(shared >= SAME, shared, 0)), strict=True) if shared.size else []
    matched = {int(i): int(j) for i, j in pairs if shared[i, j] >= SAME}
    counted = {j for j, v in enumerate(vehicles) if v.visible >= HALF_VISIBLE}
    hit = sum(j in counted for j in matched.values())
    false = [i for i in range(len(drawn)) if i not in matched and not _on_ignored(drawn[i], vehicles)]
    missed = [j for j in counted if j not in matched.values()]
    words = [f"false {drawn[i][0]:.1f}–{drawn[i][1]:.1f}" for i in false]
    words += [f"missed {vehicles[j].start_m:.1f}–{vehicles[j].end_m:.1f}" for j in missed]
    return Score(hit, len(false), len(missed)), words


def _iou(a: tuple[float, float], b: tuple[float, float]) -> float:
    common = min(a[1], b[1]) - max(a[0], b[0])
    return max(0.0, common) / (max(a[1], b[1]) - min(a[0], b[0]))


def _on_ignored(drawn: tuple[float, float], vehicles: tuple[Vehicle, ...]) -> bool:
    for one in vehicles:
        common = min(drawn[1], one.end_m) - max(drawn[0], one.start_m)
        if one.visible < HALF_VISIBLE and common > 0.5 * min(drawn[1] - drawn[0], one.end_m - one.start_m):
            return True
    return False


def bootstrap(parts: list[Score], rng: np.random.Generator, draws: int = 2000) -> tuple[float, float]:
    """90 % interval of F1 over resampled tracks."""
    table = np.array([[p.hit, p.false, p.missed] for p in parts])
    picked = table[rng.integers(0, len(table), (draws, len(table)))].sum(axis=1)
    f1 = 2 * picked[:, 0] / np.maximum(2 * picked[:, 0] + picked[:, 1] + picked[:, 2], 1)
    low, high = np.quantile(f1, [0.05, 0.95])
    return float(low), float(high)
