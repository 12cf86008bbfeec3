"""Old and new ground of a box at full resolution: medians of a few good looks on either side of a split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.breaks import middle
from yardwatch.construction.levelled import Levelled
from yardwatch.construction.source import Box

Floats = NDArray[np.float32]

MOST_LOOKS = 7
GOOD = 0.5
"""Weight from which a look may enter."""


@dataclass(frozen=True, eq=False)
class Views:
    """(band, y, x) each."""

    old: Floats
    new: Floats


def views_of(looks: Levelled, box: Box, split: int, newest: int) -> Views:
    """Medians over at most seven looks before the split, and over at most seven of the newest ones after it."""
    before = _chosen(looks, range(split - 1, -1, -1))
    after = _chosen(looks, range(len(looks.indices) - 1, split - 1, -1))[: max(newest, MOST_LOOKS)]
    return Views(_median(looks, box, before), _median(looks, box, after))


def _chosen(looks: Levelled, order: range) -> list[int]:
    good = [number for number in order if looks.weights[number] >= GOOD]
    return (good or list(order))[:MOST_LOOKS]


def _median(looks: Levelled, box: Box, numbers: list[int]) -> Floats:
    read = [looks.read(number, box) for number in numbers]
    clear = np.stack([pixels.visible for pixels in read])
    return np.stack(
        [middle(np.stack([pixels.data[band] for pixels in read]), clear) for band in range(len(read[0].data))]
    )
