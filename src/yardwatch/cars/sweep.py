"""The forward pass over a batch of strips, once summing (the filter) and once taking the best (Viterbi).

With `C_k(t)` the summed scores of state k before t, and `in_k(a)` the log-weight of everything before a that
enters k at a,

    out_k(t) = C_k(t) + ⊕_d [ in_k(t − d) − C_k(t − d) + log p_k(d) ]
    in_car = out_empty ⊕ out_gap,   in_gap = out_car + log c,   in_empty = out_car + log(1 − c)

where ⊕ is log-sum-exp (Rabiner 1989, *Proc. IEEE* 77, with durations; in log space) or maximum. Empty runs have
no longest length; as they are memoryless beyond the shortest, a running ⊕ does for them.

No car is shorter than B steps, so whatever leaves a car within B steps has entered it before them. Positions go in
blocks of B, five metres of track: `out_car` of a whole block follows from what lies before the block, then the gaps
and empty runs those cars open, then what enters a car; each vectorised over strips × positions × durations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from yardwatch.cars.chain import CAR, EMPTY, GAP, Chain
from yardwatch.cars.durations import LOG_ZERO
from yardwatch.cars.semiring import MAX, SUM, Semiring

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kind = Literal["sum", "max"]


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a pass leaves behind: `n` strips, `P` positions, of which t lies before step t.

    P is 1 and whole blocks up to the end of the longest strip; beyond a strip's own end nothing means anything.
    """

    chain: Chain
    ring: Semiring
    lengths: Ints
    """(n,): steps of each strip."""
    summed: Floats
    """(3, n, P): `C`."""
    left: Floats
    """(3, n, P): `out − C`."""
    pending: Floats
    """(3, n, lead + P): `in − C`, behind a lead that keeps windows inside; `LOG_ZERO` up to the strip's beginning."""
    whole: Floats
    """(3, P): log-weight of a run of CAR or GAP from the strip's beginning up to t, less `C`."""
    runs: Floats
    """(n, shortest + P): ⊕ over a' ≤ a of the weight of an empty run begun at a', behind a lead of the shortest run.
    What is empty from the strip's beginning has begun before it."""

    @property
    def lead(self) -> int:
        """Positions ahead of the strip's beginning in `pending`."""
        return self.pending.shape[2] - self.summed.shape[2]

    def shares(self, k: int, i: int) -> Floats:
        """(P, d): of a run of CAR or GAP in strip i that ends at t, the share that has lasted 1, 2, … d steps."""
        durations = self.chain.durations(k)
        windows = sliding_window_view(self.pending[k, i, self.lead - durations.longest : -1], durations.longest)
        weight = windows[:, ::-1] + durations.log_mass[0, 0, 1:]
        cut = np.arange(1, min(durations.longest + 1, len(weight)))
        weight[cut, cut - 1] = self.whole[k, cut]
        return self.ring.shares(weight)

    def from_gap(self) -> Floats:
        """(n, P): share of what enters a car that comes from a gap."""
        empty, gap = (self.summed[k] + self.left[k] for k in (EMPTY, GAP))
        return self.ring.share(empty, gap)


def sweep(chain: Chain, scores: Floats, lengths: Ints, kind: Kind) -> Sweep:
    """One pass over scores (n, S, 3), padded with zeros beyond each strip's length."""
    n, size, _ = scores.shape
    positions = 1 + chain.block * -(-size // chain.block)
    summed = np.zeros((3, n, positions))
    summed[:, :, 1 : size + 1] = scores.transpose(2, 0, 1).cumsum(axis=2)
    lead = max(chain.car.longest, chain.gap.longest, chain.empty.shortest)
    state = Sweep(
        chain=chain,
        ring=SUM if kind == "sum" else MAX,
        lengths=lengths,
        summed=summed,
        left=np.full((3, n, positions), LOG_ZERO),
        pending=np.full((3, n, lead + positions), LOG_ZERO),
        whole=_whole(chain, positions),
        runs=np.full((n, chain.empty.shortest + positions), chain.log_start[EMPTY] + chain.empty.log_begun),
    )
    _fill(state)
    return state


def _whole(chain: Chain, positions: int) -> Floats:
    whole = np.full((3, positions), LOG_ZERO)
    for k in (CAR, GAP):
        durations = chain.durations(k)
        reach = min(positions, durations.longest + 1)
        whole[k, 1:reach] = chain.log_start[k] + durations.log_mass[1, 0, 1:reach]
    return whole


def _fill(state: Sweep) -> None:
    chain, ring, positions = state.chain, state.ring, np.arange(state.summed.shape[2])
    car_ends, gap_ends = chain.car.endings(chain.block)[:, : chain.car.longest], chain.gap.endings(chain.block)
    to_gap = state.summed[CAR] - state.summed[GAP] + np.log(chain.coupled)
    to_empty = state.summed[CAR] - state.summed[EMPTY] + np.log1p(-chain.coupled)
    stay, settled = chain.empty.log_stay * positions, chain.empty.log_settled(positions)
    from_empty, from_gap = (state.summed[k] - state.summed[CAR] for k in (EMPTY, GAP))
    pending, begun = state.pending[:, :, state.lead :], state.runs[:, chain.empty.shortest :]
    for begin in range(1, len(positions), chain.block):
        block, behind = slice(begin, begin + chain.block), slice(begin - 1, begin + chain.block)
        car = ring.join(ring.over(_before(state, CAR, begin, car_ends)), state.whole[CAR, block])
        pending[GAP, :, block] = car + to_gap[:, block]
        pending[EMPTY, :, block] = car + to_empty[:, block]
        begun[:, block] = pending[EMPTY, :, block] - stay[block]
        begun[:, behind] = ring.join.accumulate(begun[:, behind], axis=1)
        gap = ring.join(ring.over(_before(state, GAP, begin, gap_ends)), state.whole[GAP, block])
        empty = state.runs[:, block] + settled[block]
        pending[CAR, :, block] = ring.join(empty + from_empty[:, block], gap + from_gap[:, block])
        state.left[CAR, :, block], state.left[GAP, :, block], state.left[EMPTY, :, block] = car, gap, empty


def _before(state: Sweep, k: int, begin: int, ends: Floats) -> Floats:
    """(n, B, d): log-weights of the runs that end in the block at `begin`, by where they begin."""
    first = state.lead + begin - state.chain.durations(k).longest
    return state.pending[k, :, None, first : first + ends.shape[1]] + ends


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
        entered = np.where(start == 0, state.chain.log_start[k], state.pending[k, i, state.lead + start])
        ks.append(np.full(len(start), k))
        starts.append(start)
        weights.append(entered + state.summed[k, i, end] + mass)
    weight = np.concatenate(weights)
    return Ending(float(state.ring.over(weight)), np.concatenate(ks), np.concatenate(starts), state.ring.shares(weight))


def _last_runs(chain: Chain, k: int, end: int) -> tuple[Ints, Floats]:
    """Starts of the last run of state k, and the log-mass of its length, cut at the end and maybe at the start."""
    start = np.arange(0 if k == EMPTY else max(0, end - chain.durations(k).longest), end)
    steps = end - start
    if k == EMPTY:
        one, both = (chain.empty.log_mass(steps, cut_start=cut, cut_end=True) for cut in (False, True))
    else:
        one, both = chain.durations(k).log_mass[:, 1, steps]
    return start, np.where(start == 0, both, one)
