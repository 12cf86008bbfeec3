"""Rail vehicles seen from above, painted pixel by pixel in their own metres: `x` from the middle, `t` across.

Light from the side is left to the shadows cast over the heights returned; only round tops shade themselves here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yardwatch.simulate.noise import Reals, Single
from yardwatch.simulate.stock import Wagon

WALL_M = 0.26
FLOOR_M = 1.35
LOADS = {
    "empty": (0.0, (0.27, 0.235, 0.21)),
    "coal": (1.75, (0.115, 0.115, 0.12)),
    "gravel": (1.55, (0.50, 0.485, 0.455)),
    "ore": (1.25, (0.36, 0.25, 0.21)),
    "timber": (2.2, (0.55, 0.46, 0.34)),
}
"""Height of a load above the floor and its colour."""
TARPAULINS = ((0.24, 0.34, 0.50), (0.34, 0.41, 0.35), (0.48, 0.48, 0.47), (0.56, 0.50, 0.40))
CONTAINER_M, CONTAINER_WIDE_M = 6.06, 2.44
BOXES = ((0.50, 0.30, 0.255), (0.31, 0.39, 0.51), (0.61, 0.43, 0.30), (0.34, 0.44, 0.40), (0.72, 0.72, 0.70))


@dataclass(frozen=True, kw_only=True, eq=False)
class Patch:
    """The pixels of one vehicle, (n,) each."""

    x: Single
    """Metres from its middle, along the track."""
    t: Single
    sun_t: float
    """Share of the sun's direction across the track, to the left; and upward."""
    sun_up: float
    grain: Single
    """Noise, standard deviation about 1."""
    fine_m: float

    def inside(self, length: float, width: float) -> Single:
        """Coverage 0..1 of a rectangle round the middle."""
        return self.box((0.0, 0.0), length, width)

    def box(self, middle: tuple[float, float], length: float, width: float) -> Single:
        """Coverage 0..1 of a rectangle round a point of the vehicle."""
        deep = np.minimum(length / 2 - np.abs(self.x - middle[0]), width / 2 - np.abs(self.t - middle[1]))
        return np.clip(deep / self.fine_m + 0.5, 0, 1)

    def tint(self, colour: tuple[float, float, float], tone: Reals | float = 1.0) -> Single:
        """(3, n) of a colour, grained a little."""
        shade = np.broadcast_to(tone * (1 + 0.035 * self.grain), self.x.shape)
        return (np.array(colour)[:, None] * shade).astype(np.float32)


Painted = tuple[Single, Single]
"""Colour (3, n) and height (n,)."""


def paint(wagon: Wagon, patch: Patch) -> Painted:
    """Colour and height of a vehicle's pixels."""
    return PAINTERS[wagon.stock.kind](wagon, patch)


def _open(wagon: Wagon, patch: Patch) -> Painted:
    if wagon.load == "tarpaulin":
        return _tarpaulin(wagon, patch)
    stock = wagon.stock
    rise, load_colour = LOADS[wagon.load]
    inner = patch.inside(stock.body_m - 2 * WALL_M, stock.width_m - 2 * WALL_M)
    heaps = rise * (0.9 + 0.12 * np.cos(2 * np.pi * patch.x / 4.2 + wagon.seed)) - 0.25 * np.abs(patch.t)
    top = FLOOR_M + np.maximum(heaps + 0.08 * patch.grain, 0) if rise else np.full_like(patch.x, FLOOR_M)
    streaks = 1 + (0.10 if wagon.load != "timber" else 0.22) * np.sin(patch.t * 19 + patch.grain)
    colour = patch.tint(wagon.colour, 1.12)
    colour += inner * (patch.tint(load_colour, streaks) - colour)
    return colour, np.where(inner > 0.5, top, stock.height_m).astype(np.float32)


def _tarpaulin(wagon: Wagon, patch: Patch) -> Painted:
    """A cloth over a ridge pole, roped down every few metres."""
    stock = wagon.stock
    colour = TARPAULINS[wagon.seed % len(TARPAULINS)]
    slope = 0.32 * patch.sun_t / max(patch.sun_up, 0.2) * np.tanh(patch.t / 0.2)
    folds = 0.05 * np.cos(2 * np.pi * patch.x / 2.35 + wagon.seed) + 0.03 * patch.grain
    height = stock.height_m + 0.45 * (1 - np.abs(patch.t) / (stock.width_m / 2))
    return patch.tint(colour, 1 + 0.3 * np.clip(slope, -0.6, 0.6) + folds), height.astype(np.float32)


def _covered(wagon: Wagon, patch: Patch) -> Painted:
    """A rounded roof with ribs and a walkway along the middle."""
    light = rounded(patch, wagon.stock.width_m * 0.9)
    ribs = 0.11 * (comb(patch, 1.25) - 0.5)
    colour = patch.tint(wagon.colour, light + ribs)
    colour += (patch.box((0, 0), wagon.stock.body_m * 0.96, 0.45) * 0.4) * (patch.tint((0.36, 0.35, 0.34)) - colour)
    return colour, (wagon.stock.height_m - 0.25 * patch.t**2 / 1.2).astype(np.float32)


