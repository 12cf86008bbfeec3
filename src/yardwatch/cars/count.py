"""From tracks to a count: the pmf of the sum, and the second count from occupied length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from yardwatch.cars import lengths
from yardwatch.model import Car, Count, LengthCount
from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]

PITCH_M = 13.92
"""Metres over couplers of the gondola 12-132, the commonest wagon of the case."""
PITCH_BOUNDS_M = (12.02, 16.44)
"""Shortest and longest common wagon: tank 15-1547, boxcar P63."""
COUPLED_M = 2.0
"""Bodies closer than this belong to one train (`lengths.EMPTY_SHORTEST_M`)."""
SPREAD_LOOK = 0.2
"""Relative standard deviation of the error all tracks of a scene share, counted against their empty looks: what
simulated snow-free scenes showed (0.17 to 0.4), no calibration."""
SPREAD_ALONE = 0.35
"""The same for one image alone: a guess, with which the one real block looked at afterwards agrees (off by 0.34)."""
SPREAD_NETWORK = 0.15
"""The same where the network speaks: twice the largest error of a block's total, rounded (benchmarks/count.md). One
yard, one day; no calibration."""


def total(pmfs: Sequence[Floats], level: float = 0.9, spread: float = SPREAD_ALONE) -> Count:
    """Cars on all tracks together; no tracks, no cars. Never `calibrated`.

    What the decoder does not know of one track is independent of the next. What it gets wrong for one sun, one haze
    and one kind of ballast is not: each number n becomes a normal density of mean n and standard deviation
    `spread · n` over the whole numbers. Raises ValueError for a negative spread.
    """
    refuse(spread < 0, f"spread {spread} is below zero")
    pmf = np.ones(1)
    for one in pmfs:
        pmf = np.convolve(pmf, one) if len(pmf) * len(one) < 1_000_000 else fftconvolve(pmf, one)
    pmf = _spread(np.maximum(pmf, 0), spread) if spread else np.maximum(pmf, 0)
    return Count(pmf / pmf.sum(), level=level)


def _spread(pmf: Floats, spread: float) -> Floats:
    n = np.arange(len(pmf))
    to = np.arange(int(np.ceil(len(pmf) * (1 + 4 * spread))))
    deviation = np.maximum(spread * n, 1e-3)
    weight = np.exp(-0.5 * ((to[:, None] - n) / deviation) ** 2)
    spread_out: Floats = (weight / weight.sum(axis=0)) @ pmf
    return spread_out


def length_count(cars: Sequence[Car]) -> LengthCount:
    """Occupied length ÷ wagon pitch, with bounds from the shortest and longest common wagon.

    The occupied length runs over couplers: from the first body's start to the last one's end of each train, and
    half a coupling gap at either end. It stands whether or not the gaps inside a train were found.
    """
    occupied = 0.0
    ordered = sorted(cars, key=lambda car: (car.track, car.start_m))
    for _, on_track in groupby(ordered, key=lambda car: car.track):
        end = -np.inf
        for car in on_track:
            near = car.start_m - end < COUPLED_M
            occupied += car.end_m - end if near else car.length_m + lengths.GAP_MEAN_M
            end = max(end, car.end_m)
    return LengthCount(
        mean=occupied / PITCH_M,
        lower=occupied / PITCH_BOUNDS_M[1],
        upper=occupied / PITCH_BOUNDS_M[0],
        occupied_m=occupied,
    )


def disagree(count: Count, length: LengthCount) -> bool:
    """Whether the two counts lie beyond both intervals, the length's widened to whole cars: they share no number."""
    lower, upper = count.interval
    return upper < math.floor(length.lower) or lower > math.ceil(length.upper)
