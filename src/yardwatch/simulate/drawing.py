"""Vehicles drawn onto the tracks, with the couplers between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yardwatch.simulate.bands import Band
from yardwatch.simulate.bodies import Patch, paint
from yardwatch.simulate.light import Sun
from yardwatch.simulate.noise import Reals, Single
from yardwatch.simulate.scenery import Scenery
from yardwatch.simulate.trains import Placed

COUPLER_HALF_M, COUPLER_TOP_M = 0.16, 1.1
COUPLER_COLOUR = np.array([[0.17], [0.16], [0.15]], np.float32)
SNOW = np.array([[0.77], [0.79], [0.83]], np.float32)
WALLS_HALF_M, SKY_IN_GAP = 1.5, 0.55
"""Between two end walls the ground sees half the sky, and is oily."""
COUPLED_GAP_M = 1.6
"""Bodies nearer than this are coupled."""


def draw_stock(
    layers: tuple[Single, Single], scenery: Scenery, stock: Sequence[Placed], sun: Sun, weather: tuple[float, int]
) -> None:
    """Draw vehicles into (colour (3, y, x), height (y, x)), in place; `weather` is snow 0..1 and a seed for grain."""
    snow, seed = weather
    grain = np.random.default_rng([seed, 2]).standard_normal(1 << 15, dtype=np.float32)
    for placed in stock:
        _draw(layers, scenery, placed, sun, (snow, grain))
    for first, second in pairwise(stock):
        gap = second.car.start_m - first.car.end_m
        if first.car.track == second.car.track and 0 < gap < COUPLED_GAP_M:
            _couple(layers, scenery.bands[first.car.track], (first.car.end_m, second.car.start_m), scenery)


def _draw(
    layers: tuple[Single, Single], scenery: Scenery, placed: Placed, sun: Sun, weather: tuple[float, Single]
) -> None:
    snow, grain = weather
    car, wagon, fine = placed.car, placed.wagon, scenery.canvas.fine_m
    band = scenery.bands[car.track]
    near = band.between(car.start_m - fine, car.end_m + fine)
    close = np.abs(band.t[near]) < car.width_m / 2 + fine
    flat, s, t = band.flat[near][close], band.s[near][close], band.t[near][close]
    if not len(flat):
        return
    turn = float(band.turn_rad[near].mean())
    patch = Patch(
        x=s - np.float32((car.start_m + car.end_m) / 2), t=t, sun_t=sun.across(turn), sun_up=sun.up,
        grain=grain[(np.arange(len(flat)) + wagon.seed) % len(grain)], fine_m=fine,
    )  # fmt: skip
    body, top = paint(wagon, patch)
    white = np.clip((snow * wagon.snow - 0.25) / 0.3 + 0.25 * patch.grain * (snow > 0), 0, 0.92) * (snow > 0)
    body += (white * 0.9) * (SNOW - body)
    _blend(layers, flat, (patch.inside(car.length_m, car.width_m), body, top))


def _couple(layers: tuple[Single, Single], band: Band, ends: tuple[float, float], scenery: Scenery) -> None:
    near = band.between(*ends)
    below = layers[0].reshape(3, -1)
    shut_in = np.clip((WALLS_HALF_M - np.abs(band.t[near])) / scenery.canvas.fine_m + 0.5, 0, 1)
    below[:, band.flat[near]] *= 1 - (1 - SKY_IN_GAP) * shut_in
    cover = np.clip((COUPLER_HALF_M - np.abs(band.t[near])) / scenery.canvas.fine_m + 0.5, 0, 1)
    colour = np.broadcast_to(COUPLER_COLOUR, (3, len(cover)))
    _blend(layers, band.flat[near], (cover, colour, np.full_like(cover, COUPLER_TOP_M)))


def _blend(
    layers: tuple[Single, Single], flat: NDArray[np.int64],
    laid: tuple[Reals, Reals, Reals],
) -> None:  # fmt: skip
    """Lay coverage, colour and height over the pixels `flat`."""
    cover, colour, top = laid
    below, height = layers[0].reshape(3, -1), layers[1].reshape(-1)
    old = below[:, flat]
    below[:, flat] = old + cover * (colour - old)
    height[flat] = np.where(cover > 0.5, top, height[flat])