def _tank(wagon: Wagon, patch: Patch) -> Painted:
    """A cylinder on a frame: dark flanks, a bright line along the top, a dome in the middle."""
    stock = wagon.stock
    radius = stock.width_m / 2 - 0.05
    barrel = patch.inside(stock.body_m - 0.9, 2 * radius)
    across = np.clip(patch.t / radius, -1, 1)
    up = np.sqrt(np.clip(1 - across**2, 0, 1))
    lit = np.clip(0.25 + 0.75 * (across * patch.sun_t + up * patch.sun_up) / max(patch.sun_up, 0.35), 0.25, 1.5)
    shine = 0.22 * np.exp(-(((across - patch.sun_t / 2) / 0.13) ** 2)) + 0.10 * np.exp(-((across / 0.12) ** 2))
    colour = patch.tint((0.24, 0.225, 0.21))
    colour += barrel * (patch.tint(wagon.colour, lit) + shine.astype(np.float32) - colour)
    dome = np.clip((0.75 - np.hypot(patch.x, patch.t)) / patch.fine_m + 0.5, 0, 1)
    colour += 0.6 * dome * (patch.tint(wagon.colour, 0.7) - colour)
    height = np.where(barrel > 0.5, stock.height_m - radius * (1 - up), FLOOR_M) + 0.4 * dome
    return colour, height.astype(np.float32)


def _hopper(wagon: Wagon, patch: Patch) -> Painted:
    """A smooth pale roof with four round hatches and sloping ends."""
    colour = patch.tint(wagon.colour, rounded(patch, wagon.stock.width_m))
    for at in (-4.2, -1.4, 1.4, 4.2):
        hatch = np.clip((0.5 - np.hypot(patch.x - at, patch.t)) / patch.fine_m + 0.5, 0, 1)
        colour += 0.55 * hatch * (patch.tint((0.22, 0.22, 0.22)) - colour)
    ends = np.clip(np.abs(patch.x) - (wagon.stock.body_m / 2 - 1.0), 0, None)
    return colour, (wagon.stock.height_m - 1.5 * ends - 0.15 * patch.t**2).astype(np.float32)


def _flat(wagon: Wagon, patch: Patch) -> Painted:
    """Planks across, a paler steel edge."""
    stock = wagon.stock
    planks = 1 + 0.10 * (comb(patch, 0.9) - 0.5)
    colour = patch.tint((0.30, 0.29, 0.28))
    colour += patch.inside(stock.body_m - 0.5, stock.width_m - 0.4) * (patch.tint(wagon.colour, planks) - colour)
    return colour, np.full_like(patch.x, FLOOR_M)


def _container(wagon: Wagon, patch: Patch) -> Painted:
    """A flat with two 20-foot containers of their own colours, or one and a bare half."""
    colour, height = _flat(wagon, patch)
    ribs = 1 + 0.08 * (comb(patch, 0.7) - 0.5)
    places = (-3.35, 3.35) if wagon.seed % 5 else (-3.35,)
    for i, at in enumerate(places):
        cover = patch.box((at, 0.0), CONTAINER_M, CONTAINER_WIDE_M)
        tint = BOXES[(wagon.seed // 7 + i * (wagon.seed % 3)) % len(BOXES)]
        colour += cover * (patch.tint(tint, ribs) - colour)
        height = np.where(cover > 0.5, np.float32(FLOOR_M + 2.59), height)
    return colour, height.astype(np.float32)


def _locomotive(wagon: Wagon, patch: Patch) -> Painted:
    """A shunter: a narrow bonnet with fans, running boards beside it, a cab across near one end."""
    stock = wagon.stock
    colour, height = patch.tint((0.23, 0.22, 0.22)), np.full_like(patch.x, 1.6)
    bonnet, cab = patch.box((1.6, 0), stock.body_m - 4.2, 1.75), patch.box((-5.2, 0), 3.0, stock.width_m)
    nose = patch.box((-7.1, 0), 1.3, 1.75)
    for cover, top, tone in ((bonnet, 4.2, 1.0), (nose, 3.2, 0.95), (cab, stock.height_m, 1.15)):
        colour += cover * (patch.tint(wagon.colour, tone) - colour)
        height = np.where(cover > 0.5, np.float32(top), height)
    for at in (5.6, 2.2):
        fan = np.clip((0.75 - np.hypot(patch.x - at, patch.t)) / patch.fine_m + 0.5, 0, 1)
        colour += 0.7 * fan * (patch.tint((0.12, 0.12, 0.12)) - colour)
    return colour, height.astype(np.float32)


def rounded(patch: Patch, width: float) -> Single:
    """Brightness across a gently rounded roof."""
    lean = np.clip(patch.t / (width / 2), -1.2, 1.2) ** 3
    return (1 + 0.28 * np.clip(lean * patch.sun_t / max(patch.sun_up, 0.25), -1, 1)).astype(np.float32)


def comb(patch: Patch, pitch: float) -> Single:
    """A rib every `pitch` metres, smoothed by the pixel."""
    wave = np.cos(2 * np.pi * patch.x / pitch) * np.sinc(patch.fine_m / pitch)
    return (0.5 + 0.5 * wave).astype(np.float32)


PAINTERS: dict[str, Callable[[Wagon, Patch], Painted]] = {
    "open": _open,
    "covered": _covered,
    "tank": _tank,
    "hopper": _hopper,
    "flat": _flat,
    "container": _container,
    "locomotive": _locomotive,
}
