"""Looks made comparable and split into reference and later ones, with what each is held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yardwatch.construction.distance import distance, look_noise
from yardwatch.construction.looks import Look, smoothed
from yardwatch.construction.normalise import apply, cells_of, choose_anchor, fit
from yardwatch.construction.options import Options
from yardwatch.construction.reference import Reference, make_reference, references, season
from yardwatch.errors import RefusedError

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Box = tuple[slice, slice]

REFERENCE_SHARE = 3
"""One look in this many, the earliest, is reference while no `since` is given: a third spans the seasons in a record
of years, and leaves the later two thirds in which something may have been built."""


@dataclass(frozen=True, eq=False)
class Series:
    """Normalised looks by date."""

    looks: tuple[Look, ...]
    reference_looks: int
    """The first so many are the reference."""
    usual: Reference
    """Of all reference looks together."""
    by_season: dict[int, Reference]
    noise: tuple[Floats, ...]
    """(band,) for each look."""

    @property
    def later(self) -> tuple[int, ...]:
        """Indices of the looks that are tested, newest first."""
        return tuple(range(len(self.looks) - 1, self.reference_looks - 1, -1))

    @property
    def later_looks(self) -> tuple[Look, ...]:
        """The looks that are tested, newest first."""
        return self.looks[: self.reference_looks - 1 : -1]

    def distance_of(self, index: int, box: Box = (slice(None), slice(None))) -> tuple[Floats, Bools]:
        """Distance of a look from the usual, and where it is clear; in a box if given."""
        look = self.looks[index]
        against = self.by_season[season(look.day)].inside(box)
        return distance(look.pixels.data[:, *box], against, self.noise[index]), look.pixels.visible[box]

    def newest_first(self, known: Bools) -> Iterator[tuple[Floats, Bools]]:
        """Distance and clearness of the later looks, only where the reference is known."""
        for index in self.later:
            far, clear = self.distance_of(index)
            yield far, clear & known


def make_series(ordered: Sequence[Look], avoid: Bools, options: Options) -> Series:
    """Normalise, split and describe. Raises RefusedError, with the number needed, when too few looks can be used."""
    usable = comparable(ordered, avoid)
    count = _split([look.day for look in usable], len(ordered), options)
    usual = make_reference(usable[:count])
    by_season = references(usable[:count], usual, {season(look.day) for look in usable})
    noise = tuple(look_noise(look.pixels, by_season[season(look.day)], avoid) for look in usable)
    return Series(tuple(usable), count, usual, by_season, noise)


def comparable(ordered: Sequence[Look], avoid: Bools) -> list[Look]:
    """The looks whose unchanged ground follows the anchor's, smoothed and carried to its brightness."""
    smooth = [replace(look, pixels=smoothed(look.pixels)) for look in ordered if look.pixels.visible.any()]
    cells = [cells_of(look.pixels, avoid) for look in smooth]
    if not smooth:
        return []
    anchor = cells[choose_anchor(cells)]
    kept = []
    for look, own in zip(smooth, cells, strict=True):
        line = fit(anchor, own)
        if line is not None:
            kept.append(replace(look, pixels=apply(look.pixels, line)))
    return kept


def _split(days: Sequence[date], offered: int, options: Options) -> int:
    """How many of the usable looks are reference."""
    needs = f"{options.reference_looks} as reference and {options.persistence} that stay"
    if len(days) < options.looks_needed:
        raise RefusedError(
            f"changes need {options.looks_needed} clear looks ({needs}), {len(days)} of {offered} can be used; "
            "add looks, or compare two images with --before and --after"
        )
    if options.since is None:
        return max(options.reference_looks, len(days) // REFERENCE_SHARE)
    count = sum(day < options.since for day in days)
    if count < options.reference_looks or len(days) - count < options.persistence:
        raise RefusedError(
            f"changes since {options.since} need {options.looks_needed} clear looks ({needs}), {count} lie before and "
            f"{len(days) - count} after; choose another day or add looks"
        )
    return count
