"""Walking: ridge points to paths, one track each, also over gaps.

A walk starts at the strongest point not yet on a path and goes both ways in steps of `STRIDE_M`. Each step looks
ahead along its heading for points that run the same way; what it finds pulls the path sideways and turns the
heading, never more than a curve of `SHARPEST_M` allows. Where nothing is found (a gantry, a bridge, a switch under
shadow) it goes straight on for up to `GAP_M`; what is not met again by then is cut off. Points beside the path and
along it are then spent, so that a second walk along the same track finds nothing, and a branch ends at its switch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from yardwatch.cars.tracing.ridges import Ridge

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STRIDE_M = 2.0
GAP_M = 24.0
"""A footbridge and its shadow, or a gantry in blur; a road bridge is longer and honestly cuts the track."""
ASIDE_M, ASIDE_PER_M = 1.1, 0.035
"""How far beside the expected place a point may lie, and more for each metre of gap; neighbours lie 4.3 m off."""
MOST_ASIDE_M = 1.6
ONE_TRACK_M = 0.6
"""Points of one track lie so near to each other."""
TURNED_RAD = np.deg2rad(14.0)
"""Largest difference of direction; switches diverge at 5 to 9 degrees."""
SHARPEST_M = 130.0
"""Radius no wagon goes below in a yard, with room for the heading's own error."""
SPENT_M = 1.5
START_SHARE = 0.5
"""Heat a walk may begin at."""
PULL, TURN = 0.5, 0.25
"""Share of the deviation that is taken over at each step: place and heading."""


@dataclass(frozen=True, eq=False)
class Path:
    """Nodes of one walk."""

    xy: Floats
    """(n, 2) metres, `STRIDE_M` apart."""
    share: Floats
    """(n,): heat at each node, 0 in a gap."""


def walks(points: Ridge) -> list[Path]:
    """All paths, strongest start first; deterministic."""
    if not len(points.xy):
        return []
    tree = cKDTree(points.xy)
    spent = np.zeros(len(points.xy), bool)
    order = np.lexsort((points.xy[:, 1], points.xy[:, 0], -np.round(points.share, 6)))
    paths = []
    for start in order[points.share[order] >= START_SHARE]:
        if spent[start]:
            continue
        way = np.array([np.cos(points.angle[start]), np.sin(points.angle[start])])
        ahead, back = (_half(points, tree, spent, start, sign * way) for sign in (1, -1))
        own = (points.xy[start], points.share[start])
        nodes = [*back[::-1], own, *ahead]
        path = Path(np.array([xy for xy, _ in nodes]), np.array([share for _, share in nodes]))
        _spend(points, tree, spent, path)
        spent[start] = True
        paths.append(path)
    return paths


def _half(points: Ridge, tree: cKDTree, spent: Bools, start: int, way: Floats) -> list[tuple[Floats, float]]:
    """Nodes from a start along one way, without the start."""
    place, heading, nodes, gap = points.xy[start], way, [], 0.0
    while gap < GAP_M:
        expected = place + STRIDE_M * heading
        found = _met(points, tree, spent, expected, heading, gap)
        if found is None:
            gap += STRIDE_M
            nodes.append((expected, 0.0))
            place = expected
            continue
        aside, turn, share = found
        gap = 0.0
        normal = np.array([-heading[1], heading[0]])
        place = expected + PULL * aside * normal
        most = STRIDE_M / SHARPEST_M
        angle = float(np.clip(TURN * turn + 0.06 * aside, -most, most))
        heading = np.array(
            [
                np.cos(angle) * heading[0] - np.sin(angle) * heading[1],
                np.sin(angle) * heading[0] + np.cos(angle) * heading[1],
            ]
        )
        nodes.append((expected + aside * normal, share))
    last = max((k for k, (_, share) in enumerate(nodes) if share > 0), default=-1)
    return nodes[: last + 1]


def _met(
    points: Ridge, tree: cKDTree, spent: Bools, expected: Floats, heading: Floats, gap: float
) -> tuple[float, float, float] | None:
    """Metres aside, radians turned and heat of the points at the expected place; None where there are none."""
    reach = min(ASIDE_M + ASIDE_PER_M * gap, MOST_ASIDE_M)
    near = np.array(tree.query_ball_point(expected, np.hypot(reach, STRIDE_M / 2)), int)
    near = near[~spent[near]]
    if not len(near):
        return None
    off = points.xy[near] - expected
    along, aside = off @ heading, off @ np.array([-heading[1], heading[0]])
    turn = between(points.angle[near], np.arctan2(heading[1], heading[0]))
    good = (np.abs(along) <= STRIDE_M / 2) & (np.abs(aside) <= reach) & (np.abs(turn) <= TURNED_RAD)
    if not good.any():
        return None
    weight = points.share[near][good] * np.exp(-((aside[good] / ASIDE_M) ** 2))
    weight[np.abs(aside[good] - aside[good][weight.argmax()]) > ONE_TRACK_M] = 0  # past a switch, one of the two
    weight /= weight.sum()
    return float(weight @ aside[good]), float(weight @ turn[good]), float(points.share[near][good].max())


def between(angle: Floats, heading: float) -> Floats:
    """Signed difference of undirected directions, −π/2 to π/2."""
    difference: Floats = (angle - heading + np.pi / 2) % np.pi - np.pi / 2
    return difference


def _spend(points: Ridge, tree: cKDTree, spent: Bools, path: Path) -> None:
    if len(path.xy) < 2:
        return
    way = np.gradient(path.xy, axis=0)
    angle = np.arctan2(way[:, 1], way[:, 0])
    for node, near in enumerate(tree.query_ball_point(path.xy, SPENT_M)):
        some = np.array(near, int)
        same = np.abs(between(points.angle[some], angle[node])) < 1.5 * TURNED_RAD
        spent[some[same]] = True
