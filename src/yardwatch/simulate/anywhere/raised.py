"""What stands beside any yard's tracks, drawn into its ground."""

from __future__ import annotations

import numpy as np
import shapely

from yardwatch.simulate.anywhere.beside import Beside, Heap, Slab
from yardwatch.simulate.anywhere.day import Day
from yardwatch.simulate.anywhere.tracks import Fan
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import Ground
from yardwatch.simulate.noise import Single
from yardwatch.simulate.standing import raise_box, raise_tree

POST_M = 0.1
PAVED_M, PAVED_SEAMS_M = 2.0, 12.0
"""Roads and platforms are lower than any roof and smooth."""
STOP: tuple[float, float, float] = (0.50, 0.32, 0.26)


def raise_beside(
    ground: Ground, canvas: Canvas, beside: Beside, fan: Fan, day: Day, rng: np.random.Generator
) -> None:  # fmt: skip
    """Blocks from low to high, heaps, trees, posts, buffer stops, in place."""
    for slab in sorted(beside.slabs, key=lambda slab: slab.height):
        seams = float(rng.uniform(0.6, 2.4)) if slab.height > PAVED_M else PAVED_SEAMS_M
        raise_box(ground, canvas, slab, slab.height, seams_m=seams)
    for heap in beside.heaps:
        _heap(ground, canvas, heap, day)
    for tree in beside.trees:
        raise_tree(ground, canvas, tree, rng)
    feet = [(*foot, gantry.height) for gantry in beside.gantries for foot in gantry.feet]
    for x, y, height in (*beside.masts, *feet):
        window = canvas.window((x - POST_M / 2, y - POST_M / 2, x + POST_M / 2, y + POST_M / 2))
        if window is not None:
            ground.height[window] = height
            ground.colour[(slice(None), *window)] = 0.55
    for name, _ in fan.stops:
        raise_box(ground, canvas, _stop(dict(fan.lines)[name]), 1.3)


def _heap(ground: Ground, canvas: Canvas, heap: Heap, day: Day) -> None:
    r = heap.radius * 1.2
    window = canvas.window((heap.x - r, heap.y - r, heap.x + r, heap.y + r))
    if window is None:
        return
    x, y = canvas.ground(window)
    out = np.hypot(x - heap.x, y - heap.y) / heap.radius + 0.1 * ground.coarse[window] + 0.04 * ground.fine[window]
    rise: Single = (np.clip(1 - out, 0, 1) * heap.height).astype(np.float32)
    cover = np.clip((1 - out) * heap.radius / 0.4, 0, 1)
    east, north = day.sun.toward
    sunward = ((x - np.float32(heap.x)) * east + (y - np.float32(heap.y)) * north) / np.maximum(heap.radius * out, 0.1)
    tone = 1 + 0.08 * ground.fine[window] + 0.4 * np.clip(sunward / max(day.sun.tangent, 0.5), -1, 1)
    ground.paint(window, cover, np.array(heap.colour)[:, None, None] * tone)
    np.maximum(ground.height[window], rise, out=ground.height[window])


def _stop(line: shapely.LineString) -> Slab:
    """A buffer stop across the end of a track."""
    end, before = (np.array(line.interpolate(at).coords[0]) for at in (line.length, line.length - 2))
    turn = float(np.arctan2(*(end - before)[::-1]))
    return Slab(centre=end, turn_rad=turn, length=1.2, width=2.6, height=1.3, colour=STOP)
