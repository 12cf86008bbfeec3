"""Effect and alarm: how many times the expected count, and whether that is worth a person's time.

`effect = observed ÷ expected`, expected for the share of track the look saw. Its 90 % interval: the count's own ends
over the ends of the expected mean. A count without an interval is taken as it stands, and the wording says so.

An alarm needs both: calibrated p at most 1 %, and the interval's lower end at least 1.5. A rare count may be a small
rise over a very steady yard, a large ratio may be chance over an unsteady one; neither alone is a surge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from yardwatch.history.forecast import Forecast
from yardwatch.history.predictive import Predictive

ALARM_P = 0.01
"""Of a hundred looks at a yard in which nothing happens, one may go off."""
ALARM_EFFECT = 1.5
"""Half as much again: less is within a yard's working range even where it is rare."""
LEVEL = 0.9


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Observed ÷ expected, with its interval."""

    value: float
    lower: float
    upper: float
    expected: float
    """For the share of the track the look saw."""
    level: float = LEVEL
    bare: bool = False
    """True where the count had no interval of its own."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Whether the look passes both tests; None when one of them cannot be made."""

    holds: bool | None
    reason: str


def effect(
    value: float, ends: tuple[float | None, float | None], visible: float, model: Forecast | Predictive
) -> Effect | None:
    """The effect of a count; None where nothing at all is expected."""
    low_mean, high_mean = (end * visible for end in mean_ends(model))
    expected = model.mean * visible
    if expected <= 0 or low_mean <= 0:
        return None
    lower, upper = (value if end is None else end for end in ends)
    return Effect(
        value=value / expected,
        lower=lower / high_mean,
        upper=upper / low_mean,
        expected=expected,
        bare=None in ends,
    )


def mean_ends(model: Forecast | Predictive) -> tuple[float, float]:
    """Central 90 % of the expected count of a fully visible look (not of a look: of its mean)."""
    tail = (1 - LEVEL) / 2
    if isinstance(model, Forecast):
        m, c, n = (float(x) for x in (model.moments.mean, model.moments.spread, model.moments.looks))
        factor = float(np.exp(ndtri(1 - tail) * np.sqrt((1 / m + c**2) / n)))
        return model.mean / factor, model.mean * factor
    order = np.argsort(model.mean_at)
    share = np.cumsum(model.weight[order])
    low, high = (model.mean_at[order][min(int(np.searchsorted(share, x)), len(share) - 1)] for x in (tail, 1 - tail))
    return float(low), float(high)


def alarm(p_calibrated: float | None, size: Effect | None) -> Alarm:
    """Both tests together, with the reason in a sentence."""
    if size is None:
        return Alarm(holds=None, reason="no alarm can be raised or ruled out: no expected count")
    if size.lower < ALARM_EFFECT:
        return Alarm(
            holds=False,
            reason=f"the effect may be as small as ×{size.lower:.2g}; an alarm needs ×{ALARM_EFFECT:g}",
        )
    if p_calibrated is None:
        return Alarm(holds=None, reason="no alarm can be raised or ruled out: there is no calibrated p")
    if p_calibrated > ALARM_P:
        return Alarm(
            holds=False, reason=f"the calibrated p of {p_calibrated:.2g} is above the {ALARM_P:g} an alarm needs"
        )
    return Alarm(holds=True, reason=f"calibrated p {p_calibrated:.2g} and effect at least ×{size.lower:.2g}")
