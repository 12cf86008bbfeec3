"""Shadow side: on which side of their track the cars' shadows fall, held against where the sun should stand.

For every car, the logarithm of the grey just left of its body less that just right of it, over its length:

    d = mean ln g(1.8..3.2 m left) − mean ln g(1.8..3.2 m right)

In the sun the shadow lies away from it, so with u the shadow's direction and n the track's left normal, d < 0 where
u · n > 0. The score is the t value of −d · sign(u · n) over cars whose shadow falls well to one side. A strong
negative score says that the time, the place or the picture's orientation is not what the metadata say.

It tells two half-planes apart and nothing finer: the wrong day or hour in the same half of the sky passes. No length
of shadow is measured, as a car's height is not known; so the sun's elevation is not checked, only its sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yardwatch.model import Car, Strip, Track

Floats = NDArray[np.float64]

INNER_M, OUTER_M = 1.8, 3.2
"""From beside a body of 3.2 m to where the next track's bodies begin."""
LEAST_SIDEWAYS = 0.4
"""Of the shadow's direction along the normal: nearer to the track's own direction nothing falls beside a car."""
LEAST_CARS = 8
SURE = 4.0
"""t value from which the side is taken for known."""
DARK = 0.02


@dataclass(frozen=True, kw_only=True)
class ShadowSide:
    """What the shadows say of the sun."""

    agrees: bool | None
    """None where they do not say."""
    score: float
    """t value; positive where the shadows lie where they should."""
    cars: int
    """Asked."""


def shadow_side(
    cars: Sequence[Car], strips: Sequence[Strip], tracks: Sequence[Track], sun_azimuth_deg: float
) -> ShadowSide:
    """Shadows of cars on their tracks (ground lines) against a sun at an azimuth, clockwise from north."""
    place = {track.id: (strip, track) for strip, track in zip(strips, tracks, strict=True)}
    shadow = np.deg2rad(sun_azimuth_deg + 180)
    away = np.array([np.sin(shadow), np.cos(shadow)])
    told = [_told(car, *place[car.track], away) for car in cars if car.track in place]
    values = np.array([one for one in told if one is not None])
    if len(values) < LEAST_CARS:
        return ShadowSide(agrees=None, score=0.0, cars=len(values))
    spread = float(values.std(ddof=1)) or 1e-6
    score = float(values.mean() / spread * np.sqrt(len(values)))
    return ShadowSide(agrees=None if abs(score) < SURE else score > 0, score=score, cars=len(values))


def _told(car: Car, strip: Strip, track: Track, away: Floats) -> float | None:
    """Positive where the side on which the shadow should fall is the darker one."""
    sideways = float(away @ _left(track, (car.start_m + car.end_m) / 2))
    if abs(sideways) < LEAST_SIDEWAYS:
        return None
    first, last = round(car.start_m / strip.step_m), round(car.end_m / strip.step_m)
    offsets = strip.offsets_m
    left, right = (
        _level(strip, (sign * offsets >= INNER_M) & (sign * offsets <= OUTER_M), slice(first, last)) for sign in (1, -1)
    )
    return None if left is None or right is None else float(np.sign(sideways) * (right - left))


def _level(strip: Strip, rows: NDArray[np.bool_], along: slice) -> float | None:
    seen = strip.visible[rows, along]
    if not seen.any():
        return None
    grey = strip.data[:, rows, along].mean(axis=0)
    return float(np.log(grey[seen] + DARK).mean())


def _left(track: Track, at_m: float) -> Floats:
    """Unit normal to the left of a track at a metre of it."""
    before, after = (track.line.interpolate(at_m + d) for d in (-1.0, 1.0))
    along = np.array([after.x - before.x, after.y - before.y])
    return np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
