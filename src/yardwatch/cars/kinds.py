"""What a drawn vehicle is: its kind, whether a sheet covers its load, and the chance that it is freight at all.

    log p(kind | body) = (1 / WITNESS_CELLS) · Σ_cells log softmax(kind logits),   normalised over the kinds

Neighbouring cells of one body see the same roof through the same blur, so a body of n cells is n / `WITNESS_CELLS`
witnesses, not n. A locomotive or a coach is a rail vehicle, drawn and listed, but no freight car:

    P(freight) = 1 − p(locomotive) − p(coach)

Measured on simulated yards alone (docs/counting.md): no real yard at hand has kinds labelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax

from yardwatch.cars.network import CELL_M, Look
from yardwatch.model import Car
from yardwatch.model.counting import OTHER_KINDS

Floats = NDArray[np.float64]

WITNESS_CELLS = 6.0
"""Half-metre cells that make one independent witness of a body's kind."""
COVERABLE = ("open",)
"""Kinds whose load may lie under a sheet."""


@dataclass(frozen=True, eq=False)
class Told:
    """A car with what its body looks like."""

    car: Car
    freight: float
    """Chance that it is a freight car."""
    covered: float | None
    """Chance that a sheet covers its load; None for kinds that carry none in view."""


def tell(cars: Sequence[Car], seen: Look, names: Sequence[str]) -> tuple[Told, ...]:
    """The same cars with kind and cover; `names` of the network's kinds, in its order."""
    return tuple(_told(car, seen, names) for car in cars)


def _told(car: Car, seen: Look, names: Sequence[str]) -> Told:
    first = round(car.start_m / CELL_M)
    cells = slice(first, max(round(car.end_m / CELL_M), first + 1))
    chance = np.exp(log_softmax(seen.kinds[cells].sum(axis=0) / WITNESS_CELLS))
    kind = names[int(chance.argmax())]
    other = float(sum(p for name, p in zip(names, chance, strict=True) if name in OTHER_KINDS))
    covered = float(expit(seen.cover[cells].mean())) if kind in COVERABLE else None
    told = replace(car, kind=kind, covered=None if covered is None else covered > 0.5)
    return Told(told, 1 - other, covered)


def freight_only(pmf: Floats, chances: Sequence[float]) -> Floats:
    """The pmf of all vehicles, less those of the drawn ones that may be none of freight (chances of being freight).

    The number taken away is a sum of independent draws (Poisson-binomial); a count never falls below zero.
    """
    away = np.ones(1)
    for chance in chances:
        away = np.convolve(away, [chance, 1 - chance])
    left = np.zeros(len(pmf))
    for n, mass in enumerate(away):
        if mass > 0:
            np.add.at(left, np.maximum(np.arange(len(pmf)) - n, 0), mass * pmf)
    return left / left.sum()
