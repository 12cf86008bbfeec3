"""Drawing of pools, on as many processors as are spared; every strip from a generator of its own number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import repeat
from pathlib import Path

import numpy as np

from training.coarse import yards as coarse
from training.examples import Examples
from training.pools.arrays import Arrays, coarse_arrays, drawn_arrays, together, yard_arrays
from training.rings import Rings
from training.simulated import strips_of

Spread = Callable[..., Iterator]
"""`map`, or that of a pool of processes."""
Origin = tuple[Path, tuple[str, ...], int]
"""Data folder, names of the blocks, seed: what examples come from."""

AT_ONCE = 200
"""Drawn strips made in one piece; their generator is that of the piece."""
YARDS_AT_ONCE = 10
STREAM = 9
"""Keeps pools apart from packs (`training.examples`)."""


def drawn_pool(origin: Origin, number: int, rings: Rings, size: int, spread: Spread) -> Arrays:
    """About so many strips of one round: composites, real strips, places without a vehicle."""
    return together(list(spread(_drawn, repeat(origin), repeat(number), repeat(rings), range(-(-size // AT_ONCE)))))


def _drawn(origin: Origin, number: int, rings: Rings, piece: int) -> Arrays:
    examples = _examples(*origin).of_round(number, rings)
    examples.rng = np.random.default_rng([examples.seed, STREAM, number, piece])
    return drawn_arrays([examples.fresh() for _ in range(AT_ONCE)])


@lru_cache(maxsize=1)
def _examples(data: Path, blocks: tuple[str, ...], seed: int) -> Examples:
    """Once a process: its parts are 200 MB, too much to be sent along with every piece."""
    return Examples(data, list(blocks), seed, [])


def yard_pool(seed: int, yards: int, spread: Spread) -> Arrays:
    """Strips of so many simulated yards, as `training.simulated.corpus` draws them."""
    return together(list(spread(_yards, repeat(seed), _pieces(yards))))


def _yards(seed: int, numbers: range) -> Arrays:
    return yard_arrays([strip for k in numbers for strip in strips_of(seed, k)])


def coarse_pool(seed: int, yards: int, spread: Spread) -> Arrays:
    """Strips of so many yards at coarse GSDs, as `training.coarse.yards.strips_of` draws them."""
    return together(list(spread(_coarse, repeat(seed), _pieces(yards))))


def _coarse(seed: int, numbers: range) -> Arrays:
    return coarse_arrays([strip for k in numbers for strip in coarse.strips_of(seed, k)])


def _pieces(yards: int) -> list[range]:
    return [range(first, min(first + YARDS_AT_ONCE, yards)) for first in range(0, yards, YARDS_AT_ONCE)]
