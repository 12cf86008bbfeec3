"""How many of the wagons that carry their load in view hide it under a sheet.

    k = Σ chances,   value = k / n,   interval: quantiles of Beta(k + ½, n − k + ½)

Jeffreys' interval (Brown, Cai & DasGupta 2001, *Interval estimation for a binomial proportion*), with the expected
number of covered wagons for the number seen to be. It holds what so few wagons can say and how unsure each look was;
it does not hold an error that all looks of one image share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import beta

LEVEL = 0.9


@dataclass(frozen=True, kw_only=True)
class CoveredShare:
    """A share 0..1 with its interval."""

    value: float
    lower: float
    upper: float


def covered_share(chances: Sequence[float], level: float = LEVEL) -> CoveredShare | None:
    """From each wagon's chance of a sheet over its load; None where no wagon carries its load in view."""
    if not chances:
        return None
    number, expected = len(chances), float(sum(chances))
    spread = beta(expected + 0.5, number - expected + 0.5)
    value = expected / number
    lower, upper = (float(spread.ppf((1 + side * level) / 2)) for side in (-1, 1))
    return CoveredShare(value=value, lower=min(lower, value), upper=max(upper, value))
