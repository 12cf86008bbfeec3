"""Evidence of a lasting step over a whole site, tile by tile, in cells of about a metre.

Features of a cell: the brightness of each band, and the texture: the logarithm of the spread of brightness within
2.5 m, held against the site's median on that day, since sensors differ in sharpness. A grey roof on grey gravel keeps
its brightness and loses its texture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.breaks import Breaks, find_breaks, signed_steps, step_splits
from yardwatch.construction.faint import Steps
from yardwatch.construction.levelled import Levelled
from yardwatch.construction.source import Box, Each, sub_grid
from yardwatch.model import Grid

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

CELL_M = 1.0
"""Work cells; a pixel of misplacement at 0.5 m is half of one."""
TILE_CELLS = 256
HALO_PIXELS = 8
"""Read around a tile: what texture and the rim of clouds reach."""
LEVEL_TILES, LEVEL_CELLS = 4, 96
"""Tiles, and cells along the square in the middle of each, from which a look's own sharpness is taken."""
TEXTURE_PIXELS = 5
TEXTURE_NOISE = 0.008
"""Added to the spread before the logarithm: eight-bit steps and sensor noise."""
BAND_FLOOR, TEXTURE_FLOOR = 0.015, 0.15
"""Spreads below which a difference is noise: four steps of 8 bits; a seventh of the texture."""
WIDE_CELLS = 3
"""The texture is averaged over these: a spread of 25 pixels alone is known to a seventh."""


@dataclass(frozen=True, eq=False)
class Tile:
    """One tile's breaks, without its halo."""

    box: Box
    """In cells of the site."""
    breaks: Breaks
    steps: Floats
    """(split, y, x) signed steps of squares of four cells."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Breaks of a whole site."""

    grid: Grid
    """Of the cells."""
    side: int
    """Pixels along a cell."""
    breaks: Breaks
    steps: Steps


def cell_side(step_m: float) -> int:
    """Pixels along a cell."""
    return max(1, round(CELL_M / step_m))


