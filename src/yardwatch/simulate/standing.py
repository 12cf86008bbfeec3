"""What stands on the ground and throws a shadow: sheds, platforms, masts, trees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import Ground, local
from yardwatch.simulate.layout import Layout, Rectangle, Tree
from yardwatch.simulate.noise import Single

LEAF, BARE = np.array([0.20, 0.265, 0.135]), np.array([0.33, 0.30, 0.26])
ROOF_SNOW = 0.22
"""Roofs whiten with little snow."""
CREST_LIGHT = 0.10
"""How much a pitched roof's two halves differ in brightness."""


def raise_platforms(ground: Ground, canvas: Canvas, layout: Layout) -> None:
    """Low concrete platforms with a pale edge, and light masts."""
    for box in layout.platforms:
        raise_box(ground, canvas, box, box.height)
    for x, y, height in layout.masts:
        window = canvas.window((x - 0.1, y - 0.1, x + 0.1, y + 0.1))
        if window is not None:
            ground.height[window] = height


def raise_sheds(ground: Ground, canvas: Canvas, sheds: Sequence[Rectangle], rng: np.random.Generator) -> None:
    """Buildings with pitched roofs, corrugated and stained."""
    for box in sheds:
        raise_box(ground, canvas, box, box.height, seams_m=float(rng.uniform(0.9, 2.4)))


def raise_box(ground: Ground, canvas: Canvas, box: Rectangle, height: float, seams_m: float = 3.0) -> None:
    """One box: roof colour with seams across it, a light and a dark half where it has a ridge, its height."""
    window = canvas.window(shapely.bounds(box.polygon.buffer(1.0)))
    if window is None:
        return
    along, across = local(canvas, window, box)
    inside = np.minimum(box.length / 2 - np.abs(along), box.width / 2 - np.abs(across))
    cover = np.clip(inside / canvas.fine_m + 0.5, 0, 1)
    tone = 1 + 0.03 * ground.fine[window] + 0.05 * ground.coarse[window]
    tone = tone + 0.04 * np.cos(2 * np.pi * along / seams_m) * np.sinc(canvas.fine_m / seams_m)
    if box.ridge:
        sides = np.clip(across / canvas.fine_m, -1, 1)
        tone = tone + CREST_LIGHT * sides + 0.10 * (np.abs(across) < 0.3)
    ground.paint(window, cover, np.array(box.colour)[:, None, None] * tone)
    solid = cover > 0.5
    slope = box.ridge * np.clip(1 - np.abs(across) / (box.width / 2), 0, 1)
    ground.height[window] = np.where(solid, height + slope, ground.height[window])
    ground.lush[window] *= 1 - cover
    ground.snow_line[window] = np.where(solid, ROOF_SNOW + 0.05 * ground.coarse[window], ground.snow_line[window])


def raise_trees(ground: Ground, canvas: Canvas, layout: Layout, rng: np.random.Generator) -> None:
    """Crowns: lumpy domes, darker in their hollows; none over roads, roofs, fields or tracks."""
    kept_free = [box.polygon.buffer(4.0) for box in (*layout.sheds, layout.building)]
    kept_free += [line.buffer(width / 2 + 2.0) for line, width in layout.roads]
    kept_free += [layout.yard_ground.buffer(10.0), *(box.polygon for box in layout.fields)]
    blocked = shapely.union_all(kept_free)
    shapely.prepare(blocked)
    for tree in layout.trees:
        if not blocked.contains(shapely.Point(tree.x, tree.y)):
            raise_tree(ground, canvas, tree, rng)


def raise_tree(ground: Ground, canvas: Canvas, tree: Tree, rng: np.random.Generator) -> None:
    """One crown, where it stands in the picture."""
    r = tree.radius * 1.2
    window = canvas.window((tree.x - r, tree.y - r, tree.x + r, tree.y + r))
    if window is None:
        return
    x, y = canvas.ground(window)
    lumps = ground.fine[window] * 0.16
    out = np.hypot(x - tree.x, y - tree.y) / tree.radius + lumps
    crown = np.sqrt(np.clip(1 - out**2, 0, 1))
    height: Single = (tree.height * (0.35 + 0.65 * crown) + 0.7 * ground.fine[window]) * (out < 1)
    cover = np.clip((1 - out) * tree.radius / 0.6, 0, 1)
    dry = LEAF + rng.uniform(0.35, 0.9) * (BARE - LEAF)
    shade = 0.9 + 0.45 * crown + 0.10 * ground.fine[window]
    ground.paint(window, cover, dry[:, None, None] * shade)
    np.maximum(ground.height[window], height, out=ground.height[window])
    ground.lush[window] *= 1 - 0.65 * cover
    ground.snow_line[window] += cover * 0.55
