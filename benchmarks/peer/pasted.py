"""Composites: trains of real sprites and drawn vehicles pasted onto the empty tracks of a labelled block."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.ndimage import map_coordinates
from training.layout import ROW_M, STEP_M
from training.stock import Vehicle

from benchmarks.peer.grounds import Ground
from benchmarks.peer.places import Place, on_line

Rng = np.random.Generator

CLEAR_M = 2.5
"""Kept free between a pasted vehicle and a real one."""
COUPLED_M, LOOSE_M = (0.7, 1.5), (2.5, 40.0)
LOOSE_SHARE = 0.35
SIDEWAYS_M = 0.2
EDGE_M = 0.5


@dataclass(frozen=True)
class Sun:
    """Metres of shadow a metre of height, right and down, and the share of the light that a shadow leaves."""

    right: float
    down: float
    left: float

    @classmethod
    def any(cls, rng: Rng) -> Sun:
        """Any direction; long and short."""
        angle, long = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 1.2)
        return cls(long * np.cos(angle), long * np.sin(angle), rng.uniform(0.3, 0.75))


def pasted(ground: Ground, vehicles: list[Vehicle], rng: Rng) -> Ground:
    """The ground with trains on its empty stretches: all shadows first, then all bodies."""
    made = replace(ground, data=ground.data.copy())
    sun = Sun.any(rng)
    taken = shapely.union_all([_body(box).buffer(CLEAR_M) for box in ground.boxes])
    trains = [one for points in ground.lines for one in _train(shapely.LineString(points), vehicles, taken, rng)]
    for vehicle, place in trains:
        _shade(made, place, vehicle.height_m, sun)
    for vehicle, place in trains:
        _paint(made, vehicle, place, np.float32(rng.uniform(0.75, 1.25)))
    boxes = [(place.x, place.y, 2 * place.half_s, place.angle, 1.0) for _, place in trains]
    made.boxes = np.concatenate([ground.boxes, np.array(boxes).reshape(-1, 5)])
    return made


def _train(
    line: shapely.LineString, vehicles: list[Vehicle], taken: shapely.Geometry, rng: Rng
) -> list[tuple[Vehicle, Place]]:
    along, found = rng.uniform(-10, 30), []
    while along < line.length:
        vehicle = vehicles[rng.integers(len(vehicles))]
        _, wide, long = vehicle.data.shape
        half = long * STEP_M / 2
        x, y, angle = on_line(line, min(max(along + half, 0), line.length))
        off = rng.normal(0, SIDEWAYS_M)
        place = Place(x - off * np.sin(angle), y + off * np.cos(angle), angle, half, wide * ROW_M / 2)
        if 0 < along + half < line.length and not _body((place.x, place.y, 2 * half, angle)).intersects(taken):
            found.append((vehicle, place))
        along += 2 * half + rng.uniform(*(LOOSE_M if rng.random() < LOOSE_SHARE else COUPLED_M))
    return found


def _body(box: tuple[float, ...]) -> shapely.LineString:
    x, y, long, angle = box[:4]
    right, down = np.cos(angle) * long / 2, np.sin(angle) * long / 2
    return shapely.LineString([(x - right, y - down), (x + right, y + down)])


def _shade(ground: Ground, place: Place, height_m: float, sun: Sun) -> None:
    """Two steps of the body's shadow, each with the root of what the whole leaves."""
    for k in (0.5, 1.0):
        cast = place.moved(k * height_m * sun.right, k * height_m * sun.down)
        part = cast.part(ground, EDGE_M)
        if part:
            window, s, t = part
            ground.data[window] *= 1 - cast.cover(s, t, ground.pixel_m) * np.float32(1 - sun.left**0.5)


def _paint(ground: Ground, vehicle: Vehicle, place: Place, gain: np.float32) -> None:
    part = place.part(ground, EDGE_M)
    if part:
        window, s, t = part
        index = [(t + place.half_t) / ROW_M - 0.5, (s + place.half_s) / STEP_M - 0.5]
        body = np.stack([map_coordinates(band, index, order=1, mode="nearest") for band in vehicle.data]) * gain
        ground.data[window] += place.cover(s, t, ground.pixel_m) * (body - ground.data[window])
