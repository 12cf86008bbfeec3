"""Power: with what chance n looks at a yard would show a surge of a given size, and how many looks would be enough.

With mean m and spread c known and n looks behind the baseline, the smallest count that goes off is the least k with
`P(Y ≥ k) ≤ α`, `Var Y = (m + c²m²)(1 + 1/n)` (`forecast`). The power is `P(S ≥ k)`, `S ~ NB(mean f·m, spread c)`: a
look during a surge that multiplies the rate by f. It leaves out that m and c are themselves estimated (docs/history.md
holds it against simulation).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betainc

from yardwatch.history.effect import ALARM_P

LOOKS = (3, 5, 10, 20, 40, 60)
FACTORS = (1.5, 2.0, 3.0)
WANTED_POWER = 0.8
"""Four surges of five."""
LEAST_LOOKS, MOST_LOOKS = 3, 240
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


def enough(mean: float, spread: float, factor: float, alpha: float = ALARM_P) -> int | None:
    """The least number of looks (three or more) with power 0.8 at a factor; None where 240 would not do."""
    spans = range(LEAST_LOOKS, MOST_LOOKS + 1)
    # more looks make the critical count lower, never higher, so the power grows with n
    at = bisect_left(spans, WANTED_POWER, key=lambda n: _row(mean, spread, n, (factor,), alpha).power[0])
    return spans[at] if at < len(spans) else None


def _row(mean: float, spread: float, n: int, factors: Sequence[float], alpha: float) -> PowerRow:
    variance = (mean + (spread * mean) ** 2) * (1 + 1 / n)
    high = 1
    while _tail(high, mean, variance) > alpha:
        high *= 2
    least = bisect_left(range(high + 1), True, lo=1, key=lambda k: _tail(k, mean, variance) <= alpha)
    surge = tuple(_tail(least, f * mean, f * mean + (spread * f * mean) ** 2) for f in factors)
    return PowerRow(looks=n, least=least, power=surge)


def _tail(count: int, mean: float, variance: float) -> float:
    return float(betainc(count, mean**2 / (variance - mean), (variance - mean) / variance))
