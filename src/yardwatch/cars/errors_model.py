"""What reviews say of the counter's errors, and a count corrected for them.

A reviewer keeps, removes and adds cars. With Jeffreys' prior, precision ~ Beta(kept + ½, removed + ½) and recall
~ Beta(kept + ½, added + ½). Of n found cars k are real,

    k ~ Beta-binomial(n, precision),

and to them come m missed ones,

    m | k ~ negative binomial(k, r), mean k (1 − r) / r, r ~ recall: a Beta-negative-binomial

(Johnson, Kemp & Kotz 2005, *Univariate Discrete Distributions*, ch. 6). Without reviews nothing is changed. Reviews
are taken to be like the scene at hand; a review of one season says little of another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]

PRIOR = 0.5
"""Jeffreys' prior for a share."""
TAIL = 4
"""Missed cars are followed to this many times the found ones, and `TAIL_MIN` more; the rest is cut and renormalised."""
TAIL_MIN = 20
NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class ErrorModel:
    """Cars reviewed so far."""

    kept: int = 0
    removed: int = 0
    added: int = 0

    def __post_init__(self) -> None:
        refuse(min(self.kept, self.removed, self.added) < 0, f"reviewed cars cannot be negative: {self}")

    @classmethod
    def from_reviews(cls, *, kept: int, removed: int, added: int) -> ErrorModel:
        """Sums over all reviews."""
        return cls(kept, removed, added)

    @property
    def precision(self) -> tuple[float, float]:
        """α, β of the share of found cars that are real."""
        return self.kept + PRIOR, self.removed + PRIOR

    @property
    def recall(self) -> tuple[float, float]:
        """α, β of the share of real cars that are found."""
        return self.kept + PRIOR, self.added + PRIOR

    def correct(self, pmf: Floats) -> Floats:
        """The pmf of the real number of cars, given that of the found; unchanged without reviews."""
        if self.kept + self.removed + self.added == 0:
            return np.asarray(pmf, float)
        real = np.asarray(pmf, float) @ _real(len(pmf) - 1, *self.precision)
        corrected: Floats = np.zeros(len(pmf) + TAIL * (len(pmf) - 1) + TAIL_MIN)
        for k in np.flatnonzero(real > NEGLIGIBLE):
            missed = _missed(int(k), len(corrected) - int(k), *self.recall)
            corrected[k:] += real[k] * missed
        kept = np.flatnonzero(corrected > NEGLIGIBLE)[-1] + 1
        return corrected[:kept] / corrected[:kept].sum()


def _real(most: int, alpha: float, beta: float) -> Floats:
    """(n, k): chance that k of n found cars are real, Beta-binomial."""
    n, k = np.arange(most + 1)[:, None], np.arange(most + 1)[None, :]
    inside = np.maximum(n - k, 0)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(inside + 1)
    chance: Floats = np.where(k <= n, np.exp(ways + betaln(k + alpha, inside + beta) - betaln(alpha, beta)), 0)
    return chance


def _missed(k: int, size: int, alpha: float, beta: float) -> Floats:
    """(m,): chance of m missed beside k found real cars, Beta-negative-binomial, cut at `size` and renormalised."""
    m = np.arange(size)
    if k == 0:
        return (m == 0).astype(float)
    ways = gammaln(k + m) - gammaln(m + 1) - gammaln(k)
    chance = np.exp(ways + betaln(alpha + k, beta + m) - betaln(alpha, beta))
    return chance / chance.sum()
