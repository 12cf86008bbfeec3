"""One contrast for many chips, so that what looks darker is darker and what looks the same is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yardwatch.model import Pixels

Floats = NDArray[np.float32]

ENDS = (1.0, 99.0)
"""Percentiles that become black and white: a few glints and shadows must not flatten all the rest."""
LEAST = 0.05
"""Narrowest range that is spread out: below it noise would look like ground."""


@dataclass(frozen=True)
class Stretch:
    """The values shown as black and as white, on the 0..1 scale of the pixels."""

    low: float
    high: float

    def __call__(self, data: Floats) -> Floats:
        """(band, y, x) carried to 0..1, clipped."""
        return np.clip((data - np.float32(self.low)) / np.float32(self.high - self.low), 0, 1)

    def over(self, pixels: Pixels) -> Pixels:
        """The same window, stretched."""
        return replace(pixels, data=np.where(pixels.visible, self(pixels.data), np.float32(0)))


def common_stretch(windows: Sequence[Pixels]) -> Stretch:
    """One stretch for all bands of all windows; each window has the same say, however much of it is visible."""
    ends = [np.percentile(_shown(window.data)[:, window.visible], ENDS) for window in windows if window.visible.any()]
    if not ends:
        return Stretch(0.0, 1.0)
    low, high = min(float(end[0]) for end in ends), max(float(end[1]) for end in ends)
    return Stretch(low, max(high, low + LEAST))


def _shown(data: Floats) -> Floats:
    """The bands a picture shows: the first three, or the one there is."""
    return data[:3] if data.shape[0] >= 3 else data[:1]
