"""Yards of the package's own simulator: any heading, curves, ladders, sheds, trees, weather."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from training.tracer.canvas import PIXEL_M, Canvas
from yardwatch.simulate.anywhere import AnyScene, any_scene

SIZE_M = (190.0, 100.0)
"""Along and across the yard: a view of 96 m fits at any turn."""
SEED = 20_000
"""First of the training's seeds; the benchmark begins at another."""


def elsewhere(seed: int, scenes: int) -> list[Canvas]:
    """So many random yards."""
    return [
        canvas(any_scene(np.random.default_rng([SEED, seed, k]), gsd_m=PIXEL_M, size_m=SIZE_M)) for k in range(scenes)
    ]


def canvas(scene: AnyScene) -> Canvas:
    """The scene as it was drawn, all of it known."""
    data = scene.data.astype(np.float32) / np.iinfo(scene.data.dtype).max
    made = Canvas.bare(data)
    made.points = np.concatenate([_points(scene, track.line) for track in scene.tracks]).astype(np.float32)
    made.visible = scene.data.sum(axis=0) > 0
    return made


def _points(scene: AnyScene, line: shapely.LineString) -> NDArray:
    along = np.arange(0.25, line.length, 0.5)
    at, ahead, back = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along + d, 0, line.length)))
        for d in (0, 1, -1)
    )
    place = [np.stack(~scene.transform * (xy[:, 0], xy[:, 1]), axis=1) * PIXEL_M for xy in (at, ahead, back)]
    way = place[1] - place[2]
    return np.column_stack([place[0], np.arctan2(way[:, 1], way[:, 0])])
