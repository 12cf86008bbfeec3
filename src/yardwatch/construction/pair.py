"""Two images alone: what differs between them. A weaker claim than `changes`.

What was there on one day only (a stack, a crane, a flooded lot) cannot be told from what stayed, and there is no usual
spread of the ground to hold a difference against. So less is reported: what has an edge all round in one image only,
and is a plain rectangle or (new) casts a shadow; never new darkness, which is shadow as often as roof.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.distance import distance, look_noise
from yardwatch.construction.identity import change_id
from yardwatch.construction.kind import NEW, REMOVED, SHADED_RIM
from yardwatch.construction.looks import grey, same_grid, smoothed
from yardwatch.construction.normalise import apply, cells_of, fit, fit_spread
from yardwatch.construction.objects import Field, Thing, candidates, shape_thing
from yardwatch.construction.options import Options
from yardwatch.construction.persistence import threshold
from yardwatch.construction.reference import Reference
from yardwatch.construction.shade import darkened
from yardwatch.errors import InputError, RefusedError
from yardwatch.model import Change, Pixels

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

POORLY_COMPARABLE = 2.0
"""Times the threshold where most of the ground changed (crops, snow on one), so that its brightness says little."""
TEXTURE_PIXELS = 7
"""Side of the window whose spread stands in for the spread over dates that two images do not have."""
CORNERS = 4
"""Right angles asked for: with three, patches of crop and lake shores pass (seen on four prairie dates at 5 m)."""
WITHIN_PIXELS = 2
"""Misplacement between two images that makes no difference: one pixel left by alignment, one by relief and lean."""


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
    old, new, stricter = _comparable(before, after, avoid)
    both = old.visible & new.visible & ~avoid
    far = np.minimum(_far(new, old, avoid), _far(old, new, avoid))
    changed = (far > stricter * threshold(far, both)) & both
    dark = changed & darkened(old.data, new.data)
    field = Field(old.grid, changed & ~dark, dark, ~both)
    things = (
        shape_thing(field, piece, old.data[:, *piece.box], new.data[:, *piece.box], options)
        for piece in candidates(field, options)
    )
    found = [_claimed(field, thing) for thing in things if thing and _told_apart(thing)]
    return tuple(sorted(found, key=lambda change: (-change.area_m2, change.id)))


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


def _told_apart(thing: Thing) -> bool:
    """Whether two images suffice: an edge all round in one alone, and four corners or, if new, a shadow."""
    if thing.kind == NEW:
        return not thing.dark and (thing.right_angles == CORNERS or thing.shaded_rim >= SHADED_RIM)
    return thing.kind == REMOVED and thing.right_angles == CORNERS


def _claimed(field: Field, thing: Thing) -> Change:
    return Change(
        id=change_id(field.grid.frame, thing.polygon, None),
        kind=thing.kind,
        polygon=thing.polygon,
        area_m2=float(thing.polygon.area),
        after=None,
        before=None,
        persistence=1,
        probability=None,
        stage=thing.stage,
    )
