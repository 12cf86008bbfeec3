"""Pieces that may be one object, cut from a map of evidence at several heights; the best of those that overlap is kept.

A single threshold cuts a grey roof into its edges and swallows the yard around a bright one. Here each height, with
and without what darkened, bridged and not, gives its own pieces, and turned rectangles are laid over patchy evidence.
A piece is worth the overlap with one true object that its measures let expect (`worth`); of pieces that overlap the
best is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.agreement import WITHIN_LOOKS, agreement
from yardwatch.construction.odds import REGION, promising
from yardwatch.construction.options import Options
from yardwatch.construction.pieces import Piece, cut_pieces
from yardwatch.construction.rectangles import rectangles
from yardwatch.construction.turned import turned_box
from yardwatch.construction.worth import pair_worth, worth

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Splits = NDArray[np.int16]

BEST_STRENGTH, BEST_EXPLAINED = 0.9, 0.75
"""Ranks taken for the best of a region's evidence."""
HEIGHTS = (1.0, 1.5, 2.2, 3.2, 4.6)
"""Times the site's limit."""
RING_CELLS = 3
NEAR_M = 6.0
"""Gap across which evidence may belong to one object."""
BRIDGED_M = (2.0, 4.0)
"""Radii of the closing: a slope, half a roof."""
SPLITS = 3
OTHER_SIDE = np.float32(-0.4)
"""Gain of evidence of the other kind: a roof does not end where a narrow shadow crosses it."""
OVERLAP = 0.25
"""Share of the smaller of two pieces in common from which they are one object."""
LONGEST_SHADOW = 1.5
"""Area of a shadow ÷ its object's, at most, over the median of the seasons."""
NEARLY, INSIDE = 0.8, 0.85
MOST_OF, LEAST_OF, TOGETHER = 0.6, 0.12, 0.45
"""When a piece is taken for several: parts of at least 0.8 of its worth, 0.85 inside it, none with more than 0.6 of its
area or less than an eighth, together at least 0.45 of it (there is a gap between two buildings)."""
SAME_LOOKS = 3
"""Splits within which two objects came together."""
BESIDE_CELLS = 3
"""Gap across which darkened ground still belongs to what shades it."""
LEAST_COHERENT = 0.3
"""Evidence whose splits agree less is noise: of 20 splits drawn by chance three in a row hold 0.15."""


@dataclass(frozen=True, eq=False)
class Map:
    """What candidates are cut from; all (y, x)."""

    strength: Floats
    """Evidence; 0 where things come and go."""
    split: Splits
    """Looks before; 0 everywhere where only two are compared."""
    dark: Bools
    """Ground that only became darker, as in shadow."""
    step_m: float
    explained: Floats | None = None
    """Share of each cell's spread that its step explains; None where only two are compared."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One piece and what it is worth."""

    piece: Piece
    split: int
    """The most frequent one."""
    coherence: float
    strength: float
    """Mean inside."""
    dark: bool
    signs: NDArray[np.float64]
    """What the worth is taken from (`worth.SIGNS`)."""
    worth: float
    """Overlap ÷ union with one true object, as these measures let expect."""


def find_candidates(found: Map, limit: float, options: Options) -> list[Candidate]:
    """The best pieces, largest worth first; the shadow of a larger one is left out.

    Boxes of neighbouring regions overlap, so that one object may be cut in both: the best is taken of all again.
    """
    taken = np.full(found.strength.shape, -1, np.int32)
    each = [candidate for pieces in every_piece(found, limit, options) for candidate in _best_of(pieces, taken)]
    chosen = _best_of(each, taken)
    return sorted(
        (one for one in chosen if not _shadow_of_another(one, chosen)), key=lambda candidate: -candidate.worth
    )


def every_piece(found: Map, limit: float, options: Options) -> Iterator[list[Candidate]]:
    """All pieces, one list a region; they overlap."""
    for box in _regions(found, limit):
        if found.explained is not None and _hopeless(found, box, limit):
            continue
        explained = None if found.explained is None else found.explained[box]
        here = Map(found.strength[box], found.split[box], found.dark[box], found.step_m, explained)
        pieces = [candidate for mask in _masks(here, limit) for candidate in _weighed(here, mask, limit, options)]
        pieces += _rectangles(here, limit, options)
        yield [replace(candidate, piece=_placed(candidate.piece, box)) for candidate in pieces]


