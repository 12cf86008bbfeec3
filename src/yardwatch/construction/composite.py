"""What the ground looks like now: the median of the newest k clear looks, at chosen pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.looks import Look

Floats = NDArray[np.float32]
Index = tuple[NDArray[np.intp], NDArray[np.intp]] | tuple[slice, slice]


def newest(looks: Sequence[Look], at: Index, k: int) -> Floats:
    """(band, ...) medians over the newest k looks that see each pixel.

    Args:
        looks: newest first.
        at: rows and columns, as two index arrays or two slices.
        k: looks that enter; where fewer see the pixel, those; where none does, 0.
    """
    values = np.stack([look.pixels.data[:, *at] for look in looks])
    clear = np.stack([look.pixels.visible[at] for look in looks])
    taken = clear & (np.cumsum(clear, axis=0) <= k)
    ordered = np.sort(np.where(taken[:, None], values, np.float32(np.inf)), axis=0)
    count = np.broadcast_to(taken.sum(axis=0), ordered.shape[1:])
    lower = np.take_along_axis(ordered, (np.maximum(count - 1, 0) // 2)[None], axis=0)[0]
    upper = np.take_along_axis(ordered, np.minimum(count // 2, len(looks) - 1)[None], axis=0)[0]
    return np.where(count > 0, 0.5 * (lower + upper), 0).astype(np.float32)
