"""Farrington flexible: the upper bound of a weekly count, as public health surveillance computes it.

Model over the b years before week t, its last 26 weeks left out: quasi-Poisson, `log μ = α + β·t + δ_{j(t)}`, `j` a
factor of ten levels: level 0 are the 2w + 1 weeks around the same date of each earlier year, the weeks between two
such spans are cut into nine periods of nearly equal length, longer ones first.

1. fit; `φ = max(1, Σ ω (y − μ)²/μ / (n − p))`;
2. Anscombe residuals `r = 1.5 (y^⅔ μ^(−1/6) − μ^½) / √(φ (1 − h))`; ω ∝ r⁻² where r > 2.58, else 1, Σ ω = n; fit anew;
3. the trend is dropped where the expected count exceeds every baseline count (Farrington et al. 1996);
4. upper bound: the 1 − α quantile of NB(mean μ₀, variance φ μ₀), Poisson where φ = 1 (plug-in).

Sources: Farrington, Andrews, Beale, Catchpole (1996); Noufaily et al. (2013). Written from the papers; outputs were
compared with the R package `surveillance` (docs/history.md).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import nbinom, poisson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEK = timedelta(weeks=1)
STEPS = 100
"""Of reweighted least squares; a few are enough, except where a whole period is zero and its level runs to −∞."""
CONVERGED = 1e-9
FLOOR = -30.0
"""Least log μ, for periods in which nothing was ever seen."""


@dataclass(frozen=True, kw_only=True)
class Flexible:
    """Parameters, with the values of the published comparison."""

    years: int = 4
    half_window: int = 3
    periods: int = 10
    left_out: int = 26
    """Weeks before the tested one."""
    outlier: float = 2.58
    alpha: float = 0.05


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Of one week."""

    expected: float
    dispersion: float
    upper: float
    trend: bool
    weeks: int
    """Baseline weeks."""

    def alarm(self, count: float) -> bool:
        """Whether a count is above the upper bound."""
        return count > self.upper


def farrington_flexible(
    counts: ArrayLike,
    first: date,
    at: int,
    options: Flexible = Flexible(),
) -> Threshold:
    """The threshold of week `at` of weekly counts (n,) whose first week begins on `first`.

    Raises ValueError where the series does not reach back far enough or holds anything but finite counts.
    """
    y = np.asarray(counts, float)
    if y.ndim != 1 or not np.isfinite(y).all() or (y < 0).any():
        raise ValueError("weekly counts must be finite and non-negative; a missing week needs a value or a later start")
    level = seasons(first, at, options)
    use = np.flatnonzero(level[: max(at - options.left_out, 0)] >= 0)
    baseline = (y[use], use, level[use])
    found = _threshold(baseline, at, options, trend=True)
    if found.expected > y[use].max():
        return _threshold(baseline, at, options, trend=False)
    return found


def seasons(first: date, at: int, options: Flexible) -> Ints:
    """(at + 1,): period of each week, 0 around the same date of each year, −1 before the baseline begins."""
    centres = sorted(_years_back(first, at, years) for years in range(options.years + 1))
    w = options.half_window
    if centres[0] < 0:
        raise ValueError(f"week {at} has fewer than {options.years} years before it; take fewer years or a later week")
    level = np.full(at + 1, -1)
    for before, after in itertools.pairwise(centres):
        between = np.arange(before + w + 1, after - w)
        for period, weeks in enumerate(np.array_split(between, options.periods - 1), start=1):
            level[weeks] = period
    for centre in centres:
        level[max(0, centre - w) : centre + w + 1] = 0
    return level


def _years_back(first: date, at: int, years: int) -> int:
    """Index of the week that begins nearest to the same date some years before week `at`."""
    day = first + at * WEEK
    last = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return round((last.replace(year=day.year - years) - first) / WEEK)


def _threshold(baseline: tuple[Floats, Ints, Ints], at: int, options: Flexible, *, trend: bool) -> Threshold:
    y, weeks, level = baseline
    if not y.any():
        return Threshold(expected=0.0, dispersion=1.0, upper=0.0, trend=False, weeks=len(y))
    columns = [np.ones(len(y)), *([weeks / 52.0] if trend else [])]
    design = np.column_stack([*columns, *((level == j).astype(float) for j in range(1, options.periods))])
    now = np.zeros(design.shape[1])
    now[: len(columns)] = [1.0, at / 52.0][: len(columns)]
    weight = np.ones(len(y))
    beta, mu, leverage = _fit(design, y, weight)
    residual = 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu))
    residual /= np.sqrt(_dispersion(y, mu, weight, len(now)) * np.maximum(1 - leverage, 1e-9))
    weight = np.where(residual > options.outlier, np.maximum(residual, 1.0) ** -2.0, 1.0)
    weight *= len(y) / weight.sum()
    beta, mu, _ = _fit(design, y, weight)
    expected, dispersion = float(np.exp(now @ beta)), _dispersion(y, mu, weight, len(now))
    upper = _upper(expected, dispersion, options.alpha)
    return Threshold(expected=expected, dispersion=dispersion, upper=upper, trend=trend, weeks=len(y))


def _upper(expected: float, dispersion: float, alpha: float) -> float:
    if dispersion <= 1:
        return float(poisson.ppf(1 - alpha, expected))
    return float(nbinom.ppf(1 - alpha, expected / (dispersion - 1), 1 / dispersion))


def _dispersion(y: Floats, mu: Floats, weight: Floats, parameters: int) -> float:
    return max(1.0, float((weight * (y - mu) ** 2 / mu).sum()) / (len(y) - parameters))


def _fit(design: Floats, y: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients, means and leverages of a weighted log-linear Poisson fit, by reweighted least squares."""
    eta: Floats = np.log(y + 0.1)
    beta: Floats = np.zeros(design.shape[1])
    for _ in range(STEPS):
        mu = np.exp(eta)
        root = np.sqrt(weight * mu)
        working = root * (eta + (y - mu) / mu)
        beta = np.asarray(np.linalg.lstsq(design * root[:, None], working, rcond=None)[0], np.float64)
        before = eta
        eta = np.asarray(np.clip(design @ beta, FLOOR, None))
        if np.abs(eta - before).max() < CONVERGED:
            break
    mu = np.exp(eta)
    basis = np.linalg.qr(design * np.sqrt(weight * mu)[:, None])[0]
    return beta, mu, (basis**2).sum(axis=1)
