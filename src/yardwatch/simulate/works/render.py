"""One look at a simulated place, as delivered and laid on the ground grid.

Painted at the delivered pixel with soft edges, then lit, leaned, hazed, shifted by up to a pixel, blurred and made
eight-bit by the sensor: a site of 30 looks takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import LUSH, Ground
from yardwatch.simulate.lean import lean
from yardwatch.simulate.light import SHADE, shade
from yardwatch.simulate.noise import Single
from yardwatch.simulate.sensor import deliver
from yardwatch.simulate.weather import cloud_over, haze_over, snow_over
from yardwatch.simulate.works.day import Day
from yardwatch.simulate.works.paint import lay_place, put_work, stand
from yardwatch.simulate.works.plan import SIDE_M, Plan

GSD_M = 0.5
EXPOSURE = np.float32(1.12)
CLOUD_SEEN, CLOUD_RIM = 0.04, 6
"""Opacity from which a pixel counts as hidden, and the pixels around that a mask would take too."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """A delivered picture on the ground grid: north up, 0.5 m, upper left corner at (0, 300)."""

    data: NDArray[np.uint8]
    """(3, y, x)."""
    visible: NDArray[np.bool_]
    """(y, x): False under cloud."""
    synthetic: bool = True


def canvas() -> Canvas:
    """The grid of a place."""
    size = round(SIDE_M / GSD_M)
    to_pixel = np.array([[1 / GSD_M, 0, 0], [0, -1 / GSD_M, SIDE_M / GSD_M]])
    return Canvas(to_pixel=to_pixel, west=0, north=SIDE_M, gsd_m=GSD_M, oversampled=1, width=size, height=size)


@lru_cache(maxsize=2)
def place_of(plan: Plan) -> Ground:
    """The ground without works, houses and goods; never written to."""
    return lay_place(canvas(), plan)


def see(plan: Plan, day: Day) -> Seen:
    """The look of a day."""
    grid, fixed = canvas(), place_of(plan)
    now = Ground(
        colour=fixed.colour.copy(), lush=fixed.lush.copy(), snow_line=fixed.snow_line, height=fixed.height.copy(),
        coarse=fixed.coarse, fine=fixed.fine,
    )  # fmt: skip
    _grow(now, plan, day, grid)
    gone = {work.house for work in plan.works if work.kind == "removed"}
    for house in plan.houses:
        if house not in gone:
            stand(now, grid, house, day.sun)
    for work in plan.works:
        put_work(now, grid, work, day)
    for goods in day.goods:
        stand(now, grid, goods, day.sun)
    snow_over(now.colour, now, day.snow)
    dark = shade(now.height, grid, day.sun)
    for channel in range(3):
        now.colour[channel] *= EXPOSURE * (1 - dark * (1 - SHADE[channel]))
    lean(now.colour, now.height, grid, day.off_nadir_deg, day.view_azimuth_deg, wall=0.7)
    return _delivered(now.colour, day)


def _grow(now: Ground, plan: Plan, day: Day, grid: Canvas) -> None:
    """Grass and trees green with the season, each crop by its own year."""
    green = now.lush * np.float32(day.green)
    for crop in plan.crops:
        window = grid.window(crop.block.polygon.bounds)
        if window is None:
            continue
        away = day.day.timetuple().tm_yday - crop.peak_day[day.day.year % len(crop.peak_day)]
        covered = now.lush[window] > 1.5
        green[window] = np.where(covered, np.float32(np.exp(-((away / 50) ** 2)) * 0.95), green[window])
    np.minimum(green, 1, out=green)
    for channel, target in enumerate(LUSH):
        now.colour[channel] += green * (np.float32(target) * now.tone - now.colour[channel])


def _delivered(colour: Single, day: Day) -> Seen:
    rng = np.random.default_rng(day.seed)
    haze_over(colour, day.haze)
    hidden = np.zeros(colour.shape[1:], bool)
    if day.cloud_cover > 0:
        opacity = cloud_over(colour, day.cloud_cover, GSD_M, rng)
        shadowed = np.roll(opacity, (140, 110), axis=(0, 1))
        hidden = ndimage.binary_dilation((opacity > CLOUD_SEEN) | (shadowed > CLOUD_SEEN), iterations=CLOUD_RIM)
    mixed = np.tensordot(day.sensor.mixing, colour, axes=1) + day.sensor.offset[:, None, None]
    rows, columns = colour.shape[1:]
    slope = noise_plane(rows, columns, rng)
    down, right = -day.shift_m[1] / GSD_M, day.shift_m[0] / GSD_M
    moved = [ndimage.shift(band * slope, (down, right), order=1, mode="nearest") for band in mixed]
    soft = [ndimage.gaussian_filter(band, day.sensor.sharpness, mode="nearest", truncate=2.5) for band in moved]
    return Seen(data=deliver(np.stack(soft).astype(np.float32), day.exposure, rng), visible=~hidden)


def noise_plane(rows: int, columns: int, rng: np.random.Generator) -> Single:
    """A brightness that leans a little across the picture: view, atmosphere and seams."""
    down, right = rng.normal(0, 0.02, 2)
    plane = 1 + down * np.linspace(-1, 1, rows)[:, None] + right * np.linspace(-1, 1, columns)[None]
    return plane.astype(np.float32)
