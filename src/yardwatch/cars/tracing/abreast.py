"""Abreast: tracks that run beside sure ones, where the heat is too broken for a walk of its own.

Between rows of wagons packed side by side heat is patchy, and a walk that follows the hottest points strays from one
track to the next. But a yard's tracks run abreast. So the ridge points near a sure line are laid out along it (s) and
beside it (t), and of all courses

    t(s) = d + e · (s − s₀),   3.8 m ≤ |d| ≤ 6.6 m,   |e| ≤ 0.015

the one with the greatest mean heat is taken on either side. The stretch of it that speaks most for a track,
max Σ (heat − `WORTH`), is a line where its mean heat is `ENOUGH`, and sure itself: the next may run beside it, breadth
first from the surest. A course that a sure line already holds is not followed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from yardwatch.cars.tracing.company import LEAST_M
from yardwatch.cars.tracing.ridges import Ridge
from yardwatch.cars.tracing.walking import STRIDE_M, Path, between

Floats = NDArray[np.float64]

SPACINGS_M = np.arange(3.8, 6.61, 0.2)
"""Looked at: the closest built, and those with room for a walkway or masts."""
SLOPES = np.arange(-0.015, 0.0151, 0.005)
"""How neighbours may diverge; switches do so faster and are walked."""
ASIDE_M = 0.9
"""How far from the course a point may lie."""
TURNED_RAD = np.deg2rad(7.0)
ENOUGH, WORTH = 0.4, 0.22
"""Set on simulated yards (best F of metres among 0.25 to 0.5; 0.15 to 0.3 hardly differ)."""
HELD_M = 3.0
"""A course so near to a sure line for half of its length is that line."""
TICK_M = 0.2
TICKS_M = np.arange(-8.0, 8.0 + TICK_M / 2, TICK_M)
CHORD_M = 8.0
"""Half the chord a line's direction is taken from."""


@dataclass(frozen=True, eq=False)
class Beside:
    """Ridge points laid out along a line, samples `STRIDE_M` apart."""

    xy: Floats
    """(n, 2)."""
    normal: Floats
    """(n, 2), to the left."""
    heat: Floats
    """(n, ticks): the greatest heat near each place beside the line, `TICKS_M` from right to left."""


def abreast(sure: list[shapely.LineString], points: Ridge) -> list[Path]:
    """Paths that run beside sure lines, and beside each other, in the order they were found; ground metres."""
    if not len(points.xy):
        return []
    tree, found, waiting = cKDTree(points.xy), [], deque(sure)
    held = [line.buffer(HELD_M) for line in sure]
    while waiting:
        beside = laid_out(waiting.popleft(), points, tree)
        for side in (-1, 1):
            path = _best(beside, side)
            if path is None or _held(line := shapely.LineString(path.xy), held):
                continue
            found.append(path)
            held.append(line.buffer(HELD_M))
            waiting.append(line)
    return found


def laid_out(line: shapely.LineString, points: Ridge, tree: cKDTree) -> Beside:
    """The heat beside a line, of points that run its way."""
    at = STRIDE_M * np.arange(max(2, int(line.length / STRIDE_M) + 1), dtype=np.float64)
    xy, ahead, back = (_along(line, at + shift) for shift in (0.0, CHORD_M, -CHORD_M))
    way = (ahead - back) / np.maximum(np.hypot(*(ahead - back).T), 1e-9)[:, None]
    normal = np.stack([-way[:, 1], way[:, 0]], axis=1)
    heat = np.zeros((len(at), len(TICKS_M)))
    for k, near in enumerate(tree.query_ball_point(xy, TICKS_M[-1] + ASIDE_M)):
        some = np.array(near, int)
        off = points.xy[some] - xy[k]
        turn = between(points.angle[some], np.arctan2(way[k, 1], way[k, 0]))
        good = (np.abs(off @ way[k]) <= 0.65 * STRIDE_M) & (np.abs(turn) <= TURNED_RAD)
        far = (TICKS_M[None] - (off @ normal[k])[good, None]) / ASIDE_M
        fit = points.share[some][good, None] * np.where(np.abs(far) <= 1, 1 - 0.5 * far**2, 0)
        heat[k] = fit.max(axis=0, initial=0)
    return Beside(xy, normal, heat)


def _along(line: shapely.LineString, at: Floats) -> Floats:
    return shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(at, 0, line.length)))


def _best(beside: Beside, side: int) -> Path | None:
    """The best stretch of the best course on one side; None where it is too short or not hot enough."""
    count = len(beside.xy)
    along = (np.arange(count) - (count - 1) / 2) * STRIDE_M
    courses = (side * SPACINGS_M[:, None, None] + SLOPES[:, None] * along).reshape(-1, count)
    beyond = (side * courses > SPACINGS_M[-1] + 0.4) | (side * courses < SPACINGS_M[0] - 0.4)
    tick = np.clip(np.round((courses - TICKS_M[0]) / TICK_M).astype(int), 0, len(TICKS_M) - 1)
    heat = np.where(beyond, 0, beside.heat[np.arange(count), tick])
    chosen = int(heat.mean(axis=1).argmax())
    seen, course = heat[chosen], courses[chosen]
    part = stretch(seen - WORTH)
    if (part.stop - part.start) * STRIDE_M < LEAST_M or seen[part].mean() < ENOUGH:
        return None
    return Path(beside.xy[part] + course[part, None] * beside.normal[part], seen[part])


def stretch(worth: Floats) -> slice:
    """The run with the greatest sum (Bentley 1984)."""
    total = np.concatenate([[0], np.cumsum(worth)])
    last = int(np.argmax(total - np.minimum.accumulate(total)))
    return slice(int(np.argmin(total[: last + 1])), last)


def _held(line: shapely.LineString, held: list[shapely.Polygon]) -> bool:
    return any(line.intersection(strip).length > 0.5 * line.length for strip in held)
