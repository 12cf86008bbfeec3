"""Ballast, ties and rails along every track."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.bands import Band
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import Ground
from yardwatch.simulate.noise import Reals, Single

HALF_GAUGE_M = 0.76
RAIL_M = 0.07
"""Width of the running surface; brighter than anything else where trains polish it."""
FOOT_M = 0.17
"""Half the width of the rusty foot and its shade."""
TIE_PITCH_M = 0.6
TIE_HALF_M = 1.35
BED_HALF_M = 1.75
SNOW_ON_BED, SNOW_ON_RAIL = 0.52, 0.8
"""Depth from which a bed whitens, and how much more a whole pixel of rail would take."""
FRESH, WORN = np.array([0.575, 0.56, 0.535]), np.array([0.51, 0.47, 0.425])
TIE, FOOT = np.array([0.365, 0.335, 0.305]), np.array([0.27, 0.225, 0.19])
POLISHED, RUSTY = np.array([0.98, 0.98, 0.97]), np.array([0.82, 0.78, 0.74])


def lay_tracks(ground: Ground, bands: dict[str, Band], canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw every track into the ground: worn yard tracks first, then loop and main line over the switches."""
    for name in sorted(bands, key=lambda name: name.startswith(("main", "loop"))):
        fresh = {"main": 1.0, "loop": 0.8}.get(name.split("-")[0], float(rng.uniform(0.0, 0.6)))
        _lay(ground, bands[name], canvas.fine_m, (fresh, float(rng.uniform(0.9, 1.1))))


def _lay(ground: Ground, band: Band, fine_m: float, look: tuple[float, float]) -> None:
    fresh, tone = look
    flat = band.flat
    s, t, far = band.s, band.t, np.abs(band.t)
    grain, patches = ground.fine.reshape(-1)[flat], ground.coarse.reshape(-1)[flat]
    bed = np.clip((BED_HALF_M - far + 0.12 * grain) / 0.5 + 0.5, 0, 1)
    colour = WORN[:, None] + (fresh + 0.12 * patches)[None] * (FRESH - WORN)[:, None]
    oil = np.exp(-((t / 0.35) ** 2)) * (0.05 + 0.02 * patches)
    colour = colour * (tone * (1 + 0.05 * grain + 0.03 * patches) - oil)
    tie = np.clip((TIE_HALF_M - far) / fine_m + 0.5, 0, 1) * tie_share(s, fine_m)
    colour += (tie * (0.75 - 0.3 * fresh))[None] * (TIE[:, None] - colour)
    rail_off = np.abs(far - HALF_GAUGE_M)
    foot = line_share(rail_off, FOOT_M, fine_m) * 0.45
    colour += foot * (FOOT[:, None] - colour)
    head = line_share(rail_off, RAIL_M / 2, fine_m)
    colour += head * ((RUSTY + fresh * (POLISHED - RUSTY))[:, None] - colour)
    layer = ground.colour.reshape(3, -1)
    layer[:, flat] += bed * (colour.astype(np.float32) - layer[:, flat])
    _line(ground, band, (bed, head))


def _line(ground: Ground, band: Band, cover: tuple[Reals, Reals]) -> None:
    """Greenness and snow along a track: little grass; snow lies between the rails later than beside them."""
    bed, head = cover
    lush, snow = ground.lush.reshape(-1), ground.snow_line.reshape(-1)
    lush[band.flat] *= 1 - 0.9 * bed
    line = SNOW_ON_BED + SNOW_ON_RAIL * head + 0.06 * ground.fine.reshape(-1)[band.flat]
    snow[band.flat] += bed * (line.astype(np.float32) - snow[band.flat])


def tie_share(s: Single, fine_m: float) -> Single:
    """Share of each pixel under ties: a square wave smoothed by the pixel, every tie of its own darkness."""
    number = (s / TIE_PITCH_M).astype(np.int64)
    worn = ((number * 2654435761) % 1013) / 1013.0
    wave = 0.5 + 0.5 * np.cos(2 * np.pi * (s / TIE_PITCH_M - number - 0.5)) * np.sinc(fine_m / TIE_PITCH_M)
    return (wave * (0.55 + 0.45 * worn)).astype(np.float32)


def line_share(distance: Single, half: float, fine_m: float) -> Single:
    """Share of a pixel under a line of half-width `half` whose centre lies `distance` away."""
    return np.clip(np.minimum(half, distance + fine_m / 2) - np.maximum(-half, distance - fine_m / 2), 0, None) / fine_m
