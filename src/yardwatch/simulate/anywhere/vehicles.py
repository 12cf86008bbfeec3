"""Vehicles of any yard drawn onto its tracks: each straight over its bogies, coupled to its neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.simulate.anywhere.brush import Skin
from yardwatch.simulate.anywhere.day import Day
from yardwatch.simulate.anywhere.rakes import Standing
from yardwatch.simulate.anywhere.sprites import Sprite, paint_sprite, pick_sprite
from yardwatch.simulate.bodies import Patch
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.noise import Single

BOGIE = 0.36
"""Bogies stand at this share of the length to either side of the middle."""
COUPLED_GAP_M = 1.7
Local = tuple[NDArray[np.int64], Single, Single]
WALLS_HALF_M, SKY_IN_GAP = 1.4, 0.6
COUPLER_COLOUR = np.array([[0.17], [0.16], [0.15]], np.float32)
SNOW = np.array([[0.77], [0.79], [0.83]], np.float32)


@dataclass(kw_only=True, eq=False)
class Layers:
    """Fine pixels in the making."""

    canvas: Canvas
    colour: Single
    """(3, y, x)."""
    height: Single
    """(y, x), metres."""
    vehicle: NDArray[np.int16]
    """(y, x): number of the vehicle, from 1."""


def draw_vehicles(
    layers: Layers, stock: Sequence[Standing], lines: dict[str, shapely.LineString], day: Day, seed: int,
    sprites: Sequence[Sprite] = (),
) -> None:  # fmt: skip
    """Draw vehicles and couplings, in place."""
    rng = np.random.default_rng([seed, 2])
    grain = rng.standard_normal(1 << 15, dtype=np.float32)
    for first, second in pairwise(stock):
        gap = second.car.start_m - first.car.end_m
        if first.car.track == second.car.track and 0 < gap < COUPLED_GAP_M:
            _couple(layers, lines[first.car.track], (first.car.end_m, second.car.start_m))
    for number, standing in enumerate(stock, start=1):
        sprite = pick_sprite(sprites, standing, np.random.default_rng([seed, 3, number]))
        _draw(layers, (standing, sprite), lines[standing.car.track], day, (number, grain))


def chord(line: shapely.LineString, start_m: float, end_m: float) -> NDArray[np.float64]:
    """(2, 2): middle and forward unit vector of a body that stands over its bogies; the line's ends go on straight."""
    middle, reach = (start_m + end_m) / 2, BOGIE * (end_m - start_m)
    feet = np.stack([_at(line, middle - reach), _at(line, middle + reach)])
    run = feet[1] - feet[0]
    return np.stack([feet.mean(0), run / np.hypot(*run)])


def _at(line: shapely.LineString, metres: float) -> NDArray[np.float64]:
    """A point of a line or of its straight continuation."""
    held = min(max(metres, 0.0), line.length)
    point = np.array(line.interpolate(held).coords[0])
    if held == metres:
        return point
    inner = np.array(line.interpolate(abs(held - 1.0)).coords[0])
    return point + (point - inner) * abs(metres - held)


def local(canvas: Canvas, axis: NDArray[np.float64], size: tuple[float, float]) -> Local | None:
    """Flat index, metres along and across of the pixels of a rectangle round a middle; None off the canvas."""
    (middle, forward), reach = axis, np.hypot(*size) / 2 + canvas.fine_m
    half = np.abs(forward) * size[0] / 2 + np.abs(forward[::-1]) * size[1] / 2 + canvas.fine_m
    low, high = middle - np.minimum(half, reach), middle + np.minimum(half, reach)
    window = canvas.window((low[0], low[1], high[0], high[1]))
    if window is None:
        return None
    x, y = canvas.ground(window)
    dx, dy = x - np.float32(middle[0]), y - np.float32(middle[1])
    along, across = (
        dx * np.float32(forward[0]) + dy * np.float32(forward[1]),
        dy * np.float32(forward[0]) - dx * np.float32(forward[1]),
    )
    near = (np.abs(along) < size[0] / 2 + canvas.fine_m) & (np.abs(across) < size[1] / 2 + canvas.fine_m)
    rows, columns = np.nonzero(near)
    flat = (rows + window[0].start) * canvas.width + columns + window[1].start
    return flat.astype(np.int64), along[near], across[near]


def _draw(
    layers: Layers, drawn: tuple[Standing, Sprite | None], line: shapely.LineString, day: Day, marks: tuple[int, Single]
) -> None:
    (standing, sprite), (number, grain) = drawn, marks
    car, wagon, canvas = standing.car, standing.wagon, layers.canvas
    axis = chord(line, car.start_m, car.end_m)
    found = local(canvas, axis, (car.length_m, car.width_m))
    if found is None or not len(found[0]):
        return
    flat, x, t = found
    turn, sun = float(np.arctan2(axis[1, 1], axis[1, 0])), day.sun
    patch = Patch(
        x=x, t=t, sun_t=sun.across(turn), sun_up=sun.up, grain=grain[(np.arange(len(flat)) + wagon.seed) % len(grain)],
        fine_m=canvas.fine_m,
    )  # fmt: skip
    skin = paint_sprite(sprite, wagon, patch) if sprite else standing.paint(wagon, patch)
    _blend(layers, flat, (_snowed(skin[0], wagon.snow, day, patch), skin[1], skin[2]))
    body = patch.inside(car.length_m, car.width_m) > 0.5
    layers.vehicle.reshape(-1)[flat[body]] = number


def _snowed(colour: Single, kept: float, day: Day, patch: Patch) -> Single:
    if day.snow > 0:
        white = np.clip((day.snow * kept - 0.25) / 0.3 + 0.25 * patch.grain, 0, 0.92)
        colour = colour + (0.9 * white).astype(np.float32) * (SNOW - colour)
    return colour


def _couple(layers: Layers, line: shapely.LineString, ends: tuple[float, float]) -> None:
    """The shut-in ground between two bodies, a coupler, and buffers on wider gaps."""
    found = local(layers.canvas, chord(line, *ends), (ends[1] - ends[0], 2 * WALLS_HALF_M))
    if found is None or not len(found[0]):
        return
    flat, _, t = found
    colour = layers.colour.reshape(3, -1)
    colour[:, flat] *= SKY_IN_GAP
    fine = layers.canvas.fine_m
    cover = np.clip((0.16 - np.abs(t)) / fine + 0.5, 0, 1)
    if ends[1] - ends[0] > 1.15:
        cover = np.maximum(cover, np.clip((0.2 - np.abs(np.abs(t) - 0.875)) / fine + 0.5, 0, 1))
    _blend(
        layers, flat, (np.broadcast_to(COUPLER_COLOUR, (3, len(flat))), np.full_like(t, 1.1), cover.astype(np.float32))
    )


def _blend(layers: Layers, flat: NDArray[np.int64], skin: Skin) -> None:
    """Lay colour, height and coverage over the pixels `flat`."""
    above, top, cover = skin
    below, height = layers.colour.reshape(3, -1), layers.height.reshape(-1)
    old = below[:, flat]
    below[:, flat] = old + cover * (above - old)
    height[flat] = np.where(cover > 0.5, top, height[flat])
