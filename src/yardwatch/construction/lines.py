"""Long, narrow, straight pieces of evidence: walls, tracks, platforms.

A line of 21 cells is laid through each cell in 24 directions, and the mean evidence along it is held against the mean
along the two lines beside it; noise averages out along the line, and broad objects cancel. What stands out is
linked into straight pieces, which are joined across gaps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from yardwatch.construction.agreement import agreement
from yardwatch.construction.candidates import Map
from yardwatch.construction.faint import Steps, along, faint_lines

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

DIRECTIONS = 24
LENGTH_M = 21.0
BESIDE_M = 6.0
"""Distance to the two lines beside: beyond the half width of the broadest platform."""
CEILING = 3.0
"""Times the limit above which evidence counts no more: a line must hold along its length, not shine at one place."""
SHORTEST_M = 12.0
"""Of a piece that may be joined with others."""
LEAST_LENGTH_M = 45.0
GAP_M = 25.0
OFF_LINE_M = 2.5
ACROSS_M = 10.0
"""To either side of a line: where else evidence is looked for."""
WIDEST_M = 10.0
TURN_RAD = 0.09
SAME_WAY = 0.35
"""Sine of the angle up to which two lines are one."""
LEAST_FILLED, LEAST_ALONE, LEAST_CONTRAST = 0.7, 0.3, 0.2
"""Of a line that may be real: true ones of development sites have 0.72, 0.33 and 0.21 at least."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A straight strip, in cells: columns x and rows y of its ends."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    width: float
    """Cells."""
    filled: float
    """Share of its length with evidence."""
    split: int
    coherence: float
    strength: float
    alone: float
    """Share of the evidence across it that lies in it: a wall stands by itself, the side of a house does not."""
    contrast: float = 0.0
    """Signed step along it against the ground on both sides, spreads."""
    steady: float = 0.0
    """Share of that step which nine tenths of its length hold."""

    @property
    def length(self) -> float:
        """Cells."""
        return float(np.hypot(*(self.end - self.start)))


def find_lines(found: Map, limit: float, steps: Steps) -> list[Line]:
    """Straight strips of at least 45 m, longest first: those that single cells show, and faint ones."""
    capped = np.minimum(found.strength / np.float32(limit), np.float32(CEILING)).astype(np.float32)
    response = _response(capped, found.step_m)
    pieces = _pieces(response > _least(response, capped), found)
    joined = _join(pieces, found.step_m)
    faint = [_points(segment.start, segment.end) for segment in faint_lines(steps)]
    lines = [line for part in joined + faint if (line := _fitted(part, capped, found)) is not None]
    measured = [line for line in (_with_step(line, steps) for line in lines) if _holds(line, steps)]
    return sorted(_apart(measured), key=lambda line: -line.length)


def _holds(line: Line, steps: Steps) -> bool:
    """Whether a line may be real; what cannot must not push aside one that may."""
    known = bool(steps.values.size)
    return line.filled >= LEAST_FILLED and line.alone >= LEAST_ALONE and (line.contrast >= LEAST_CONTRAST or not known)


