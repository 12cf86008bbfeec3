"""The ground of the yard: grass, bare soil, fields, cinder between the tracks, roads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.simulate.canvas import Canvas, Slices
from yardwatch.simulate.layout import Box, Layout
from yardwatch.simulate.noise import Reals, Single, noise

DRY_GRASS = (0.475, 0.445, 0.345)
LUSH = (0.285, 0.345, 0.205)
SOIL = (0.52, 0.475, 0.40)
CINDER = (0.435, 0.405, 0.37)
ASPHALT = (0.42, 0.42, 0.42)
GRAVEL_ROAD = (0.60, 0.575, 0.52)
COARSE_TONE, FINE_TONE = 0.055, 0.075
COARSE_M, FINE_M = (90.0, 40.0, 18.0, 8.0), (4.0, 1.8, 0.9, 0.5)


@dataclass(kw_only=True, eq=False)
class Ground:
    """Layers in the making, (y, x) each; what they mean stands at `scenery.Scenery`."""

    colour: Single
    lush: Single
    snow_line: Single
    height: Single
    coarse: Single
    fine: Single
    """Noise of the large and the small spacings, standard deviation about 1, for all who need texture."""

    @property
    def tone(self) -> Single:
        """Texture of the ground, a factor about 1."""
        return 1 + np.float32(COARSE_TONE) * self.coarse + np.float32(FINE_TONE) * self.fine

    def paint(self, window: Slices, cover: Reals, colour: tuple[float, float, float] | Reals) -> None:
        """Lay a colour (three numbers, or (3, rows, columns)) over a window with a coverage 0..1."""
        patch = self.colour[(slice(None), *window)]
        target = np.asarray(colour, np.float32).reshape((3, 1, 1) if np.size(colour) == 3 else np.shape(colour))
        patch += cover.astype(np.float32) * (target - patch)


def lay_ground(canvas: Canvas, layout: Layout, rng: np.random.Generator) -> Ground:
    """Grass and soil everywhere, then fields, the yard's cinder, roads."""
    coarse, fine = noise(canvas.field, COARSE_M, rng), noise(canvas.field, FINE_M, rng, roughness=0.8)
    bare = _ramp(coarse * 0.8 + fine * 0.45, 0.75, 0.5)
    colour = np.empty((3, *canvas.shape), np.float32)
    for channel in range(3):
        colour[channel] = DRY_GRASS[channel] + bare * (SOIL[channel] - DRY_GRASS[channel])
    ground = Ground(
        colour=colour, lush=np.clip(1 - bare, 0, 1), height=np.zeros(canvas.shape, np.float32), coarse=coarse,
        fine=fine, snow_line=0.16 + 0.06 * coarse + 0.06 * fine,
    )  # fmt: skip
    for box in layout.fields:
        _plough(ground, canvas, box)
    _yard(ground, canvas, layout)
    for (line, width), paved in zip(layout.roads, (False, True, False, False), strict=True):
        _road(ground, canvas, line, (width, paved))
    ground.colour *= ground.tone
    return ground


def _ramp(values: Single, middle: float, width: float) -> Single:
    return np.clip((values - middle) / width + 0.5, 0, 1)


def _plough(ground: Ground, canvas: Canvas, box: Box) -> None:
    """A field: its own tint, furrows along it, ragged edges."""
    window = canvas.window(shapely.bounds(box.polygon))
    if window is None:
        return
    along, across = local(canvas, window, box)
    ragged = ground.coarse[window] * 1.5
    inside = np.minimum(box.length / 2 - np.abs(along), box.width / 2 - np.abs(across)) + ragged
    cover = np.clip(inside / 1.5, 0, 1)
    ground.paint(window, cover, box.colour)
    furrows = np.sin(2 * np.pi * across / 3.1) * np.sinc(canvas.fine_m / 3.1) * 0.03
    ground.colour[(slice(None), *window)] *= 1 + cover * furrows
    ground.lush[window] *= 1 - 0.55 * cover
    ground.snow_line[window] += cover * 0.06


