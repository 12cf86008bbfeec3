"""Pairs of real pictures with a known shift: one picture read twice, the second time moved, lit otherwise, other cars.

Both are sampled from the fine original (0.25–0.41 m) onto 0.5 m, so a shift of any fraction of a pixel is exact and
owes nothing to the method that must find it. A fifth of the labelled cars stand elsewhere on their track.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from scipy import ndimage

from yardwatch.ground import Frame, reproject_geometry
from yardwatch.model import Grid, Pixels
from yardwatch.sites.geojson import read_features
from yardwatch.sites.tracks import read_tracks
from yardwatch.steps.aligning import TRACK_HALF_WIDTH_M

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

STEP_M = 0.5
AREA_M = (300.0, 240.0)
"""What is cut of a picture larger than a site, at random; along and across."""
MOST_SHIFT_M = 12.0
MOVED_SHARE = 0.2
CAR_MARGIN_M = 2.0
"""A car takes its shadow along, most of it."""
AIR = np.array([0.66, 0.70, 0.76], np.float32)
FRAME = Frame(0.0, 0.0)
"""Trials lie nowhere: a picture's own metres stand for ground metres."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A real picture in memory, in ground metres from its upper left corner: x right, y down."""

    name: str
    data: Floats
    """(3, y, x), 0..1."""
    pixel_m: float
    cars: tuple[shapely.Polygon, ...]
    tracks: tuple[shapely.LineString, ...]

    @property
    def size_m(self) -> tuple[float, float]:
        """Width and height."""
        return self.data.shape[2] * self.pixel_m, self.data.shape[1] * self.pixel_m


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """Two looks at one ground, and how far the second truly lies off."""

    picture: str
    reference: Pixels
    moving: Pixels
    avoid: Bools
    shift_m: tuple[float, float]
    """East, north."""


def data_folder() -> Path:
    """Where the real pictures are."""
    return Path(os.environ.get("YARDWATCH_DATA", Path(__file__).parents[2] / "shared" / "data"))


@lru_cache(maxsize=4)
def picture(name: str) -> Picture:
    """One of `muttenz/west`, `muttenz/northeast`, `negatives/railway_no_wagons`, `negatives/town_no_track`."""
    path = data_folder() / f"{name}.tif"
    with rasterio.open(path) as file:
        data = file.read().astype(np.float32) / 255
        transform, crs = file.transform, str(file.crs)
        latitude = file.lnglat()[1]
    scale = float(np.cos(np.deg2rad(latitude))) if crs == "EPSG:3857" else 1.0

    def local(geometry: shapely.Geometry) -> shapely.Geometry:
        there = reproject_geometry(geometry, "EPSG:4326", crs)
        return shapely.transform(there, lambda xy: (xy - (transform.c, transform.f)) * (scale, -scale))

    folder, stem = path.parent, path.stem
    has = (folder / f"{stem}_tracks.geojson").is_file()
    return Picture(
        name=name,
        data=data,
        pixel_m=transform.a * scale,
        cars=tuple(local(f.geometry) for f in read_features(folder / f"{stem}_railcars.geojson")) if has else (),
        tracks=tuple(local(t.line) for t in read_tracks(folder / f"{stem}_tracks.geojson")) if has else (),
    )


def draw(
    name: str,
    rng: np.random.Generator,
    most_m: float = MOST_SHIFT_M,
    least_m: float = 0.0,
    moved: float = MOVED_SHARE,
) -> Trial:
    """A trial on a picture: shift of 0–12 m any way, gain, haze, noise, a share of the cars moved."""
    whole = picture(name)
    size = tuple(min(a, b) for a, b in zip(AREA_M, whole.size_m, strict=True))
    corner = np.array([rng.uniform(0, full - part) for full, part in zip(whole.size_m, size, strict=True)])
    length, heading = rng.uniform(least_m, most_m), rng.uniform(0, 2 * np.pi)
    shift = length * np.array([np.cos(heading), np.sin(heading)])
    grid = Grid(
        frame=FRAME, west=0, north=0, step_m=STEP_M,
        width=int(size[0] / STEP_M), height=int(size[1] / STEP_M),
    )  # fmt: skip
    later = _cars_moved(whole, moved, rng)
    reference = _lit(_sampled(whole.data, whole.pixel_m, grid, corner), rng, plain=True)
    moving = _lit(_sampled(later, whole.pixel_m, grid, corner - (shift[0], -shift[1])), rng)
    return Trial(
        picture=name, reference=reference, moving=moving, avoid=_belt(whole, grid, corner),
        shift_m=(float(shift[0]), float(shift[1])),
    )  # fmt: skip


