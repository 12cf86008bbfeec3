"""Snow on the ground, haze, and clouds."""

from __future__ import annotations

import numpy as np

from yardwatch.simulate.ground import Ground
from yardwatch.simulate.noise import Field, Single, noise
from yardwatch.simulate.scenery import Scenery

SNOW = (0.77, 0.79, 0.83)
SNOW_TEXTURE = 0.35
"""Drifts and what pokes through: this share of the bare ground's texture."""
SNOW_EDGE = 0.34
"""Depth over which bare ground turns white."""
AIR = np.array([0.66, 0.70, 0.76], np.float32)
CLOUD_SCALES_M = (160.0, 70.0, 32.0, 14.0, 6.0)
CLOUD_EDGE = 0.55
"""Softness of cloud edges, in standard deviations of the field."""
DENSEST, CLOUD_SHADE = np.float32(0.98), np.float32(0.5)
CLOUD_SHADOW_M = (70.0, 55.0)
"""Where a low cloud's shadow falls from it: down and right in the picture, as far as low clouds throw it."""
CLOUD_IN = 0.3
"""Opacity from which a pixel counts as clouded."""


def snow_over(colour: Single, scenery: Scenery | Ground, depth: float) -> None:
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


def cloud_over(colour: Single, cover: float, step_m: float, rng: np.random.Generator) -> Single:
    """Lay clouds over about a share `cover` of (3, y, x), and their shadows, in place; the opacity, (y, x)."""
    rows, columns = colour.shape[1:]
    down, right = (round(metres / step_m) for metres in CLOUD_SHADOW_M)
    sky = noise(Field(rows + down, columns + right, step_m), CLOUD_SCALES_M, rng, roughness=0.55)
    here, sunward = sky[down:, right:], sky[:rows, :columns]
    edge = np.quantile(here[::4, ::4], 1 - cover)
    opacity, dimmed = (np.clip((part - edge) / CLOUD_EDGE + 0.5, 0, 1) for part in (here, sunward))
    colour *= 1 - CLOUD_SHADE * dimmed
    opacity *= DENSEST
    colour += opacity * (0.82 + 0.05 * here - colour)
    return opacity
