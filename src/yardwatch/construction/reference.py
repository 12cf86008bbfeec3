"""What the ground usually looks like: median, MAD and range of the reference dates, per season where looks allow.

A season is a quarter of the year (December–February and so on). A season with fewer than 6 reference looks has no
reference of its own, and all reference dates together stand in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.looks import Look

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

SEASON_LOOKS = 6
"""Reference looks from which a season stands alone: the MAD of fewer is off by more than a third."""
TRIM = 6
"""One value in this many is left out at each end of the range, so that one cloud edge or stack does not widen it."""


@dataclass(frozen=True, eq=False)
class Reference:
    """The usual ground of one season, or of all."""

    median: Floats
    """(band, y, x)."""
    spread: Floats
    """(band, y, x): 1.4826 × MAD over the dates."""
    low: Floats
    """(band, y, x): lowest usual value within one pixel."""
    high: Floats
    """(band, y, x): highest usual value within one pixel."""
    looks: NDArray[np.intp]
    """(y, x): clear reference looks."""

    def inside(self, box: tuple[slice, slice]) -> Reference:
        """The part in a box of rows and columns; a view."""
        median, spread, low, high = (array[:, *box] for array in (self.median, self.spread, self.low, self.high))
        return Reference(median, spread, low, high, self.looks[box])


def season(day: date) -> int:
    """0 December–February, 1 March–May, 2 June–August, 3 September–November."""
    return day.month % 12 // 3


def references(looks: Sequence[Look], usual: Reference, seasons: set[int]) -> dict[int, Reference]:
    """For each season the reference to hold it against: its own, or `usual` (of all looks) where it has too few."""
    found: dict[int, Reference] = {}
    for quarter in sorted(seasons):
        own = [look for look in looks if season(look.day) == quarter]
        found[quarter] = make_reference(own) if SEASON_LOOKS <= len(own) < len(looks) else usual
    return found


def make_reference(looks: Sequence[Look]) -> Reference:
    """Median, MAD and trimmed range over the looks that see each pixel; 0 where none does."""
    visible = np.stack([look.pixels.visible for look in looks])
    seen = visible.sum(axis=0)
    bands = [_one_band(np.stack([look.pixels.data[band] for look in looks]), visible, seen) for band in _bands(looks)]
    median, spread, low, high = (np.stack(part) for part in zip(*bands, strict=True))
    return Reference(median, spread, low, high, seen)


def _bands(looks: Sequence[Look]) -> range:
    return range(looks[0].pixels.data.shape[0])


def _one_band(stack: Floats, visible: Bools, seen: NDArray[np.intp]) -> tuple[Floats, Floats, Floats, Floats]:
    """Median, spread, low and high of (look, y, x)."""
    whole = bool(visible.all())
    ordered = _sorted(stack, visible, whole)
    median = _middle(ordered, seen)
    spread = 1.4826 * _middle(_sorted(np.abs(stack - median), visible, whole), seen)
    trim = seen // TRIM
    low, high = _pick(ordered, trim), _pick(ordered, np.maximum(seen - 1 - trim, 0))
    return median, spread.astype(np.float32), ndimage.minimum_filter(low, 3), ndimage.maximum_filter(high, 3)


def _sorted(stack: Floats, visible: Bools, whole: bool) -> Floats:
    """Ascending along the looks, what is not visible last."""
    values = stack if whole else np.where(visible, stack, np.float32(np.inf))
    return np.sort(values, axis=0)


def _middle(ordered: Floats, seen: NDArray[np.intp]) -> Floats:
    lower, upper = _pick(ordered, np.maximum(seen - 1, 0) // 2), _pick(ordered, np.maximum(seen, 1) // 2)
    return (0.5 * (lower + upper)).astype(np.float32)


def _pick(ordered: Floats, index: NDArray[np.intp]) -> Floats:
    """(y, x): for each pixel the value at its own place in the order; 0 where nothing was seen."""
    index = np.minimum(index, len(ordered) - 1)
    first = int(index.flat[0])
    values = ordered[first] if (index == first).all() else np.take_along_axis(ordered, index[None], axis=0)[0]
    return np.where(np.isfinite(values), values, np.float32(0))
