"""What was tried: other tests on the same real series, the same masks, the same calibration."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import numpy as np
from scipy.special import ndtr

from benchmarks.real_series import (
    Floats,
    Grounds,
    Statistic,
    calibrated_alarms,
    forecast_tail,
    power_at_true_rate,
    tails,
    tested_months,
    with_interval,
)
from yardwatch.history import forecast
from yardwatch.history.predictive import fit


def z_log(looks: Floats, _age: Floats) -> Callable[[Floats], Floats]:
    """Normal tail of log(y + 1) against mean and standard deviation of the window."""
    x = np.log(looks + 1)
    mean, sd = np.nanmean(x, -1), np.maximum(np.nanstd(x, -1, ddof=1), 0.05)
    return lambda counts: ndtr(-(np.log(counts + 1) - mean) / sd)


def ears_c1(looks: Floats, _age: Floats) -> Callable[[Floats], Floats]:
    """EARS C1 as a normal tail: mean and standard deviation of the last seven looks."""
    order = np.cumsum(np.isfinite(looks)[..., ::-1], axis=-1)[..., ::-1]
    x = np.where(order <= 7, looks, np.nan)
    mean, sd = np.nanmean(x, -1), np.maximum(np.nanstd(x, -1, ddof=1), 0.5)
    return lambda counts: ndtr(-(counts - mean) / sd)


def rank_in_window(looks: Floats, _age: Floats) -> Callable[[Floats], Floats]:
    """Share of the window's looks that are as high: no model at all."""
    n = np.isfinite(looks).sum(-1)
    return lambda counts: (1 + (looks >= counts[..., None]).sum(-1)) / (n + 1)


def bayesian(looks: Floats, _age: Floats) -> Callable[[Floats], Floats]:
    """The mixture of `predictive`, wide prior on the spread (a millisecond a fit: few masks)."""
    fits = np.empty(looks.shape[:-1], dtype=object)
    for at in np.ndindex(fits.shape):
        seen = looks[at][np.isfinite(looks[at])]
        fits[at] = fit(seen) if len(seen) else None

    def ask(counts: Floats) -> Floats:
        found = np.full(counts.shape, np.nan)
        for at in np.ndindex(fits.shape):
            if fits[at] is not None and np.isfinite(counts[at]):
                found[at] = fits[at].exceed([counts[at]])[0]
        return found

    return ask


def changed(**constants: float) -> Statistic:
    """The test itself with other constants."""

    def statistic(looks: Floats, age: Floats) -> Callable[[Floats], Floats]:
        with patch.multiple(forecast, **constants):
            return forecast_tail(looks, age)

    return statistic


TRIED: dict[str, Statistic] = {
    "forecast: memory 2 years, spread drawn to 0.2, outliers at 2.58 (used)": forecast_tail,
    "the same, memory 1 year": changed(MEMORY_DAYS=365.25),
    "the same, no memory (all looks of the window alike)": changed(MEMORY_DAYS=1e9),
    "the same, outliers not weighted down": changed(OUTLIER=1e9),
    "the same, spread not drawn": changed(SPREAD_GUESS_LOOKS=0.01),
    "the same, spread drawn to 0.5": changed(SPREAD_GUESS=0.5),
    "Poisson with memory 2 years": changed(SPREAD_GUESS=0.01, SPREAD_GUESS_LOOKS=1e9),
    "normal tail of log(y + 1)": z_log,
    "EARS C1 on the last seven looks": ears_c1,
    "rank in the window": rank_in_window,
}
SLOW: dict[str, Statistic] = {"Bayesian mixture, wide prior (2 masks)": bayesian}


def compare(grounds: Grounds, seen: np.ndarray, *, slow: bool = True) -> list[dict[str, float | str]]:
    """A row a method."""
    rows = []
    jobs = [(name, one, seen) for name, one in TRIED.items()]
    jobs += [(name, one, seen[:2]) for name, one in SLOW.items()] if slow else []
    for name, statistic, shown in jobs:
        with np.errstate(all="ignore"):
            found = tails(grounds, shown, statistic)
        alarms = calibrated_alarms(found, shown)
        rate, low, high = with_interval(alarms[0])
        tested = found[0, tested_months()]
        power = power_at_true_rate(found)
        rows.append(
            {
                "method": name,
                "nominal": float((tested[np.isfinite(tested)] <= 0.01).mean()),
                "power_x2": power[1],
                "power_x3": power[2],
                "calibrated": rate,
                "calibrated_low": low,
                "calibrated_high": high,
                "calibrated_power_x2": float(np.nanmean(alarms[1])),
                "calibrated_power_x3": float(np.nanmean(alarms[2])),
            }
        )
    return rows
