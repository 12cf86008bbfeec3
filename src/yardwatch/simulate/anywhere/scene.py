"""Any yard as a picture with exact truth: a random one for every seed.

First everything that stands is drawn by lot, in ground metres and the same at every GSD; then it is painted on fine
pixels, lit, leaned, averaged and delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from yardwatch.model import Car, Track
from yardwatch.simulate.anywhere.beds import draw_look, lay_bed
from yardwatch.simulate.anywhere.beside import Beside, draw_beside
from yardwatch.simulate.anywhere.camera import expose
from yardwatch.simulate.anywhere.course import Course, draw_course, located
from yardwatch.simulate.anywhere.day import Day, draw_day
from yardwatch.simulate.anywhere.frame import Extent, border, canvas_over, draw_extent, transform_of
from yardwatch.simulate.anywhere.raised import raise_beside
from yardwatch.simulate.anywhere.rakes import Standing, fill
from yardwatch.simulate.anywhere.sprites import Sprite
from yardwatch.simulate.anywhere.surface import ballast, lay_surface
from yardwatch.simulate.anywhere.tracks import Fan, draw_fan, misset, rooms, within
from yardwatch.simulate.anywhere.vehicles import Layers, draw_vehicles
from yardwatch.simulate.bands import band
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import LUSH, Ground
from yardwatch.simulate.lean import lean
from yardwatch.simulate.light import beam_shade, shade
from yardwatch.simulate.noise import Single
from yardwatch.simulate.sensor import average
from yardwatch.simulate.structures import draw_beams
from yardwatch.simulate.weather import haze_over, snow_over

SIZE_M = (220.0, 70.0)
EXPOSURE = np.float32(1.12)
TRIES = 20
Fine = TypeVar("Fine", Single, NDArray[np.int16])


@dataclass(frozen=True, kw_only=True, eq=False)
class AnyScene:
    """A random yard as delivered, and what is true of it."""

    data: NDArray[np.uint8] | NDArray[np.uint16]
    """(3, y, x): red, green, blue; 0 nowhere."""
    transform: Affine
    """Column and row of pixel corners to ground metres, x east, y north; the place has no coordinates on Earth."""
    gsd_m: float
    tracks: tuple[Track, ...]
    """True centre lines, ground metres; they run a little past the picture's edge."""
    given: tuple[Track, ...]
    """The same as a map would have them: off by up to 1.5 m."""
    truth: tuple[Car, ...]
    """Every rail vehicle of which a pixel shows: bodies, metres along `tracks`; cut ones with both their ends."""
    vehicle: NDArray[np.int16]
    """(y, x): index into `truth` + 1 of the vehicle that stands on the pixel's middle, 0 for none."""
    day: Day
    synthetic: bool = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Yard:
    """Everything that stands, in ground metres, before a pixel is drawn."""

    extent: Extent
    course: Course
    fan: Fan
    tracks: tuple[Track, ...]
    stock: tuple[Standing, ...]
    beside: Beside
    day: Day
    seed: int
    """Of what is painted."""


def any_scene(
    rng: np.random.Generator, *, gsd_m: float, size_m: tuple[float, float] = SIZE_M, bits: int = 8,
    sprites: Sequence[Sprite] = (),
) -> AnyScene:  # fmt: skip
    """A scene of a random yard at a GSD of 0.2–5 m.

    `size_m` is along and across the yard; the north-up picture has that area, and a shape that suits the heading. The
    same generator state gives the same yard at every GSD. Raises ValueError for a GSD, size or bits out of range.
    """
    yard = draw_yard(rng, size_m)
    canvas = canvas_over(yard.extent, gsd_m)
    layers = _painted(yard, canvas, sprites)
    picture = average(_cropped(_lit(yard, layers), canvas), canvas.oversampled)
    haze_over(picture, yard.day.haze)
    cars, vehicle = _seen(yard.stock, layers)
    return AnyScene(
        data=expose(picture, np.random.default_rng([yard.seed, 9]), bits), transform=transform_of(canvas), gsd_m=gsd_m,
        tracks=yard.tracks, given=misset(yard.tracks, np.random.default_rng([yard.seed, 8])), truth=cars,
        vehicle=vehicle, day=yard.day,
    )  # fmt: skip


