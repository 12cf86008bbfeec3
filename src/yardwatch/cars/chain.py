"""The states of a track and how they follow each other: an explicit-duration hidden semi-Markov model.

    empty ──► car ──► gap ──► car …        a gap lies between coupled cars only
      ▲        │
      └────────┘

Source of the model: Ferguson 1980; Yu 2010, *Artificial Intelligence* 174 (review).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars import lengths
from yardwatch.cars.durations import Durations, EmptyRuns
from yardwatch.cars.lengths import CASE, Habits

EMPTY, CAR, GAP = 0, 1, 2
"""Columns of `Evidence.log_prob`."""


@dataclass(frozen=True, eq=False)
class Chain:
    """Durations of the three states and the one free transition."""

    car: Durations
    gap: Durations
    empty: EmptyRuns
    coupled: float
    """Chance that a car is followed by a gap, not by an empty run."""

    def durations(self, k: int) -> Durations:
        """Of CAR or GAP."""
        return {CAR: self.car, GAP: self.gap}[k]

    @property
    def block(self) -> int:
        """Steps in which no car begins and ends: of the shortest car."""
        return self.car.shortest

    @property
    def log_start(self) -> NDArray[np.float64]:
        """(3,): log-chance of each state at a place picked blindly: visits per car × mean duration, normalised."""
        share = np.array([(1 - self.coupled) * self.empty.mean, self.car.mean, self.coupled * self.gap.mean])
        return np.log(share / share.sum())


@lru_cache(maxsize=32)
def chain_of(step_m: float, habits: Habits = CASE) -> Chain:
    """The chain for real stock at a strip's step in metres."""
    return Chain(
        car=lengths.body_durations(step_m, habits),
        gap=lengths.gap_durations(step_m, habits),
        empty=lengths.empty_runs(step_m),
        coupled=lengths.COUPLED,
    )
