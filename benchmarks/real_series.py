"""Real monthly counts as if a few images a year had been bought: the ground on which the surge test is measured.

Trains by US border port (`port_code`), January 2000 to December 2019, ports with more than 200 months and a mean of at
least five a month. A mask keeps 40 % of the months as looks. Every third month is tested against the kept months of
the five years that end three months before it. A surge ×f is the month plus Poisson((f − 1) × month). Calibration
uses the kept months of all ports before the tested month alone.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yardwatch.history.calibration import ranked
from yardwatch.history.forecast import Moments, moments

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FIRST_YEAR, MONTHS = 2000, 240
MASKS, KEPT = 20, 0.4
WINDOW_MONTHS, LEFT_OUT_MONTHS = 60, 3
STEP = 3
MIN_LOOKS = 6
FACTORS = (1, 2, 3)
LEVEL = 0.01
BOOTSTRAPS = 2000

Statistic = Callable[[Floats, Floats], Callable[[Floats], Floats]]
"""(looks (..., n) with NaN, age in days (n,)) → (counts (...)) → tails, small where a count is unusual."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Ports and their counts."""

    ports: tuple[str, ...]
    counts: Floats
    """(port, month), NaN where nothing was published."""


def load(folder: Path, measure: str = "Trains", least_mean: float = 5.0) -> Grounds:
    """The ports that qualify."""
    rows: dict[str, dict[int, float]] = {}
    with gzip.open(folder / "series" / "bts_rail_monthly.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            year, month = map(int, row["month"].split("-"))
            at = (year - FIRST_YEAR) * 12 + month - 1
            if row["measure"] == measure and 0 <= at < MONTHS:
                rows.setdefault(row["port_code"], {})[at] = float(row["value"])
    kept = {
        port: months
        for port, months in sorted(rows.items())
        if len(months) > 200 and np.mean(list(months.values())) >= least_mean
    }
    counts = np.full((len(kept), MONTHS), np.nan)
    for i, months in enumerate(kept.values()):
        counts[i, list(months)] = list(months.values())
    return Grounds(ports=tuple(kept), counts=counts)


def masks(shape: tuple[int, ...], first_seed: int = 0) -> Bools:
    """(mask, port, month): True where a month was looked at."""
    return np.array([np.random.default_rng(first_seed + s).random(shape) < KEPT for s in range(MASKS)])


def surged(counts: Floats, factor: int) -> Floats:
    """The month plus Poisson((f − 1) × month)."""
    rng = np.random.default_rng(1000 + factor)
    return counts + rng.poisson(np.nan_to_num((factor - 1) * counts))


def forecast_tail(looks: Floats, age: Floats) -> Callable[[Floats], Floats]:
    """The test itself: P(Y ≥ y) under `yardwatch.history.forecast`."""
    found: Moments = moments(np.where(np.isfinite(looks).any(-1, keepdims=True), looks, 0.0), 1.0, age)
    return found.tail


def month_days() -> NDArray[np.int64]:
    """Proleptic ordinal of the first of each month."""
    return np.array([date(FIRST_YEAR + m // 12, m % 12 + 1, 1).toordinal() for m in range(MONTHS)])


def tails(grounds: Grounds, seen: Bools, statistic: Statistic) -> Floats:
    """(factor, month, mask, port): tail of every month at each factor; NaN without enough looks before it."""
    day, shown = month_days(), [surged(grounds.counts, f) for f in FACTORS]
    found = np.full((len(FACTORS), MONTHS, *seen.shape[:2]), np.nan)
    for month in range(MIN_LOOKS + LEFT_OUT_MONTHS, MONTHS):
        first, last = max(0, month - WINDOW_MONTHS - LEFT_OUT_MONTHS), month - LEFT_OUT_MONTHS
        looks = np.where(seen[:, :, first:last], grounds.counts[None, :, first:last], np.nan)
        ask = statistic(looks, (day[month] - day[first:last]).astype(float))
        enough = (np.isfinite(looks).sum(-1) >= MIN_LOOKS) & np.isfinite(grounds.counts[:, month])
        for f, counts in enumerate(shown):
            found[f, month] = np.where(enough, ask(np.broadcast_to(counts[:, month], enough.shape)), np.nan)
    return found


def tested_months() -> NDArray[np.int64]:
    """Every third month from the first that has a whole window before it."""
    return np.arange(WINDOW_MONTHS + LEFT_OUT_MONTHS, MONTHS, STEP)


def power_at_true_rate(found: Floats) -> tuple[float, ...]:
    """Share alarmed at each factor when the threshold is set so that the untouched months alarm in exactly 1 %."""
    tested = found[:, tested_months()]
    valid = np.isfinite(tested[0])
    threshold = np.quantile(tested[0][valid], LEVEL, method="lower")
    return tuple(float((tested[f][valid] <= threshold).mean()) for f in range(len(FACTORS)))


def calibrated_alarms(found: Floats, seen: Bools) -> Floats:
    """(factor, test, mask, port): 1 where the calibrated p is at most 1 %, NaN where there is none."""
    tests = tested_months()
    alarms = np.full((len(FACTORS), len(tests), *seen.shape[:2]), np.nan)
    for mask in range(seen.shape[0]):
        for i, month in enumerate(tests):
            past = found[0, :month, mask][seen[mask, :, :month].T]
            past = np.sort(past[np.isfinite(past)])
            for f in range(len(FACTORS)):
                now = found[f, month, mask]
                alarms[f, i, mask] = np.where(np.isfinite(now), ranked(past, np.nan_to_num(now)) <= LEVEL, np.nan)
    return alarms


def with_interval(alarms: Floats, seed: int = 5) -> tuple[float, float, float]:
    """Share of alarms (test, mask, port) and its 95 % interval by drawing ports anew (cluster bootstrap)."""
    raised, made = np.nansum(alarms, axis=(0, 1)), np.isfinite(alarms).sum(axis=(0, 1))
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(raised), (BOOTSTRAPS, len(raised)))
    shares = raised[drawn].sum(axis=1) / made[drawn].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(raised.sum() / made.sum()), float(low), float(high)