def gather(looks: Levelled, needed: tuple[int, int], each: Each = map) -> Evidence:
    """Breaks everywhere; `needed` looks before and after."""
    side = cell_side(looks.grid.step_m)
    rows, columns = looks.grid.height // side, looks.grid.width // side
    grid = cell_grid(looks.grid, side)
    boxes = [
        (slice(row, min(row + TILE_CELLS, rows)), slice(column, min(column + TILE_CELLS, columns)))
        for row in range(0, rows, TILE_CELLS)
        for column in range(0, columns, TILE_CELLS)
    ]
    levels = _texture_levels(looks, boxes, side)
    whole = _empty(len(looks.read(0, (slice(0, 1), slice(0, 1))).data) + 1, (rows, columns))
    splits = step_splits(len(looks.indices), needed)
    steps = np.zeros((len(splits), rows // 2, columns // 2), np.float32)
    for tile in each(lambda box: _tile(looks, box, levels, needed), boxes):
        _put(whole, tile)
        steps[:, *(slice(part.start // 2, part.stop // 2) for part in tile.box)] = tile.steps
    return Evidence(grid, side, whole, Steps(steps, splits, 2 * grid.step_m))


def cell_grid(grid: Grid, side: int) -> Grid:
    """The grid of the cells of a pixel grid."""
    rows, columns = grid.height // side, grid.width // side
    trimmed = sub_grid(grid, (slice(0, rows * side), slice(0, columns * side)))
    return Grid(frame=trimmed.frame, west=trimmed.west, north=trimmed.north, step_m=grid.step_m * side,
                width=columns, height=rows)  # fmt: skip


def _tile(looks: Levelled, box: Box, levels: Floats, needed: tuple[int, int]) -> Tile:
    side = cell_side(looks.grid.step_m)
    pairs = [features(looks, number, box, side) for number in range(len(looks.indices))]
    values, clear = np.stack([pair[0] for pair in pairs]), np.stack([pair[1] for pair in pairs])
    values[:, -1] -= levels[:, None, None]
    bands = values.shape[1] - 1
    floor = np.array([BAND_FLOOR] * bands + [TEXTURE_FLOOR], np.float32)
    breaks = find_breaks(values, clear, looks.weights, floor, needed)
    return Tile(box, breaks, signed_steps(values, clear, looks.weights, breaks, needed))


def _texture_levels(looks: Levelled, boxes: list[Box], side: int) -> Floats:
    """(look,): the median texture of each look over a few tiles, the site's own measure of its sharpness."""
    chosen = [_middle_of(box) for box in boxes[:: max(1, len(boxes) // LEVEL_TILES)]]
    found = []
    for number in range(len(looks.indices)):
        pairs = [features(looks, number, box, side) for box in chosen]
        values = np.concatenate([texture[-1][clear] for texture, clear in pairs])
        found.append(float(np.median(values)) if len(values) else 0.0)
    return np.array(found, np.float32)


def _middle_of(box: Box) -> Box:
    rows, columns = ((part.start + part.stop) // 2 for part in box)
    half = LEVEL_CELLS // 2
    return (
        slice(max(rows - half, box[0].start), min(rows + half, box[0].stop)),
        slice(max(columns - half, box[1].start), min(columns + half, box[1].stop)),
    )


def features(looks: Levelled, number: int, box: Box, side: int) -> tuple[Floats, Bools]:
    """(feature, y, x) and (y, x) clear of one look in a box of cells."""
    rows, columns = box
    halo = HALO_PIXELS * side
    first_row, first_column = max(rows.start * side - halo, 0), max(columns.start * side - halo, 0)
    pixels = looks.read(
        number, (slice(first_row, rows.stop * side + halo), slice(first_column, columns.stop * side + halo))
    )
    top, left = rows.start * side - first_row, columns.start * side - first_column
    inner = (
        slice(top, top + (rows.stop - rows.start) * side),
        slice(left, left + (columns.stop - columns.start) * side),
    )
    grey = pixels.data.mean(axis=0)
    texture = _blocks(_texture(grey)[inner], side)
    clear = _wholly(pixels.visible[inner], side)
    texture = ndimage.uniform_filter(texture, WIDE_CELLS, mode="nearest")
    bands = [_blocks(band[inner], side) for band in pixels.data]
    return np.stack([*bands, texture]), clear


def _texture(grey: Floats) -> Floats:
    mean = ndimage.uniform_filter(grey, TEXTURE_PIXELS, mode="nearest")
    square = ndimage.uniform_filter(grey**2, TEXTURE_PIXELS, mode="nearest")
    return np.log(np.sqrt(np.maximum(square - mean**2, 0)) + np.float32(TEXTURE_NOISE))


def _blocks(image: Floats, side: int) -> Floats:
    """Means over square blocks; sizes divide."""
    rows, columns = (n // side * side for n in image.shape)
    down = sum((image[start:rows:side, :columns] for start in range(1, side)), image[0:rows:side, :columns])
    both = sum((down[:, start::side] for start in range(1, side)), down[:, 0::side])
    return both * np.float32(1 / side**2)


def _wholly(mask: Bools, side: int) -> Bools:
    """Whether all of each block is True."""
    rows, columns = (n // side * side for n in mask.shape)
    both = np.ones((rows // side, columns // side), bool)
    for row in range(side):
        for column in range(side):
            both &= mask[row:rows:side, column:columns:side]
    return both


def _empty(features_held: int, shape: tuple[int, int]) -> Breaks:
    layers = {name: np.zeros((features_held, *shape), np.float32) for name in ("old", "new", "spread")}
    return Breaks(
        size=np.zeros(shape, np.float32), explained=np.zeros(shape, np.float32), split=np.zeros(shape, np.int16),
        known=np.zeros(shape, bool), **layers,
    )  # fmt: skip


def _put(whole: Breaks, tile: Tile) -> None:
    for name in ("size", "explained", "split", "known"):
        getattr(whole, name)[tile.box] = getattr(tile.breaks, name)
    for name in ("old", "new", "spread"):
        getattr(whole, name)[:, *tile.box] = getattr(tile.breaks, name)
