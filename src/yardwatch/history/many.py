"""Many series at once: the newest look of each held against its own baseline, against one calibration table.

The same test as `assess` makes where more than ten looks are fitted, on arrays: no sites, no wording. It is what a
watch over very many yards runs first; what goes off is then asked in full. Seasonal levels are left out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from yardwatch.history.backtest import DEFAULT_RULES, Rules, Series
from yardwatch.history.calibration import Calibration, ranked
from yardwatch.history.forecast import moments

Floats = NDArray[np.float64]

BLOCK = 2048
"""Series held in memory at a time."""


@dataclass(frozen=True)
class Newest:
    """The newest look of one series; NaN where it cannot be said."""

    series: str
    tail: float
    """P(Y ≥ y); small where the look is unusual."""
    p_calibrated: float


def newest(series: Iterable[Series], table: Calibration, rules: Rules = DEFAULT_RULES) -> Iterator[Newest]:
    """The newest look of each series, in the order given; series are taken from the iterable a block at a time."""
    stream = iter(series)
    past: dict[int, Floats] = {}
    while block := list(islice(stream, BLOCK)):
        for one, tail in zip(block, _tails(block, rules), strict=True):
            day = int(one.day[-1]) if len(one.day) else 0
            if day not in past:
                past = {**past, day: table.before(day)} if len(past) < BLOCK else {day: table.before(day)}
            p = float(ranked(past[day], tail)[0]) if np.isfinite(tail) else np.nan
            yield Newest(one.id, float(tail), p)


def _tails(block: list[Series], rules: Rules) -> Floats:
    wide = max(max((len(one.day) for one in block), default=1), 2)
    counts, visible = np.full((len(block), wide), np.nan), np.ones((len(block), wide))
    age, last = np.zeros((len(block), wide)), np.zeros((len(block), 2))
    for i, one in enumerate(block):
        if len(one.day):
            since = one.day[-1] - one.day
            keep = (since <= rules.window_days) & (since >= max(rules.left_out_days, 1))
            keep &= one.stratum == one.stratum[-1]
            n = int(keep.sum())
            counts[i, :n], visible[i, :n], age[i, :n] = one.counts[keep], one.visible[keep], since[keep]
            last[i] = one.counts[-1], one.visible[-1]
    enough = np.isfinite(counts).sum(axis=1) >= rules.min_looks
    tails = np.full(len(block), np.nan)
    if enough.any():
        found = moments(counts[enough], visible[enough], age[enough])
        tails[enough] = found.tail(last[enough, 0], last[enough, 1])
    return tails
