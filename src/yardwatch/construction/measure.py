"""A candidate at full resolution: its outline, shape, edges, shadow, kind and stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.kind import Signs, edge_ratio, kind_of, shaded_rim, stage_of
from yardwatch.construction.outline import outline, rectangularity, right_angles
from yardwatch.construction.pieces import Piece, at_half_height
from yardwatch.construction.shade import darkened
from yardwatch.construction.turned import straight_share
from yardwatch.construction.views import Views
from yardwatch.model import Grid

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

STANDS_OUT = 2.0
"""Median difference inside ÷ around from which the difference itself gives the edge; a grey roof on grey ground keeps
the outline of its evidence."""
LEAST_LEFT = 0.35
"""Share of a piece that its refined outline keeps: evidence reaches a few metres beyond what is strong."""
NO_WORSE = 0.05
"""Rectangularity that a refined outline may lose: one that frays is no better."""
GRAIN_PIXELS, GRAIN_RIM = 7, 2
"""Side of the window whose mean is taken off, and pixels around the object that count: its edges are grain too."""
EVEN_FLOOR = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """One object's shape and look, not yet dated."""

    polygon: shapely.Polygon
    """Ground metres."""
    rectangularity: float
    straight: float
    right_angles: int
    edge_ratio: float
    """Strength of edges along the outline, now ÷ before."""
    shaded_rim: float
    """Share of the outline beside new shadow."""
    contrast: float
    """Median difference inside ÷ around."""
    kind: str
    stage: str | None
    likeness: float = 0.0
    """Correlation of the grain of both views inside, −1..1: ground that was lit anew keeps its grain."""
    evenness: float = 0.0
    """Log of the spread of brightness inside, in the view without ÷ with the structure."""
    dark: float = 0.0
    """Share that only darkened."""
    pixels: int = 0
    length_m: float | None = None


def measure(piece: Piece, views: Views, avoid: Bools, grid: Grid) -> Measured | None:
    """A piece of pixels measured in its views; None when nothing of it is left.

    Args:
        piece: pixels, its box with a rim of a few.
        views: of the box.
        avoid: (y, x) of the box.
        grid: of the site's pixels.
    """
    old, new = _smooth(views.old), _smooth(views.new)
    shade = darkened(old, new)
    cleared = darkened(new, old)
    beyond = (shade & (not _mostly(shade, piece.mask))) | (cleared & (not _mostly(cleared, piece.mask)))
    height = np.sqrt(((new - old) ** 2).sum(axis=0))
    around = ndimage.binary_dilation(piece.mask, iterations=8) & ~ndimage.binary_dilation(piece.mask, iterations=2)
    beside = around & ~shade
    contrast = float(np.median(height[piece.mask]) / max(np.median(height[beside]) if beside.any() else 0.0, 0.005))
    refined = at_half_height(piece, height, ~avoid & ~beyond) if contrast >= STANDS_OUT else piece
    polygon, plain = outline(refined, grid), outline(piece, grid)
    if refined.mask.sum() < LEAST_LEFT * piece.mask.sum() or rectangularity(polygon) < rectangularity(plain) - NO_WORSE:
        refined, polygon = piece, plain
    if polygon.area <= 0:
        return None
    ratio = edge_ratio(old, new, refined.mask)
    angles = right_angles(polygon, grid.step_m)
    rim = shaded_rim(refined.mask, shade & ~refined.mask)
    dark = float(shade[piece.mask].mean())
    kind = kind_of(Signs(ratio, angles, rim, polygon, dark))
    return Measured(
        polygon=polygon, rectangularity=rectangularity(polygon), straight=straight_share(polygon, grid.step_m),
        right_angles=angles, edge_ratio=ratio, shaded_rim=rim, contrast=contrast, kind=kind,
        stage=stage_of(kind, rim, new, refined.mask), likeness=_likeness(views, piece.mask),
        evenness=_evenness(views, piece.mask, ratio), dark=dark,
        pixels=int(piece.mask.sum()),
    )  # fmt: skip


def _likeness(views: Views, mask: Bools) -> float:
    near = ndimage.binary_dilation(mask, iterations=GRAIN_RIM)
    x, y = (_grain(image.mean(axis=0))[near] for image in (views.old, views.new))
    return float((x * y).sum() / max(float(np.sqrt((x**2).sum() * (y**2).sum())), 1e-9))


def _grain(grey: Floats) -> Floats:
    return grey - ndimage.uniform_filter(grey, GRAIN_PIXELS, mode="nearest")


def _evenness(views: Views, mask: Bools, ratio: float) -> float:
    spreads = [float(image.mean(axis=0)[mask].std()) + EVEN_FLOOR for image in (views.old, views.new)]
    without, with_it = spreads if ratio >= 1 else spreads[::-1]
    return float(np.log(without / with_it))


def _mostly(shade: Bools, mask: Bools) -> bool:
    """Whether the object itself darkened, or lay in the dark before: then its shadow cannot be told from it."""
    return bool(shade[mask].mean() > 0.5)


def _smooth(image: Floats) -> Floats:
    return np.stack([ndimage.uniform_filter(band, 3, mode="nearest") for band in image])
