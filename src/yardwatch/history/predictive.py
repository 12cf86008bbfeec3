"""Negative-binomial predictive distribution of a count, with the uncertainty of its mean and its spread.

Model: `y_i ~ NB(mean = m·v_i, size = 1/c²)`, so that `Var y_i = m·v_i + (c·m·v_i)²`; `v_i` is the visible fraction
of track (the offset log v_i), `m` the mean of a fully visible look, `c` how much the rate differs from look to look.
This is a Poisson count with a gamma-distributed rate, and stays one when only a share v of the track is seen.

Prior: `√m ~ half-Cauchy(5)` (flat in √m near zero, Jeffreys' choice for a Poisson mean; half its weight below 25
cars) and `c ~ half-normal(1)` cut at 2 (a rate that differs between looks by about itself or less). Both are proper, so
three looks, or nothing but zeros, still give an answer; the fewer the looks, the wider it is.

Posterior on a grid of (log m, c), narrowed to where it has weight. Predictive exceedance:
`P(Y ≥ k) = Σ_grid w · I_q(k, 1/c²)`, `q = c²mv / (1 + c²mv)`, `I` the regularised incomplete beta function.

Outliers: weights from Anscombe residuals of a quasi-Poisson fit, `r = 1.5 (y^⅔ − μ^⅔) / (μ^⅙ √(φ(1 − h)))`;
a look with r > 2.58 gets weight ∝ r⁻², so that a past surge does not hide the next one. The price: where looks
truly vary much, the upper tail is read too light (at c = 0.5 the 3 % point by a quarter).

Sources: Farrington et al. (1996); Noufaily et al. (2013) for the reweighting and its threshold; Gelman (2006) for
proper weak priors on a spread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammaln

Floats = NDArray[np.float64]
LogLikelihood = Callable[[Floats, Floats], Floats]

ANSCOMBE_THRESHOLD = 2.58
"""Above this residual a look counts as an outlier (Noufaily et al. 2013: the 99.5 % point of a normal)."""
MEAN_RANGE = (1e-4, 1e5)
"""Cars a look; wider than any yard."""
SPREAD_RANGE = (0.01, 2.0)
"""Coefficient of variation of the rate: at 0.01 a count is Poisson to all purposes, above 2 the looks are of two
kinds of day and one mean says nothing."""
GRID = (60, 20)
"""Points in log m and in c: exceedances above 1e-4 are within 1 % of those of a grid fifty times finer."""
NEGLIGIBLE = 20.0
"""Log-posterior this far below its peak (2e-9 of it) is left off the grid."""


@dataclass(frozen=True)
class Prior:
    """Scales of the two weak priors, in √cars and as a share of the mean."""

    root_mean: float = 5.0
    spread: float = 1.0


DEFAULT_PRIOR = Prior()


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictive:
    """What a further look would show: a mixture of negative binomials."""

    mean_at: Floats
    """(g,): mean of a fully visible look at each grid point."""
    spread_at: Floats
    """(g,): coefficient of variation of the rate."""
    weight: Floats
    """(g,): posterior weight; sums to one."""

    @property
    def mean(self) -> float:
        """Expected count of a fully visible look."""
        return float(self.weight @ self.mean_at)

    def exceed(self, counts: ArrayLike, visible: float = 1.0) -> Floats:
        """P(Y ≥ count) for each count (n,), at a visible fraction; one where a count is zero or below."""
        counts = np.atleast_1d(np.ceil(np.asarray(counts, float)))
        scaled = self.spread_at**2 * self.mean_at * visible
        odds = scaled / (1 + scaled)
        size = self.spread_at**-2.0
        tails = [float(self.weight @ betainc(k, size, odds)) if k > 0 else 1.0 for k in counts]
        return np.minimum(np.asarray(tails), 1.0)

    def quantile(self, share: float) -> int:
        """The smallest count with P(Y ≤ count) ≥ share, of a fully visible look."""
        low, high = -1, 1
        while 1 - self.exceed(high + 1)[0] < share:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if 1 - self.exceed(middle + 1)[0] >= share else (middle, high)
        return high


def fit(
    counts: ArrayLike, visible: ArrayLike | None = None, prior: Prior = DEFAULT_PRIOR, *, reweight: bool = True
) -> Predictive:
    """The predictive distribution from counts (n,) and visible fractions (n,), one where not given.

    `reweight` turns the outlier weights off for comparisons.

    Raises ValueError for no counts, a negative or non-finite one, or a visible fraction outside 0..1.
    """
    y = np.asarray(counts, float)
    v = np.ones_like(y) if visible is None else np.asarray(visible, float)
    if y.ndim != 1 or len(y) == 0 or y.shape != v.shape or not np.isfinite(y).all() or (y < 0).any():
        raise ValueError("a baseline needs a list of finite, non-negative counts, each with its visible fraction")
    if not ((v > 0) & (v <= 1)).all():
        raise ValueError("a visible fraction lies outside 0..1")
    return on_grid(prior, None, (y, v, outlier_weights(y, v) if reweight else np.ones_like(y)))


def on_grid(prior: Prior, also: LogLikelihood | None, data: tuple[Floats, Floats, Floats] | None = None) -> Predictive:
    """The posterior predictive from the prior, the looks (counts, visible fractions, weights) and a further likelihood.

    `also(means (m, 1), spreads (1, c))` is a log-likelihood (m, c) of what is known beside the looks.
    """
    looks = data if data is not None else (np.empty(0), np.empty(0), np.empty(0))

    def log_posterior(log_m: Floats, spread: Floats) -> Floats:
        total = _log_posterior(log_m, spread, looks, prior)
        return total if also is None else total + also(np.exp(log_m)[:, None], spread[None, :])

    log_m, spread = np.log(np.geomspace(*MEAN_RANGE, GRID[0])), np.linspace(*SPREAD_RANGE, GRID[1])
    for _ in range(3):
        log_m, spread = _narrowed(log_m, spread, log_posterior(log_m, spread))
    density = log_posterior(log_m, spread)
    keep = density > density.max() - NEGLIGIBLE
    cell = np.outer(_trapezium(len(log_m)), _trapezium(len(spread)))
    weight = (np.exp(density - density.max()) * cell)[keep]
    mean_at, spread_at = np.meshgrid(np.exp(log_m), spread, indexing="ij")
    return Predictive(mean_at=mean_at[keep], spread_at=spread_at[keep], weight=weight / weight.sum())


def outlier_weights(y: Floats, v: Floats) -> Floats:
    """Weights (n,), mean one: r⁻² where the Anscombe residual r exceeds the threshold, else one, rescaled."""
    if len(y) < 2 or y.sum() == 0:
        return np.ones_like(y)
    mu, leverage = y.sum() * v / v.sum(), v / v.sum()
    dispersion = max(1.0, float(((y - mu) ** 2 / mu).sum() / (len(y) - 1)))
    residual = 1.5 * (y ** (2 / 3) - mu ** (2 / 3)) / (mu ** (1 / 6) * np.sqrt(dispersion * (1 - leverage)))
    raw = np.where(residual > ANSCOMBE_THRESHOLD, np.maximum(residual, 1.0) ** -2.0, 1.0)
    return raw * len(y) / raw.sum()


def _log_posterior(log_m: Floats, spread: Floats, data: tuple[Floats, Floats, Floats], prior: Prior) -> Floats:
    """(m, c) up to a constant, for the measure d(log m)·dc."""
    m, size = np.exp(log_m)[:, None], spread[None, :] ** -2.0
    total = 0.5 * log_m[:, None] - np.log1p(m / prior.root_mean**2) - 0.5 * (spread[None, :] / prior.spread) ** 2
    if len(data[0]) == 0:
        return total
    rows, index = np.unique(np.stack([data[0], data[1]]), axis=1, return_inverse=True)
    for y, v, w in zip(*rows, np.bincount(index.ravel(), weights=data[2]), strict=True):
        log_rest = np.log1p(m * v / size)
        log_likelihood = gammaln(y + size) - gammaln(size) - y * np.log(size) - size * log_rest
        total = total + w * (log_likelihood + y * (np.log(m * v) - log_rest))
    return total


def _trapezium(points: int) -> Floats:
    weights = np.ones(points)
    weights[[0, -1]] = 0.5
    return weights


def _narrowed(log_m: Floats, spread: Floats, log_posterior: Floats) -> tuple[Floats, Floats]:
    """The grid drawn anew over the part that has weight, one old cell wider on each side."""
    kept = log_posterior > log_posterior.max() - NEGLIGIBLE
    return _span(log_m, kept.any(axis=1)), _span(spread, kept.any(axis=0))


def _span(axis: Floats, kept: NDArray[np.bool_]) -> Floats:
    where = np.flatnonzero(kept)
    return np.linspace(axis[max(where[0] - 1, 0)], axis[min(where[-1] + 1, len(axis) - 1)], len(axis))
