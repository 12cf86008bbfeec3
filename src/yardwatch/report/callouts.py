"""Callouts: numbers placed beside what they name, never over it, over a neighbour, or over another number.

For each thing in turn the nearest free place is taken: the lane above it, the lane below, its two ends, then further
out in steps with a leader line. What finds none within reach stays without a number in this view and is counted, so
that the figure can say so. Units are those of the view (ground metres), y down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

DIGIT = 0.62
"""Width of a digit over the font size, of the sans faces in use, rounded up."""
CAP = 0.76
"""Height of a digit over the font size."""
AIR = 0.12
"""Kept free between a number and what it names, over the font size."""
REACH = 14
"""Steps outwards of one font size each; a leader longer than that no reader follows."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """A number beside what it names, in the panel's own (turned) metres."""

    x: float
    y: float
    """Middle of the number."""
    text: str
    leader: tuple[float, float, float, float] | None = None
    """A line from the number to the thing, where they do not touch."""


def place(
    named: Sequence[tuple[str, shapely.Geometry]], obstacles: Sequence[shapely.Geometry], size: float
) -> tuple[Label, ...]:
    """Labels for the things that find room, in order. `size` is the font size; `obstacles` are not covered either."""
    taken = [*obstacles]
    tree = shapely.STRtree(taken)
    boxes: list[shapely.Geometry] = []
    labels = []
    for text, thing in named:
        found = next((one for one in _candidates(text, thing, size) if _free(one, size, tree, boxes)), None)
        if found is not None:
            boxes.append(extent(found, size))
            labels.append(found)
    return tuple(labels)


def extent(label: Label, size: float) -> shapely.Geometry:
    """The ground a number covers."""
    half = len(label.text) * DIGIT * size / 2
    return shapely.box(label.x - half, label.y - CAP * size / 2, label.x + half, label.y + CAP * size / 2)


def _candidates(text: str, thing: shapely.Geometry, size: float) -> Iterator[Label]:
    left, top, right, bottom = (float(v) for v in shapely.bounds(thing))
    x, y = float(shapely.get_x(thing.centroid)), (top + bottom) / 2
    up, aside = (CAP / 2 + AIR) * size, (len(text) * DIGIT / 2 + AIR) * size
    for dx in (0.0, -0.25, 0.25):
        yield Label(x=x + dx * (right - left), y=top - up, text=text)
        yield Label(x=x + dx * (right - left), y=bottom + up, text=text)
    yield Label(x=left - aside, y=y, text=text)
    yield Label(x=right + aside, y=y, text=text)
    for step in range(1, REACH + 1):
        away = up + step * size
        for dx in (0.0, -0.5, 0.5):
            at = x + dx * step * size
            yield Label(x=at, y=top - away, text=text, leader=(at, top - away + CAP * size / 2, x, top))
            yield Label(x=at, y=bottom + away, text=text, leader=(at, bottom + away - CAP * size / 2, x, bottom))


def _free(label: Label, size: float, tree: shapely.STRtree, boxes: list[shapely.Geometry]) -> bool:
    box = extent(label, size)
    if len(tree.query(box, predicate="intersects")):
        return False
    return not boxes or not bool(np.any(shapely.intersects(np.asarray(boxes, object), box)))