def _sampled(data: Floats, pixel_m: float, grid: Grid, corner: NDArray[np.float64]) -> Pixels:
    """The picture on a grid whose upper left corner lies at `corner` of it."""
    x = (corner[0] + (np.arange(grid.width) + 0.5) * grid.step_m) / pixel_m - 0.5
    y = (corner[1] + (np.arange(grid.height) + 0.5) * grid.step_m) / pixel_m - 0.5
    left, right = int(max(x[0] - 8, 0)), int(max(x[-1] + 9, 9))
    top, bottom = int(max(y[0] - 8, 0)), int(max(y[-1] + 9, 9))
    part = data[:, top:bottom, left:right]
    at = np.meshgrid(y - top, x - left, indexing="ij")
    softness = 0.5 * np.sqrt(max((grid.step_m / pixel_m) ** 2 - 1, 0)) * 0.6
    smooth = [ndimage.gaussian_filter(band, softness) for band in part]
    seen = (at[0] >= 0) & (at[0] <= part.shape[1] - 1) & (at[1] >= 0) & (at[1] <= part.shape[2] - 1)
    black = ndimage.map_coordinates((part.max(axis=0) <= 0).astype(np.float32), at, order=1, cval=1.0) > 0
    values = np.stack([ndimage.map_coordinates(band, at, order=3, mode="nearest") for band in smooth])
    visible = seen & ~black
    return Pixels(grid=grid, data=np.where(visible, np.clip(values, 0, 1), 0).astype(np.float32), visible=visible)


def _lit(pixels: Pixels, rng: np.random.Generator, plain: bool = False) -> Pixels:
    """The same ground on another day: gain of each band, gamma, haze, noise; `plain` has a little noise alone."""
    gain = np.ones(3) if plain else rng.uniform(0.6, 1.4) * rng.uniform(0.9, 1.1, 3)
    gamma, haze = (1.0, 0.0) if plain else (rng.uniform(0.8, 1.25), rng.uniform(0, 0.45))
    noise = 0.005 if plain else rng.uniform(0.005, 0.03)
    data = (gain[:, None, None] * pixels.data) ** gamma
    data = data * (1 - haze) + AIR[:, None, None] * haze + rng.normal(0, noise, data.shape)
    return Pixels(
        grid=pixels.grid,
        data=np.where(pixels.visible, np.clip(data, 0, 1), 0).astype(np.float32),
        visible=pixels.visible,
    )


def _belt(whole: Picture, grid: Grid, corner: NDArray[np.float64]) -> Bools:
    """Within the distance of a track that alignment keeps."""
    if not whole.tracks:
        return np.zeros((grid.height, grid.width), bool)
    belt = shapely.union_all(whole.tracks).buffer(TRACK_HALF_WIDTH_M)
    x = corner[0] + (np.arange(grid.width) + 0.5) * grid.step_m
    y = corner[1] + (np.arange(grid.height) + 0.5) * grid.step_m
    return np.asarray(shapely.contains_xy(belt, *np.meshgrid(x, y)))


def _cars_moved(whole: Picture, share: float, rng: np.random.Generator) -> Floats:
    """A share of the cars 3–15 m along their own axis, track from beside the car where they stood."""
    if not whole.cars:
        return whole.data
    data = whole.data.copy()
    chosen = rng.choice(len(whole.cars), round(share * len(whole.cars)), replace=False)
    for i in chosen:
        body = whole.cars[i]
        axis, length = _axis(body)
        side = rng.choice([-1, 1])
        _copy(data, whole, body, axis * side * (length + CAR_MARGIN_M), source=whole.data, back=True)
        _copy(data, whole, body, axis * side * rng.uniform(3, 15), source=whole.data, back=False)
    return data


def _axis(body: shapely.Polygon) -> tuple[NDArray[np.float64], float]:
    """Unit vector along a vehicle, and its length."""
    corners = np.array(shapely.minimum_rotated_rectangle(body).exterior.coords)
    edges = np.diff(corners, axis=0)[:2]
    longest = edges[np.hypot(*edges.T).argmax()]
    return longest / np.hypot(*longest), float(np.hypot(*longest))


def _copy(
    data: Floats, whole: Picture, body: shapely.Polygon, by_m: Sequence[float], *, source: Floats, back: bool
) -> None:
    """Carry what stands on a body's ground by so many metres; `back`: fetch from there instead."""
    mask = rasterize(
        [shapely.transform(body.buffer(CAR_MARGIN_M), lambda xy: xy / whole.pixel_m)], out_shape=data.shape[1:]
    ).astype(bool)
    rows, columns = np.nonzero(mask)
    right, down = (round(float(m) / whole.pixel_m) for m in by_m)
    there = (rows + down, columns + right)
    inside = (there[0] >= 0) & (there[0] < data.shape[1]) & (there[1] >= 0) & (there[1] < data.shape[2])
    here, there = (rows[inside], columns[inside]), (there[0][inside], there[1][inside])
    target, origin = (here, there) if back else (there, here)
    data[:, target[0], target[1]] = source[:, origin[0], origin[1]]
