"""Value noise: random lattices of several spacings, interpolated smoothly and added (Perlin, 1985, in its plain form).

Lattices are laid out in metres from the upper left corner, so one yard keeps one ground whatever the GSD.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]
Reals = NDArray[np.floating[Any]]

TILE_M = 16.0
"""A lattice is drawn for the extent rounded to this, so that a spare pixel more or less changes nothing."""
LATTICE_SPREAD = 26 / 35
"""Standard deviation that smoothstep interpolation leaves of a lattice's own: per axis its square is 2 ∫ w² = 26/35."""


@dataclass(frozen=True)
class Field:
    """Where noise is wanted: pixels and their size in metres."""

    rows: int
    columns: int
    step_m: float


def noise(field: Field, scales_m: Sequence[float], rng: np.random.Generator, roughness: float = 0.6) -> Single:
    """Noise (rows, columns) of mean 0 and standard deviation about 1.

    Each spacing, coarsest first, has `roughness` times the amplitude of the one before it.
    """
    total = np.zeros((field.rows, field.columns), np.float32)
    power = 0.0
    for order, scale in enumerate(scales_m):
        total += _octave(field, scale, rng) * np.float32(roughness**order)
        power += roughness ** (2 * order)
    total *= np.float32(1 / (np.sqrt(power) * LATTICE_SPREAD))
    return total


def _octave(field: Field, scale_m: float, rng: np.random.Generator) -> Single:
    extents = [round(n * field.step_m / TILE_M) * TILE_M + TILE_M for n in (field.rows, field.columns)]
    lattice = rng.standard_normal([int(np.ceil(extent / scale_m)) + 2 for extent in extents], dtype=np.float32)
    row, weight = _cells(field.rows, field.step_m / scale_m)
    down = lattice[row] + weight[:, None] * (lattice[row + 1] - lattice[row])
    column, weight = _cells(field.columns, field.step_m / scale_m)
    return down[:, column] + weight * (down[:, column + 1] - down[:, column])


def _cells(number: int, step: float) -> tuple[NDArray[np.int64], Single]:
    at = (np.arange(number) + 0.5) * step
    cell = at.astype(np.int64)
    part = (at - cell).astype(np.float32)
    return cell, part * part * (3 - 2 * part)
