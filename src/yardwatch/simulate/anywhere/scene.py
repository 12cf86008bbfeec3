"""Any yard as a picture with exact truth: a random one for every seed.

First everything that stands is drawn by lot, in ground metres and the same at every GSD; then it is painted on fine
pixels, lit, leaned, averaged and delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from yardwatch.model import Car, Track
from yardwatch.simulate.anywhere.beds import draw_look, lay_bed
from yardwatch.simulate.anywhere.camera import expose
from yardwatch.simulate.anywhere.course import located
from yardwatch.simulate.anywhere.day import Day
from yardwatch.simulate.anywhere.frame import border, canvas_over, transform_of
from yardwatch.simulate.anywhere.raised import raise_beside
from yardwatch.simulate.anywhere.rakes import Standing
from yardwatch.simulate.anywhere.sprites import Sprite
from yardwatch.simulate.anywhere.surface import ballast, lay_surface
from yardwatch.simulate.anywhere.tracks import misset
from yardwatch.simulate.anywhere.vehicles import Layers, draw_vehicles
from yardwatch.simulate.anywhere.yard import SIZE_M, AnyYard, draw_yard
from yardwatch.simulate.bands import band
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import LUSH, Ground
from yardwatch.simulate.lean import lean
from yardwatch.simulate.light import beam_shade, shade
from yardwatch.simulate.noise import Single
from yardwatch.simulate.sensor import average
from yardwatch.simulate.structures import draw_beams
from yardwatch.simulate.weather import CLOUD_IN, cloud_over, haze_over, snow_over

EXPOSURE = np.float32(1.12)
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
    cloud: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), bool))
    """(y, x): where cloud hides the ground; empty where no cloud was asked for."""
    synthetic: bool = True


def any_scene(
    rng: np.random.Generator, *, gsd_m: float, size_m: tuple[float, float] = SIZE_M, bits: int = 8,
    sprites: Sequence[Sprite] = (),
) -> AnyScene:  # fmt: skip
    """A scene of a random yard at a GSD of 0.2–5 m.

    `size_m` is along and across the yard; the north-up picture has that area, and a shape that suits the heading. The
    same generator state gives the same yard at every GSD. Raises ValueError for a GSD, size or bits out of range.
    """
    return render_yard(draw_yard(rng, size_m), gsd_m=gsd_m, bits=bits, sprites=sprites)


def render_yard(
    yard: AnyYard, *, gsd_m: float, bits: int = 8, sprites: Sequence[Sprite] = (), cloud: float = 0.0
) -> AnyScene:
    """The scene of a yard at a GSD of 0.2–5 m, about a share `cloud` of it under cloud.

    Raises ValueError for a GSD or bits out of range.
    """
    canvas = canvas_over(yard.extent, gsd_m)
    layers = _painted(yard, canvas, sprites)
    picture = average(_cropped(_lit(yard, layers), canvas), canvas.oversampled)
    opacity = cloud_over(picture, cloud, gsd_m, np.random.default_rng([yard.seed, 7])) if cloud > 0 else None
    haze_over(picture, yard.day.haze)
    cars, vehicle = _seen(yard.stock, layers)
    return AnyScene(
        data=expose(picture, np.random.default_rng([yard.seed, 9]), bits), transform=transform_of(canvas), gsd_m=gsd_m,
        tracks=yard.tracks, given=misset(yard.tracks, np.random.default_rng([yard.seed, 8])), truth=cars,
        vehicle=vehicle, day=yard.day, cloud=np.zeros((0, 0), bool) if opacity is None else opacity > CLOUD_IN,
    )  # fmt: skip


def _painted(yard: AnyYard, canvas: Canvas, sprites: Sequence[Sprite]) -> Layers:
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
    raise_beside(ground, canvas, yard.beside, yard.fan, yard.day, rng)
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


def _lit(yard: AnyYard, layers: Layers) -> Single:
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
