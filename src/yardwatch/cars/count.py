"""From tracks to a count: the pmf of the sum, and the second count from occupied length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from yardwatch.cars.calibration import WEIGHTS, Calibration
from yardwatch.cars.trains import measured_pitch, over_couplers, pitch_of, trains
from yardwatch.model import Car, Count, LengthCount

Floats = NDArray[np.float64]

LENGTH_ERRORS = ((1.05, 0.16, 0.0), (2.5, 0.12, 4.1), (4.0, 0.26, 7.2))
"""Coarsest GSD of a class, relative half width and least half width (cars) of the second count's 90 % interval.

Up to 1.05 m: the shortest and the longest common wagon (12.02 and 16.44 m) against the usual 13.92 m. Coarser: what
holds 90 % of simulated yards (`benchmarks.calibrate`, docs/length.md).
"""
SNOW_SPREAD = 0.2
"""What snow adds to the errors of a GSD class: a relative standard deviation. White roofs lie on white ground; from
simulated histories (docs/counting.md)."""


SITE_SPREAD, SITE_FLOOR = 0.02, 0.25
"""What the looks of one site add: they share a fleet, track lines and a camera, as yards drawn anew do not; a relative
standard deviation, and cars. From simulated histories (docs/counting.md)."""


def calibrated_total(pmfs: Sequence[Floats], calibration: Calibration, weights: str, level: float = 0.9) -> Count:
    """Freight cars on all tracks together, with the errors of the GSD class; no tracks, no cars.

    `weights` is the SHA-256 of those that gave the evidence: with others than the calibration was made with the
    errors are a guess, and `calibrated` is false.
    """
    pmf = added(pmfs)
    known = weights == WEIGHTS
    return Count(calibration.widened(pmf) if len(pmfs) else pmf, level=level, calibrated=known)


def on_snow(calibration: Calibration) -> Calibration:
    """The same errors, and those of snow, which the yards of a GSD class hold too few of."""
    return replace(calibration, spread=math.hypot(calibration.spread, SNOW_SPREAD))


def of_site(calibration: Calibration) -> Calibration:
    """The same errors, and those that the looks of a site share."""
    return replace(
        calibration,
        spread=math.hypot(calibration.spread, SITE_SPREAD),
        floor=math.hypot(calibration.floor, SITE_FLOOR),
    )


def added(pmfs: Sequence[Floats]) -> Floats:
    """The pmf of the sum of independent counts."""
    pmf = np.ones(1)
    for one in pmfs:
        pmf = np.convolve(pmf, one) if len(pmf) * len(one) < 1_000_000 else fftconvolve(pmf, one)
    pmf = np.maximum(pmf, 0)
    return pmf / pmf.sum()


def length_count(cars: Sequence[Car], gsd_m: float = 0.0) -> LengthCount:
    """Occupied length ÷ pitch, train by train, with bounds of the GSD's class.

    The occupied length runs over couplers: from the first body's start to the last one's end of each train, and
    half a coupling gap at either end. It stands whether or not the gaps inside a train were found. The pitch is what
    the image tells of each train (docs/length.md): in coarse pixels by the length network (`PacedCar`); in fine ones by
    its bodies, held towards that of all.
    """
    rows = trains(cars)
    scene_m = measured_pitch(cars)
    each = [over_couplers(row) for row in rows]
    mean = math.fsum(m / pitch_of(row, scene_m) for m, row in zip(each, rows, strict=True))
    lower, upper = length_bounds(mean, gsd_m)
    return LengthCount(mean=mean, lower=lower, upper=upper, occupied_m=math.fsum(each))


def length_bounds(mean: float, gsd_m: float) -> tuple[float, float]:
    """Ends of the second count's interval: mean ∓ √((r · mean)² + f²), r and f of the GSD's class."""
    spread, floor = next(((r, f) for coarsest, r, f in LENGTH_ERRORS if gsd_m <= coarsest), LENGTH_ERRORS[-1][1:])
    half = math.hypot(spread * mean, floor)
    return max(mean - half, 0.0), mean + half


def disagree(count: Count, length: LengthCount) -> bool:
    """Whether the two counts lie beyond both intervals, the length's widened to whole cars: they share no number."""
    lower, upper = count.interval
    return upper < math.floor(length.lower) or lower > math.ceil(length.upper)
