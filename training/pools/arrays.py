"""Strips as arrays that are kept: drawn ones stacked, those of yards end to end, in bytes and bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from training.coarse.grid import STEPS as COARSE_STEPS
from training.coarse.grid import Known, cars_a_step
from training.layout import Labelled

Arrays = dict[str, NDArray]

BRIGHTEST = 1.5
"""Of a drawn strip, kept as 255; what a sensor makes of it is cut at 1.2."""
ALONG = {"data": 2, "visible": 1, "states": 1}
"""Axes along the track of strips that lie end to end; of other arrays the first."""


def drawn_arrays(strips: Sequence[Labelled]) -> Arrays:
    """Strips of one size: `data` (n, 3, 64, 512) in bytes, `visible` (n, 64, 64) in bits, `state` and `cars` (n, 512).

    `cars` are the freight cars that stand on each step.
    """
    data = np.clip(np.stack([one.data for one in strips]), 0, BRIGHTEST) * (255 / BRIGHTEST)
    return {
        "data": np.rint(data).astype(np.uint8),
        "visible": np.packbits(np.stack([one.visible for one in strips]), axis=2),
        "state": np.stack([one.state for one in strips]).astype(np.int8),
        "cars": np.stack([cars_a_step(one) for one in strips]).astype(np.float16),
    }


def yard_arrays(strips: Sequence[Labelled]) -> Arrays:
    """Strips of any length on the strip network's grid, end to end; `length` (n,) says how many steps each has."""
    return {
        "data": np.concatenate([np.rint(np.clip(one.data, 0, 1) * 255).astype(np.uint8) for one in strips], axis=2),
        "visible": np.concatenate([one.visible for one in strips], axis=1),
        "state": np.concatenate([one.state for one in strips]).astype(np.int8),
        "cars": np.concatenate([cars_a_step(one) for one in strips]).astype(np.float16),
        "length": np.array([one.data.shape[2] for one in strips], np.int64),
    }


def coarse_arrays(strips: Iterable[Known]) -> Arrays:
    """The same on the length network's grid; a strip shorter than a window is filled up with nothing seen."""
    return together([_padded(one) for one in strips])


def _padded(one: Known) -> Arrays:
    steps = one.data.shape[2] // 2 * 2
    lacking = max(COARSE_STEPS - steps, 0)
    return {
        "data": np.pad(one.data[:, :, :steps], ((0, 0), (0, 0), (0, lacking))),
        "visible": np.pad(one.visible[:, :steps], ((0, 0), (0, lacking))),
        "states": np.pad(one.states[:, : steps // 2], ((0, 0), (0, lacking // 2))).astype(np.float16),
        "cars": np.pad(one.cars[: steps // 2], (0, lacking // 2)).astype(np.float16),
        "length": np.array([steps + lacking], np.int64),
    }


def together(parts: Sequence[Arrays]) -> Arrays:
    """Several of one kind as one."""
    axes = ALONG if "length" in parts[0] else {}
    return {name: np.concatenate([part[name] for part in parts], axis=axes.get(name, 0)) for name in parts[0]}
