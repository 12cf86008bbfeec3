"""How wrong the second count of coarse images is: fitted on some simulated yards, checked on others.

The half width of its 90 % interval is √((r · mean)² + f²), r and f of the GSD's class. Of all pairs that hold 90 % of
the yards in which cars were seen the one whose intervals are narrowest is taken; then both are stretched until they
hold 90 % of yards set aside (split conformal prediction). `python -m benchmarks.calibrate` prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.yards import LEVEL, SEEN_CARS, Outcome

BOUNDS_M = (1.05, 2.5, 4.0)
"""Of the GSDs of each class."""
FLOORS = np.arange(0.5, 10.01, 0.5)
SPREADS = np.arange(0.05, 1.001, 0.01)
"""None below: a pitch is never known exactly, so beyond the yards of a hundred cars, too, the error grows."""

Row = tuple[float, float, float]
"""Coarsest GSD, relative half width, least half width (cars)."""


def length_rows(fitted: Sequence[Outcome], aside: Sequence[Outcome]) -> list[Row]:
    """One a class, as `yardwatch.cars.count.LENGTH_ERRORS` holds them."""
    rows = []
    for finest, coarsest in pairwise(BOUNDS_M):
        spread, floor = _narrowest(*_errors(fitted, finest, coarsest))
        factor = _factor(*_errors(aside, finest, coarsest), spread, floor)
        rows.append((coarsest, round(spread * factor, 2), round(floor * factor, 1)))
    return rows


def length_held(outcomes: Sequence[Outcome], rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """What the rows hold on these yards, and the error of the second count; by class."""
    told = {}
    for finest, (coarsest, spread, floor) in zip(BOUNDS_M[:-1], rows, strict=True):
        mean, true = _errors(outcomes, finest, coarsest)
        half = np.hypot(spread * mean, floor)
        told[f"{finest:g}–{coarsest:g} m"] = {
            "yards": len(mean), "inside": float(np.mean(np.abs(mean - true) <= half)),
            "width": float(2 * half.mean() / true.mean()), "error": float(np.abs(mean - true).sum() / true.sum()),
        }  # fmt: skip
    return told


def _errors(outcomes: Sequence[Outcome], finest: float, coarsest: float) -> tuple[NDArray[np.float64], ...]:
    """Second counts and true ones of the yards of a class in which cars were seen."""
    own = [one for one in outcomes if finest < one.gsd_m <= coarsest and one.length >= SEEN_CARS]
    return np.array([one.length for one in own]), np.array([one.true for one in own], float)


def _narrowest(mean: NDArray[np.float64], true: NDArray[np.float64]) -> tuple[float, float]:
    half = np.hypot(SPREADS[:, None, None] * mean, FLOORS[:, None])
    holds = (np.abs(mean - true) <= half).mean(axis=2) >= LEVEL
    width = np.where(holds, half.mean(axis=2), np.inf)
    spread, floor = np.unravel_index(int(width.argmin()), width.shape)
    return float(SPREADS[spread]), float(FLOORS[floor])


def _factor(mean: NDArray[np.float64], true: NDArray[np.float64], spread: float, floor: float) -> float:
    """The conformal quantile of |error| ÷ half width."""
    scores = np.sort(np.abs(mean - true) / np.hypot(spread * mean, floor))
    return float(scores[min(int(np.ceil(LEVEL * (len(scores) + 1))) - 1, len(scores) - 1)])
