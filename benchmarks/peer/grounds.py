"""What the detector learns from: pictures with every vehicle in them as a box, real and simulated."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from shapely.geometry import shape
from training.blocks import NATIVE_M, features, read_image
from training.tracer import real
from training.tracer.canvas import PIXEL_M as CANVAS_M
from training.tracer.examples import CORRIDOR, CORRIDOR_M

from yardwatch.simulate.anywhere import AnyScene
from yardwatch.simulate.anywhere.vehicles import chord

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

SEEN_SHARE = 0.5
"""A vehicle less visible is neither shown as one nor as none."""


def _none(columns: int) -> NDArray[np.float64]:
    return np.zeros((0, columns))


@dataclass(eq=False)
class Ground:
    """A picture and its vehicles; metres run right and down from its upper left corner."""

    data: Floats
    """(3, y, x) 0..1."""
    pixel_m: float
    visible: Bools
    boxes: NDArray[np.float64] = field(default_factory=lambda: _none(5))
    """(n, 5): middle x, y, length (metres), angle (radians), share seen."""
    lines: list[NDArray[np.float64]] = field(default_factory=list)
    """Tracks: points (k, 2)."""

    @property
    def size_m(self) -> tuple[float, float]:
        """Width and height."""
        return self.data.shape[2] * self.pixel_m, self.data.shape[1] * self.pixel_m


def block_ground(muttenz: Path, name: str) -> Ground:
    """A labelled block: every vehicle in it is labelled, with a track or without."""
    image = read_image(muttenz / f"{name}.tif")
    vehicles = features(muttenz / f"{name}_railcars.geojson")
    lines = [shape(f["geometry"]) for f in features(muttenz / f"{name}_tracks.geojson")]
    down = [shapely.transform(shape(f["geometry"]), lambda xy: _down(image.to_pixel, xy)) for f in vehicles]
    boxes = [(*_axis(one), f["properties"]["visible"]) for one, f in zip(down, vehicles, strict=True)]
    points = [_down(image.to_pixel, shapely.get_coordinates(line)) for line in lines]
    return Ground(image.data, NATIVE_M, np.ones(image.data.shape[1:], bool), np.array(boxes), points)


def _down(to_pixel: Affine, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    matrix = np.array(to_pixel, float).reshape(3, 3)
    return (xy @ matrix[:2, :2].T + matrix[:2, 2]) * NATIVE_M


def _axis(polygon: shapely.Polygon) -> tuple[float, float, float, float]:
    """Middle, length and angle of the narrowest rectangle round a polygon."""
    corners = shapely.get_coordinates(polygon.minimum_rotated_rectangle)[:4]
    sides = np.diff(corners[:3], axis=0)
    long = sides[int(np.argmax(np.hypot(*sides.T)))]
    middle = corners.mean(axis=0)
    return float(middle[0]), float(middle[1]), float(np.hypot(*long)), float(np.arctan2(long[1], long[0]))


def scene_ground(scene: AnyScene) -> Ground:
    """A simulated scene; boxes are footprints, as the strip counter's truth is."""
    data: Floats = scene.data.astype(np.float32) / np.float32(np.iinfo(scene.data.dtype).max)
    west, north = scene.transform.c, scene.transform.f
    picture = shapely.box(0, 0, data.shape[2] * scene.gsd_m, data.shape[1] * scene.gsd_m)
    lines = {track.id: track.line for track in scene.tracks}
    boxes = []
    for car in scene.truth:
        middle, forward = chord(lines[car.track], car.start_m, car.end_m)
        at, way = (middle - (west, north)) * (1, -1), forward * (1, -1)
        body = shapely.LineString([at - way * car.length_m / 2, at + way * car.length_m / 2])
        seen = body.intersection(picture).length / car.length_m
        boxes.append((*at, car.length_m, np.arctan2(way[1], way[0]), seen))
    points = [(shapely.get_coordinates(line) - (west, north)) * (1, -1) for line in lines.values()]
    return Ground(data, scene.gsd_m, scene.data.sum(axis=0) > 0, np.array(boxes).reshape(-1, 5), points)


def bare_grounds(data: Path) -> list[Ground]:
    """Places without any rail vehicle: a town, a wood with a sawmill, look-alikes that are not held back."""
    canvases = [real.town(data), real.railway(data, CORRIDOR, CORRIDOR_M), *real.chips(data)]
    return [Ground(one.data, CANVAS_M, one.visible) for one in canvases]
