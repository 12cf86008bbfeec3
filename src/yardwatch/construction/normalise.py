"""Relative normalisation: every look carried to the brightness of one anchor look.

Gain and offset of each band by orthogonal regression over the samples that IR-MAD holds unchanged (Canty and
Nielsen, 2008). Samples are means of square cells, so that a pixel of misplacement hardly enters, off the tracks.
A look whose ground does not follow the anchor's even then (snow, cloud, night) takes no part: it is no look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.irmad import no_change_weights
from yardwatch.model import Pixels

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

CELLS = 10_000
"""Cells a window is cut into for sampling; a regression of two numbers needs no more."""
MIN_CELLS = 200
"""Common cells below which no regression is made."""
MIN_INVARIANT = 0.1
"""Share of cells that enter the regression at least, the most probably unchanged first: fewer span too little range."""
INVARIANT = 0.95
"""Chance of no change from which a cell enters the regression (Canty and Nielsen, 2008)."""
GAINS = (0.2, 5.0)
"""Outside this the look is nearly blank, and stretching it would only show noise."""
MAX_RESIDUAL = 1.0
"""Spread left after normalisation ÷ spread of the anchor: 1 is reached at a correlation of 0.5, and by snow."""


@dataclass(frozen=True, eq=False)
class Cells:
    """A window's means over square cells."""

    values: Floats
    """(cell, band)."""
    usable: Bools
    """(cell,): wholly visible and off the tracks."""


def cells_of(pixels: Pixels, avoid: Bools) -> Cells:
    """Means over square cells, about 10,000 a window; cells that touch a track or nodata are not usable."""
    bands, height, width = pixels.data.shape
    side = max(1, round(float(np.sqrt(height * width / CELLS))))
    rows, columns = height // side, width // side
    cut = pixels.data[:, : rows * side, : columns * side].reshape(bands, rows, side, columns, side)
    clear = (pixels.visible & ~avoid)[: rows * side, : columns * side].reshape(rows, side, columns, side)
    values = cut.mean(axis=(2, 4), dtype=np.float64)
    return Cells(values.reshape(bands, -1).T, clear.all(axis=(1, 3)).ravel())


def choose_anchor(cells: Sequence[Cells]) -> int:
    """Index of the look most like all others: highest median correlation of brightness over common cells."""
    count = len(cells)
    alike = np.full((count, count), -1.0)
    for i in range(count):
        for j in range(i):
            alike[i, j] = alike[j, i] = _correlation(cells[i], cells[j])
    np.fill_diagonal(alike, np.nan)
    return int(np.nanmedian(alike, axis=1).argmax()) if count > 1 else 0


def _correlation(one: Cells, other: Cells) -> float:
    both = one.usable & other.usable
    if both.sum() < MIN_CELLS:
        return -1.0
    x, y = one.values[both].mean(axis=1), other.values[both].mean(axis=1)
    if x.std() == 0 or y.std() == 0:
        return -1.0
    return float(np.corrcoef(x, y)[0, 1])


def fit(anchor: Cells, moving: Cells) -> tuple[Floats, Floats] | None:
    """Gain and offset per band that carry `moving` to `anchor`; None where no unchanged ground ties them together."""
    both = anchor.usable & moving.usable
    if both.sum() < MIN_CELLS:
        return None
    x, y = anchor.values[both], moving.values[both]
    if (x.std(axis=0) == 0).any() or (y.std(axis=0) == 0).any():
        return None
    weights, _ = no_change_weights(x, y)
    same = weights >= INVARIANT
    if same.mean() < MIN_INVARIANT:
        same = weights >= np.quantile(weights, 1 - MIN_INVARIANT)
    gain, offset = _orthogonal(x[same], y[same])
    if not ((gain > GAINS[0]) & (gain < GAINS[1])).all():
        return None
    residual = _spread(x - (gain * y + offset)) / np.maximum(_spread(x), 1e-6)
    return None if float(np.median(residual)) > MAX_RESIDUAL else (gain, offset)


def fit_spread(anchor: Cells, moving: Cells) -> tuple[Floats, Floats] | None:
    """Gain and offset per band that give `moving` the anchor's median and spread; None where nothing is in common.

    For a pair whose ground has changed too much for `fit`, and that has no better: a shift of crops enters the gain.
    """
    both = anchor.usable & moving.usable
    x, y = anchor.values[both], moving.values[both]
    if _correlation(anchor, moving) <= 0 or (_spread(y) == 0).any():
        return None
    gain = _spread(x) / _spread(y)
    return gain, np.median(x, axis=0) - gain * np.median(y, axis=0)


def _orthogonal(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Gain and offset of the major axis of y → x, per band; both images are noisy, so neither is taken as exact."""
    dx, dy = x - x.mean(axis=0), y - y.mean(axis=0)
    sxx, syy, sxy = (dx**2).mean(axis=0), (dy**2).mean(axis=0), (dx * dy).mean(axis=0)
    safe = np.where(sxy > 0, sxy, np.nan)
    gain = np.nan_to_num((sxx - syy + np.sqrt((sxx - syy) ** 2 + 4 * safe**2)) / (2 * safe), nan=0.0)
    return gain, x.mean(axis=0) - gain * y.mean(axis=0)


def _spread(values: Floats) -> Floats:
    """1.4826 × MAD per band."""
    return 1.4826 * np.median(np.abs(values - np.median(values, axis=0)), axis=0)


def apply(pixels: Pixels, line: tuple[Floats, Floats]) -> Pixels:
    """The window with gain and offset per band applied, float32."""
    gain, offset = (part.astype(np.float32)[:, None, None] for part in line)
    data = pixels.data * gain
    data += offset
    return replace(pixels, data=data)
