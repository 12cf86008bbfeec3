"""Scenes to a common ground: how good each is, and how far it lies from the reference scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.ground import Frame
from yardwatch.imagery.align import Alignment, align
from yardwatch.imagery.quality import Quality, assess_quality
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Grid, Pixels, Scene, Track

ALIGN_PIXELS_MAX = 1_200_000
"""Windows for alignment are spread over a grid of at most this many pixels; more adds time and no precision."""
TRACK_HALF_WIDTH_M = 6.0
"""Rails and rows of cars are periodic and cars move: alignment keeps this far from every centre line."""


@dataclass(frozen=True, kw_only=True)
class Common:
    """The ground all scenes of a site are read on."""

    grid: Grid
    avoid: NDArray[np.bool_]
    """(y, x): on or beside a track."""


def common_ground(frame: Frame, zones: Sequence[shapely.Geometry], tracks: Sequence[Track], gsd_m: float) -> Common:
    """The grid over the zones (ground), at the given GSD or coarser, with the tracks (ground lines) marked."""
    area = shapely.union_all(list(zones))
    west, south, east, north = area.bounds
    step = max(gsd_m, float(np.sqrt((east - west) * (north - south) / ALIGN_PIXELS_MAX)))
    grid = Grid.over(frame, area, step)
    return Common(grid=grid, avoid=near_tracks(grid, tracks, TRACK_HALF_WIDTH_M))


def near_tracks(grid: Grid, tracks: Sequence[Track], distance_m: float) -> NDArray[np.bool_]:
    """(y, x): pixel centres within a distance of any track (ground lines)."""
    if not tracks:
        return np.zeros((grid.height, grid.width), bool)
    belt = shapely.union_all([track.line for track in tracks]).buffer(distance_m)
    shapely.prepare(belt)
    centres = grid.centres()
    return np.asarray(shapely.contains_xy(belt, centres[..., 0], centres[..., 1]))


def read_window(scene: Scene, grid: Grid, shift_m: tuple[float, float] = (0.0, 0.0)) -> Pixels:
    """A scene read onto a ground grid."""
    with open_raster(scene.href, crs=scene.crs) as raster:
        return raster.read_grid(grid, shift_m)


def look_at(scene: Scene, reference: Pixels | None, common: Common) -> tuple[Quality, Alignment | None]:
    """Quality of a scene over the zones and its shift against the reference; none when it is not usable."""
    pixels = read_window(scene, common.grid)
    quality = assess_quality(pixels, common.avoid)
    if not quality.usable or reference is None:
        return quality, None
    return quality, align(reference, pixels, common.avoid)