def draw_yard(rng: np.random.Generator, size_m: tuple[float, float] = SIZE_M) -> Yard:
    """A random yard with its trains. Raises ValueError for a size out of range."""
    for _ in range(TRIES):
        course = draw_course(rng, float(np.hypot(*size_m)) / 2 + 60)
        extent = draw_extent(rng, float(course.turn(np.array(0.0))), size_m)
        fan = draw_fan(rng, course)
        tracks = within(fan, extent.picture, rng)
        if len(tracks) >= 2:
            break
    lines = shapely.union_all([line for _, line in fan.lines])
    return Yard(
        extent=extent, course=course, fan=fan, tracks=tracks, stock=fill(rng, rooms(tracks, _ends(fan))),
        beside=draw_beside(rng, course, fan, lines), day=draw_day(rng), seed=int(rng.integers(1 << 31)),
    )  # fmt: skip


def _ends(fan: Fan) -> shapely.Geometry:
    """Where buffer stops keep cars away."""
    lines = dict(fan.lines)
    return shapely.union_all([shapely.Point(lines[name].coords[-1]).buffer(2.5) for name, _ in fan.stops])


def _painted(yard: Yard, canvas: Canvas, sprites: Sequence[Sprite]) -> Layers:
    """Ground, beds, what stands beside, snow, vehicles: as lit from everywhere."""
    rng = np.random.default_rng([yard.seed, 1])
    ground = lay_surface(canvas, located(yard.course, canvas), yard.fan, rng)
    base = ballast(rng)
    for _, line in yard.fan.lines:
        look, seed = draw_look(rng, base), int(rng.integers(1 << 30))
        near = line.intersection(yard.extent.picture.buffer(30))
        for part in shapely.get_parts(near):
            if part.geom_type == "LineString" and part.length > 1:
                lay_bed(ground, band(canvas, part.simplify(0.012)), canvas, look, np.random.default_rng(seed))
    raise_beside(ground, canvas, yard.beside, yard.fan, rng)
    _green(ground, yard.day)
    snow_over(ground.colour, ground, yard.day.snow)
    layers = Layers(
        canvas=canvas, colour=ground.colour, height=ground.height, vehicle=np.zeros(canvas.shape, np.int16)
    )  # fmt: skip
    lines = {track.id: track.line for track in yard.tracks}
    draw_vehicles(layers, yard.stock, lines, yard.day, yard.seed, sprites)
    return layers


def _green(ground: Ground, day: Day) -> None:
    grown = ground.lush * np.float32(day.green)
    for channel, target in enumerate(LUSH):
        ground.colour[channel] += grown * (np.float32(target) * ground.tone - ground.colour[channel])


def _lit(yard: Yard, layers: Layers) -> Single:
    """The same under the day's light and view."""
    day, canvas, colour = yard.day, layers.canvas, layers.colour
    dark = shade(layers.height, canvas, day.sun)
    beam_shade(dark, layers.height, canvas, yard.beside.gantries, day.sun)
    for channel, blue in enumerate((0.92, 1.0, 1.16)):
        colour[channel] *= EXPOSURE * (1 - dark * np.float32(1 - day.sky * blue))
    away = np.cos(np.deg2rad(day.sun_azimuth_deg - day.view_azimuth_deg))
    lean(colour, layers.height, canvas, day.off_nadir_deg, day.view_azimuth_deg, float(0.6 + 0.3 * away))
    draw_beams(colour, canvas, yard.beside.gantries, day)
    return colour


def _cropped(fine: Fine, canvas: Canvas) -> Fine:
    edge = border(canvas) * canvas.oversampled
    return fine[..., edge : canvas.height - edge, edge : canvas.width - edge]


def _seen(stock: tuple[Standing, ...], layers: Layers) -> tuple[tuple[Car, ...], NDArray[np.int16]]:
    """The vehicles that show, renumbered, and the delivered pixels they stand on."""
    fine = _cropped(layers.vehicle, layers.canvas)
    shown = np.bincount(fine.ravel(), minlength=len(stock) + 1)[1:] > 0
    number = np.concatenate([[0], np.cumsum(shown) * shown]).astype(np.int16)
    cars = [standing.car for standing, seen in zip(stock, shown, strict=True) if seen]
    middle = layers.canvas.oversampled // 2
    step = layers.canvas.oversampled
    return tuple(replace(car, id=f"car-{i + 1:03d}") for i, car in enumerate(cars)), number[
        fine[middle::step, middle::step]
    ]
