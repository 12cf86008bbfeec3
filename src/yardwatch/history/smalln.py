"""Small n: what can be said with 0 to 10 looks, or with a published bound alone; the prior is stated with it.

Looks enter as in `predictive` (same model, same priors). A bound "at most U in the window", the number of looks behind
it not published, is a censored observation: with k looks behind it its likelihood is `P(Y ≤ U | m, c)^k`, and k is
summed over with the weights 1/k, k = 1 … 60 (one a month for five years; flat in log k). "At least L" is taken as one
look of L or more. The same bound cannot also say how many looks: n stays unknown.

With no looks and no bound the answer is the prior's alone, and is said to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from yardwatch.history.predictive import DEFAULT_PRIOR, Predictive, fit, on_grid

Floats = NDArray[np.float64]

MOST_LOOKS = 10
"""Above this the weighted forecast takes over."""
MOST_BEHIND_A_BOUND = 60
"""Looks behind a published bound of unknown n: one a month over five years."""
BAND_LEVEL = 0.9

PRIOR_STATED = (
    "prior: √(mean cars a look) half-Cauchy with scale 5; coefficient of variation of the rate half-normal with scale "
    "1, at most 2"
)
BOUND_STATED = "a bound is a censored observation; looks behind it 1 to 60, equally likely on a log scale"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Published statements without n."""

    at_most: tuple[float, ...] = ()
    at_least: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SmallN:
    """What few looks and bounds lead us to expect."""

    path: str
    """`prior`, `looks`, `bounds` or `looks and bounds`: what it rests on."""
    p: float | None
    """P(a further look is as high as the observed one); None where there is no observed count."""
    mean: float
    band: tuple[float, float]
    """Central 90 % of a further look."""
    looks: int
    bounds: int
    prior: str


def small_n(counts: Sequence[float], visible: Sequence[float], bounds: Bounds) -> Predictive:
    """The predictive distribution from 0 to 10 looks and any bounds. Raises ValueError for counts that are none."""
    if not (bounds.at_most or bounds.at_least):
        return fit(counts, visible) if len(counts) else on_grid(DEFAULT_PRIOR, None)
    y, v = np.asarray(counts, float), np.asarray(visible, float)
    return on_grid(DEFAULT_PRIOR, lambda m, c: _bounds(m, c, bounds), (y, v, np.ones_like(y)))


def stated(counts: Sequence[float], bounds: Bounds) -> tuple[str, str]:
    """What the distribution rests on, and its prior in words."""
    n = len(bounds.at_most) + len(bounds.at_least)
    path = " and ".join([*(["looks"] if len(counts) else []), *(["bounds"] if n else [])]) or "prior"
    return path, PRIOR_STATED + (f"; {BOUND_STATED}" if n else "")


def _nothing(m: Floats, c: Floats) -> Floats:
    return np.zeros(np.broadcast_shapes(m.shape, c.shape))


def _bounds(m: Floats, c: Floats, bounds: Bounds) -> Floats:
    """Log-likelihood of the bounds at means (m, 1) and spreads (1, c)."""
    total = _nothing(m, c)
    behind = np.arange(1, MOST_BEHIND_A_BOUND + 1)
    for most in bounds.at_most:
        below = np.clip(1 - _reach(np.floor(most) + 1, m, c), 1e-300, 1.0)
        powers = np.exp(behind[:, None, None] * np.log(below))
        total = total + np.log((powers / behind[:, None, None]).sum(axis=0) + 1e-300)
    for least in bounds.at_least:
        total = total + np.log(np.clip(_reach(np.ceil(least), m, c), 1e-300, 1.0))
    return total


def _reach(count: float, m: Floats, c: Floats) -> Floats:
    """P(Y ≥ count)."""
    if count <= 0:
        return np.ones(np.broadcast_shapes(m.shape, c.shape))
    scaled = c**2 * m
    return np.asarray(betainc(count, c**-2.0, scaled / (1 + scaled)))
