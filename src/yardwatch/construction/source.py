"""Where looks are read from: a window at a time, so that a site larger than memory is searched in tiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

import numpy as np

from yardwatch.construction.looks import Look, in_order
from yardwatch.model import Grid, Pixels

Box = tuple[slice, slice]
"""Rows and columns of the site's grid."""
OVERVIEW_CELLS = 10_000
"""Cells of an overview: a regression of two numbers needs no more."""


Given = TypeVar("Given")
Got = TypeVar("Got")


class Each(Protocol):
    """As `map`: a caller with two cores gives one that works on both."""

    def __call__(self, call: Callable[[Given], Got], items: Iterable[Given], /) -> Iterable[Got]:
        """The results in the order of the items."""


class Source(Protocol):
    """Dated looks of one place on one grid, oldest first, all with the same bands."""

    @property
    def grid(self) -> Grid:
        """Of all windows."""

    @property
    def days(self) -> tuple[date, ...]:
        """Of the looks."""

    @property
    def sensors(self) -> tuple[str | None, ...]:
        """Of the looks, None where not known."""

    def read(self, index: int, box: Box) -> Pixels:
        """A part of a look at full resolution."""

    def overview(self, index: int) -> Pixels:
        """The whole look in about 10,000 square cells; a cell is visible when it wholly is."""


@dataclass(frozen=True, eq=False)
class Memory:
    """Looks that are already read."""

    looks: tuple[Look, ...]

    @classmethod
    def of(cls, looks: Sequence[Look], avoid_shape: tuple[int, ...]) -> Memory:
        """Ordered and with common bands. Raises InputError on windows that do not fit each other or the mask."""
        return cls(in_order(looks, avoid_shape))

    @property
    def grid(self) -> Grid:
        """Of all windows."""
        return self.looks[0].pixels.grid

    @property
    def days(self) -> tuple[date, ...]:
        """Of the looks."""
        return tuple(look.day for look in self.looks)

    @property
    def sensors(self) -> tuple[str | None, ...]:
        """Of the looks."""
        return tuple(look.sensor for look in self.looks)

    def read(self, index: int, box: Box) -> Pixels:
        """A view."""
        return part(self.looks[index].pixels, box)

    def overview(self, index: int) -> Pixels:
        """Block means."""
        return coarser(self.looks[index].pixels, overview_side(self.grid))


def overview_side(grid: Grid) -> int:
    """Pixels along an overview's cell."""
    return max(1, round(float(np.sqrt(grid.height * grid.width / OVERVIEW_CELLS))))


def part(pixels: Pixels, box: Box) -> Pixels:
    """A window of a window."""
    rows, columns = box
    return Pixels(grid=sub_grid(pixels.grid, box), data=pixels.data[:, rows, columns], visible=pixels.visible[box])


def sub_grid(grid: Grid, box: Box) -> Grid:
    """The grid of rows and columns of a grid."""
    rows, columns = box
    first_row, last_row, _ = rows.indices(grid.height)
    first_column, last_column, _ = columns.indices(grid.width)
    return replace(
        grid, west=grid.west + first_column * grid.step_m, north=grid.north - first_row * grid.step_m,
        width=last_column - first_column, height=last_row - first_row,
    )  # fmt: skip


def coarser(pixels: Pixels, side: int) -> Pixels:
    """Means over `side` × `side` pixels; a cell is visible when all of it is. What is left at the rim is dropped."""
    if side == 1:
        return pixels
    bands, height, width = pixels.data.shape
    rows, columns = height // side, width // side
    cut = pixels.data[:, : rows * side, : columns * side].reshape(bands, rows, side, columns, side)
    clear = np.asarray(pixels.visible[: rows * side, : columns * side].reshape(rows, side, columns, side)).all((1, 3))
    grid = replace(pixels.grid, step_m=pixels.grid.step_m * side, width=columns, height=rows)
    return Pixels(grid=grid, data=cut.mean(axis=(2, 4), dtype=np.float32), visible=np.asarray(clear))
