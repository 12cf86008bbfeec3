"""Sampling: values between pixel centres, and positions between lattice points. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Positions = NDArray[np.float64]
Bools = NDArray[np.bool_]

LATTICE_PX = 32
"""Cells between exactly carried points of a grid: over 32 × 10 m a map projection bends by under 0.01 m."""
UNSEEN_WEIGHT = 1e-3
"""A value that owes more than this to pixels that show nothing is not visible."""


def bilinear(data: Floats, visible: Bools, columns: Positions, rows: Positions) -> tuple[Floats, Bools]:
    """Values between pixel centres, linear along both axes.

    `data` (band, y, x) with `visible` (y, x); positions of any one shape, in pixels from the upper left *centre*.
    Up to half a pixel beyond the outermost centres the edge value holds; further out nothing is visible.
    Gives (band, …) float32, 0 where not visible, and (…) bools.
    """
    bands, height, width = data.shape
    inside = (columns >= -0.5) & (columns <= width - 0.5) & (rows >= -0.5) & (rows <= height - 0.5)
    column, right = _cell(columns, inside, width)
    row, lower = _cell(rows, inside, height)
    stack = np.concatenate([data, ~visible[None]], axis=0, dtype=np.float32).reshape(bands + 1, -1).T.copy()
    first = (row * width + column).ravel()
    across, down = min(1, width - 1), min(1, height - 1) * width
    upper_row = _mix(stack[first], stack[first + across], right)
    lower_row = _mix(stack[first + down], stack[first + down + across], right)
    mixed = _mix(upper_row, lower_row, lower)
    seen = (mixed[:, bands] < UNSEEN_WEIGHT) & inside.ravel()
    mixed[~seen] = 0
    return mixed[:, :bands].T.reshape(bands, *columns.shape).copy(), seen.reshape(columns.shape)


def _cell(position: Positions, inside: Bools, size: int) -> tuple[NDArray[np.intp], Floats]:
    clipped = np.clip(np.where(inside, position, 0), 0, size - 1)
    first = np.minimum(clipped.astype(np.intp), max(size - 2, 0))
    return first, (clipped - first).astype(np.float32).ravel()[:, None]


def _mix(first: Floats, second: Floats, share: Floats) -> Floats:
    return first + (second - first) * share


def carried_grid(centres: Callable[[Positions, Positions], Positions], width: int, height: int) -> Positions:
    """Positions of all cells of a grid, carried exactly on a lattice only and linearly between its points.

    `centres(columns, rows)` carries grid positions exactly, shape (…, 2). Gives (height, width, 2).
    """
    columns, rows = _knots(width), _knots(height)
    exact = centres(*np.meshgrid(columns, rows))
    along = np.stack([_linear(exact[..., i].T, columns, width).T for i in (0, 1)], axis=-1)
    return np.stack([_linear(along[..., i], rows, height) for i in (0, 1)], axis=-1)


def _knots(size: int) -> Positions:
    return np.unique(np.append(np.arange(0, size, LATTICE_PX), size - 1)).astype(float)


def _linear(values: Positions, knots: Positions, size: int) -> Positions:
    """Rows of values at the knots, at 0, 1, … size − 1."""
    if len(knots) == 1:
        return np.repeat(values, size, axis=0)
    at = np.arange(size)
    cell = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    share = ((at - knots[cell]) / (knots[cell + 1] - knots[cell]))[:, None]
    return values[cell] * (1 - share) + values[cell + 1] * share


def pieces(shape: tuple[int, ...], longest: int) -> Iterator[tuple[slice, ...]]:
    """Slices that cut an array along its longest axis into pieces of at most `longest`."""
    axis = int(np.argmax(shape))
    for start in range(0, shape[axis], longest):
        yield (slice(None),) * axis + (slice(start, start + longest),)
