"""Tank wagons from above: a barrel with round ends on a narrower frame."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.anywhere.brush import FRAME, Skin, blotches, body, disc, lay, own, rake, stripe
from yardwatch.simulate.bodies import Patch
from yardwatch.simulate.noise import Single
from yardwatch.simulate.stock import Colour, Wagon


def paint_tank(wagon: Wagon, patch: Patch) -> Skin:
    """Barrel, frame at both ends, dome or manhole with what has run down from it, walkway, bands."""
    shared, chance, stock = rake(wagon), own(wagon), wagon.stock
    bare = shared.uniform(0.35, 0.9)
    colour = patch.tint(FRAME, 1 + 0.1 * patch.grain)
    height = np.full_like(patch.x, 1.25)
    shape = (stock.body_m - 2 * bare, stock.width_m / 2 - shared.uniform(0.02, 0.2))
    barrel, tone, up = cylinder(patch, (0.0, 0.0), shape)
    paint = patch.tint(wagon.colour, tone + 0.04 * blotches(patch, chance))
    _spill(patch, paint, (shared, chance))
    if shared.random() < 0.18:
        band: Colour = ((0.70, 0.36, 0.12), (0.62, 0.18, 0.14), (0.2, 0.34, 0.55))[int(shared.integers(3))]
        lay(
            paint,
            1.0 * (np.abs(patch.t) < 0.35) if shared.random() < 0.3 else stripe(patch, patch.x, 0.0, 1.0),
            patch.tint(band, tone),
        )
    lay(colour, barrel, paint)
    radius = shape[1]
    height = np.where(barrel > 0.5, stock.height_m - radius * (1 - up), height)
    dome = disc(patch, (0.0, 0.0), shared.uniform(0.35, 0.8))
    lay(colour, 0.6 * dome, patch.tint(wagon.colour, shared.choice([0.6, 1.25])))
    if shared.random() < 0.6:
        walk = patch.box((0, 0), shape[0] * shared.choice([0.2, 0.5, 0.85]), 0.5)
        lay(colour, 0.4 * walk, patch.tint(((0.3, 0.3, 0.3), (0.68, 0.68, 0.66))[int(shared.integers(2))]))
        height = height + 0.12 * walk
    narrow = patch.inside(stock.body_m, 2.5)
    cover = np.maximum(barrel, narrow * (body(wagon, patch) > 0))
    return colour, (height + 0.35 * dome).astype(np.float32), cover.astype(np.float32)


def cylinder(patch: Patch, middle: tuple[float, float], shape: tuple[float, float]) -> tuple[Single, Single, Single]:
    """Coverage, brightness and cosine of the slope of a lying barrel of (length, radius) with domed ends."""
    length, radius = shape
    across = np.clip((patch.t - middle[1]) / radius, -1, 1)
    up = np.sqrt(np.clip(1 - across**2, 0, 1))
    cap = 0.22 * radius
    ends = length / 2 - cap * (1 - up) - np.abs(patch.x - middle[0])
    cover = np.clip(np.minimum(ends, radius - np.abs(patch.t - middle[1])) / patch.fine_m + 0.5, 0, 1)
    lit = (across * patch.sun_t + up * patch.sun_up) / max(patch.sun_up, 0.3)
    tone = np.clip(0.22 + 0.75 * lit, 0.2, 1.5)
    half = np.sin(np.arctan2(patch.sun_t, patch.sun_up + 1e-6) / 2)
    shine = 0.55 * np.exp(-(((across - half) / 0.14) ** 2))
    dark = np.clip(1 - ends / 0.5, 0, 1) * 0.25
    return cover, (tone + shine - dark).astype(np.float32), up.astype(np.float32)


def _spill(patch: Patch, paint: Single, chances: tuple[np.random.Generator, np.random.Generator]) -> None:
    """Oil or rust run down from the manhole."""
    shared, chance = chances
    if shared.random() < 0.55:
        wide, strong = chance.uniform(0.3, 1.2), chance.uniform(0.1, 0.8)
        run = np.exp(-(((patch.x - chance.normal(0, 0.3)) / wide) ** 2)) * strong
        tint: Colour = ((0.07, 0.07, 0.07), (0.3, 0.21, 0.16), (0.8, 0.8, 0.78))[
            int(shared.choice(3, p=[0.6, 0.25, 0.15]))
        ]
        lay(paint, run, patch.tint(tint))
