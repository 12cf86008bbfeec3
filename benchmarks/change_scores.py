"""Found objects against true ones, one to one by overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely

from yardwatch.simulate.works.plan import Work

IOU = 0.3
PART = 0.5
"""Of a found object, inside true works, from which it is a part of them: neither found nor false."""


@dataclass(kw_only=True)
class Tally:
    """Counts that add up over sites."""

    found: int = 0
    missed: int = 0
    false: int = 0
    parts: int = 0
    """Second objects on true works; they count as false too."""
    dated: int = 0
    """Found ones whose interval holds the true day."""
    kinds: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    """Found and all, by true kind."""

    @property
    def f1(self) -> float | None:
        """2 found ÷ (2 found + missed + false)."""
        whole = 2 * self.found + self.missed + self.false
        return 2 * self.found / whole if whole else None

    @property
    def precision(self) -> float | None:
        """Found ÷ reported."""
        return self.found / (self.found + self.false) if self.found + self.false else None

    @property
    def recall(self) -> float | None:
        """Found ÷ true."""
        return self.found / (self.found + self.missed) if self.found + self.missed else None


def iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Overlap ÷ union."""
    shared = one.intersection(other).area
    return float(shared / (one.area + other.area - shared)) if shared else 0.0


def matches(found: Sequence[shapely.Polygon], true: Sequence[shapely.Polygon]) -> list[tuple[int, int]]:
    """(found, true) pairs of at least 0.3, best first, each once."""
    pairs = sorted(
        ((iou(f, t), i, j) for i, f in enumerate(found) for j, t in enumerate(true) if f.intersects(t)), reverse=True
    )
    mine: dict[int, int] = {}
    for overlap, i, j in pairs:
        if overlap >= IOU and i not in mine and j not in mine.values():
            mine[i] = j
    return list(mine.items())


def add(tally: Tally, found: Sequence[shapely.Polygon], works: Sequence[Work]) -> list[tuple[int, int]]:
    """Count a site's objects; the pairs."""
    true = [work.truth for work in works]
    pairs = matches(found, true)
    hit = {j for _, j in pairs}
    tally.found += len(pairs)
    tally.missed += len(true) - len(pairs)
    tally.false += len(found) - len(pairs)
    paired = {i for i, _ in pairs}
    around = shapely.union_all([work.house.block.polygon.buffer(max(work.apron_m, 1.0) + 1.0) for work in works])
    tally.parts += sum(
        i not in paired and polygon.intersection(around).area > PART * polygon.area for i, polygon in enumerate(found)
    )
    for j, work in enumerate(works):
        kind = tally.by_kind.setdefault(work.kind, [0, 0])
        kind[0] += j in hit
        kind[1] += 1
    return pairs
