"""Power: with what chance n looks at a yard would show a surge of a given size, and how many looks would be enough.

With mean m and spread c known and n looks behind the baseline, the smallest count that goes off is the least k with
`P(Y ≥ k) ≤ α`, `Var Y = (m + c²m²)(1 + 1/n)` (`forecast`). The power is `P(S ≥ k)`, `S ~ NB(mean f·m, spread c)`: a
look during a surge that multiplies the rate by f. It leaves out that m and c are themselves estimated (docs/history.md
holds it against simulation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from yardwatch.history.effect import ALARM_P

LOOKS = (3, 5, 10, 20, 40, 60)
FACTORS = (1.5, 2.0, 3.0)
WANTED_POWER = 0.8
"""Four surges of five."""
WANTED_FACTOR = 2.0
MOST_LOOKS = 240
"""Four a month for five years; a yard that would need more cannot be watched this way."""


@dataclass(frozen=True, kw_only=True)
class PowerRow:
    """n looks behind the baseline."""

    looks: int
    least: int
    """The smallest count that goes off."""
    power: tuple[float, ...]
    """Chance of it at each factor."""


def power_table(
    mean: float, spread: float, looks: Sequence[int] = LOOKS, factors: Sequence[float] = FACTORS, alpha: float = ALARM_P
) -> tuple[PowerRow, ...]:
    """A row for each number of looks. Raises ValueError for a mean or spread that is not above zero."""
    if not (mean > 0 and spread > 0):
        raise ValueError(f"power needs a mean and a spread above zero, got {mean} and {spread}")
    return tuple(_row(mean, spread, n, factors, alpha) for n in looks)


def enough(mean: float, spread: float, factor: float = WANTED_FACTOR, alpha: float = ALARM_P) -> int | None:
    """The least number of looks (three or more) with power 0.8 at a factor; None where 240 would not do."""
    for n in range(3, MOST_LOOKS + 1):
        if _row(mean, spread, n, (factor,), alpha).power[0] >= WANTED_POWER:
            return n
    return None


def _row(mean: float, spread: float, n: int, factors: Sequence[float], alpha: float) -> PowerRow:
    variance = (mean + (spread * mean) ** 2) * (1 + 1 / n)
    high = 1
    while _tail(np.array([high]), mean, variance)[0] > alpha:
        high *= 2
    counts = np.arange(1, high + 1)
    least = int(counts[np.argmax(_tail(counts, mean, variance) <= alpha)])
    surge = [_tail(np.array([least]), f * mean, f * mean + (spread * f * mean) ** 2)[0] for f in factors]
    return PowerRow(looks=n, least=least, power=tuple(float(x) for x in surge))


def _tail(counts: NDArray[np.int64], mean: float, variance: float) -> NDArray[np.float64]:
    return np.asarray(betainc(counts.astype(float), mean**2 / (variance - mean), (variance - mean) / variance))
