"""What stayed: the smallest distance over the newest k clear looks, and the threshold met on stable ground."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

FLOOR = 3.0
"""Spreads outside the usual range below which nothing is a change, however quiet the site."""
STABLE = 0.9
"""Share of the ground that is held to be stable: what is built in a few years covers less than a tenth of a site."""
MARGIN = 2.0
"""Times the largest distance met on stable ground."""


def smallest_of_newest(newest_first: Iterable[tuple[Floats, Bools]], k: int) -> Floats:
    """(y, x): smallest distance over the newest k looks that see the pixel; 0 where fewer than k do.

    Args:
        newest_first: (distance, clear) of each look, newest first; read no further than needed.
        k: clear looks a pixel must have.
    """
    smallest: Floats | None = None
    for distance, clear in newest_first:
        if smallest is None:
            smallest, seen = np.full(distance.shape, np.inf, np.float32), np.zeros(distance.shape, np.int16)
        taken = clear & (seen < k)
        np.minimum(smallest, distance, out=smallest, where=taken)
        seen += taken
        if (seen >= k).all():
            break
    if smallest is None:
        raise ValueError("no look to test")
    return np.where(seen >= k, smallest, np.float32(0))


def threshold(smallest: Floats, ground: Bools) -> float:
    """Distance from which a pixel is changed: twice what nine tenths of the site's ground stay below, at least 3."""
    if not ground.any():
        return FLOOR
    return max(FLOOR, MARGIN * float(np.quantile(smallest[ground], STABLE)))
