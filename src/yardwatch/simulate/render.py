"""One look at the fictional yard, as a picture with exact truth.

Fine pixels are coloured, snowed on, filled with trains, lit, leaned; then averaged to the GSD, hazed, clouded, blurred
and made eight-bit. Everything random comes from the look's seed and the generator given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from yardwatch.model import Car
from yardwatch.simulate.canvas import CRS, Canvas
from yardwatch.simulate.drawing import draw_stock
from yardwatch.simulate.ground import LUSH
from yardwatch.simulate.history import Look
from yardwatch.simulate.lean import lean
from yardwatch.simulate.light import SHADE, Sun, beam_shade, shade
from yardwatch.simulate.noise import Single
from yardwatch.simulate.scenery import Scenery, scenery
from yardwatch.simulate.sensor import average, blur, deliver
from yardwatch.simulate.site_work import raise_building
from yardwatch.simulate.structures import draw_beams
from yardwatch.simulate.weather import CLOUD_IN, cloud_over, haze_over, snow_over
from yardwatch.simulate.yard import ZONE_ID, Yard

GSD_M = 0.5
EXPOSURE = np.float32(1.12)
"""Brings ballast in the sun to 150 of 255, as delivered pictures have it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rendered:
    """A simulated scene and what is true of it."""

    data: NDArray[np.uint8]
    """(3, y, x): red, green, blue; 0 nowhere."""
    transform: Affine
    """Column and row to `crs`, with the look's misplacement in it."""
    crs: str
    gsd_m: float
    """Pixel size in the CRS; on the ground 0.04 % larger."""
    truth: tuple[Car, ...]
    """Every rail vehicle, bodies, metres along the tracks' ground lines; locomotives and those beyond the zone too."""
    zones: tuple[tuple[str, ...], ...]
    """For each of `truth`, the zones that hold its middle."""
    building: shapely.Polygon | None
    """Lon/lat footprint of the building, None before its ground is cleared."""
    building_stage: str | None
    cloud: NDArray[np.bool_]
    """(y, x): where cloud hides the ground."""
    synthetic: bool = True

    def freight_in(self, zone: str = ZONE_ID) -> int:
        """True number of freight cars in a zone."""
        return sum(car.freight and zone in held for car, held in zip(self.truth, self.zones, strict=True))


def render(yard: Yard, look: Look, rng: np.random.Generator, gsd_m: float = GSD_M) -> Rendered:
    """The scene of a look at a GSD of 0.2–5 m. Raises ValueError outside that."""
    fixed = scenery(yard, gsd_m)
    canvas = fixed.canvas
    column, row = (int(n) for n in np.random.default_rng([look.seed, 3]).integers(0, canvas.oversampled, 2))
    fine = _fine(yard, look, fixed)
    picture = average(_cropped(fine, canvas, (row, column)), canvas.oversampled)
    cloud = _weather(picture, look, gsd_m)
    data = deliver(blur(picture), look.gain, rng)
    cars = tuple(placed.car for placed in look.stock)
    return Rendered(
        data=data, transform=_transform(canvas, look, (row, column)), crs=CRS, gsd_m=gsd_m, truth=cars,
        zones=tuple(yard.zones_of(car.track, (car.start_m + car.end_m) / 2) for car in cars),
        building=yard.building_polygon if look.building else None, building_stage=look.building, cloud=cloud,
    )  # fmt: skip


def _fine(yard: Yard, look: Look, fixed: Scenery) -> Single:
    """The ground and all on it under the day's light, (3, y, x) fine pixels."""
    sun = Sun(azimuth_deg=look.sun_azimuth_deg, elevation_deg=look.sun_elevation_deg)
    colour, height = fixed.colour.copy(), fixed.height.copy()
    grown = fixed.lush * np.float32(look.green)
    for channel, target in enumerate(LUSH):
        colour[channel] += grown * (np.float32(target) * (fixed.tone) - colour[channel])
    raise_building(colour, height, fixed, yard.layout.building, look.building)
    snow_over(colour, fixed, look.snow)
    draw_stock((colour, height), fixed, look.stock, sun, (look.snow, look.seed))
    dark = shade(height, fixed.canvas, sun)
    beam_shade(dark, height, fixed.canvas, yard.layout.gantries, sun)
    for channel in range(3):
        colour[channel] *= EXPOSURE * (1 - dark * (1 - SHADE[channel]))
    lean(colour, height, fixed.canvas, look.off_nadir_deg, look.view_azimuth_deg)
    draw_beams(colour, fixed.canvas, yard.layout.gantries, look)
    return colour


def _cropped(fine: Single, canvas: Canvas, phase: tuple[int, int]) -> Single:
    spare = canvas.oversampled
    row, column = phase
    return fine[:, row : canvas.height - spare + row, column : canvas.width - spare + column]


def _weather(picture: Single, look: Look, gsd_m: float) -> NDArray[np.bool_]:
    haze_over(picture, look.haze)
    if look.cloud_cover <= 0:
        return np.zeros(picture.shape[1:], bool)
    return cloud_over(picture, look.cloud_cover, gsd_m, np.random.default_rng([look.seed, 4])) > CLOUD_IN


def _transform(canvas: Canvas, look: Look, phase: tuple[int, int]) -> Affine:
    row, column = phase
    west = canvas.west + column * canvas.fine_m + look.misplacement_m[0]
    north = canvas.north - row * canvas.fine_m + look.misplacement_m[1]
    return Affine(canvas.gsd_m, 0, west, 0, -canvas.gsd_m, north)
