"""Decoy rings: outlines smeared over as the publisher's yellow outlines were, so that a smear betrays no car.

The labelled yard was published with outlines drawn round each vehicle; they were filled from their surroundings.
A network would learn the smear. So rings of the same kind are put on empty track, across bodies and round drawn
cars, and real strips get false ones beside the true.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from training.layout import ROW_M, STEP_M

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

SMEARS_M = (0.3, 0.5, 1.0)
"""Reaches of the fill: nobody knows how the next publisher fills, so the network must not lean on one way."""


@dataclass(frozen=True, kw_only=True)
class Rings:
    """How many smeared outlines the examples carry, true and false; pairs are drawn from evenly, a strip at a time."""

    composites: float
    """Share of the composites that carry any."""
    true: tuple[float, float]
    """Share of a composite's vehicles with an outline."""
    decoys: tuple[float, float]
    """Mean number of false ones on a composite."""
    real: float
    bare: float
    """Shares of real strips, and of strips without a vehicle, that carry false ones."""
    false: tuple[float, float]
    """Mean number of false ones on those."""


FEW = Rings(composites=0.6, true=(0.9, 0.9), decoys=(3.0, 3.0), real=0.65, bare=0.5, false=(3.0, 3.0))
MANY = Rings(composites=0.75, true=(0.1, 1.0), decoys=(3.0, 9.0), real=0.85, bare=0.7, false=(2.0, 9.0))
"""As many false as true, so that a smear tells nothing: with few, hidden trains teach the network to look for it."""


def between(rng: Rng, ends: tuple[float, float]) -> float:
    """Evenly between two ends; no draw where they are one."""
    low, high = ends
    return float(rng.uniform(low, high)) if low < high else low


@lru_cache(maxsize=16)
def _spread(size: int, deviation: float) -> Floats:
    at = np.arange(size, dtype=np.float32)
    weight = np.exp(-0.5 * ((at[:, None] - at[None]) / deviation) ** 2)
    weight[weight < 1e-3] = 0
    return weight.astype(np.float32)


def smear(data: Floats, ring: Bools, reach_m: float) -> Floats:
    """Fill the ring's pixels with the weighted mean of those around it."""
    if not ring.any():
        return data
    across, along = _spread(ring.shape[0], reach_m / ROW_M), _spread(ring.shape[1], reach_m / STEP_M)
    keep = (~ring).astype(np.float32)
    weight = across @ keep @ along + 1e-4
    filled = (across @ (data * keep) @ along) / weight
    return np.where(ring, filled, data).astype(np.float32)


def outline(ring: Bools, box: tuple[int, int, int, int], half: int) -> None:
    """Mark the outline of (first row, last row, first step, last step), 2 · half + 1 steps thick.

    In the labelled yard outlines are about 1.7 m thick.
    """
    top, bottom, left, right = box
    rows = max(1, round(half * STEP_M / ROW_M))
    for r0, r1, s0, s1 in (
        (top - rows, top + rows, left - half, right + half),
        (bottom - rows, bottom + rows, left - half, right + half),
        (top - rows, bottom + rows, left - half, left + half),
        (top - rows, bottom + rows, right - half, right + half),
    ):
        ring[max(r0, 0) : max(r1 + 1, 0), max(s0, 0) : max(s1 + 1, 0)] = True


def decoys(ring: Bools, rng: Rng, mean: float) -> None:
    """Outlines of car size at random places, mostly on this track."""
    rows, steps = ring.shape
    for _ in range(rng.poisson(mean)):
        centre = (
            rows // 2 + round(rng.normal(0, 0.4) / ROW_M) + (rng.random() < 0.3) * round(rng.choice([-5, 5]) / ROW_M)
        )
        half = round(1.55 / ROW_M) + rng.integers(-1, 2)
        start, long = rng.integers(-40, steps), round(rng.uniform(5, 26) / STEP_M)
        outline(ring, (centre - half, centre + half, start, start + long), int(rng.choice([1, 2, 3, 3])))
