"""Where the chance at each position of a strip comes from, block by block of a `sum` pass.

For a block of B positions from t₀ on, with R(a) the running ⊕ over empty runs begun up to a and m their shortest
length, the shares in what

    leaves a car at t     come from cars that begin at a ∈ [t₀ − d_car, t₀)
    enters a car at t     come from gaps that begin at a ∈ [t₀ − d_gap, t), from empty runs that begin at
                          a ∈ [t₀ − m, t − m], and from all that were empty before: exp(R(t₀ − 1 − m) − R(t − m))

Every share lies in 0..1 and those of a position sum to one, so what is carried along them never underflows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from yardwatch.cars.chain import CAR, EMPTY, GAP
from yardwatch.cars.durations import LOG_ZERO
from yardwatch.cars.sweep import Sweep

Floats = NDArray[np.float64]

SPAN_BLOCKS = 64
"""Blocks whose shares are worked out at once: 340 m of track, some hundred kilobytes a strip."""


@dataclass(frozen=True, eq=False)
class Flow:
    """Shares of one block of n strips."""

    begin: int
    """Its first position."""
    car: Floats
    """(n, B, d_car): by where the car begins, from `begin − d_car` on."""
    enter: Floats
    """(n, B + 1, back + B): by where a gap or empty run begins, from `begin − back` on. The row after the block's is
    no position: it holds the empty runs that may end at the block's last."""
    older: Floats
    """(n, B + 1): from what was empty already."""


def flows(state: Sweep) -> Iterator[Flow]:
    """All blocks in their order."""
    size, blocks = state.chain.block, (state.summed.shape[2] - 1) // state.chain.block
    from_gap = state.from_gap()[:, 1:].reshape(-1, blocks, size)
    for first in range(0, blocks, SPAN_BLOCKS):
        span = slice(first, min(first + SPAN_BLOCKS, blocks))
        car = _runs(state, CAR, span)[..., : state.chain.car.longest]
        enter, older = _enter(state, span, from_gap[:, span])
        for at in range(span.stop - first):
            yield Flow(1 + (first + at) * size, car[:, at], enter[:, at], older[:, at])


def back(state: Sweep) -> int:
    """Positions before a block from which `Flow.enter` draws."""
    return max(state.chain.gap.longest, state.chain.empty.shortest)


def _runs(state: Sweep, k: int, span: slice) -> Floats:
    """(n, blocks, B, d): shares of the runs that end at each position, by where they begin."""
    durations, size = state.chain.durations(k), state.chain.block
    ends = durations.endings(size)
    windows = _blocks(state.pending[k, :, state.lead + 1 - durations.longest :], ends.shape[1], size)
    left = state.left[k, :, 1:].reshape(-1, windows.shape[1], size)[:, span]
    share: Floats = windows[:, span, None, :] + ends
    share -= left[..., None]
    np.exp(share, out=share)
    for at in range(span.start, min(span.stop, -(-durations.longest // size))):
        whole = state.whole[k, 1 + at * size : 1 + (at + 1) * size]
        share[:, at - span.start, :, durations.longest - 1 - at * size] = np.exp(whole - left[:, at - span.start])
    return share


def _enter(state: Sweep, span: slice, from_gap: Floats) -> tuple[Floats, Floats]:
    size, reach = state.chain.block, back(state)
    gap, (new, older) = _runs(state, GAP, span), _empty(state, span)
    n, blocks, _, _ = gap.shape
    enter = np.zeros((n, blocks, size + 1, reach + size))
    enter[:, :, :size, reach - state.chain.gap.longest : -1] = from_gap[..., None] * gap
    rest = np.concatenate([1 - from_gap, np.ones((n, blocks, 1))], axis=2)
    begin = reach - state.chain.empty.shortest
    enter[..., begin : begin + size] += rest[..., None] * new
    return enter, rest * older


def _empty(state: Sweep, span: slice) -> tuple[Floats, Floats]:
    """(n, blocks, B + 1, B) and (n, blocks, B + 1): shares of empty runs begun of late, and before."""
    size, empty = state.chain.block, state.chain.empty
    positions = state.summed.shape[2]
    rows = np.append(np.arange(size), size - 1)
    begun = state.pending[EMPTY, :, state.lead - empty.shortest :][:, :positions]
    begun = begun - empty.log_stay * (np.arange(positions) - empty.shortest)
    begun = begun[:, 1:].reshape(len(begun), -1, 1, size)[:, span]
    latest = _blocks(state.runs, size + 1, size)[:, span]
    past = np.where(np.arange(size) <= rows[:, None], 0.0, LOG_ZERO)
    new = np.exp(begun - latest[..., 1 + rows, None] + past)
    return new, np.exp(latest[..., :1] - latest[..., 1 + rows])


def _blocks(values: Floats, width: int, size: int) -> Floats:
    """(n, blocks, width): a window each `size` positions; a view."""
    return sliding_window_view(values, width, axis=1)[:, ::size]
