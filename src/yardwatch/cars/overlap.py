"""One vehicle seen on two tracks: where tracks run together (switches), both strips show the same body."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

SAME_GROUND = 0.35
"""Share of the smaller footprint from which two are one vehicle. Cars 4.3 m apart share none."""


def duplicates(footprints: Sequence[shapely.Polygon], tracks: Sequence[str], chances: Sequence[float]) -> set[int]:
    """Places of those that stand on the ground of a likelier one of another track."""
    gone: set[int] = set()
    tree = shapely.STRtree(list(footprints))
    for i in sorted(range(len(footprints)), key=lambda k: (-chances[k], k)):
        if i in gone:
            continue
        for j in tree.query(footprints[i]).tolist():
            if j != i and j not in gone and tracks[j] != tracks[i] and _same(footprints[i], footprints[j]):
                gone.add(j)
    return gone


def _same(one: shapely.Polygon, other: shapely.Polygon) -> bool:
    return bool(one.intersection(other).area > SAME_GROUND * min(one.area, other.area))
