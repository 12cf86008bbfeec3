"""Change point: when the level of a zone last changed, as a posterior over the gaps between its looks.

Bayesian on-line change-point detection (Adams and MacKay 2007) for counts and for uneven gaps. Looks `y_1 … y_n` of
one zone and unit fall into runs; within a run `y_i ~ NB(mean m·v_i, size 1/c²)`, `v_i` the visible fraction; each run
has its own level `m`, all runs share the spread `c`. A change happens at any time with a constant rate, so the chance
that one lies in the gap before look k is `h_k = 1 − exp(−days_k / τ)`: a long gap is likelier to hide one.

    M(s, t) = ∫ π(m) Π_{i=s…t} NB(y_i; m v_i, c) dm
    a(1) = 1,  a(s) = h_s Σ_{r<s} a(r) M(r, s−1) Π_{r<k<s} (1 − h_k)
    P(the current run began at look s | y) ∝ a(s) M(s, n) Π_{s<k≤n} (1 − h_k),   mixed over c

The sum over all partitions is exact; only the integrals over m and c are sums over a grid. Priors: those of
`predictive.py` (√m half-Cauchy, c half-normal) and τ = 2 years. At most the newest 60 looks are taken in.

Source: Adams and MacKay (2007), arXiv:0710.3742; Fearnhead (2006), *Statistics and Computing* 16, 203–213.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, logsumexp

Floats = NDArray[np.float64]

MAX_LOOKS = 60
"""Newest looks taken in: work grows with their square, and what lies further back says little of the last change."""
LEVELS, SPREADS = 160, 9
"""Grid points in log m and in log c."""
SPREAD_RANGE = (0.03, 1.5)


@dataclass(frozen=True)
class ChangePrior:
    """What is taken to be likely before any look."""

    days_between_changes: float = 730.0
    """τ: a yard's level is expected to change every other year; a tenth or tenfold of it moves the odds by as much."""
    root_mean: float = 5.0
    spread: float = 1.0


DEFAULT_PRIOR = ChangePrior()


@dataclass(frozen=True, kw_only=True, eq=False)
class LastChange:
    """Posterior of the last change of level."""

    last: Floats
    """(n,): chance that the run of the newest look began with look k; [0]: no change since the first look."""
    rise: Floats
    """(n,): chance that it did so and that the level rose there; [0] is zero."""

    @property
    def change(self) -> float:
        """Chance of any change at all."""
        return float(1 - self.last[0])

    def widest(self, level: float) -> tuple[int, int]:
        """First and last k of the shortest row of gaps that holds at least `level` of the rise; ties: the likelier.

        Gap k lies between look k − 1 and look k. Raises ValueError with fewer than two looks.
        """
        if len(self.rise) < 2 or self.rise.sum() <= 0:
            raise ValueError("a change needs two looks to lie between")
        return _shortest(self.rise[1:] / self.rise[1:].sum(), level)


def last_change(
    days: Sequence[date],
    counts: ArrayLike,
    visible: ArrayLike | None = None,
    prior: ChangePrior = DEFAULT_PRIOR,
) -> LastChange:
    """The posterior from looks in order of date: days, counts (n,) and visible fractions (n,), one where not given.

    Raises ValueError for no looks, days out of order, a negative or non-finite count, a visible fraction outside 0..1.
    """
    y, v = _checked(days, counts, visible)
    gaps = np.diff([day.toordinal() for day in days]).astype(float)
    cut = max(0, len(y) - MAX_LOOKS)
    y, v, gaps = y[cut:], v[cut:], gaps[cut:]
    log_m, log_prior = _levels(y, v, prior)
    spreads = np.geomspace(*SPREAD_RANGE, SPREADS)
    looks = _log_likelihood(y, v, np.exp(log_m), spreads)
    log_last, before = _forward(looks, log_prior, gaps, prior)
    log_last += _spread_prior(spreads, prior)
    weight = np.exp(log_last - logsumexp(log_last))
    rise = _rising(weight, looks, log_prior, before)
    pad = np.zeros(cut)
    joined = weight.sum(axis=1)
    if cut == 0:
        return LastChange(last=joined, rise=rise)
    return LastChange(last=np.r_[joined[:1], pad, joined[1:]], rise=np.r_[rise[:1], pad, rise[1:]])