def _yard(ground: Ground, canvas: Canvas, layout: Layout) -> None:
    """Cinder and trodden earth under and between the tracks, overgrown in places."""
    window = canvas.window(shapely.bounds(layout.yard_ground))
    if window is None:
        return
    edge = _inside(canvas, window, layout.yard_ground) + 2.0 * ground.coarse[window]
    cover = np.clip(edge / 3.0 + 0.5, 0, 1)
    overgrown = _ramp(ground.coarse[window] * 0.7 + ground.fine[window] * 0.6, 1.05, 0.7)
    cover = cover * (1 - 0.65 * overgrown)
    ground.paint(window, cover, CINDER)
    ground.lush[window] *= 1 - cover * 0.93
    ground.snow_line[window] += cover * 0.16


def _road(ground: Ground, canvas: Canvas, line: shapely.LineString, make: tuple[float, bool]) -> None:
    width, paved = make
    for piece in shapely.get_parts(shapely.segmentize(line, 30.0)):
        corners = np.array(piece.coords)
        for start, end in pairwise(corners):
            _road_piece(ground, canvas, shapely.LineString([start, end]), (width, paved))


def _road_piece(ground: Ground, canvas: Canvas, line: shapely.LineString, make: tuple[float, bool]) -> None:
    width, paved = make
    window = canvas.window(shapely.bounds(line.buffer(width)))
    if window is None:
        return
    from_centre = _from_segment(canvas, window, line)
    cover = np.clip((width / 2 - from_centre) / (0.4 if paved else 1.0) + 0.5, 0, 1)
    ground.paint(window, cover, ASPHALT if paved else GRAVEL_ROAD)
    if not paved:
        middle = np.clip(1 - from_centre / 0.5, 0, 1) * 0.5
        ground.paint(window, middle, DRY_GRASS)
    ground.lush[window] *= 1 - cover
    ground.snow_line[window] = np.where(cover > 0.5, 0.55 + 0.05 * ground.fine[window], ground.snow_line[window])


class Turned(Protocol):
    """Something with a middle and a direction."""

    @property
    def centre(self) -> NDArray[np.float64] | tuple[float, float]:
        """Ground position of its middle."""

    @property
    def turn_rad(self) -> float:
        """Direction of its long side, counter-clockwise from east."""


def local(canvas: Canvas, window: Slices, box: Turned) -> tuple[Single, Single]:
    """Metres along and across a box of the pixel centres of a window."""
    x, y = canvas.ground(window)
    dx, dy = x - np.float32(box.centre[0]), y - np.float32(box.centre[1])
    cos, sin = np.float32(np.cos(box.turn_rad)), np.float32(np.sin(box.turn_rad))
    return dx * cos + dy * sin, dy * cos - dx * sin


def _from_segment(canvas: Canvas, window: Slices, line: shapely.LineString) -> Single:
    (x0, y0), (x1, y1) = line.coords
    x, y = canvas.ground(window)
    length = np.hypot(x1 - x0, y1 - y0)
    fx, fy = (x1 - x0) / length, (y1 - y0) / length
    at = np.clip((x - x0) * fx + (y - y0) * fy, 0, length)
    return np.hypot(x - x0 - at * fx, y - y0 - at * fy).astype(np.float32)


def _inside(canvas: Canvas, window: Slices, polygon: shapely.Polygon) -> Single:
    """Signed distance to a polygon's edge, metres, positive inside; taken every 4 m and interpolated."""
    x, y = canvas.ground(window)
    step = max(1, round(4.0 / canvas.fine_m))
    points = shapely.points(x[::step, ::step], y[::step, ::step])
    distance = shapely.distance(points, polygon.exterior) * np.where(shapely.contains(polygon, points), 1, -1)
    rows, columns = (np.minimum(np.arange(n) / step, m - 1) for n, m in zip(x.shape, distance.shape, strict=True))
    row, column = rows.astype(int), columns.astype(int)
    below, right = np.minimum(row + 1, distance.shape[0] - 1), np.minimum(column + 1, distance.shape[1] - 1)
    down = distance[row] + (rows - row)[:, None] * (distance[below] - distance[row])
    return (down[:, column] + (columns - column) * (down[:, right] - down[:, column])).astype(np.float32)
