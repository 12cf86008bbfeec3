"""What painters of vehicles share: chances of a wagon and of its rake, and shapes laid over one another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from yardwatch.simulate.bodies import Patch
from yardwatch.simulate.noise import Reals, Single
from yardwatch.simulate.stock import Colour, Wagon

Skin = tuple[Single, Single, Single]
"""Colour (3, n), height (n,), coverage 0..1 (n,)."""
Painter = Callable[[Wagon, Patch], Skin]
RAKE_BITS = 12
"""The low bits of a wagon's seed are its own, the rest its rake's."""
FRAME: Colour = (0.23, 0.22, 0.21)


def own(wagon: Wagon) -> np.random.Generator:
    """Chance of this wagon alone."""
    return np.random.default_rng([wagon.seed, 5])


def rake(wagon: Wagon) -> np.random.Generator:
    """Chance that all wagons of its rake share."""
    return np.random.default_rng([wagon.seed >> RAKE_BITS, 6])


def lay(below: Single, cover: Reals, above: Single) -> None:
    """Lay a colour over another with a coverage, in place."""
    below += (cover * (above - below)).astype(np.float32)


def disc(patch: Patch, middle: tuple[float, float], radius: float) -> Single:
    """Coverage 0..1 of a disc."""
    deep = radius - np.hypot(patch.x - middle[0], patch.t - middle[1])
    return np.clip(deep / patch.fine_m + 0.5, 0, 1)


def stripe(patch: Patch, at: Single, middle: float, width: float) -> Single:
    """Share of each pixel under a line `width` wide across the coordinate `at`."""
    low, high = at - patch.fine_m / 2, at + patch.fine_m / 2
    shared = np.minimum(high, middle + width / 2) - np.maximum(low, middle - width / 2)
    return np.clip(shared / patch.fine_m, 0, 1).astype(np.float32)


def full(patch: Patch, value: float) -> Single:
    """The same number everywhere."""
    return np.full_like(patch.x, np.float32(value))


def body(wagon: Wagon, patch: Patch) -> Single:
    """Coverage of the whole rectangle."""
    return patch.inside(wagon.stock.body_m, wagon.stock.width_m)


def faded(rng: np.random.Generator, colours: tuple[Colour, ...], spread: float = 0.12) -> Colour:
    """One of several colours, weathered."""
    base = np.array(colours[int(rng.integers(len(colours)))]) * rng.uniform(1 - spread, 1 + spread)
    red, green, blue = np.clip(base + rng.normal(0, 0.012, 3), 0.04, 1.1)
    return float(red), float(green), float(blue)


def blotches(patch: Patch, rng: np.random.Generator, pitch: float = 2.2) -> Single:
    """Slow unevenness along a body, standard deviation about 1."""
    lattice = rng.standard_normal(40)
    smooth = np.interp(patch.x, (np.arange(40) - 20) * pitch, lattice)
    return (smooth + 0.5 * np.interp(patch.t * 6 + patch.x, (np.arange(40) - 20) * pitch, lattice[::-1])).astype(
        np.float32
    )
