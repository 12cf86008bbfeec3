"""Pictures of real vehicles, given as arrays, painted in place of drawn ones of the same kind and like length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from yardwatch.simulate.anywhere.brush import Skin, body
from yardwatch.simulate.anywhere.rakes import Standing
from yardwatch.simulate.bodies import Patch
from yardwatch.simulate.noise import Single
from yardwatch.simulate.stock import Wagon

LIKE_LENGTH = 0.15
"""A sprite is stretched or squeezed by at most this share."""
USED_SHARE = 0.5
"""Of vehicles that a sprite fits; the rest stay drawn."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sprite:
    """One vehicle seen from above. Raises ValueError when it makes no sense."""

    pixels: Single
    """(3, w, l) float32, 0..1: across and along the vehicle."""
    step_m: float
    """Metres a pixel."""
    kind: str
    height_m: float = 3.8
    """Thrown as a shadow."""

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[0] != 3 or min(self.pixels.shape) < 2:
            raise ValueError(f"a sprite is (3, w, l), at least 2 pixels each way; got {self.pixels.shape}")
        if not self.step_m > 0:
            raise ValueError(f"a sprite's pixel is {self.step_m} m; it must be above 0")

    @property
    def length_m(self) -> float:
        """Length of the vehicle, metres."""
        return self.pixels.shape[2] * self.step_m


def pick_sprite(sprites: Sequence[Sprite], standing: Standing, rng: np.random.Generator) -> Sprite | None:
    """A sprite that fits a vehicle, or None."""
    if not sprites or rng.random() > USED_SHARE:
        return None
    car = standing.car
    fit = [s for s in sprites if s.kind == car.kind and abs(s.length_m / car.length_m - 1) < LIKE_LENGTH]
    return fit[int(rng.integers(len(fit)))] if fit else None


def paint_sprite(sprite: Sprite, wagon: Wagon, patch: Patch) -> Skin:
    """The sprite stretched over the vehicle, bilinear."""
    _, wide, long = sprite.pixels.shape
    column = (patch.x / wagon.stock.body_m + 0.5) * long - 0.5
    row = (0.5 - patch.t / wagon.stock.width_m) * wide - 0.5
    bands = [ndimage.map_coordinates(band, [row, column], order=1, mode="nearest") for band in sprite.pixels]
    return np.stack(bands).astype(np.float32), np.full_like(patch.x, np.float32(sprite.height_m)), body(wagon, patch)
