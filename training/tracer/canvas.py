"""A canvas: ground of 0.25 m pixels with the centre lines of its tracks, straight or to be bent when it is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

PIXEL_M = 0.25


@dataclass(eq=False)
class Canvas:
    """Ground and its tracks."""

    data: Floats
    """(3, y, x) 0..1, pixels of `PIXEL_M`."""
    points: Floats
    """(n, 3): metres from the upper left corner (x, y) and direction in radians, about 0.5 m apart on each track."""
    known: Bools
    """(y, x): where it is known whether there is a track."""
    visible: Bools
    aims: Floats | None = None
    """(n, 3) as `points`: where ground without tracks runs one way, and is looked at along it."""

    @classmethod
    def bare(cls, data: Floats) -> Canvas:
        """All seen, no track anywhere, and that is known."""
        whole = np.ones(data.shape[1:], bool)
        return cls(data, np.zeros((0, 3), np.float32), whole, whole.copy())

    @property
    def size_m(self) -> tuple[float, float]:
        """Width and height."""
        return self.data.shape[2] * PIXEL_M, self.data.shape[1] * PIXEL_M


@dataclass(eq=False)
class Line:
    """One track: metres across, for each column, and the columns it has."""

    across: NDArray[np.float64]
    first: int
    last: int
    full: float
    """Share of it under vehicles."""


@dataclass(frozen=True)
class Sun:
    """Metres of shadow a metre of height along rows and columns, and what a shadow leaves of the light."""

    down: float
    right: float
    dark: float

    @classmethod
    def any(cls, rng: Rng) -> Sun:
        """Any hour; now and then overcast."""
        angle, long = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 1.8)
        dark = 1.0 if rng.random() < 0.12 else rng.uniform(0.2, 0.7)
        return cls(long * np.sin(angle), long * np.cos(angle), dark)


def along_profile(profile: NDArray, first: int, last: int) -> Floats:
    """Points of a track y = profile[column] (metres) between two columns."""
    x = np.arange(first, last, 2)
    slope = np.gradient(profile, PIXEL_M)[first:last:2]
    return np.stack([(x + 0.5) * PIXEL_M, profile[first:last:2], np.arctan(slope)], axis=1).astype(np.float32)
