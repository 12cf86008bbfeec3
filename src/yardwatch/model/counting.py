"""Counting: what an image can carry, evidence along a track, cars, and a count as a distribution."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from yardwatch.model.refuse import refuse

Bools = NDArray[np.bool_]

FREIGHT_KINDS = ("open", "covered", "tank", "hopper", "flat", "container", "unknown")
OTHER_KINDS = ("locomotive", "coach", "maintenance")


class Capability(StrEnum):
    """What an image can carry, best first."""

    CARS = "cars"
    LENGTH = "length"
    PRESENCE = "presence"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What each step of a strip looks like, before anything is known of its neighbours."""

    track: str
    step_m: float
    log_prob: NDArray[np.float64]
    """(s, 3): log-probability of *empty*, *car body*, *gap between coupled cars*; each row normalised."""
    visible: Bools
    """(s,): False where the strip shows nothing; the decoder gets no evidence there."""

    def __post_init__(self) -> None:
        refuse(
            self.log_prob.ndim != 2 or self.log_prob.shape[1] != 3, f"evidence needs (s, 3), got {self.log_prob.shape}"
        )
        refuse(len(self.log_prob) != len(self.visible), "evidence and visibility differ in length")


@dataclass(frozen=True, kw_only=True)
class Car:
    """One rail vehicle on one track."""

    id: str
    track: str
    start_m: float
    end_m: float
    """Ground metres along the track."""
    kind: str = "unknown"
    probability: float
    """Chance that a vehicle of about this extent is there."""
    width_m: float = 3.1
    """Measured, or 3.1 m where it was not."""
    covered: bool | None = None
    """Load under a tarpaulin; None where it cannot be told."""

    def __post_init__(self) -> None:
        refuse(not self.end_m > self.start_m, f"car {self.id}: ends at {self.end_m} m, begins at {self.start_m} m")
        refuse(not 0 <= self.probability <= 1, f"car {self.id}: probability {self.probability} outside 0..1")
        refuse(self.kind not in FREIGHT_KINDS + OTHER_KINDS, f"car {self.id}: unknown kind {self.kind!r}")

    @property
    def freight(self) -> bool:
        """Whether it belongs in a count of freight cars."""
        return self.kind not in OTHER_KINDS

    @property
    def length_m(self) -> float:
        """Ground metres between its ends."""
        return self.end_m - self.start_m


@dataclass(frozen=True, eq=False)
class Count:
    """Freight cars in a zone in a scene, as a probability mass function."""

    pmf: NDArray[np.float64]
    """(n + 1,): chance of 0, 1, … n cars; sums to one."""
    level: float = 0.9
    calibrated: bool = False
    """True only when the interval was widened by scores from scenes with known truth."""

    def __post_init__(self) -> None:
        refuse(self.pmf.ndim != 1 or len(self.pmf) == 0, "a count needs a one-dimensional pmf")
        refuse(bool((self.pmf < 0).any()) or abs(float(self.pmf.sum()) - 1) > 1e-6, "a count's pmf must sum to one")
        refuse(not 0 < self.level < 1, f"interval level {self.level} is not between 0 and 1")

    @property
    def mean(self) -> float:
        """Expected number of cars."""
        return float(self.pmf @ np.arange(len(self.pmf)))

    @property
    def map(self) -> int:
        """Most probable number of cars."""
        return int(self.pmf.argmax())

    @property
    def interval(self) -> tuple[int, int]:
        """Lower and upper number of cars of the equal-tailed interval that holds at least `level`."""
        tail = (1 - self.level) / 2
        cumulative = np.cumsum(self.pmf)
        lower = int(np.searchsorted(cumulative, tail, side="right"))
        upper = int(np.searchsorted(cumulative, 1 - tail - 1e-12, side="left"))
        return min(lower, self.map), max(min(upper, len(self.pmf) - 1), self.map)


@dataclass(frozen=True, kw_only=True)
class LengthCount:
    """The second, independent count: occupied length ÷ wagon pitch."""

    mean: float
    lower: float
    upper: float
    occupied_m: float
    """Ground metres of track under vehicles, couplings included."""
