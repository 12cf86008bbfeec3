"""Pixels along a track: for every pixel near a centre line its metres along (`s`) and across (`t`) the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.noise import Single

HALF_WIDTH_M = 3.2
"""Holds the ballast's shoulders and everything on the rails."""
PIECE_M = 40.0
"""A long straight is walked in pieces, so that windows stay small."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Band:
    """The pixels within `HALF_WIDTH_M` of one track, sorted along it."""

    flat: Ints
    """(n,): position in the flattened canvas."""
    s: Single
    """(n,): ground metres along the track's line, rising."""
    t: Single
    """(n,): ground metres across it, positive to the left."""
    turn_rad: Single
    """(n,): direction of the line there, counter-clockwise from east."""

    def between(self, start_m: float, end_m: float) -> slice:
        """The entries whose s lies between two metres."""
        first, last = np.searchsorted(self.s, [start_m, end_m])
        return slice(int(first), int(last))


def band(canvas: Canvas, line: shapely.LineString) -> Band:
    """The band of a ground line on a canvas."""
    corners = np.array(shapely.segmentize(line, PIECE_M).coords)
    lengths = np.hypot(*np.diff(corners, axis=0).T)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    pieces = [_piece(canvas, corners[i], corners[i + 1], starts[i]) for i in range(len(lengths))]
    flat, s, t, turn = (np.concatenate(column) for column in zip(*pieces, strict=True))
    order = np.argsort(s, kind="stable")
    return Band(
        flat=flat[order], s=s[order].astype(np.float32), t=t[order].astype(np.float32), turn_rad=turn[order]
    )  # fmt: skip


def _piece(canvas: Canvas, start: Floats, end: Floats, start_m: float) -> tuple[Ints, Floats, Floats, Single]:
    """Flat index, s, t and direction of the pixels abreast of one straight piece."""
    length = float(np.hypot(*(end - start)))
    forward = (end - start) / length
    low, high = np.minimum(start, end) - HALF_WIDTH_M, np.maximum(start, end) + HALF_WIDTH_M
    window = canvas.window((low[0], low[1], high[0], high[1]))
    if window is None:
        empty = np.empty(0)
        return empty.astype(np.int64), empty, empty, empty.astype(np.float32)
    x, y = canvas.ground(window)
    dx, dy = x - start[0], y - start[1]
    s, t = dx * forward[0] + dy * forward[1], dy * forward[0] - dx * forward[1]
    rows, columns = np.nonzero((s >= 0) & (s < length) & (np.abs(t) <= HALF_WIDTH_M))
    flat = (rows + window[0].start) * canvas.width + columns + window[1].start
    turn = np.full(len(rows), np.arctan2(forward[1], forward[0]), np.float32)
    return flat.astype(np.int64), s[rows, columns] + start_m, t[rows, columns], turn
