"""All looks of one object's box, in cells, each laid against the ground around the object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.breaks import middle
from yardwatch.construction.evidence import Evidence, features
from yardwatch.construction.levelled import Levelled
from yardwatch.construction.source import Box

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

RING_CELLS = (3, 9)
"""Ground around the object that follows the day's haze and light with it: beyond its rim and most of its shadow."""
CUT = 6.0


@dataclass(frozen=True, eq=False)
class Cube:
    """Values in spreads of the cell."""

    values: Floats
    """(look, feature, cell of the object)."""
    clear: Bools
    """(look, cell)."""


def cube_of(looks: Levelled, evidence: Evidence, box: Box, mask: Bools) -> Cube:
    """The object's cells in every look; `mask` (y, x) within the box of cells, the box with a rim around the object."""
    near = ndimage.binary_dilation(mask, iterations=RING_CELLS[0])
    ring = ndimage.binary_dilation(near, iterations=RING_CELLS[1] - RING_CELLS[0]) & ~near
    spread = evidence.breaks.spread[:, *box]
    values, clear = [], []
    for number in range(len(looks.indices)):
        found, seen = features(looks, number, box, evidence.side)
        values.append(found[:, mask] - _day_of(found, seen & ring)[:, None])
        clear.append(seen[mask])
    stack = np.stack(values)
    return Cube((stack / spread[:, mask]).astype(np.float32), np.stack(clear))


def _day_of(found: Floats, ring: Bools) -> Floats:
    """(feature,): the ground around, on that day."""
    if not ring.any():
        return np.zeros(len(found), np.float32)
    return np.median(found[:, ring], axis=1).astype(np.float32)


def apart(values: Floats, other: Floats, clear: Bools) -> float:
    """Root mean square distance of (feature, cell) values, in spreads, cut at 6; over the clear cells."""
    difference = np.clip(values - other, -CUT, CUT)[:, clear]
    return float(np.sqrt((difference**2).mean())) if difference.size else 0.0


def mean_series(cube: Cube) -> Floats:
    """(look,): brightness of the whole object, mean of its clear cells, in spreads; nan where none is clear."""
    bands = cube.values[:, : max(cube.values.shape[1] - 1, 1)].mean(axis=1)
    count = cube.clear.sum(axis=1)
    return np.where(count > 0, (bands * cube.clear).sum(axis=1) / np.maximum(count, 1), np.nan).astype(np.float32)


def step_of(series: Floats, weights: Floats, needed: tuple[int, int]) -> tuple[int, float]:
    """The best split of one series, and the share of its spread that a step there explains; 0 and 0 where none may be.

    Many cells together show a step that none shows alone.
    """
    known = np.flatnonzero(np.isfinite(series))
    held, values = weights[known], series[known]
    mean = float((held * values).sum() / max(held.sum(), 1e-6))
    whole = float((held * (values - mean) ** 2).sum())
    found = (0, 0.0)
    for place in range(needed[0], len(known) - needed[1] + 1):
        before, after = held[:place].sum(), held[place:].sum()
        apart = (held[place:] * values[place:]).sum() / after - (held[:place] * values[:place]).sum() / before
        share = float(apart**2 * before * after / (before + after)) / max(whole, 1e-6)
        if share > found[1]:
            found = (int(known[place - 1]) + 1, share)
    return found


def level_of(cube: Cube, chosen: NDArray[np.intp]) -> Floats:
    """(feature, cell): medians over chosen looks."""
    clear = cube.clear[chosen]
    return np.stack([middle(cube.values[chosen, f], clear) for f in range(cube.values.shape[1])])