def _regions(found: Map, limit: float) -> Iterator[tuple[slice, slice]]:
    """Boxes around evidence that lies near together; each is searched by itself."""
    strong = ndimage.binary_opening(found.strength > limit, np.ones((2, 2), bool))
    reach = max(1, round(NEAR_M / found.step_m / 2))
    labels, _ = ndimage.label(ndimage.maximum_filter(strong, 2 * reach + 1))
    for box in ndimage.find_objects(labels):
        rows, columns = box
        yield (
            slice(max(rows.start - RING_CELLS - 2, 0), rows.stop + RING_CELLS + 2),
            slice(max(columns.start - RING_CELLS - 2, 0), columns.stop + RING_CELLS + 2),
        )


def _hopeless(found: Map, box: tuple[slice, slice], limit: float) -> bool:
    """Whether not even the best of a region's evidence, over all of its area, would make an object."""
    strength = found.strength[box]
    above = strength > limit
    if found.explained is None or not above.any():
        return not above.any()
    strongest = float(np.quantile(strength[above], BEST_STRENGTH))
    cleanest = float(np.quantile(found.explained[box][above], BEST_EXPLAINED))
    return not promising(strongest, cleanest, float(above.sum()) * found.step_m**2, REGION)


def _best_of(pieces: list[Candidate], taken: NDArray[np.int32]) -> list[Candidate]:
    """Of the pieces of a region those worth most that do not overlap; `taken` (y, x) is scratch, −1 throughout."""
    ordered = sorted(pieces, key=lambda one: -one.worth)
    kept: list[Candidate] = []
    for place, candidate in enumerate(ordered):
        if _free(candidate, taken, kept) and not _several(candidate, ordered[place + 1 :]):
            taken[candidate.piece.box][candidate.piece.mask] = len(kept)
            kept.append(candidate)
    for candidate in kept:
        taken[candidate.piece.box][candidate.piece.mask] = -1
    return kept


def _free(candidate: Candidate, taken: NDArray[np.int32], kept: list[Candidate]) -> bool:
    under = taken[candidate.piece.box]
    shared = np.bincount(under[candidate.piece.mask & (under >= 0)], minlength=len(kept))
    sizes = np.array([int(other.piece.mask.sum()) for other in kept])
    return not kept or not bool((shared > OVERLAP * np.minimum(int(candidate.piece.mask.sum()), sizes)).any())


def _several(whole: Candidate, others: list[Candidate]) -> bool:
    """Whether a piece is rather two or more beside each other, each worth nearly as much, with what is in it."""
    left = Piece(whole.piece.box, whole.piece.mask.copy())
    size, parts, held = int(left.mask.sum()), 0, 0
    for other in others:
        if other.worth < NEARLY * whole.worth:
            break
        own = int(other.piece.mask.sum())
        if own > MOST_OF * size or own < LEAST_OF * size:
            continue
        here, there = left.common(other.piece)
        if int((left.mask[here] & other.piece.mask[there]).sum()) >= INSIDE * own:
            left.mask[here] &= ~other.piece.mask[there]
            parts, held = parts + 1, held + own
    return parts > 1 and held >= TOGETHER * size


def _placed(piece: Piece, box: tuple[slice, slice]) -> Piece:
    rows, columns = (
        slice(inner.start + outer.start, inner.start + outer.start + size)
        for inner, outer, size in zip(piece.box, box, piece.mask.shape, strict=True)
    )
    return Piece((rows, columns), piece.mask)


def _masks(found: Map, limit: float) -> Iterator[Bools]:
    """What is cut into pieces: evidence above a height, with and without what darkened, bridged, and by its splits."""
    reaches = [radius / found.step_m for radius in BRIDGED_M]
    for height in HEIGHTS:
        mask = found.strength > height * limit
        if not mask.any():
            return
        yield from (mask, *(_bridged(mask, reach) for reach in reaches))
        if (mask & found.dark).any():
            lit, dark = mask & ~found.dark, mask & found.dark
            yield from (lit, dark, _bridged(dark, reaches[0]))
            yield from (_bridged(lit, reach) & ~dark for reach in reaches)
    mask = found.strength > limit
    for split in _frequent(found.split[mask], found.strength[mask]):
        together = mask & (np.abs(found.split - split) <= WITHIN_LOOKS)
        lit = together & ~found.dark
        for reach in reaches:
            yield _bridged(together, reach)
            yield _bridged(lit, reach) & ~(together & found.dark)


