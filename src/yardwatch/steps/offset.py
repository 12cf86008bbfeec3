"""How far given tracks lie beside those a scene shows: heat read across them, one shift for all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from yardwatch.cars.tracing.contrast import STEP_M
from yardwatch.cars.tracing.heat import CELL_M, COARSEST_GSD_M, Heat, Tracer
from yardwatch.cars.tracing.offset import REACH_M, Across, Shift, common_normal, common_shift, sample_points
from yardwatch.ground import Frame
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Grid, Scene, Track
from yardwatch.steps.tracing import Place, places, window_heat

Floats = NDArray[np.float64]

WINDOWS_MOST = 3
"""Windows read, spread over the tracks: one shift is sought for all of them, and a window takes some three seconds."""


def shift_of(scene: Scene, tracks: Sequence[Track], frame: Frame, tracer: Tracer) -> Shift | None:
    """The sideways shift that brings tracks (ground lines) onto the image's; None where the image cannot tell.

    It cannot in pixels coarser than a metre, and where no metre of the tracks lies in the image.
    """
    if scene.gsd_m > COARSEST_GSD_M or not tracks:
        return None
    lines = [track.line for track in tracks]
    near = shapely.union_all([line.buffer(REACH_M) for line in lines])
    across = [sample_points(line) for line in lines]
    found = [np.full(points.shape[:2], np.nan) for points, _ in across]
    with open_raster(scene.href, crs=scene.crs) as raster:
        windows = [
            place
            for place in places(Grid.over(frame, frame.to_ground(scene.footprint), STEP_M))
            if place.own.intersects(near)
        ]
        for place in windows[:: -(-len(windows) // WINDOWS_MOST) or 1]:
            seen = window_heat(raster, place.grid, tracer)
            for (points, _), share in zip(across, found, strict=True):
                _fill(share, points, place, seen)
    normal = common_normal(lines)
    parts = [_whole(share, normals @ np.array(normal)) for share, (_, normals) in zip(found, across, strict=True)]
    return common_shift(parts, normal)


def _fill(share: Floats, points: Floats, place: Place, seen: Heat) -> None:
    """Heat at the points of a window's own part."""
    west, south, east, north = place.own.bounds
    inside = (points[..., 0] >= west) & (points[..., 0] < east) & (points[..., 1] > south) & (points[..., 1] <= north)
    if not inside.any():
        return
    column = (points[inside][:, 0] - place.grid.west) / CELL_M - 0.5
    row = (place.grid.north - points[inside][:, 1]) / CELL_M - 0.5
    known = np.where(np.isfinite(seen.logit), seen.share, np.nan)
    share[inside] = map_coordinates(known, [row, column], order=1, mode="nearest")


def _whole(share: Floats, turn: Floats) -> Across:
    """The metres of a track across which everything was seen."""
    seen = np.isfinite(share).all(axis=0)
    return Across(share[:, seen], turn[seen])
