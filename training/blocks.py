"""The real yard: strips of one labelled block, its empty stretches and its car sprites."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import map_coordinates, zoom
from shapely.geometry import shape

from training.layout import ROW_M, STEP_M, WIDE_ROWS, Labelled, label_states

Floats = NDArray[np.float32]

NATIVE_M = 0.2546
"""Pixel of the blocks and of the sprites cut from them."""
NEAREST_M = 1.6
"""A vehicle whose middle is farther from every track line belongs to none."""
CLEAR_M = 3.0
"""Kept free around vehicles when empty stretches are cut."""
STRETCH_M = 10.0
"""Shortest empty stretch worth keeping."""


@dataclass(frozen=True)
class Image2D:
    """A raster in memory."""

    data: Floats
    to_pixel: Affine
    metres: float
    """Ground metres a unit of its reference system (Mercator stretches)."""


@dataclass(frozen=True)
class RealStrip:
    """A strip of a labelled block."""

    track: str
    labelled: Labelled
    cars: tuple[tuple[float, float], ...]
    ids: tuple[int, ...]


def read_image(path: Path, metres: float = 1.0) -> Image2D:
    """All of a raster, 0..1."""
    with rasterio.open(path) as source:
        return Image2D(source.read((1, 2, 3)).astype(np.float32) / 255, ~source.transform, metres)


def block_strips(muttenz: Path, block: str) -> list[RealStrip]:
    """Strips along the given tracks of a block, with its vehicles."""
    image = read_image(muttenz / f"{block}.tif")
    tracks = [(f["properties"]["track"], shape(f["geometry"])) for f in features(muttenz / f"{block}_tracks.geojson")]
    vehicles = [(f["properties"]["id"], shape(f["geometry"])) for f in features(muttenz / f"{block}_railcars.geojson")]
    homes = [_home(polygon, [line for _, line in tracks]) for _, polygon in vehicles]
    strips = []
    for number, (name, line) in enumerate(tracks):
        own = [(*_extent(p, line), i) for (i, p), home in zip(vehicles, homes, strict=True) if home == number]
        own.sort()
        data, visible = cut(image, line)
        labelled = Labelled.empty(data)
        labelled.visible = visible
        labelled.state = label_states([(a, b) for a, b, _ in own], data.shape[2])
        strips.append(RealStrip(str(name), labelled, tuple((a, b) for a, b, _ in own), tuple(i for *_, i in own)))
    return strips


def features(path: Path) -> list[dict]:
    """Of a GeoJSON file."""
    return json.loads(path.read_text())["features"]


def _home(polygon: shapely.Polygon, lines: list[shapely.LineString]) -> int:
    distance = [line.distance(polygon.centroid) for line in lines]
    nearest = int(np.argmin(distance))
    return nearest if distance[nearest] < NEAREST_M else -1


def _extent(polygon: shapely.Polygon, line: shapely.LineString) -> tuple[float, float]:
    along = [line.project(shapely.Point(p)) for p in polygon.exterior.coords]
    return min(along), max(along)


def cut(image: Image2D, line: shapely.LineString) -> tuple[Floats, NDArray[np.bool_]]:
    """A strip of `WIDE_ROWS` rows along a line of the image's system."""
    step, row = STEP_M * image.metres, ROW_M * image.metres
    along = (np.arange(max(1, int(line.length / step))) + 0.5) * step
    centre = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    ahead, back = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along + d * image.metres, 0, line.length)))
        for d in (4, -4)
    )
    chord = (ahead - back) / np.hypot(*(ahead - back).T)[:, None]
    normal = np.stack([-chord[:, 1], chord[:, 0]], axis=1)
    across = (np.arange(WIDE_ROWS) - (WIDE_ROWS - 1) / 2) * row
    points = centre[None] + across[:, None, None] * normal[None]
    column, line_ = image.to_pixel * (points[..., 0], points[..., 1])
    height, width = image.data.shape[1:]
    visible = (column >= 0) & (line_ >= 0) & (column < width) & (line_ < height)
    data = np.stack([map_coordinates(b, [line_ - 0.5, column - 0.5], order=1, mode="nearest") for b in image.data])
    return (data * visible).astype(np.float32), visible


def empty_stretches(strips: list[RealStrip]) -> list[Floats]:
    """Real track without a vehicle."""
    found = []
    for strip in strips:
        free = strip.labelled.visible.mean(axis=0) > 0.9
        for start, end in strip.cars:
            free[max(0, int((start - CLEAR_M) / STEP_M)) : max(0, int((end + CLEAR_M) / STEP_M) + 1)] = False
        edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(int), [0]])))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            if last - first >= STRETCH_M / STEP_M:
                found.append(strip.labelled.data[:, :, first:last])
    return found


def sprites(muttenz: Path, strips: list[RealStrip]) -> list[Floats]:
    """Cars of a block seen from above, (3, width, length) at the drawing's steps."""
    ids = {i for strip in strips for i in strip.ids}
    found = []
    for path in sorted((muttenz / "sprites").glob("car_*.png")):
        if int(re.match(r"car_(\d+)_", path.name)[1]) in ids:
            picture = np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255
            found.append(zoom(picture, (1, NATIVE_M / ROW_M, NATIVE_M / STEP_M), order=1))
    return found
