"""Turned rectangles of evidence: what is built has right angles, and half of a grey roof may not stand out.

A map of gains (positive where there is evidence, negative where there is none) is turned to a direction the region
shows, and the upright rectangle with the largest sum is taken (Bentley 1984: the largest sum of a run, for every pair
of rows).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.turned import turned_box

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

MOST = 3
"""Rectangles taken from a region, one after the other."""
ALONG = 96
"""Cells along a side at most; a larger region is searched more coarsely."""
DIRECTIONS = 2


def rectangles(gain: Floats, least_cells: float) -> Iterator[Bools]:
    """Masks (y, x) of rectangles, each of at least so many cells.

    Args:
        gain: (y, x) −1..1.
        least_cells: smallest area.
    """
    for angle in directions(gain):
        left = gain.copy()
        for _ in range(MOST):
            mask = _best(left, angle)
            if mask is None or mask.sum() < least_cells:
                break
            left[mask] = -1
            yield mask


def directions(gain: Floats) -> list[float]:
    """Angles of the longer side, radians from the columns towards the rows: of what has evidence, and of its edges."""
    mask = gain > 0
    if mask.sum() < 4:
        return []
    found = [turned_box(mask).angle_rad, _of_edges(gain)]
    near = np.mod(found[0] - found[1] + np.pi / 4, np.pi / 2) - np.pi / 4
    return found[: DIRECTIONS if abs(near) > np.pi / 36 else 1]


def _of_edges(gain: Floats) -> float:
    """The direction in which most edges run, up to a right angle: the phase of the fourth power of the gradient."""
    soft = ndimage.gaussian_filter(gain, 1.0)
    dy, dx = np.gradient(soft)
    power = ((dx + 1j * dy) ** 4 / np.maximum(np.hypot(dx, dy), 1e-6) ** 3).sum()
    return float(np.angle(power) / 4)


def _best(gain: Floats, angle: float) -> Bools | None:
    """The rectangle of the largest sum in a direction, as a mask on the map; None when no sum is positive."""
    rows, columns = gain.shape
    reach = float(np.hypot(rows, columns)) / 2 + 1
    step = max(1.0, 2 * reach / ALONG)
    at = np.arange(-reach, reach + step, step)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = columns / 2 - 0.5 + at[None] * cos - at[:, None] * sin, rows / 2 - 0.5 + at[None] * sin + at[:, None] * cos
    turned = ndimage.map_coordinates(gain, [y, x], order=1, mode="constant", cval=-1.0)
    found = largest_sum(turned)
    if found is None:
        return None
    (top, bottom), (left, right) = found
    row, column = np.mgrid[:rows, :columns]
    dx, dy = column - (columns / 2 - 0.5), row - (rows / 2 - 0.5)
    along, across = dx * cos + dy * sin, dy * cos - dx * sin
    half = step / 2
    return np.asarray(
        (along >= at[left] - half)
        & (along <= at[right] + half)
        & (across >= at[top] - half)
        & (across <= at[bottom] + half)
    )


def largest_sum(values: Floats) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """First and last row, first and last column of the rectangle with the largest sum; None when it is not positive."""
    gaining = np.flatnonzero((values > 0).any(axis=1))
    if not len(gaining):
        return None
    start, values = int(gaining[0]), values[gaining[0] : gaining[-1] + 1]
    rows = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    best, found = 0.0, None
    for top in range(len(values)):
        bands = rows[top + 1 :] - rows[top]
        sums = np.cumsum(bands, axis=1)
        before = np.minimum.accumulate(np.hstack([np.zeros((len(sums), 1)), sums[:, :-1]]), axis=1)
        gains = sums - before
        place = int(gains.argmax())
        height, right = divmod(place, values.shape[1])
        if gains[height, right] > best:
            best = float(gains[height, right])
            starts = np.concatenate([[0.0], sums[height, :right]])
            found = ((start + top, start + top + height), (int(starts.argmin()), right))
    return found
