"""Forecast: the negative-binomial plug-in baseline of records with more than ten looks; many series at a time.

A look weighs `w = e^(−age/2 years)` at first. With visible fractions v (offset log v) and season levels s, μ = m·v·s:

    m  = Σ w y / Σ w v s
    c² = max(0.01², (n_e·ĉ² + 5·0.2²) / (n_e + 5)),   ĉ² = n_e/(n_e − 1) · Σ w ((y − μ)² − μ) / Σ w μ²
    n_e = (Σ w)² / Σ w²
    Var Y = (μ + c²μ²)(1 + 1/n_e),                    Y ~ NB with that mean and variance

`c` is how much the rate differs from look to look: a moment estimate drawn towards 0.2, which is given the worth of
five looks. `1/n_e` is the uncertainty of the mean. Past surges: a look whose Anscombe residual exceeds 2.58 has its
weight multiplied by r⁻² and both are estimated anew (Noufaily et al. 2013).

Why not the Bayesian mixture of `predictive` at every n: on 32 real monthly series its wide prior on the spread made
the test weaker at the same true false-alarm rate (docs/history.md, table of what was tried).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

Floats = NDArray[np.float64]

MEMORY_DAYS = 730.5
"""A look this old weighs 1/e of a new one: old enough for two winters, young enough for a new normal to be learned."""
SPREAD_GUESS = 0.2
"""Coefficient of variation of the rate that looks are drawn towards."""
SPREAD_GUESS_LOOKS = 5.0
"""How many looks that guess is worth."""
SPREAD_LEAST = 0.01
LEAST_MEAN = 0.25
"""Cars; with nothing but zeros the mean is not zero but below one car in four looks."""
OUTLIER = 2.58
"""Anscombe residual above which a look is weighted down (Noufaily et al. 2013)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Moments:
    """Mean and spread of one series or of many; all of one shape (...)."""

    mean: Floats
    """Of a fully visible look at season level one."""
    spread: Floats
    """Coefficient of variation of the rate."""
    looks: Floats
    """Effective number of looks n_e."""

    def tail(self, counts: ArrayLike, exposure: ArrayLike = 1.0) -> Floats:
        """P(Y ≥ count), broadcast against (...); `exposure` is visible fraction × season level."""
        k = np.ceil(np.asarray(counts, float))
        mu = self.mean * np.asarray(exposure, float)
        variance = (mu + (self.spread * mu) ** 2) * (1 + 1 / self.looks)
        size = mu**2 / (variance - mu)
        return np.where(k > 0, betainc(np.maximum(k, 1.0), size, (variance - mu) / variance), 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecast:
    """What a further look would show, of one series; the same questions as `predictive.Predictive` answers."""

    moments: Moments
    level: float = 1.0
    """Season level of the further look."""
    seasonal: bool = False
    """Whether seasonal levels were fitted."""

    @property
    def mean(self) -> float:
        """Expected count of a fully visible look."""
        return float(self.moments.mean) * self.level

    def exceed(self, counts: ArrayLike, visible: float = 1.0) -> Floats:
        """P(Y ≥ count) for each count (n,), at a visible fraction; one where a count is zero or below."""
        return self.moments.tail(np.atleast_1d(np.asarray(counts, float)), visible * self.level)

    def quantile(self, share: float) -> int:
        """The smallest count with P(Y ≤ count) ≥ share, of a fully visible look."""
        high = 1
        while 1 - self.exceed(high + 1)[0] < share:
            high *= 2
        return int(np.argmax(1 - self.exceed(np.arange(1, high + 2)) >= share))


def moments(counts: ArrayLike, exposure: ArrayLike, age_days: ArrayLike) -> Moments:
    """Moments of series (..., n); NaN in `counts` where there was no look.

    `exposure` (..., n) is visible fraction × season level, above zero; `age_days` (..., n) days before the look that is
    tested. Raises ValueError for a negative count or a series without a look.
    """
    y, v, age = np.broadcast_arrays(np.asarray(counts, float), np.asarray(exposure, float), np.asarray(age_days, float))
    seen = np.isfinite(y)
    if (y[seen] < 0).any() or not seen.any(axis=-1).all():
        raise ValueError("a forecast needs non-negative counts, at least one a series")
    y, v = np.where(seen, y, 0.0), np.where(seen, v, 1.0)
    youngest = np.min(np.where(seen, age, np.inf), axis=-1, keepdims=True)
    weight = np.where(seen, np.exp(-(np.where(seen, age, 0.0) - youngest) / MEMORY_DAYS), 0.0)
    first = _moments(y, v, weight)
    return _moments(y, v, weight * _outlier_factor(y, v, weight, first))


def _moments(y: Floats, v: Floats, weight: Floats) -> Moments:
    mean = np.maximum((weight * y).sum(-1) / (weight * v).sum(-1), LEAST_MEAN)
    looks = weight.sum(-1) ** 2 / (weight**2).sum(-1)
    mu = mean[..., None] * v
    excess = (weight * ((y - mu) ** 2 - mu)).sum(-1) / (weight * mu**2).sum(-1)
    excess = excess * looks / np.maximum(looks - 1, 0.5)
    drawn = (looks * excess + SPREAD_GUESS_LOOKS * SPREAD_GUESS**2) / (looks + SPREAD_GUESS_LOOKS)
    return Moments(mean=mean, spread=np.sqrt(np.maximum(drawn, SPREAD_LEAST**2)), looks=looks)


def _outlier_factor(y: Floats, v: Floats, weight: Floats, first: Moments) -> Floats:
    """(..., n): r⁻² where the Anscombe residual r of a quasi-Poisson fit exceeds the threshold, else one."""
    mu = first.mean[..., None] * v
    dispersion = (weight * (y - mu) ** 2 / mu).sum(-1) / weight.sum(-1)
    dispersion = np.maximum(1.0, dispersion * first.looks / np.maximum(first.looks - 1, 0.5))
    leverage = weight * v / (weight * v).sum(-1, keepdims=True)
    scale = np.sqrt(dispersion[..., None] * np.maximum(1 - leverage, 0.05))
    residual = 1.5 * (y ** (2 / 3) - mu ** (2 / 3)) / (mu ** (1 / 6) * scale)
    return np.where(residual > OUTLIER, np.maximum(residual, 1.0) ** -2.0, 1.0)
