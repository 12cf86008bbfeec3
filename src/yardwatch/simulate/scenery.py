"""What stays: ground, tracks, roads, sheds and trees of a yard, drawn once for a GSD and used by every look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from yardwatch.simulate.bands import Band, band
from yardwatch.simulate.canvas import Canvas
from yardwatch.simulate.ground import Ground, lay_ground
from yardwatch.simulate.noise import Single
from yardwatch.simulate.standing import raise_platforms, raise_sheds, raise_trees
from yardwatch.simulate.trackbed import lay_tracks
from yardwatch.simulate.yard import Yard


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenery:
    """A yard without trains, on fine pixels, before light and weather. Never written to: looks work on copies."""

    canvas: Canvas
    colour: Single
    """(3, y, x): as on a dry day without snow."""
    lush: Single
    """(y, x): how far greenness moves the colour towards `ground.LUSH`, 0..1."""
    tone: Single
    """(y, x): the ground's texture, a factor about 1."""
    snow_line: Single
    """(y, x): snow depth, 0..1, from which the pixel is white."""
    height: Single
    """(y, x): metres above the ground."""
    bands: dict[str, Band]
    """By track id."""


@lru_cache(maxsize=2)
def scenery(yard: Yard, gsd_m: float) -> Scenery:
    """The scenery of a yard for a GSD; kept for the next look, as it takes longer than the look itself."""
    canvas = Canvas.over(yard, gsd_m)
    rng = np.random.default_rng([yard.seed, 1])
    ground: Ground = lay_ground(canvas, yard.layout, rng)
    bands = {name: band(canvas, line) for name, line in yard.ground_lines.items()}
    beyond = {f"main-{i}": band(canvas, line) for i, line in enumerate(yard.layout.beyond)}
    lay_tracks(ground, bands | beyond, canvas, rng)
    raise_platforms(ground, canvas, yard.layout)
    raise_sheds(ground, canvas, yard.layout.sheds, rng)
    raise_trees(ground, canvas, yard.layout, rng)
    return Scenery(
        canvas=canvas, colour=ground.colour, lush=ground.lush, tone=ground.tone, snow_line=ground.snow_line,
        height=ground.height, bands=bands,
    )  # fmt: skip