def _points(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """(cell, 2) columns and rows of cells along a segment between squares of four cells."""
    first, last = 2 * start + 0.5, 2 * end + 0.5
    count = max(2, round(float(np.hypot(*(last - first)))) + 1)
    return first + np.linspace(0, 1, count)[:, None] * (last - first)


def _with_step(line: Line, steps: Steps) -> Line:
    """Ends are edges of cells, steps lie on middles of squares of four."""
    contrast, steady = along(steps, line.start / 2 - 0.5, line.end / 2 - 0.5, line.split)
    return replace(line, contrast=contrast, steady=steady)


def _least(response: Floats, capped: Floats) -> float:
    """Response from which a line stands out: twice what the site's ground shows in 98 of 100 cells, at least 0.25."""
    ground = response[capped < 1.0]
    return max(0.25, 2.0 * float(np.quantile(ground, 0.98))) if len(ground) else 0.25


def _response(capped: Floats, step_m: float) -> Floats:
    """The largest over directions of mean along a line less the larger mean along its neighbours, (y, x)."""
    half = max(3, round(LENGTH_M / step_m / 2))
    reach = half + round(BESIDE_M / step_m) + 2
    best = np.zeros_like(capped)
    for direction in range(DIRECTIONS):
        kernel = _kernel(np.pi * direction / DIRECTIONS, half, reach)
        along = signal.oaconvolve(np.pad(capped, reach), kernel, mode="same")[reach:-reach, reach:-reach]
        dx, dy = -np.sin(np.pi * direction / DIRECTIONS), np.cos(np.pi * direction / DIRECTIONS)
        away = round(BESIDE_M / step_m)
        sides = [_moved(along, round(sign * dy * away), round(sign * dx * away)) for sign in (-1, 1)]
        np.maximum(best, along - np.maximum(*sides), out=best)
    return best


def _kernel(angle: float, half: int, reach: int) -> Floats:
    """A line of weight 1 through the middle of a square."""
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    at = np.arange(-half, half + 1)
    rows, columns = np.rint(reach + at * np.sin(angle)).astype(int), np.rint(reach + at * np.cos(angle)).astype(int)
    kernel[rows, columns] = 1
    return kernel / kernel.sum()


def _moved(image: Floats, rows: int, columns: int) -> Floats:
    return np.roll(image, (-rows, -columns), axis=(0, 1))


def _pieces(mask: Bools, found: Map) -> list[NDArray[np.float64]]:
    """(cell, 2) columns and rows of connected narrow parts, long enough to have a direction."""
    wide = max(1.0, WIDEST_M / found.step_m / 2)
    body = ndimage.distance_transform_edt(mask) > wide
    narrow = mask & ~ndimage.binary_dilation(body, iterations=int(wide) + 1)
    labels, count = ndimage.label(narrow, np.ones((3, 3)))
    parts = []
    for label, box in enumerate(ndimage.find_objects(labels), start=1):
        rows, columns = np.nonzero(labels[box] == label)
        if np.hypot(np.ptp(rows), np.ptp(columns)) * found.step_m >= SHORTEST_M:
            parts.append(np.column_stack([columns + box[1].start, rows + box[0].start]).astype(np.float64))
    return parts if count else []


def _axis(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middle and unit direction."""
    middle = points.mean(axis=0)
    _, _, directions = np.linalg.svd(points - middle, full_matrices=False)
    return middle, directions[0]


def _straight(points: NDArray[np.float64], step_m: float) -> bool:
    middle, run = _axis(points)
    off = (points - middle) @ np.array([-run[1], run[0]])
    return float(np.sqrt((off**2).mean())) * step_m <= OFF_LINE_M


def _join(parts: list[NDArray[np.float64]], step_m: float) -> list[NDArray[np.float64]]:
    """Straight parts one behind the other become one; longest first."""
    left = sorted((part for part in parts if _straight(part, step_m)), key=lambda part: -_extent(part))
    joined = []
    while left:
        own = left.pop(0)
        grown = True
        while grown:
            grown = False
            for other in left:
                if _continues(own, other, step_m):
                    own, grown = np.vstack([own, other]), True
                    left = [part for part in left if part is not other]
                    break
        joined.append(own)
    return joined


def _extent(points: NDArray[np.float64]) -> float:
    middle, run = _axis(points)
    return float(np.ptp((points - middle) @ run))


def _continues(own: NDArray[np.float64], other: NDArray[np.float64], step_m: float) -> bool:
    """Whether another part lies on the line of this one, not far beyond its ends."""
    middle, run = _axis(own)
    side = np.array([-run[1], run[0]])
    along, off = (other - middle) @ run, (other - middle) @ side
    mine = (own - middle) @ run
    gap = max(float(along.min() - mine.max()), float(mine.min() - along.max()))
    reach = OFF_LINE_M / step_m + TURN_RAD * max(gap, 0)
    return gap * step_m <= GAP_M and float(np.abs(np.median(off))) <= reach


def _fitted(points: NDArray[np.float64], capped: Floats, found: Map) -> Line | None:
    """The strip along the points: width where the evidence falls to half."""
    middle, run = _axis(points)
    along = (points - middle) @ run
    low, high = float(along.min()), float(along.max())
    if (high - low) * found.step_m < LEAST_LENGTH_M:
        return None
    at = np.arange(low, high + 0.5, 1.0)
    across = np.arange(-2 * WIDEST_M, 2 * WIDEST_M + 0.5, 1.0) / found.step_m * 0.5
    side = np.array([-run[1], run[0]])
    where = middle + at[:, None, None] * run + across[None, :, None] * side
    profile = ndimage.map_coordinates(capped, [where[..., 1], where[..., 0]], order=1, mode="constant")
    mean = profile.mean(axis=0)
    core = np.abs(across) * found.step_m <= OFF_LINE_M + 1
    centre = int(np.flatnonzero(core)[mean[core].argmax()])
    background = float(np.median(mean))
    above = mean > background + 0.5 * (mean[centre] - background)
    first, last = _run(above, centre)
    width = float(across[1] - across[0]) * (last - first + 1)
    if width * found.step_m > WIDEST_M:
        return None
    held = profile[:, first : last + 1].max(axis=1) > 0.5 * mean[centre]
    beyond = np.maximum(mean - float(np.median(capped)), 0)
    near = np.abs(across - across[centre]) * found.step_m <= ACROSS_M
    shift = side * (across[first] + across[last]) / 2
    rows, columns = (np.clip(np.rint(points[:, i]).astype(int), 0, n - 1)
                     for i, n in ((1, capped.shape[0]), (0, capped.shape[1])))  # fmt: skip
    split, coherence = agreement(found.split[rows, columns], found.strength[rows, columns])
    return Line(
        start=middle + run * low + shift + 0.5, end=middle + run * high + shift + 0.5, width=width,
        filled=float(held.mean()), split=split, coherence=coherence,
        strength=float(found.strength[rows, columns].mean()),
        alone=float(beyond[max(first - 1, 0) : last + 2].sum() / max(beyond[near].sum(), 1e-6)),
    )  # fmt: skip


def _run(above: Bools, centre: int) -> tuple[int, int]:
    """First and last index of the run of True that holds the centre."""
    first = last = centre
    while first > 0 and above[first - 1]:
        first -= 1
    while last < len(above) - 1 and above[last + 1]:
        last += 1
    return first, last


def _apart(lines: list[Line]) -> list[Line]:
    """Of strips that run along each other the one that is longer, filled, and alone."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda one: -one.length * one.filled * one.alone):
        if not any(_covers(other, line) for other in kept):
            kept.append(line)
    return kept


def _covers(line: Line, other: Line) -> bool:
    """Whether the middle of another line lies on this one, and its direction is much the same."""
    run = (line.end - line.start) / max(line.length, 1e-9)
    away = (other.start + other.end) / 2 - line.start
    off, turned = (abs(float(part @ np.array([-run[1], run[0]]))) for part in (away, other.end - other.start))
    along_it = 0 <= float(away @ run) <= line.length
    return along_it and off <= 4 + line.width / 2 and turned <= SAME_WAY * other.length
