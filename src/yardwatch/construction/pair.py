"""Two images alone: what differs between them. A weaker claim than `changes`.

What was there on one day only (a stack, a crane, a flooded lot) cannot be told from what stayed, and there is no usual
spread of the ground to hold a difference against. So less is reported: what has an edge all round in one image only,
and is a plain rectangle or (new) casts a shadow; never new darkness, which is shadow as often as roof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.candidates import Map, find_candidates
from yardwatch.construction.distance import Reference, distance, look_noise
from yardwatch.construction.evidence import cell_side
from yardwatch.construction.identity import change_id
from yardwatch.construction.kind import CHANGED, NEW, SHADED_RIM
from yardwatch.construction.looks import grey, same_grid, smoothed
from yardwatch.construction.measure import Measured, measure
from yardwatch.construction.normalise import apply, cells_of, fit, fit_spread
from yardwatch.construction.odds import BELIEVED, PAIR_WEIGHTS, chance
from yardwatch.construction.options import Options
from yardwatch.construction.pieces import MIN_PIXELS, Piece
from yardwatch.construction.shade import darkened
from yardwatch.construction.source import coarser
from yardwatch.construction.views import Views
from yardwatch.errors import InputError, RefusedError
from yardwatch.ground import Frame
from yardwatch.model import Change, Grid, Pixels

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

FLOOR, STABLE, MARGIN = 1.0, 0.75, 2.0
"""Distance below which nothing differs; share of ground held to be stable, and how far above it a difference stands."""
EVENED_M, EVENED_RANK = 3.0, 60
POORLY_COMPARABLE = 2.0
"""Times the limit where most of the ground changed (crops, snow on one), so that its brightness says little."""
TEXTURE_PIXELS = 7
"""Side of the window whose spread stands in for the spread over dates that two images do not have."""
WITHIN_PIXELS = 1
"""Misplacement between two images that makes no difference: what alignment leaves."""
SHAPED_PIXELS = 300
"""Pixels below which an object must have corners or a shadow: a blob of a few pixels has edges all round too."""
UNLIKE = 0.1
"""Likeness up to which darkened ground is no shadow, which keeps the grain of what it falls on."""
BESIDE_M, LESSER = 5.0, 0.5
"""Within this a lesser object is part of a larger one."""
WEAKER = "seen in two images only: what stood there on one day cannot be told from what stayed"


@dataclass(frozen=True, kw_only=True, eq=False)
class Differing:
    """One object that only one of two images shows, before it is believed."""

    measured: Measured
    strength: float
    """Mean distance inside ÷ the limit."""


def compare_pair(before: Pixels, after: Pixels, avoid: Bools, options: Options) -> tuple[Change, ...]:
    """Structures that only one of two images shows, largest first; polygons in ground metres, dates None.

    Args:
        before: the earlier window.
        after: the later one, on the same grid.
        avoid: (y, x), True where things come and go.
        options: sizes and shape; `since`, `persistence` and `reference_looks` do not enter.

    Raises:
        RefusedError: the two have no unchanged ground in common.
        InputError: windows on different grids.
    """
    frame = before.grid.frame
    found = [(one, pair_score(one)) for one in differing(before, after, avoid, options)]
    kept = [_claimed(frame, one, odds) for one, odds in found if chance(odds) >= BELIEVED and _told_apart(one)]
    return tuple(sorted(_without_parts(kept), key=lambda change: (-change.area_m2, change.id)))


def differing(before: Pixels, after: Pixels, avoid: Bools, options: Options) -> Iterator[Differing]:
    """Every object of fitting size and shape, believed or not."""
    old, new, stricter = _comparable(before, after, avoid)
    both = old.visible & new.visible & ~avoid
    far = np.minimum(_far(new, old, avoid), _far(old, new, avoid))
    far[~both] = 0
    limit = stricter * max(FLOOR, MARGIN * float(np.quantile(far[both], STABLE))) if both.any() else FLOOR
    side = cell_side(old.grid.step_m)
    found = _cells(far, darkened(old.data, new.data), old.grid, side)
    views = Views(old.data, new.data)
    for candidate in find_candidates(found, limit, options):
        rows, columns = (slice(part.start * side, part.stop * side) for part in candidate.piece.box)
        piece = Piece((rows, columns), np.kron(candidate.piece.mask, np.ones((side, side), bool)))
        inside = Views(views.old[:, rows, columns], views.new[:, rows, columns])
        measured = measure(piece, inside, ~both[rows, columns], old.grid)
        if measured is not None and _fits(measured, old.grid.step_m, options):
            yield Differing(measured=measured, strength=candidate.strength / limit)


def _cells(far: Floats, dark: Bools, grid: Grid, side: int) -> Map:
    """The distance in cells, evened over a few metres."""
    cells = coarser(Pixels(grid=grid, data=np.stack([far, dark.astype(np.float32)]), visible=far >= 0), side)
    wide = 2 * max(1, round(EVENED_M / cells.grid.step_m / 2)) + 1
    strength = (
        ndimage.percentile_filter(cells.data[0], EVENED_RANK, size=wide) if cells.grid.step_m < 2 else cells.data[0]
    )
    split = np.zeros(strength.shape, np.int16)
    return Map(strength, split, ndimage.uniform_filter(cells.data[1], wide) > 0.5, cells.grid.step_m)


def _fits(measured: Measured, step_m: float, options: Options) -> bool:
    least = max(options.min_area_m2, MIN_PIXELS * step_m**2)
    return least <= measured.polygon.area <= options.max_area_m2 and measured.rectangularity >= options.rectangularity


def _comparable(before: Pixels, after: Pixels, avoid: Bools) -> tuple[Pixels, Pixels, float]:
    """Both smoothed, the later carried to the brightness of the earlier; and how much stricter to be."""
    if not same_grid(before.grid, after.grid) or avoid.shape != before.visible.shape:
        raise InputError("the two windows or the mask lie on different grids; read them onto one grid")
    if before.data.shape[0] != after.data.shape[0]:
        before, after = grey(before), grey(after)
    old, new = smoothed(before), smoothed(after)
    cells = cells_of(old, avoid), cells_of(new, avoid)
    line = fit(*cells)
    if line is not None:
        return old, apply(new, line), 1.0
    line = fit_spread(*cells)
    if line is None:
        raise RefusedError(
            "the two images have too little unchanged ground in common (snow, cloud, another place, or hardly any "
            "overlap); choose another pair"
        )
    return old, apply(new, line), POORLY_COMPARABLE


def _far(values: Pixels, usual: Pixels, avoid: Bools) -> Floats:
    """Distance of one window from the other, whose own texture stands in for a spread over dates."""
    side = 2 * WITHIN_PIXELS + 1
    reference = Reference(
        median=usual.data,
        spread=np.stack([_texture(band) for band in usual.data]),
        low=ndimage.minimum_filter(usual.data, (1, side, side)),
        high=ndimage.maximum_filter(usual.data, (1, side, side)),
        looks=usual.visible.astype(np.intp),
    )
    return distance(values.data, reference, look_noise(values, reference, avoid))


def _texture(band: Floats) -> Floats:
    """Standard deviation within the texture window."""
    mean = ndimage.uniform_filter(band, TEXTURE_PIXELS)
    square = ndimage.uniform_filter(band**2, TEXTURE_PIXELS)
    return np.sqrt(np.maximum(square - mean**2, 0))


def _told_apart(found: Differing) -> bool:
    """Whether two images suffice: an edge all round in one alone, and corners or a shadow; darkness may be shadow."""
    measured = found.measured
    shaped = measured.kind != CHANGED and (
        measured.right_angles == 4 or (measured.kind == NEW and measured.shaded_rim >= SHADED_RIM)
    )
    if not shaped and (measured.pixels < SHAPED_PIXELS or measured.right_angles == 0):
        return False
    return (
        measured.edge_ratio < 1 or measured.dark <= 0.5 or (measured.likeness <= UNLIKE and measured.right_angles == 4)
    )


def _without_parts(changes: list[Change]) -> list[Change]:
    """Without the lesser objects beside a larger one: a shadow, an apron."""
    kept: list[Change] = []
    for change in sorted(changes, key=lambda one: -one.area_m2 * (one.probability or 0)):
        beside = (
            shapely.distance(change.polygon, other.polygon) <= BESIDE_M and change.area_m2 < LESSER * other.area_m2
            for other in kept
        )  # fmt: skip
        if not any(beside):
            kept.append(change)
    return kept


def _claimed(frame: Frame, found: Differing, odds: float) -> Change:
    measured = found.measured
    return Change(
        id=change_id(frame, measured.polygon, None), kind=measured.kind, polygon=measured.polygon,
        area_m2=float(measured.polygon.area), after=None, before=None, persistence=1,
        probability=round(chance(odds), 3), stage=measured.stage, score=odds, rectangularity=measured.rectangularity,
        straight_edges=measured.straight,
        doubt=WEAKER,
    )  # fmt: skip


def pair_signs(found: Differing) -> NDArray[np.float64]:
    """The measures the chance is taken from; the first is 1."""
    measured = found.measured
    return np.array([
        1.0, np.log(max(found.strength, 0.1)), abs(np.log(max(measured.edge_ratio, 1e-2))), measured.right_angles / 4,
        measured.rectangularity, np.log(max(measured.contrast, 0.1)), measured.likeness, measured.dark,
        np.log(max(measured.pixels, 1)),
    ])  # fmt: skip


def pair_score(found: Differing) -> float:
    """Log odds of being real."""
    return float(pair_signs(found) @ np.array(PAIR_WEIGHTS))
