"""How long a state lasts, also where the strip's ends cut it.

A strip is a window on a longer track. Seen through a window, a run that begins inside and ends inside has mass
p(d); one that is cut by the window's end has the survival S(d) = P(D ≥ d); one that is cut by its beginning has
S(d) / E[D], and one that fills the window has Σ_{d' ≥ d} S(d') / E[D]: the equilibrium renewal process
(Cox 1962, *Renewal Theory*, ch. 5; for segment models Guédon 2003, *J. Comput. Graph. Stat.* 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOG_ZERO = -1e30
"""Stands for log 0: sums of it stay finite, so no NaN arises."""


def log(mass: Floats) -> Floats:
    """Natural logarithm with `LOG_ZERO` for zero."""
    return np.log(mass, out=np.full(np.shape(mass), LOG_ZERO), where=np.asarray(mass) > 0)


@dataclass(frozen=True, eq=False)
class Durations:
    """A state whose runs have a longest length."""

    log_mass: Floats
    """(2, 2, d + 1): [cut at the start][cut at the end][steps]; zero steps cannot be."""
    mean: float
    """Steps."""

    @classmethod
    def from_mass(cls, mass: Floats) -> Durations:
        """From the unnormalised mass of 1, 2, … steps. Raises ValueError when it sums to nothing."""
        refuse(not mass.sum() > 0 or bool((mass < 0).any()), "durations need a positive mass")
        inner = np.concatenate([[0.0], mass / mass.sum()])
        survival = inner[::-1].cumsum()[::-1].copy()
        mean = float(survival[1:].sum())
        beyond = survival[::-1].cumsum()[::-1] / mean
        table = np.array([[inner, survival], [survival / mean, beyond]])
        table[:, :, 0] = 0
        return cls(log(table), mean)

    @property
    def longest(self) -> int:
        """Steps of the longest run."""
        return self.log_mass.shape[2] - 1

    @cached_property
    def shortest(self) -> int:
        """Steps of the shortest run that nothing cuts."""
        return int((self.log_mass[0, 0] > LOG_ZERO).argmax())

    def endings(self, positions: int) -> Floats:
        """(positions, longest + positions − 1): log-mass of uncut runs that end at successive positions.

        By where they begin: the first column is `longest` steps before the first of these positions.
        """
        ends, begins = np.arange(positions)[:, None], np.arange(self.longest + positions - 1) - self.longest
        steps = ends - begins
        possible = (steps >= 1) & (steps <= self.longest)
        return np.where(possible, self.log_mass[0, 0, np.where(possible, steps, 0)], LOG_ZERO)


@dataclass(frozen=True)
class EmptyRuns:
    """A state that lasts at least `shortest` steps and then goes on with chance `stay` at each step."""

    shortest: int
    stay: float

    def __post_init__(self) -> None:
        refuse(self.shortest < 1 or not 0 < self.stay < 1, f"empty runs make no sense: {self}")

    @property
    def mean(self) -> float:
        """Steps."""
        return self.shortest - 1 + 1 / (1 - self.stay)

    @property
    def log_stay(self) -> float:
        """What each step beyond the shortest run costs."""
        return float(np.log(self.stay))

    @property
    def log_begun(self) -> float:
        """What a run the strip's beginning cuts weighs beside one that begins inside, past the shortest length."""
        return float(-np.log(self.mean) - np.log1p(-self.stay))

    def log_settled(self, steps: Ints) -> Floats:
        """What a run begun at 0 weighs when it ends at these steps, past the shortest length."""
        return np.log1p(-self.stay) + self.log_stay * np.maximum(steps - self.shortest, 0)

    def log_mass(self, steps: Ints, *, cut_start: bool, cut_end: bool) -> Floats:
        """Log-mass of runs of so many steps (≥ 1), as in the module's docstring."""
        over = np.maximum(steps - self.shortest, 0)
        survival = over * self.log_stay
        if not (cut_start or cut_end):
            return np.where(steps >= self.shortest, survival + np.log1p(-self.stay), LOG_ZERO)
        if not (cut_start and cut_end):
            return survival - (np.log(self.mean) if cut_start else 0.0)
        short = np.maximum(self.shortest - steps, 0)
        return np.log(short + np.exp(survival) / (1 - self.stay)) - np.log(self.mean)
