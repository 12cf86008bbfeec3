"""Dated windows of one place, and what makes a set of them comparable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.errors import InputError
from yardwatch.model import Grid, Pixels

Bools = NDArray[np.bool_]

EDGE_PIXELS = 2
"""What is cut from the rim of what is visible: clouds and image borders are soft, and smoothing reaches one pixel."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """One window on one day."""

    day: date
    pixels: Pixels
    sensor: str | None = None
    """Which satellite; None where not known."""


def in_order(looks: Sequence[Look], avoid_shape: tuple[int, ...]) -> tuple[Look, ...]:
    """The looks by date, all with the same bands; grey for all where some are grey.

    Raises InputError when the windows lie on different grids or the mask does not fit them.
    """
    if not looks:
        return ()
    first = looks[0].pixels.grid
    for look in looks:
        if not same_grid(look.pixels.grid, first):
            raise InputError(f"look of {look.day} lies on another grid than the first; read all looks onto one grid")
    if avoid_shape != (first.height, first.width):
        raise InputError(
            f"mask of tracks has shape {avoid_shape}, looks have {(first.height, first.width)}; draw it on their grid"
        )
    mixed = len({look.pixels.data.shape[0] for look in looks}) > 1
    ordered = sorted(looks, key=lambda look: look.day)
    return tuple(replace(look, pixels=grey(look.pixels)) if mixed else look for look in ordered)


def same_grid(one: Grid, other: Grid) -> bool:
    """Whether two grids put every pixel at the same place."""
    return (one.frame, one.west, one.north, one.step_m, one.width, one.height) == (
        other.frame,
        other.west,
        other.north,
        other.step_m,
        other.width,
        other.height,
    )


def grey(pixels: Pixels) -> Pixels:
    """The same window with the mean of its bands alone."""
    return replace(pixels, data=pixels.data.mean(axis=0, keepdims=True))


def smoothed(pixels: Pixels) -> Pixels:
    """Means over 3 × 3 pixels, and the rim of what is visible taken off: single-pixel noise is no evidence."""
    data = np.empty_like(pixels.data, dtype=np.float32)
    for band, values in enumerate(pixels.data):
        ndimage.uniform_filter(values, size=3, output=data[band], mode="nearest")
    return replace(pixels, data=data, visible=without_rim(pixels.visible))


def without_rim(visible: Bools) -> Bools:
    """(y, x) less what lies within two steps, up, down or sideways, of what is not visible."""
    if visible.all():
        return visible
    for _ in range(EDGE_PIXELS):
        wide = np.pad(visible, 1, constant_values=True)
        visible = wide[1:-1, 1:-1] & wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return visible
