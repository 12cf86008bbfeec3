"""Which looks can be used, and the gain and offset that carry each to the brightness of one anchor look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.looks import without_rim
from yardwatch.construction.normalise import Cells, apply, choose_anchor, fit
from yardwatch.construction.source import Box, Each, Source, overview_side
from yardwatch.model import Grid, Pixels

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
Line = tuple[NDArray[np.float64], NDArray[np.float64]]

QUIET = 0.012
"""Spread below which a look cannot be told from a better one: four steps of 8 bits."""


@dataclass(frozen=True, eq=False)
class Levelled:
    """The usable looks of a source, oldest first, brought to one brightness as they are read."""

    source: Source
    indices: tuple[int, ...]
    """Of the usable looks in the source."""
    lines: tuple[Line, ...]
    weights: Floats
    """(look,) 0..1: what a look's evidence is worth, by how far its ground strays from the usual."""

    @property
    def grid(self) -> Grid:
        """Of all windows."""
        return self.source.grid

    @property
    def days(self) -> tuple[date, ...]:
        """Of the usable looks."""
        return tuple(self.source.days[index] for index in self.indices)

    @property
    def sensors(self) -> tuple[str | None, ...]:
        """Of the usable looks."""
        return tuple(self.source.sensors[index] for index in self.indices)

    def read(self, number: int, box: Box) -> Pixels:
        """A part of a usable look, normalised, without the soft rim of what is not visible."""
        pixels = apply(self.source.read(self.indices[number], box), self.lines[number])
        return replace(pixels, visible=without_rim(pixels.visible))


def level(source: Source, avoid: Bools, each: Each = map) -> Levelled:
    """The usable looks: those whose unchanged ground follows the anchor's (IR-MAD, Canty and Nielsen 2008)."""
    rough = _coarse_mask(avoid, overview_side(source.grid))

    def read(index: int) -> Cells:
        return _cells(source.overview(index), rough)

    cells = list(each(read, range(len(source.days))))
    seen = [index for index, own in enumerate(cells) if own.usable.any()]
    if not seen:
        return Levelled(source, (), (), np.zeros(0, np.float32))
    anchor = cells[seen[choose_anchor([cells[index] for index in seen])]]
    lines = {index: fit(anchor, cells[index]) for index in seen}
    kept = {index: line for index, line in lines.items() if line is not None}
    weights = _weights([_levelled(cells[index], line) for index, line in kept.items()])
    return Levelled(source, tuple(kept), tuple(kept.values()), weights)


def _coarse_mask(avoid: Bools, side: int) -> Bools:
    rows, columns = (n // side for n in avoid.shape)
    return np.asarray(avoid[: rows * side, : columns * side].reshape(rows, side, columns, side).any(axis=(1, 3)))


def _cells(overview: Pixels, avoid: Bools) -> Cells:
    values = overview.data.reshape(len(overview.data), -1).T.astype(np.float64)
    return Cells(values, (overview.visible & ~avoid).ravel())


def _levelled(cells: Cells, line: Line) -> Cells:
    return Cells(cells.values * line[0] + line[1], cells.usable)


def _weights(cells: list[Cells]) -> Floats:
    """The median look's spread about the median over dates ÷ the look's own; at most 1."""
    if not cells:
        return np.zeros(0, np.float32)
    stack = np.stack([np.where(own.usable[:, None], own.values, np.nan) for own in cells])
    common = np.isfinite(stack).any(axis=(0, 2))
    stack = stack[:, common] if common.any() else np.zeros((len(cells), 1, stack.shape[2]))
    strayed = np.abs(stack - np.nanmedian(stack, axis=0))
    spread = np.array([max(1.4826 * float(np.nanmedian(own)), QUIET) for own in strayed])
    return np.minimum(1, np.median(spread) / spread).astype(np.float32)
