"""The ground of any yard: what lies around, ballast and lanes between tracks, walkways, weeds."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from yardwatch.simulate.anywhere.tracks import Fan
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import Ground
from yardwatch.simulate.noise import Single, noise
from yardwatch.simulate.stock import Colour

COARSE_M, FINE_M = (60.0, 25.0, 10.0), (4.0, 1.8, 0.9, 0.5)
AROUND: tuple[Colour, ...] = (
    (0.475, 0.445, 0.345),
    (0.38, 0.40, 0.27),
    (0.30, 0.35, 0.20),
    (0.52, 0.475, 0.40),
    (0.42, 0.42, 0.42),
    (0.58, 0.57, 0.55),
    (0.60, 0.575, 0.52),
    (0.36, 0.33, 0.28),
    (0.26, 0.26, 0.27),
)
"""Dry and green grass, soil, asphalt, concrete, gravel, earth, tar."""
GROWING = 4
"""The first of `AROUND` that grow."""
Place = tuple[Single, Single]
"""Metres along and across the course, (y, x) each."""


def lay_surface(canvas: Canvas, place: Place, fan: Fan, rng: np.random.Generator) -> Ground:
    """The ground under and around the tracks, without beds and rails."""
    coarse, fine = noise(canvas.field, COARSE_M, rng), noise(canvas.field, FINE_M, rng, roughness=0.8)
    first, second = rng.integers(len(AROUND), size=2)
    mix, apart = np.clip(coarse * 0.6 + fine * 0.15 + rng.uniform(-1, 1), 0, 1), rng.uniform(0.2, 1.0)
    colour = np.empty((3, *canvas.shape), np.float32)
    for channel in range(3):
        one, other = AROUND[first][channel], AROUND[second][channel]
        colour[channel] = one + mix * np.float32(apart * (other - one))
    lush = (1 - mix) * np.float32(first < GROWING) + mix * np.float32(apart * (second < GROWING))
    ground = Ground(
        colour=colour, lush=np.asarray(lush, np.float32), height=np.zeros(canvas.shape, np.float32), coarse=coarse,
        fine=fine, snow_line=0.16 + 0.06 * coarse + 0.06 * fine,
    )  # fmt: skip
    _lanes(ground, place[1], fan, rng)
    _lines(ground, place, fan, (rng, canvas.fine_m))
    _weeds(ground, place, fan, rng)
    _stains(ground, place, fan, rng)
    ground.colour *= 1 + np.float32(rng.uniform(0.02, 0.06)) * coarse + np.float32(rng.uniform(0.03, 0.09)) * fine
    return ground


def ballast(rng: np.random.Generator) -> Colour:
    """A stone's tone: dark to pale, warm to cool."""
    tone, warm = rng.uniform(0.33, 0.62), rng.uniform(-0.02, 0.07)
    return float(tone * (1 + warm)), float(tone), float(tone * (1 - 1.2 * warm))


def _lanes(ground: Ground, across: Single, fan: Fan, rng: np.random.Generator) -> None:
    """Stone over the whole yard, then each lane between two tracks in a tone of its own."""
    base, whole = np.array(ballast(rng)), (slice(None), slice(None))
    low, high = fan.across[0] - rng.uniform(1.8, 6), fan.across[-1] + rng.uniform(1.8, 6)
    edge = np.minimum(across - np.float32(low), np.float32(high) - across) + 0.7 * ground.coarse + 0.4 * ground.fine
    cover = np.clip(edge / 1.2 + 0.5, 0, 1)
    ground.paint(whole, cover, base)
    ground.lush *= 1 - cover
    ground.snow_line += cover * 0.14
    spread = rng.uniform(0.0, 0.14)
    for left, right in zip(fan.across[:-1], fan.across[1:], strict=True):
        half, middle = (right - left) / 2 - rng.uniform(0.9, 1.6), (right + left) / 2
        tone = base * (1 + rng.normal(0, spread)) * (1 + rng.normal(0, 0.02, 3))
        inside = np.clip((half - np.abs(across - np.float32(middle)) + 0.15 * ground.fine) / 0.5 + 0.5, 0, 1)
        ground.paint(whole, inside * cover, tone)


def _lines(ground: Ground, place: Place, fan: Fan, made: tuple[np.random.Generator, float]) -> None:
    """Walkways, cable troughs and drains: thin lines beside the tracks."""
    (rng, fine_m), (_, across) = made, place
    for track in fan.across:
        if rng.random() > 0.28:
            continue
        width, tone = ((0.45, 0.66), (1.0, 0.58), (0.3, 0.22), (0.8, 0.40))[int(rng.integers(4))]
        off = np.abs(across - np.float32(track + rng.choice([-1, 1]) * rng.uniform(1.9, 2.4)))
        cover = np.clip((width / 2 + fine_m / 2 - off) / fine_m, 0, min(1.0, width / fine_m))
        ground.paint((slice(None), slice(None)), 0.85 * cover, (tone, tone * 0.98, tone * 0.94))


def _weeds(ground: Ground, place: Place, fan: Fan, rng: np.random.Generator) -> None:
    """Patches of weed drawn out along the tracks, green or withered."""
    much = rng.beta(1, 3.0)
    if much < 0.08:
        return
    inside = (place[1] > fan.across[0] - 4) & (place[1] < fan.across[-1] + 4)
    grown = stretched(place, (14.0, 1.6), rng) + 0.6 * ground.fine
    cover = np.clip((grown - 2.4 + 2.6 * much) / 0.8, 0, 0.85) * inside
    ground.paint((slice(None), slice(None)), cover, (0.43, 0.40, 0.29))
    np.maximum(ground.lush, cover, out=ground.lush)


def _stains(ground: Ground, place: Place, fan: Fan, rng: np.random.Generator) -> None:
    """Oil, spilt load and damp: slow patches, darker or paler than the stone."""
    if rng.random() < 0.5:
        return
    field, inside = stretched(place, (22.0, 4.0), rng), (place[1] > fan.across[0] - 4) & (place[1] < fan.across[-1] + 4)
    strength = np.float32(rng.uniform(-0.4, 0.2))
    ground.colour *= 1 + strength * np.clip(field - 0.7, 0, 1) * inside


def stretched(place: Place, scale_m: tuple[float, float], rng: np.random.Generator) -> Single:
    """Noise whose patches are longer along the course than across, standard deviation about 0.7."""
    lattice = rng.standard_normal((160, 160), dtype=np.float32)
    spots = np.stack([place[0] / np.float32(scale_m[0]), place[1] / np.float32(scale_m[1])])
    return np.asarray(ndimage.map_coordinates(lattice, spots, order=1, mode="grid-wrap"))
