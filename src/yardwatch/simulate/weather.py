"""Snow on the ground, haze, and clouds."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.noise import Field, Single, noise
from yardwatch.simulate.scenery import Scenery

SNOW = (0.88, 0.90, 0.94)
SNOW_TEXTURE = 0.35
"""Drifts and what pokes through: this share of the bare ground's texture."""
SNOW_EDGE = 0.34
"""Depth over which bare ground turns white."""
AIR = np.array([0.66, 0.70, 0.76], np.float32)
CLOUD_SCALES_M = (160.0, 70.0, 32.0, 14.0, 6.0)
CLOUD_EDGE = 0.55
"""Softness of cloud edges, in standard deviations of the field."""
CLOUD_SHADOW_M = (70.0, 55.0)
"""Where a low cloud's shadow falls from it: down and right in the picture, as far as low clouds throw it."""
CLOUD_IN = 0.3
"""Opacity from which a pixel counts as clouded."""


def snow_over(colour: Single, scenery: Scenery, depth: float) -> None:
    """Whiten (3, y, x) where the snow is deep enough to lie, in place."""
    if depth <= 0:
        return
    white = (np.float32(depth) - scenery.snow_line) / np.float32(SNOW_EDGE)
    np.clip(white, 0, 0.94, out=white)
    lit = 1 + np.float32(SNOW_TEXTURE) * (scenery.tone - 1)
    for channel, target in enumerate(SNOW):
        colour[channel] += white * (np.float32(target) * lit - colour[channel])


def haze_over(colour: Single, haze: float) -> None:
    """Mix in light from the air, in place."""
    colour *= np.float32(1 - haze)
    colour += (AIR * np.float32(haze))[:, None, None]


def clouds(field: Field, cover: float, rng: np.random.Generator) -> tuple[Single, Single]:
    """Opacity and brightness of clouds over about a share `cover` of the picture, (y, x) each."""
    shape = noise(field, CLOUD_SCALES_M, rng, roughness=0.55)
    edge = np.quantile(shape[::8, ::8], 1 - cover)
    opacity = np.clip((shape - edge) / CLOUD_EDGE + 0.5, 0, 1) * np.float32(0.98)
    return opacity, 0.86 + 0.05 * shape


def cloud_over(colour: Single, opacity: Single, brightness: Single, step_m: float) -> None:
    """Lay clouds and their shadows over (3, y, x), in place."""
    down, right = (round(metres / step_m) for metres in CLOUD_SHADOW_M)
    if down < opacity.shape[0] and right < opacity.shape[1]:
        colour[:, down:, right:] *= 1 - 0.5 * opacity[:-down, :-right]
    colour += opacity * (brightness - colour)