def _checked(days: Sequence[date], counts: ArrayLike, visible: ArrayLike | None) -> tuple[Floats, Floats]:
    y = np.asarray(counts, float)
    v = np.ones_like(y) if visible is None else np.asarray(visible, float)
    if y.ndim != 1 or len(y) == 0 or len(days) != len(y) or v.shape != y.shape:
        raise ValueError("a change point needs looks, each with its day, count and visible fraction")
    if not np.isfinite(y).all() or (y < 0).any() or not ((v > 0) & (v <= 1)).all():
        raise ValueError("a change point needs finite counts of zero or more and visible fractions above 0, at most 1")
    if any(later < earlier for earlier, later in pairwise(days)):
        raise ValueError("the looks of a change point are not in order of date")
    return y, v


def _levels(y: Floats, v: Floats, prior: ChangePrior) -> tuple[Floats, Floats]:
    """Grid of log m around what was seen, and the log prior weight of each point."""
    seen = y / v
    low = max(0.05, 0.25 * float(seen.min()))
    log_m = np.linspace(np.log(low), np.log(4 * float(seen.max()) + 8), LEVELS)
    log_prior = 0.5 * log_m - np.log1p(np.exp(log_m) / prior.root_mean**2)
    return log_m, log_prior - np.log(np.pi * prior.root_mean) + np.log(log_m[1] - log_m[0])


def _spread_prior(spreads: Floats, prior: ChangePrior) -> Floats:
    """(c,): log weight of each spread, half-normal in c on a grid even in log c."""
    return -0.5 * (spreads / prior.spread) ** 2 + np.log(spreads)


def _log_likelihood(y: Floats, v: Floats, m: Floats, spreads: Floats) -> Floats:
    """(n + 1, m, c): log-likelihoods summed over the looks before each, so that a run is a difference of two."""
    size = spreads[None, None, :] ** -2.0
    mean = m[None, :, None] * v[:, None, None]
    y = y[:, None, None]
    rest = np.log1p(mean / size)
    each = gammaln(y + size) - gammaln(size) - gammaln(y + 1) - size * rest
    each = each + y * (np.log(mean / size) - rest)
    return np.concatenate([np.zeros((1, *each.shape[1:])), np.cumsum(each, axis=0)])


def _forward(looks: Floats, log_prior: Floats, gaps: Floats, prior: ChangePrior) -> tuple[Floats, list[Floats]]:
    """Log P(y, the run of the newest look began at s), (n, c); and for each k the log weights (k, c) of runs before."""
    n, spreads = len(looks) - 1, looks.shape[2]
    stay = np.r_[0.0, np.cumsum(-gaps / prior.days_between_changes)]
    change = np.log(-np.expm1(-np.maximum(gaps, 1e-9) / prior.days_between_changes))
    start = np.zeros((n, spreads))
    before: list[Floats] = [np.zeros((0, spreads))]
    weights = np.zeros((0, spreads))
    for t in range(n):
        if t > 0:
            start[t] = change[t - 1] + logsumexp(weights, axis=0)
            before.append(weights)
        run = logsumexp(log_prior[None, :, None] + looks[t + 1] - looks[: t + 1], axis=1)
        weights = start[: t + 1] + run + (stay[t] - stay[: t + 1])[:, None]
    return weights, before


def _rising(weight: Floats, looks: Floats, log_prior: Floats, before: list[Floats]) -> Floats:
    """(n,): chance that the last change came with look k and that the level after it is above the level before."""
    rise = np.zeros(len(weight))
    for k in range(1, len(weight)):
        if weight[k].sum() < 1e-6:
            continue
        after = _normal(log_prior[:, None] + looks[-1] - looks[k])
        runs = np.exp(before[k] - logsumexp(before[k], axis=0))
        levels = _normal(log_prior[None, :, None] + looks[k] - looks[:k], axis=1)
        old = np.einsum("sc,smc->mc", runs, levels)
        below = np.cumsum(old, axis=0) - 0.5 * old
        rise[k] = float(weight[k] @ (after * below).sum(axis=0))
    return rise


def _normal(log_weight: Floats, axis: int = 0) -> Floats:
    weight = np.exp(log_weight - log_weight.max(axis=axis, keepdims=True))
    return weight / weight.sum(axis=axis, keepdims=True)


def _shortest(mass: Floats, level: float) -> tuple[int, int]:
    """Shortest row of neighbours that holds the level, as first and last k, counted from one."""
    total = np.r_[0.0, np.cumsum(mass)]
    for width in range(1, len(mass) + 1):
        held = total[width:] - total[:-width]
        best = int(held.argmax())
        if held[best] >= level - 1e-12:
            return best + 1, best + width
    return 1, len(mass)
