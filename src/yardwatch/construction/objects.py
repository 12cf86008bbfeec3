"""From changed pixels to objects with an outline, a kind and a stage; shared by many dates and by two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.kind import edge_ratio, kind_of, shaded_rim, stage_of
from yardwatch.construction.options import Options
from yardwatch.construction.outline import outline, rectangularity, right_angles
from yardwatch.construction.pieces import MIN_PIXELS, Piece, at_half_height, cut_pieces
from yardwatch.model import Grid

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

BESIDE_PIXELS = 3
"""Gap across which darkened ground still belongs to the object that shades it."""


@dataclass(frozen=True, eq=False)
class Field:
    """Where the ground of a window changed, in two kinds: darkened as in shadow, and all other (lit)."""

    grid: Grid
    lit: Bools
    dark: Bools
    avoid: Bools


@dataclass(frozen=True, kw_only=True, eq=False)
class Thing:
    """One object, not yet dated."""

    piece: Piece
    polygon: shapely.Polygon
    """Ground metres."""
    right_angles: int
    shaded_rim: float
    """Share of the outline beside new shadow."""
    kind: str
    stage: str | None
    dark: bool
    """The ground only became darker."""


def candidates(field: Field, options: Options) -> list[Piece]:
    """Pieces of changed ground.

    Of a lit and a darkened piece that touch, the smaller belongs to the larger: a new roof has its shadow beside it,
    and ground where a roof was taken away has the strip that the roof used to shade.
    """
    lit, dark = (cut_pieces(mask, field.grid.step_m, options) for mask in (field.lit, field.dark))
    return [*_not_beside_larger(lit, dark, field.lit.shape), *_not_beside_larger(dark, lit, field.lit.shape)]


def _not_beside_larger(pieces: list[Piece], others: list[Piece], shape: tuple[int, ...]) -> list[Piece]:
    """The pieces that no larger one of the others touches."""
    size = np.zeros(shape, np.int64)
    for other in sorted(others, key=lambda piece: int(piece.mask.sum())):
        size[other.box][other.mask] = other.mask.sum()
    size = ndimage.maximum_filter(size, 2 * BESIDE_PIXELS + 1)
    return [piece for piece in pieces if size[piece.box][piece.mask].max() < piece.mask.sum()]


def shape_thing(field: Field, piece: Piece, once: Floats, now: Floats, options: Options) -> Thing | None:
    """The piece with its true edge, kind and stage, or None when its size or shape does not fit.

    Args:
        field: the window it was cut from.
        piece: changed pixels.
        once: (band, y, x) old ground in the piece's box.
        now: (band, y, x) new ground in the piece's box.
        options: sizes and shape.
    """
    shade = field.dark[piece.box]
    dark = bool(shade[piece.mask].mean() > 0.5)
    allowed = ~field.avoid[piece.box] & (~shade | dark)
    refined = at_half_height(piece, np.sqrt(((now - once) ** 2).sum(axis=0)), allowed)
    polygon = outline(refined, field.grid)
    least = max(options.min_area_m2, MIN_PIXELS * field.grid.step_m**2)
    if not least <= polygon.area <= options.max_area_m2 or rectangularity(polygon) < options.rectangularity:
        return None
    angles = right_angles(polygon, field.grid.step_m)
    rim = shaded_rim(refined.mask, shade & ~refined.mask)
    kind = kind_of(edge_ratio(once, now, refined.mask), angles, rim)
    stage = stage_of(kind, rim, now, refined.mask)
    return Thing(piece=refined, polygon=polygon, right_angles=angles, shaded_rim=rim, kind=kind, stage=stage, dark=dark)
