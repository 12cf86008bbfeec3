"""The stream of views: the labelled blocks named, composites on them, simulated yards, places without vehicles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from training.stock import Vehicle, draw

from benchmarks.peer.grounds import Ground, bare_grounds, block_ground, scene_ground
from benchmarks.peer.outlines import outlined
from benchmarks.peer.pasted import pasted
from benchmarks.peer.views import View, view
from training import blocks as labelled
from yardwatch.simulate.anywhere import any_scene

Rng = np.random.Generator

SHARES = {"block": 0.32, "pasted": 0.22, "simulated": 0.36, "bare": 0.10}
"""Of the views."""
SCENES = 160
SCENE_GSDS_M = (0.3, 0.95)
"""Evenly over their logarithm."""
SCENE_SEED = 30_000
"""First of the seeds of the training's yards; the comparison begins at another."""
OUTLINED_SHARE = 0.4
"""Of simulated and pasted grounds that carry smeared outlines, round most vehicles and false ones."""
TRUE_SHARE = 0.9
VARIANTS = 6
"""Of each block: with false outlines, and with pasted trains."""
VEHICLES = 300
KEPT = 192
"""Views of which a part of each batch is drawn again: making one costs about as much as learning from it."""
AGAIN = 3
"""In a batch of eight."""


class Examples:
    """Views from some blocks; every draw comes from one generator."""

    def __init__(self, data: Path, names: tuple[str, ...], seed: int, scenes: int = SCENES) -> None:
        self.rng = rng = np.random.default_rng([seed, 91])
        plain = [block_ground(data / "muttenz", name) for name in names]
        vehicles = _vehicles(data / "muttenz", names, rng)
        trains = [pasted(one, vehicles, rng) for one in plain for _ in range(VARIANTS)]
        yards = [_yard(seed, k, rng) for k in range(scenes)]
        self.sources: dict[str, list[Ground]] = {
            "block": plain + [outlined(one, rng) for one in plain for _ in range(VARIANTS)],
            "pasted": [_maybe(one, rng) for one in trains],
            "simulated": [_maybe(one, rng) for one in yards],
            "bare": bare_grounds(data),
        }
        self.kept: list[View] = []

    def batch(self, size: int) -> list[View]:
        """So many views."""
        old = size * AGAIN // 8 if len(self.kept) >= KEPT else 0
        fresh = [self._view() for _ in range(size - old)]
        again = [self.kept[int(k)] for k in self.rng.integers(0, max(len(self.kept), 1), old)]
        self.kept = (self.kept + fresh)[-KEPT:]
        return fresh + again

    def _view(self) -> View:
        grounds = self.sources[str(self.rng.choice(list(SHARES), p=list(SHARES.values())))]
        return view(grounds[self.rng.integers(len(grounds))], self.rng)


def _yard(seed: int, k: int, rng: Rng) -> Ground:
    gsd = float(np.exp(rng.uniform(*np.log(SCENE_GSDS_M))))
    return scene_ground(any_scene(np.random.default_rng([SCENE_SEED, seed, k]), gsd_m=gsd))


def _maybe(ground: Ground, rng: Rng) -> Ground:
    return outlined(ground, rng, TRUE_SHARE) if rng.random() < OUTLINED_SHARE else ground


def _vehicles(muttenz: Path, names: tuple[str, ...], rng: Rng) -> list[Vehicle]:
    """Drawn ones and, as many again, the sprites of the named blocks alone."""
    strips = [strip for name in names for strip in labelled.block_strips(muttenz, name)]
    sprites = [Vehicle(one, float(rng.uniform(2.4, 4.0))) for one in labelled.sprites(muttenz, strips)]
    return [draw(rng) for _ in range(VEHICLES)] + sprites * max(1, VEHICLES // len(sprites))
