"""The stream of coarse examples: simulated yards, and real strips and composites as a coarse sensor sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import blocks as real
from training import carless, simulated
from training.coarse.grid import STEPS, Known, known
from training.coarse.yards import corpus
from training.compose import Parts, composite
from training.examples import Examples, _variant
from training.layout import SEEN_STEPS, Labelled
from training.sensor import COARSE_M, FINE_M, normalise, reading
from training.stock import draw
from training.texture import ground

Floats = NDArray[np.float32]
Rng = np.random.Generator

YARDS = 2400
"""With a tenth as many the loss on yards never seen is a quarter above that on the training's own."""
REAL_SHARE = 0.15
"""Of the examples: real strips of the blocks, composites of their cars, real places without a vehicle."""
DRAWN, COMPOSED, BARE, STRIPS = 80, 240, 120, 240
"""Grounds and vehicles drawn; composites, strips without vehicles and real strips kept, each seen many times."""
CORE = slice(6, 10)
"""Rows within 1.6 m of the line."""
GREY_SHARE = 0.2


@dataclass(frozen=True, eq=False)
class Seen:
    """Input and targets of one strip: `x` (3, 16, 256), `states` (3, 128), `cars` (128,), `weight` (128,)."""

    x: Floats
    states: Floats
    cars: Floats
    weight: Floats


class Strips:
    """Strips of simulated yards, a longer one drawn the oftener."""

    def __init__(self, strips: Iterable[Known]) -> None:
        self.strips = list(strips)
        weights = np.array([strip.data.shape[2] for strip in self.strips], float)
        self.reached = np.cumsum(weights / weights.sum())

    def drawn(self, rng: Rng) -> Known:
        """One of them."""
        return self.strips[int(np.searchsorted(self.reached[:-1], rng.random(), side="right"))]


class CoarseExamples:
    """Examples from some blocks and simulated yards; every draw comes from one generator."""

    fine_share: float = 0.0
    """Of the examples: strips of the yards that the strip network is shown, of 0.25 to 1.6 m."""

    def __init__(self, data: Path, names: tuple[str, ...], seed: int) -> None:
        self.rng = np.random.default_rng([seed, 1])
        self.coarse = Strips(corpus(seed, YARDS))
        self.fine = Strips(known(strip) for strip in simulated.corpus(seed, simulated.SCENES))
        self.real = RealStrips(data, names, self.rng).drawn() if names else []

    def batch(self, size: int) -> list[Seen]:
        """So many examples."""
        return [self._example() for _ in range(size)]

    def _example(self) -> Seen:
        if self.rng.random() < self.fine_share:
            return seen(self.fine.drawn(self.rng), self.rng)
        if self.real and self.rng.random() < REAL_SHARE:
            return seen(degraded(self.real[self.rng.integers(len(self.real))], self.rng), self.rng)
        return seen(self.coarse.drawn(self.rng), self.rng)


class RealStrips(Examples):
    """Strips at the drawn resolution: of the blocks, composed of their cars, of places without a vehicle."""

    def __init__(self, data: Path, names: tuple[str, ...], rng: Rng) -> None:
        strips = [strip for name in names for strip in real.block_strips(data / "muttenz", name)]
        self.rng, self.strips = rng, [strip.labelled for strip in strips]
        self.parts = Parts(
            real=real.empty_stretches(strips),
            drawn=[ground(rng, SEEN_STEPS) for _ in range(DRAWN)],
            carless=carless.places(data, rng) + [s for n in names for s in carless.beside(data / "muttenz", n, rng)],
            sprites=[_variant(s, rng, k) for s in real.sprites(data / "muttenz", strips) for k in range(2)],
            vehicles=[draw(rng) for _ in range(4 * DRAWN)],
        )

    def drawn(self) -> list[Labelled]:
        """All of them."""
        found = [composite(self.parts, self.rng) for _ in range(COMPOSED)]
        return found + [self.bare() for _ in range(BARE)] + [self.real() for _ in range(STRIPS)]


def degraded(strip: Labelled, rng: Rng) -> Known:
    """A drawn strip as a coarse sensor sees it, on the length network's grid."""
    level = len(FINE_M) - 1 + int(rng.integers(1 + len(COARSE_M)))
    soft, phase = int(rng.choice([2, 3, 5])), int(rng.integers(4))
    across, along = (reading(level, phase, soft, axis) for axis in ("across", "along"))
    shown = (across @ strip.visible.astype(np.float32) @ np.abs(along).T) > 0.95
    grey = rng.random() < GREY_SHARE
    data = across @ strip.data @ along.T
    data += rng.standard_normal(data.shape, np.float32) * np.float32(10 ** rng.uniform(-3, -1.75))
    if grey:
        data[:] = data.mean(axis=0, keepdims=True)
    return known(replace(strip, data=data, visible=shown))


def seen(strip: Known, rng: Rng) -> Seen:
    """One training example: a window of a strip, stretched anew, read one of four ways; past its end nothing shows."""
    first = int(rng.integers(0, max(strip.data.shape[2] - STEPS, 0) // 2 + 1)) * 2
    steps, cells = slice(first, first + STEPS), slice(first // 2, (first + STEPS) // 2)
    data = strip.data[:, :, steps].astype(np.float32) / 255
    visible = strip.visible[:, steps]
    lacking = STEPS - data.shape[2]
    data = data ** np.float32(rng.uniform(0.7, 1.4))
    if rng.random() < 0.2:
        data[:] = data.mean(axis=0, keepdims=True)
    x = normalise(data, visible)
    x, visible = np.pad(x, ((0, 0), (0, 0), (0, lacking))), np.pad(visible, ((0, 0), (0, lacking)))
    states = np.pad(strip.states[:, cells], ((0, 0), (0, lacking // 2)))
    cars = np.pad(strip.cars[cells], (0, lacking // 2))
    weight = (visible[CORE].mean(axis=0).reshape(-1, 2).mean(axis=1) >= 0.5).astype(np.float32)
    along, across = rng.choice([-1, 1], 2)
    return Seen(
        np.ascontiguousarray(x[:, ::across, ::along]), states[:, ::along].copy(), cars[::along].copy(),
        weight[::along].copy(),
    )  # fmt: skip
