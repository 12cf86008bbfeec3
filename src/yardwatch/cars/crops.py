"""One vehicle at a time on a fixed grid, whatever its length: what the kind network looks at.

The strip from `MARGIN_M` before a body to `MARGIN_M` behind it and `HALF_WIDTH_M` to either side of the track's line
is read at `ROWS` by `COLUMNS` points. Each of three bands is shown twice: in units of the crop's own contrast, so that
a roof among dark roofs keeps its ribs, and in units of the strip's contrast, as `cars/network.normalise` has it, so
that a pale roof stays pale. Length and GSD, which the fixed grid takes away, are told as numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.model import Strip

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

ROWS, COLUMNS = 16, 64
HALF_WIDTH_M = 3.2
MARGIN_M = 1.5
"""Half a gap and a little of the next body: where this one ends must be seen."""
OWN_FLOOR, STRIP_FLOOR = 0.02, 0.02
OWN_CLIP, STRIP_CLIP = 4.0, 6.0
STRIP_SCALE = 0.5
"""Brings both contrasts to one size."""
USUAL_M, USUAL_GSD_M = 14.0, 0.5
"""Length and GSD told as 0."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Crops:
    """Some vehicles as read from strips, before any contrast is taken."""

    data: Floats
    """(n, 3, ROWS, COLUMNS), 0..1."""
    visible: Bools
    """(n, ROWS, COLUMNS)."""
    contrast: Floats
    """(n, 2): median brightness of the strip, and its spread."""
    numbers: Floats
    """(n, 2): length and GSD, scaled."""


def crops(ends: Sequence[tuple[float, float]], strip: Strip) -> Crops:
    """Bodies (start, end in metres along the strip) as crops, in order."""
    read = [_crop(start, end, strip) for start, end in ends]
    contrast, size = strip_contrast(strip), (len(read), ROWS, COLUMNS)
    return Crops(
        data=np.stack([data for data, _ in read]) if read else np.zeros((0, 3, ROWS, COLUMNS), np.float32),
        visible=np.stack([seen for _, seen in read]) if read else np.zeros(size, bool),
        contrast=np.tile(np.array(contrast, np.float32), (len(read), 1)),
        numbers=np.array([scaled(end - start, strip.gsd_m) for start, end in ends], np.float32).reshape(-1, 2),
    )


def scaled(length_m: float, gsd_m: float) -> tuple[float, float]:
    """Length and GSD as the network is told them."""
    return (length_m - USUAL_M) / 10.0, float(np.log(gsd_m / USUAL_GSD_M))


def strip_contrast(strip: Strip) -> tuple[float, float]:
    """Median brightness of what shows, and its robust spread."""
    light = strip.data.mean(axis=0)[strip.visible]
    if light.size == 0:
        return 0.0, 1.0
    middle = float(np.median(light))
    return middle, 1.4826 * float(np.median(np.abs(light - middle))) + STRIP_FLOOR


def pictures(seen: Crops) -> Floats:
    """(n, 6, ROWS, COLUMNS): the network's input; 0 where nothing shows."""
    shown = seen.visible[:, None].astype(np.float32)
    grey = seen.data.mean(axis=1, keepdims=True)
    points = np.maximum(shown.sum(axis=(2, 3), keepdims=True), 1)
    middle = (grey * shown).sum(axis=(2, 3), keepdims=True) / points
    spread = np.sqrt((((grey - middle) ** 2) * shown).sum(axis=(2, 3), keepdims=True) / points) + OWN_FLOOR
    own = np.clip((seen.data - middle) / spread, -OWN_CLIP, OWN_CLIP)
    level, width = (seen.contrast[:, k, None, None, None] for k in (0, 1))
    beside = STRIP_SCALE * np.clip((seen.data - level) / width, -STRIP_CLIP, STRIP_CLIP)
    return (np.concatenate([own, beside], axis=1) * shown).astype(np.float32)


def _crop(start_m: float, end_m: float, strip: Strip) -> tuple[Floats, Bools]:
    """Data (3, ROWS, COLUMNS) and what of it shows."""
    along = _middles(start_m - MARGIN_M, end_m + MARGIN_M, COLUMNS) / strip.step_m - 0.5
    across = _middles(-HALF_WIDTH_M, HALF_WIDTH_M, ROWS) / strip.step_m + (strip.data.shape[1] - 1) / 2
    bands = strip.data if len(strip.data) == 3 else np.repeat(strip.data[:1], 3, axis=0)
    first, last = max(int(along[0]) - 1, 0), max(int(along[-1]) + 3, 1)
    part, seen = bands[:, :, first:last], strip.visible[None, :, first:last].astype(np.float32)
    inside = (along > -1) & (along < strip.data.shape[2])
    data, shown = (_at(_at(one, across, 1), along - first, 2) for one in (part, seen))
    return data.astype(np.float32), (shown[0] > 0.95) & inside


def _middles(first: float, last: float, count: int) -> NDArray[np.float64]:
    return first + (np.arange(count) + 0.5) * (last - first) / count


def _at(data: Floats, at: NDArray[np.float64], axis: int) -> Floats:
    """Linear interpolation along one axis, edges held."""
    last = data.shape[axis] - 1
    held = np.clip(at, 0, last)
    low = np.minimum(held.astype(int), max(last - 1, 0))
    share = (held - low).astype(np.float32).reshape([-1 if k == axis else 1 for k in range(data.ndim)])
    below, above = np.take(data, low, axis=axis), np.take(data, np.minimum(low + 1, last), axis=axis)
    return np.asarray(below + share * (above - below), np.float32)
