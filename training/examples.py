"""The stream of training examples: composites and augmented real strips of the training blocks alone."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import zoom

from training import blocks as real
from training import carless, simulated
from training.compose import Light, Parts, composite, masts, misplaced, patchwork, window
from training.layout import ROWS, SEEN_STEPS, UNKNOWN, Labelled
from training.rings import FEW, SMEARS_M, Rings, between, decoys, smear
from training.sensor import Seen, answered, seen
from training.stacks import stacks
from training.stock import Vehicle, draw
from training.texture import ground
from training.verges import verge
from training.ways import way

Rng = np.random.Generator

REAL_SHARE, SIMULATED_SHARE, CARLESS_SHARE = 0.22, 0.36, 0.12
"""Of the examples: strips of the blocks, of simulated yards, of places without a vehicle. The rest are composites."""
WAYS_SHARE, STACKS_SHARE, VERGES_SHARE = 0.3, 0.15, 0.2
"""Of the strips without a vehicle: a road, a path or a running track is drawn along them; goods stacked in rows; bands
of grass, hedges and ditches."""
VIEWS = 3
"""Times a composed strip is seen, each time by another sensor: composing costs more than seeing."""
PACK = 192
"""Examples drawn together, all views of a composed strip among them."""
STRETCHED = 6
"""Variants of each sprite, of other lengths and widths."""
VEHICLES = 1200
GROUNDS = 160


class Examples:
    """Examples from some blocks, in packs; a pack depends on the round and its number alone, whoever draws it."""

    rings: Rings = FEW
    number: int = 0
    """Of the round: each has packs of its own."""
    reached: NDArray[np.float64] | None = None
    """(n,): sums of the chances of the simulated strips, up to each; without them all are drawn alike."""

    def __init__(self, data: Path, names: list[str], seed: int, scenes: list[Labelled]) -> None:
        self.seed = seed
        self.rng = rng = np.random.default_rng(seed)
        strips = [strip for name in names for strip in real.block_strips(data / "muttenz", name)]
        self.strips = [strip.labelled for strip in strips]
        self.scenes = scenes
        self.parts = Parts(
            real=real.empty_stretches(strips),
            drawn=[ground(rng, SEEN_STEPS) for _ in range(GROUNDS)],
            carless=carless.places(data, rng) + [s for n in names for s in carless.beside(data / "muttenz", n, rng)],
            sprites=[_variant(s, rng, k) for s in real.sprites(data / "muttenz", strips) for k in range(STRETCHED)],
            vehicles=[draw(rng) for _ in range(VEHICLES)],
        )

    def of_round(self, number: int, rings: Rings, chances: NDArray[np.float64] | None = None) -> Examples:
        """Of the same parts, with so many smears; `chances` of the simulated strips, all alike without."""
        other = copy(self)
        other.number, other.rings = number, rings
        other.reached = None if chances is None else np.cumsum(chances)
        return other

    def pack(self, number: int, size: int = PACK) -> list[Seen]:
        """The number-th pack of so many examples, in no order."""
        self.rng = rng = np.random.default_rng([self.seed, 1, self.number, number])
        windows = int(rng.binomial(size, SIMULATED_SHARE)) if self.scenes else 0
        strips = [self.fresh() for _ in range(-(-(size - windows) // VIEWS))]
        found = [seen(strips[k % len(strips)], rng) for k in range(size - windows)]
        found += [answered(self._window(), rng) for _ in range(windows)]
        return [found[k] for k in rng.permutation(size)]

    def _window(self) -> Labelled:
        if self.reached is None:
            chosen = int(self.rng.integers(len(self.scenes)))
        else:
            chosen = int(np.searchsorted(self.reached[:-1], self.rng.random(), side="right"))
        return simulated.window(self.scenes[chosen], self.rng)

    def fresh(self) -> Labelled:
        """A strip at the drawn resolution: a composite, a real one, or one without a vehicle."""
        chance = self.rng.random() * (1 - SIMULATED_SHARE)
        if chance < REAL_SHARE:
            return self.real()
        return self.bare() if chance < REAL_SHARE + CARLESS_SHARE else composite(self.parts, self.rng, self.rings)

    def bare(self) -> Labelled:
        """A strip without a vehicle, of a real place, with decoy rings now and then."""
        strip = Labelled.empty(window(patchwork(self.parts.carless, self.rng), misplaced(self.rng)))
        chance = self.rng.random()
        if chance < WAYS_SHARE:
            way(strip.data, self.rng)
        elif chance < WAYS_SHARE + STACKS_SHARE:
            stacks(strip.data, self.rng)
        elif chance < WAYS_SHARE + STACKS_SHARE + VERGES_SHARE:
            verge(strip.data, self.rng)
        if self.rng.random() < self.rings.bare:
            ring_falsely(strip, self.rings, self.rng)
        return strip

    def real(self) -> Labelled:
        """Real strips end to end, mis-set, with decoy rings, sometimes with another row of cars beside."""
        rng, chosen, length = self.rng, [], 0
        weights = np.array([s.data.shape[2] for s in self.strips], float)
        while length < SEEN_STEPS:
            one = self.strips[rng.choice(len(self.strips), p=weights / weights.sum())]
            chosen.append((one, int(rng.choice([-1, 1])), int(rng.choice([-1, 1]))))
            length += one.data.shape[2]
        first = int(rng.integers(0, length - SEEN_STEPS + 1))
        part = slice(first, first + SEEN_STEPS)
        data = np.concatenate([s.data[:, ::t, ::d] for s, t, d in chosen], axis=2)[:, :, part]
        visible = np.concatenate([s.visible[::t, ::d] for s, t, d in chosen], axis=1)[:, part]
        state = np.concatenate([s.state[::d] for s, _, d in chosen])[part].copy()
        both = window(np.concatenate([data, visible[None].astype(np.float32)]), misplaced(rng))
        gain = np.float32(rng.uniform(0.6, 1.4)) * rng.normal(1, 0.1, (3, 1, 1)).astype(np.float32)
        unknown = np.full(SEEN_STEPS, UNKNOWN, np.int64)
        strip = Labelled(both[:3] * gain, both[3] > 0.5, state, unknown, unknown.copy())
        if rng.random() < 0.2:
            masts(strip.data, Light(0, rng.uniform(-1, 1), rng.uniform(0.3, 1), 0), rng)
        if rng.random() < self.rings.real:
            ring_falsely(strip, self.rings, rng)
        return strip


def ring_falsely(strip: Labelled, rings: Rings, rng: Rng) -> None:
    """Smeared outlines where there is no vehicle, or across one."""
    ring = np.zeros((ROWS, SEEN_STEPS), bool)
    decoys(ring, rng, between(rng, rings.false))
    strip.data[:] = smear(strip.data, ring, float(rng.choice(SMEARS_M)))


def _variant(sprite: np.ndarray, rng: Rng, k: int) -> Vehicle:
    """The sprite as it is, then stretched along and across."""
    if k:
        sprite = zoom(sprite, (1, rng.uniform(0.9, 1.1), rng.uniform(0.6, 1.4)), order=1)
        sprite = sprite[:, :, : round(27 / 0.25)]
    if sprite.shape[2] < 24:
        sprite = zoom(sprite, (1, 1, 24 / sprite.shape[2]), order=1)
    return Vehicle(np.clip(sprite, 0, 1).astype(np.float32), float(rng.uniform(2.4, 4.0)))
