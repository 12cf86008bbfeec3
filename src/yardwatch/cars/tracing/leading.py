"""Leading: a railway goes somewhere. Lines that neither leave the image nor belong to any that do are left out.

The ridges of a saw-tooth roof, a sports ground's lanes or the rows of a plantation run side by side like tracks and
stop where their ground stops. Tracks go on: to the image's edge, or beside or into others that do. So lines are put
into groups (two lines that come within `TOGETHER_M` of each other are of one group), and a group stays when one of
its lines ends at the image's edge or is at least `LONG_M` long; under trees or a roof a branch may end unseen.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from yardwatch.cars.tracing.company import BESIDE_M, TracedLine

TOGETHER_M = BESIDE_M[1]
"""As far as neighbouring tracks lie apart; switches and gaps within a track are shorter."""
EDGE_M = 3.0
LONG_M = 300.0
"""Longer than roofs and sports grounds."""


def leading(
    found: list[TracedLine], outline: shapely.Polygon | shapely.MultiPolygon
) -> tuple[list[TracedLine], list[TracedLine]]:
    """Those that lead somewhere, and those that do not; ground lines, `outline` the image's."""
    if not found:
        return [], []
    group = _groups([one.line for one in found])
    goes_on = [_ends_at(one.line, outline) or one.line.length >= LONG_M for one in found]
    good = {int(number) for number, yes in zip(group, goes_on, strict=True) if yes}
    stay = [int(number) in good for number in group]
    return (
        [one for one, yes in zip(found, stay, strict=True) if yes],
        [one for one, yes in zip(found, stay, strict=True) if not yes],
    )


def vouched(found: list[TracedLine]) -> tuple[float, ...]:
    """For each line the confidence of the surest one of its group."""
    if not found:
        return ()
    group, sure = _groups([one.line for one in found]), np.zeros(len(found))
    np.maximum.at(sure, group, [one.confidence for one in found])
    return tuple(float(sure[number]) for number in group)


def _groups(lines: list[shapely.LineString]) -> np.ndarray:
    a, b = shapely.STRtree(lines).query(lines, "dwithin", TOGETHER_M)
    joined = coo_array((np.ones(len(a), bool), (a, b)), shape=(len(lines), len(lines)))
    number: np.ndarray = connected_components(joined, directed=False)[1]
    return number


def _ends_at(line: shapely.LineString, outline: shapely.Polygon | shapely.MultiPolygon) -> bool:
    ends = shapely.points([line.coords[0], line.coords[-1]])
    return bool((shapely.distance(ends, outline.boundary) <= EDGE_M).any())
