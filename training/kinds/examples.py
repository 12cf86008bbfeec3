"""Vehicles of drawn yards as the counter would find them: ends a little off, along lines a little off."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from training.kinds.yards import mixed_scene
from training.layout import KINDS, UNKNOWN
from training.simulated import on_line, strip_of
from yardwatch.cars.crops import Crops, crops
from yardwatch.model import Strip
from yardwatch.simulate.anywhere import AnyScene

Rng = np.random.Generator
Labels = NDArray[np.int64]

ENDS_M = (0.5, 0.5, 2.5)
"""Standard deviations of a found end, one for each time a vehicle is found: mostly near, now and then far off, as where
a vehicle is cut by the image's edge or its end lies in shade; length alone must not tell a coach."""
LEAST_SEEN = 0.5
"""Of a crop's points; what shows less teaches nothing."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bank:
    """All examples, bytes in place of floats."""

    data: NDArray[np.uint8]
    """(n, 3, ROWS, COLUMNS)."""
    visible: NDArray[np.bool_]
    contrast: NDArray[np.float32]
    numbers: NDArray[np.float32]
    kind: Labels
    """(n,): index into KINDS."""
    cover: Labels
    """(n,): 1 sheet, 0 open, UNKNOWN for kinds that carry no load in view."""

    def crops(self, rows: NDArray[np.int64]) -> Crops:
        """Some of them."""
        return Crops(
            data=self.data[rows].astype(np.float32) / 255, visible=self.visible[rows], contrast=self.contrast[rows],
            numbers=self.numbers[rows],
        )  # fmt: skip


def bank(rng: Rng, scenes: int) -> Bank:
    """Examples of so many scenes."""
    parts = [_banked(*one) for _ in range(scenes) for one in _of(mixed_scene(rng), rng)]
    return Bank(**{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Bank)})


def _banked(seen: Crops, kind: Labels, cover: Labels) -> Bank:
    """In bytes at once: a yard's floats are four times as many."""
    data = np.rint(255 * np.clip(seen.data, 0, 1)).astype(np.uint8)
    return Bank(
        data=data, visible=seen.visible, contrast=seen.contrast, numbers=seen.numbers, kind=kind, cover=cover
    )  # fmt: skip


def _of(scene: AnyScene, rng: Rng) -> list[tuple[Crops, Labels, Labels]]:
    found = []
    for k, track in enumerate(scene.tracks):
        strip = strip_of(scene, scene.given[k])
        cars = [car for car in scene.truth if car.track == track.id]
        ends = [on_line(car, track.line, scene.given[k].line) for car in cars]
        for off_m in ENDS_M:
            seen = crops([_found(off_m * rng.standard_normal(2) + pair, strip) for pair in ends], strip)
            kept = seen.visible.mean(axis=(1, 2)) >= LEAST_SEEN
            kind = np.array([KINDS.index(car.kind) for car in cars], np.int64)
            cover = np.array([UNKNOWN if car.covered is None else int(car.covered) for car in cars], np.int64)
            found.append((_some(seen, kept), kind[kept], cover[kept]))
    return [one for one in found if len(one[1])]


def _found(ends: NDArray[np.float64], strip: Strip) -> tuple[float, float]:
    """A body's ends as a decoder would have them, cut at the strip's ends."""
    start, end = max(float(ends[0]), 0.0), min(float(ends[1]), strip.length_m)
    return start, max(end, start + 2.0)


def _some(seen: Crops, kept: NDArray[np.bool_]) -> Crops:
    return Crops(
        data=seen.data[kept], visible=seen.visible[kept], contrast=seen.contrast[kept], numbers=seen.numbers[kept]
    )
