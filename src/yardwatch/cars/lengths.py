"""How long cars, gaps and empty runs are: the prior knowledge the segmentation stands on.

Lengths of stock are given over couplers, so a body is its length over couplers less one coupling gap. Each type
of stock is a normal density with the spread of a body's end as seen at half a metre; a thin uniform part takes
what is not listed. Sources: makers' and operators' data sheets as collected in DESIGN.md (Russian 12-132 gondola
13.92 m, 15-1547 tank 12.02 m, 12-S101 covered 15.35 m, Chinese P63 16.44 m, flats 13-15 m and 25 m, European stock
6-27 m). A two-section tank (15-629, 24.04 m) looks like two bodies with a gap and reads as two; it has no entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from yardwatch.cars.durations import Durations, EmptyRuns

Floats = NDArray[np.float64]

GAP_M = (0.7, 1.4)
"""Ends of the gap between the bodies of two coupled cars, metres."""
GAP_MEAN_M = sum(GAP_M) / 2
GAP_SPREAD_M = 0.2
"""Standard deviation with which a gap's width is seen."""
GAP_LONGEST_M = 2.2

STOCK: tuple[tuple[str, float, float], ...] = (
    ("gondola", 13.92, 0.34),
    ("tank", 12.02, 0.16),
    ("covered, short", 14.73, 0.14),
    ("covered, long", 15.35, 0.08),
    ("boxcar", 16.44, 0.08),
    ("flat", 14.6, 0.05),
    ("flat, long", 25.2, 0.03),
)
"""Name, metres over couplers, share. Shares are a rough guess at mixed traffic; the rest is `OTHER`."""
OTHER_SHARE = 1 - sum(share for _, _, share in STOCK)
OTHER_M = (6.0, 27.0)
"""Bodies of other stock: short two-axle wagons to long bogie wagons, uniform."""
BODY_SPREAD_M = 0.35
"""Standard deviation of a body's seen length: both ends blurred, sub-types differ."""

EMPTY_SHORTEST_M = 2.0
"""A shorter hole between two bodies is a coupling gap."""
EMPTY_MEAN_M = 120.0
"""Mean empty run; weak, a few nats against hundreds of metres of evidence."""
COUPLED = 0.9
"""Chance that a car is followed by another one coupled to it: trains of ten on average."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What the segmentation expects of stock, and how much it trusts what it is shown."""

    other_share: float
    """Of stock that is not listed in `STOCK`."""
    gap_m: tuple[float, float]
    """Ends of a gap between two coupled bodies, as it is seen."""
    gap_longest_m: float
    witness_m: float
    """Metres of track whose evidence makes one independent witness."""
    kappa: float = np.inf
    """Bodies met along a strip that weigh as much as all that is known of stock (`own_lengths`); none do by default."""


CASE = Habits(other_share=OTHER_SHARE, gap_m=GAP_M, gap_longest_m=GAP_LONGEST_M, witness_m=1.0)
"""For the hand-set evidence: the stock of the case; a metre is about the blur of a half-metre image."""
ANYWHERE = Habits(other_share=0.3, gap_m=(0.5, 2.4), gap_longest_m=3.0, witness_m=0.5, kappa=20.0)
"""For the network's evidence: stock of any railway, gaps with buffers and recessed ends, a cell is a witness.

Chosen among 18 by F1 on drawn strips of an unseen seed, κ by the count of simulated yards (docs/counting.md).
"""


def body_durations(step_m: float, habits: Habits = CASE) -> Durations:
    """Chance of each body length in steps of `step_m` metres."""
    steps = np.arange(1, int(np.ceil(OTHER_M[1] / step_m)) + 1, dtype=np.float64)
    mass = habits.other_share * _uniform(steps, step_m, OTHER_M, spread_m=BODY_SPREAD_M)
    listed = (1 - habits.other_share) / (1 - OTHER_SHARE)
    for _, over_couplers_m, share in STOCK:
        mass += listed * share * _normal(steps, step_m, over_couplers_m - GAP_MEAN_M)
    mass[steps * step_m < OTHER_M[0] - 2 * BODY_SPREAD_M] = 0
    return Durations.from_mass(mass)


def gap_durations(step_m: float, habits: Habits = CASE) -> Durations:
    """Chance of each gap width in steps; a step coarser than a gap leaves one step."""
    steps = np.arange(1, max(1, int(np.floor(habits.gap_longest_m / step_m))) + 1, dtype=np.float64)
    return Durations.from_mass(_uniform(steps, step_m, habits.gap_m, spread_m=GAP_SPREAD_M))


def empty_runs(step_m: float) -> EmptyRuns:
    """Empty runs: a shortest length, then memoryless."""
    shortest = max(1, round(EMPTY_SHORTEST_M / step_m))
    return EmptyRuns(shortest=shortest, stay=1 - step_m / (EMPTY_MEAN_M - EMPTY_SHORTEST_M))


def _normal(steps: Floats, step_m: float, mean_m: float) -> Floats:
    upper, lower = (((steps + half) * step_m - mean_m) / BODY_SPREAD_M for half in (0.5, -0.5))
    return ndtr(upper) - ndtr(lower)


def _uniform(steps: Floats, step_m: float, ends_m: tuple[float, float], *, spread_m: float) -> Floats:
    """Mass in each step of a uniform density blurred by a normal one (its distribution function differenced)."""

    def below(x: Floats) -> Floats:
        def ramp(z: Floats) -> Floats:
            return z * ndtr(z) + np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)

        a, b = ends_m
        return spread_m * (ramp((x - a) / spread_m) - ramp((x - b) / spread_m)) / (b - a)

    return np.maximum(below((steps + 0.5) * step_m) - below((steps - 0.5) * step_m), 0)
