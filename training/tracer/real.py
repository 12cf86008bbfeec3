"""The real ground: labelled blocks with their given tracks, and places without a track."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import distance_transform_edt
from shapely.geometry import shape

from training import confusers
from training.blocks import Image2D, read_image
from training.tracer.canvas import PIXEL_M, Canvas
from training.tracer.scenery import resized

Floats = NDArray[np.float32]

KNOWN_M = 2.6
"""Nearer than this to a given track no other track can lie; farther off some tracks of the blocks were not drawn."""
WITH_TRACK = ("storagetanks15",)
"""A chip without a rail vehicle that shows a track, along its lower right corner."""
NEGATIVE_SHARE = 0.55
"""Of the negatives' width that is trained on, from the left; the rest is held back."""
RAILWAY_M = 0.41
"""Ground pixel of the railway without wagons."""


def block(muttenz: Path, name: str) -> Canvas:
    """A labelled block; known only near its given tracks."""
    image = read_image(muttenz / f"{name}.tif")
    features = json.loads((muttenz / f"{name}_tracks.geojson").read_text())["features"]
    points = np.concatenate([_points(image, shape(f["geometry"])) for f in features])
    far = np.ones(image.data.shape[1:], bool)
    row, column = (np.floor(points[:, k] / PIXEL_M).astype(int) for k in (1, 0))
    inside = (row >= 0) & (column >= 0) & (row < far.shape[0]) & (column < far.shape[1])
    far[row[inside], column[inside]] = False
    known = distance_transform_edt(far) * PIXEL_M < KNOWN_M
    return Canvas(image.data, points.astype(np.float32), known, np.ones_like(far))


def _points(image: Image2D, line: shapely.LineString) -> NDArray:
    along = np.arange(0.25, line.length, 0.25)
    at, ahead, back = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along + d, 0, line.length)))
        for d in (0, 3, -3)
    )
    place = [np.stack(image.to_pixel * (xy[:, 0], xy[:, 1]), axis=1) * PIXEL_M for xy in (at, ahead, back)]
    way = place[1] - place[2]
    return np.column_stack([place[0], np.arctan2(way[:, 1], way[:, 0])])


def chips(data: Path) -> list[Canvas]:
    """The look-alikes that are trained on: no track, and that is known."""
    paths = [path for path in confusers.chips(data, held_back=False) if path.stem not in WITH_TRACK]
    pictures = (np.asarray(Image.open(p).convert("RGB"), np.float32).transpose(2, 0, 1) / 255 for p in paths)
    return [Canvas.bare(resized(picture, confusers.GSD_M)) for picture in pictures]


def town(data: Path) -> Canvas:
    """A town without any track, its left part."""
    image = read_image(data / "negatives" / "town_no_track.tif").data
    canvas = Canvas.bare(image[:, :, : int(image.shape[2] * NEGATIVE_SHARE)])
    canvas.visible = canvas.data.sum(axis=0) > 0
    return canvas


def railway(data: Path, corridor: tuple[tuple[float, float], ...], half_m: float) -> Canvas:
    """Wood, fields and a sawmill, the left part; the line and all within `half_m` of it are not known."""
    image = read_image(data / "negatives" / "railway_no_wagons.tif").data
    image = resized(image[:, :, : int(image.shape[2] * NEGATIVE_SHARE)], RAILWAY_M)
    canvas = Canvas.bare(image)
    far = np.ones(image.shape[1:], bool)
    line = shapely.LineString(corridor)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, np.arange(0, line.length, 0.5)))
    column, row = (np.floor(xy[:, k] * RAILWAY_M / PIXEL_M).astype(int) for k in (0, 1))
    inside = (row >= 0) & (column >= 0) & (row < far.shape[0]) & (column < far.shape[1])
    far[row[inside], column[inside]] = False
    canvas.known = distance_transform_edt(far) * PIXEL_M > half_m
    return canvas