def _rectangles(found: Map, limit: float, options: Options) -> list[Candidate]:
    """Rectangles of all evidence, of what did not darken, and of what did."""
    least = options.min_area_m2 / found.step_m**2
    pieces = []
    for height in HEIGHTS[::2]:
        gain = np.clip(found.strength / np.float32(height * limit) - 1, -1, 1)
        if (gain > 0).sum() < least / 2:
            break
        lit, dark = (np.where(off, np.minimum(gain, OTHER_SIDE), gain) for off in (found.dark, ~found.dark))
        maps = (gain, lit, dark) if (found.dark & (gain > 0)).any() else (gain,)
        pieces += [Piece.of(mask, RING_CELLS + 2) for one in maps for mask in rectangles(one, least)]
    return [weigh(found, piece, limit, rectangle=True) for piece in pieces]


def _bridged(mask: Bools, radius: float) -> Bools:
    """Closing with a disc: what of a grey roof stands out is its outline, its shadow and half its slope."""
    pad = int(radius) + 2
    outside = ndimage.distance_transform_edt(~np.pad(mask, pad)) > radius
    return ndimage.distance_transform_edt(~outside)[pad:-pad, pad:-pad] > radius


def _frequent(split: Splits, strength: Floats) -> list[int]:
    """Up to three splits with most evidence."""
    weight = np.bincount(split, weights=strength) if len(split) else np.zeros(0)
    order = np.argsort(-weight)[:SPLITS]
    return [int(one) for one in order if weight[one] > 0] if np.count_nonzero(weight) > 1 else []


def _weighed(found: Map, mask: Bools, limit: float, options: Options) -> Iterator[Candidate]:
    for piece in cut_pieces(mask, found.step_m, options):
        candidate = weigh(found, piece, limit)
        if candidate.coherence >= LEAST_COHERENT:
            yield candidate


def weigh(found: Map, piece: Piece, limit: float, *, rectangle: bool = False) -> Candidate:
    """A piece as a candidate, with the overlap that its measures let expect."""
    strength, split, dark = found.strength[piece.box], found.split[piece.box], found.dark[piece.box]
    inside = piece.mask
    ring = ndimage.binary_dilation(inside, iterations=RING_CELLS) & ~ndimage.binary_dilation(inside)
    mode, coherence = agreement(split[inside], strength[inside])
    mean = float(strength[inside].mean())
    darkened = float(dark[inside].mean())
    around = ring & ~dark
    signs = np.array([
        1.0, coherence, min(1.0, float(inside.sum()) / max(turned_box(inside).area, 1.0)),
        float((strength[inside] > limit).mean()), float((strength[inside] > 0.5 * mean).mean()),
        np.tanh(mean / limit / 4), np.tanh(_mean(strength, ring) / limit / 4),
        np.tanh(_mean(strength, around) / limit / 4),
        np.log(float(inside.sum()) * found.step_m**2), darkened, darkened * (1 - darkened), float(rectangle),
        float(strength[inside & ~dark].sum() / max(strength[~dark].sum(), 1e-6)),
        float(strength[inside].sum() / max(strength.sum(), 1e-6)),
    ])  # fmt: skip
    return Candidate(
        piece=piece,
        split=mode,
        coherence=coherence,
        strength=mean,
        dark=darkened > 0.5,
        signs=signs,
        worth=pair_worth(signs) if found.explained is None else worth(signs),
    )


def _mean(strength: Floats, where: Bools) -> float:
    return float(strength[where].mean()) if where.any() else 0.0


def _shadow_of_another(candidate: Candidate, kept: list[Candidate]) -> bool:
    """Darkened ground beside a larger object that came about the same time."""
    if not candidate.dark:
        return False
    near = candidate.piece.grown(BESIDE_CELLS)
    size = candidate.piece.mask.sum()
    return any(
        other is not candidate
        and not other.dark
        and abs(other.split - candidate.split) <= SAME_LOOKS
        and LONGEST_SHADOW * other.piece.mask.sum() > size
        and near.meets(other.piece)
        for other in kept
    )
