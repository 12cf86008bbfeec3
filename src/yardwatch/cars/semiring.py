"""The two meanings of ⊕ in a pass over a strip: the sum of all that may have happened, or the best of it.

Both are semirings with + for "and then" (Goodman 1999, *Computational Linguistics* 25), so one recursion serves the
filter (log-sum-exp) and Viterbi (maximum). A share is what one alternative holds of all; of the best it is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Semiring:
    """One meaning of ⊕, on log-weights."""

    join: np.ufunc
    """a ⊕ b; `join.accumulate` runs along an axis."""
    over: Callable[[Floats], Floats]
    """⊕ over the last axis."""
    share: Callable[[Floats, Floats], Floats]
    """Of b in a ⊕ b; the best of two equals is a."""
    shares: Callable[[Floats], Floats]
    """Of each entry of the last axis; the best of equals is the first."""


def _log_sum(x: Floats) -> Floats:
    top = x.max(axis=-1)
    total: Floats = top + np.log(np.exp(x - top[..., None]).sum(axis=-1))
    return total


def _share(a: Floats, b: Floats) -> Floats:
    part: Floats = np.exp(b - np.logaddexp(a, b))
    return part


def _shares(x: Floats) -> Floats:
    weight = x - x.max(axis=-1, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=-1, keepdims=True)
    return weight


def _best(x: Floats) -> Floats:
    best: Floats = x.max(axis=-1)
    return best


def _is_better(a: Floats, b: Floats) -> Floats:
    return (b > a).astype(np.float64)


def _is_best(x: Floats) -> Floats:
    return (np.arange(x.shape[-1]) == x.argmax(axis=-1)[..., None]).astype(np.float64)


SUM = Semiring(np.logaddexp, _log_sum, _share, _shares)
MAX = Semiring(np.maximum, _best, _is_better, _is_best)
