"""The forward pass over a batch of strips, once summing (the filter) and once taking the best (Viterbi).

With `C_k(t)` the summed scores of state k before t, and `in_k(a)` the log-weight of everything before a that
enters k at a,

    out_k(t) = C_k(t) + ⊕_d [ in_k(t − d) − C_k(t − d) + log p_k(d) ]
    in_car = out_empty ⊕ out_gap,   in_gap = out_car + log c,   in_empty = out_car + log(1 − c)

where ⊕ is log-sum-exp (Rabiner 1989, *Proc. IEEE* 77, with durations; in log space) or maximum. Empty runs have
no longest length; as they are memoryless beyond the shortest, a running ⊕ does for them. The loop is over
positions; each step is vectorised over strips × durations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.chain import CAR, EMPTY, GAP, Chain
from yardwatch.cars.durations import LOG_ZERO, Durations

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kind = Literal["sum", "max"]


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a pass leaves behind; `n` strips, `S` steps of the longest. Shares are 0 or 1 in a `max` pass."""

    chain: Chain
    kind: Kind
    lengths: Ints
    """(n,): steps of each strip."""
    summed: Floats
    """(S + 1, 3, n): `C`."""
    enter: Floats
    """(S + 1, 3, n): `in`."""
    back: dict[int, Floats]
    """For CAR and GAP, (S + 1, d, n): share of a run that ends at t and has lasted 1, 2, … d steps."""
    from_gap: Floats
    """(S + 1, n): share of what enters a car at a that comes from a gap."""
    first: Floats
    """(S + 1, n): share of an empty run that ends at t and reaches back to the strip's beginning."""
    runs: Floats
    """(S + 1, n): ⊕ over a' ≤ a of the weight of an empty run begun at a', for the search back."""


def sweep(chain: Chain, scores: Floats, lengths: Ints, kind: Kind) -> Sweep:
    """One pass over scores (n, S, 3), padded with zeros beyond each strip's length."""
    n, size, _ = scores.shape
    summed = np.zeros((size + 1, 3, n))
    summed[1:] = scores.transpose(1, 2, 0).cumsum(axis=0)
    state = Sweep(
        chain=chain,
        kind=kind,
        lengths=lengths,
        summed=summed,
        enter=np.full((size + 1, 3, n), LOG_ZERO),
        back={k: np.zeros((size + 1, d.longest, n)) for k, d in ((CAR, chain.car), (GAP, chain.gap))},
        from_gap=np.zeros((size + 1, n)),
        first=np.zeros((size + 1, n)),
        runs=np.full((size + 1, n), LOG_ZERO),
    )
    state.enter[0] = chain.log_start[:, None]
    _fill(state)
    return state


def _fill(state: Sweep) -> None:
    chain, join = state.chain, _JOIN[state.kind]
    pending = {k: state.enter[:, k] - state.summed[:, k] for k in (CAR, GAP)}
    stay, couple, part = np.log(chain.empty.stay), np.log(chain.coupled), np.log1p(-chain.coupled)
    steps = np.arange(1, len(state.summed))
    fresh = chain.log_start[EMPTY] + chain.empty.log_mass(steps, cut_start=True, cut_end=False)
    settled = np.log1p(-chain.empty.stay) - chain.empty.shortest * stay + stay * steps
    for t in range(1, len(state.summed)):
        out_car = state.summed[t, CAR] + _leave(state, pending[CAR], chain.car, CAR, t)
        out_gap = state.summed[t, GAP] + _leave(state, pending[GAP], chain.gap, GAP, t)
        later = state.runs[max(t - chain.empty.shortest, 0)] + settled[t - 1]
        out_empty, state.first[t] = join(later, fresh[t - 1])
        out_empty = out_empty + state.summed[t, EMPTY]
        state.enter[t, CAR], state.from_gap[t] = join(out_empty, out_gap)
        state.enter[t, GAP] = out_car + couple
        state.enter[t, EMPTY] = out_car + part
        for k, waiting in pending.items():
            waiting[t] = state.enter[t, k] - state.summed[t, k]
        begun = state.enter[t, EMPTY] - state.summed[t, EMPTY] - stay * t
        state.runs[t] = join(state.runs[t - 1], begun)[0]


def _leave(state: Sweep, pending: Floats, durations: Durations, k: int, t: int) -> Floats:
    """⊕ over the durations that end at t; leaves each duration's share in `back`."""
    reach = min(t, durations.longest)
    window = pending[t - reach : t][::-1] + durations.log_mass[0, 0, 1 : reach + 1, None]
    if reach == t:
        window[-1] = pending[0] + durations.log_mass[1, 0, t]
    total, share = _REDUCE[state.kind](window)
    state.back[k][t, :reach] = share
    return total


def log_sum(x: Floats) -> tuple[Floats, Floats]:
    """Log-sum-exp over the first axis, and each entry's share."""
    top = x.max(axis=0)
    weight = np.exp(x - top)
    total = weight.sum(axis=0)
    weight /= total
    return top + np.log(total), weight


def best(x: Floats) -> tuple[Floats, Floats]:
    """Maximum over the first axis, and 1 at the entry that holds it."""
    share = np.zeros(x.shape)
    place = (x.argmax(axis=0), *np.indices(x.shape[1:], sparse=True))
    share[place] = 1
    return x[place], share


def _join_sum(a: Floats, b: Floats | float) -> tuple[Floats, Floats]:
    total = np.logaddexp(a, b)
    return total, np.exp(b - total)


def _join_best(a: Floats, b: Floats | float) -> tuple[Floats, Floats]:
    return np.maximum(a, b), (b > a).astype(float)


_REDUCE: dict[Kind, Callable[[Floats], tuple[Floats, Floats]]] = {"sum": log_sum, "max": best}
_JOIN: dict[Kind, Callable[[Floats, Floats | float], tuple[Floats, Floats]]] = {"sum": _join_sum, "max": _join_best}


@dataclass(frozen=True, eq=False)
class Ending:
    """The last run of one strip, which the strip's end cuts."""

    total: float
    """Log-likelihood of the strip (of its best path in a `max` pass)."""
    state: Ints
    start: Ints
    """(m,): state and first step of each possible last run."""
    share: Floats
    """(m,)."""


def ending(state: Sweep, i: int) -> Ending:
    """Every way in which strip i may end."""
    end = int(state.lengths[i])
    ks, starts, weights = [], [], []
    for k in (EMPTY, CAR, GAP):
        start, mass = _last_runs(state.chain, k, end)
        entered = state.enter[start, k, i] - state.summed[start, k, i] + state.summed[end, k, i]
        ks.append(np.full(len(start), k))
        starts.append(start)
        weights.append(entered + mass)
    total, share = _REDUCE[state.kind](np.concatenate(weights))
    return Ending(float(total), np.concatenate(ks), np.concatenate(starts), share)


def _last_runs(chain: Chain, k: int, end: int) -> tuple[Ints, Floats]:
    """Starts of the last run of state k, and the log-mass of its length, cut at the end and maybe at the start."""
    durations = {CAR: chain.car, GAP: chain.gap}.get(k)
    start = np.arange(max(0, end - durations.longest) if durations else 0, end)
    steps = end - start
    if durations is None:
        one, both = (chain.empty.log_mass(steps, cut_start=cut, cut_end=True) for cut in (False, True))
    else:
        one, both = durations.log_mass[0, 1, steps], durations.log_mass[1, 1, steps]
    return start, np.where(start == 0, both, one)
