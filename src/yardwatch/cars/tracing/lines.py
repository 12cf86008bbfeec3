"""Lines: paths smoothed, cut where they are not sure, kept apart and drawn on to the image's edge.

Smoothing is Whittaker's (1923): minimise Σ w (z − y)² + λ Σ (Δ³ z)² for each coordinate, w the heat; a circular arc
costs nothing, a kink of a metre does. A line's *confidence* is the mean heat of its nodes, gaps counting as 0.
A line stays when it is long and sure enough (`company`); what runs abreast of the surest lines is sought first
(`abreast`). Of two lines nearer than `APART_M` the later is cut there.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from yardwatch.cars.tracing.abreast import abreast
from yardwatch.cars.tracing.company import LEAST_M, TracedLine, leaders, sure, surest
from yardwatch.cars.tracing.ridges import Ridge
from yardwatch.cars.tracing.walking import STRIDE_M, Path, walks

Floats = NDArray[np.float64]

CANDIDATE = 0.2
"""Confidence below which a line is not even company."""
APART_M = 2.2
"""Nearer than half a track's spacing two lines are one track, or the legs of a switch where no car stands."""
STIFFNESS = 3000.0
"""λ at nodes 2 m apart: bends shorter than about 25 m are noise."""
GAP_WEIGHT = 0.02
END_SHARE = 0.35
"""Heat the outermost nodes of a line must have."""
TO_EDGE_M = 12.0
"""A line that ends so near the image's edge goes on to it: the network sees half a scene there."""


def lines(points: Ridge, outline: shapely.Polygon | shapely.MultiPolygon | None = None) -> list[TracedLine]:
    """Lines walked over ridge points, and of what runs abreast of the surest; from north to south.

    `outline` is the image's on the ground, to whose edge ends nearby are drawn.
    """
    made = [one for one in map(_line, map(_trimmed, walks(points))) if one is not None and one.confidence >= CANDIDATE]
    kept: list[TracedLine] = []
    for one in leaders(made):
        kept += _clear_of(one, kept)
    beside = abreast([one.line for one in kept], points)
    for one in [*filter(None, map(_line, beside)), *sorted(sure(made), key=surest)]:
        kept += _clear_of(one, kept)
    drawn = kept if outline is None else [_to_edge(one, outline) for one in kept]
    return sorted(drawn, key=_reading_order)


def _line(path: Path) -> TracedLine | None:
    """A path smoothed; None for one too short."""
    if len(path.xy) * STRIDE_M < LEAST_M:
        return None
    return TracedLine(line=smooth(path), confidence=float(path.share.mean()))


def _reading_order(one: TracedLine) -> tuple[float, float]:
    """North to south, then west to east, by the middle."""
    middle = one.line.interpolate(0.5, normalized=True)
    return -round(middle.y, 3), round(middle.x, 3)


def _trimmed(path: Path) -> Path:
    """Without ends that hardly anything speaks for."""
    sure = np.flatnonzero(path.share >= END_SHARE)
    part = slice(int(sure[0]), int(sure[-1]) + 1) if len(sure) else slice(0, 0)
    return Path(path.xy[part], path.share[part])


def smooth(path: Path) -> shapely.LineString:
    """Whittaker's line through a path's nodes."""
    count = len(path.xy)
    weight = np.maximum(path.share, GAP_WEIGHT)
    third = np.diff(np.eye(min(count, 8)), 3, axis=0)
    if count < 8:
        return shapely.LineString(
            np.linalg.solve(np.diag(weight) + STIFFNESS * third.T @ third, weight[:, None] * path.xy)
        )
    banded = np.zeros((4, count))
    for row in range(count - 3):  # Δ³ᵀΔ³, upper bands
        for i, a in enumerate((-1.0, 3.0, -3.0, 1.0)):
            for j, b in enumerate((-1.0, 3.0, -3.0, 1.0)):
                if j >= i:
                    banded[3 - (j - i), row + j] += STIFFNESS * a * b
    banded[3] += weight
    return shapely.LineString(solveh_banded(banded, weight[:, None] * path.xy))


def _clear_of(one: TracedLine, kept: list[TracedLine]) -> list[TracedLine]:
    """The parts of a line that keep their distance from the surer ones, long enough still."""
    near = [other.line.buffer(APART_M) for other in kept if other.line.distance(one.line) < APART_M]
    if not near:
        return [one]
    free = shapely.get_parts(one.line.difference(shapely.union_all(near)))
    return [TracedLine(line=part, confidence=one.confidence) for part in free if part.length >= LEAST_M]


def _to_edge(one: TracedLine, outline: shapely.Polygon | shapely.MultiPolygon) -> TracedLine:
    """The line with those ends that lie near the image's edge drawn on to it."""
    xy = shapely.get_coordinates(one.line)
    for _ in range(2):
        way = xy[0] - xy[min(4, len(xy) - 1)]
        ray = shapely.LineString([xy[0], xy[0] + way / np.hypot(*way) * TO_EDGE_M])
        met = ray.intersection(outline.boundary)
        if not met.is_empty and outline.contains(shapely.Point(xy[0])):
            ends = shapely.get_coordinates(met)
            end = ends[np.hypot(*(ends - xy[0]).T).argmin()]
            xy = np.vstack([end, xy]) if np.hypot(*(end - xy[0])) > 0.5 else xy
        xy = xy[::-1]
    return TracedLine(line=shapely.LineString(xy), confidence=one.confidence)
