"""Offset: how far given tracks lie beside the tracks that the image shows.

All tracks of a file share one error (the image's place, or the map's), so one shift is sought for all of them. Along
a track nothing betrays a shift; sideways, with n₀ the common normal and n(s) a track's own,

    score(d) = mean over tracks and metres of heat(c(s) + d · (n₀·n(s)) · n(s)),   |d| ≤ REACH_M

The best d is told with its margin over the best one that lies at least `APART_M` away: in a yard of equal spacing a
shift by one spacing fits nearly as well, and only the outermost tracks tell the two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

Floats = NDArray[np.float64]

REACH_M, STEP_M = 8.0, 0.25
APART_M = 1.5
"""Nearer to the best than this is the same answer: heat is 0.8 m wide."""
IN_PLACE_M = 0.75
"""The strip network was trained on lines up to 1.3 m off."""
SNAP_M = 2.0
"""Farther than half the closest spacing (4.3 m) the next track may be meant; a person decides."""
LEAST_SCORE = 0.35
"""Below it the image hardly shows tracks along any shift, and says nothing about the given ones."""
LEAST_MARGIN = 0.08
"""A best shift no surer than this above its rival is no answer."""
LEAST_GAIN = 0.12
"""What a shift must gain over leaving the tracks where they are."""

Verdict = Literal["in place", "snap", "off", "unsure"]


@dataclass(frozen=True, eq=False)
class Across:
    """Heat across one given track."""

    share: Floats
    """(t, s): heat at offsets −REACH_M … REACH_M in steps of STEP_M, left positive, at points along the track."""
    turn: Floats
    """(s,): cosine between the common normal and the track's own."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """The common sideways shift that fits best."""

    metres: float
    """Along `normal`: add it to the given tracks to come to rest on those of the image."""
    normal: tuple[float, float]
    score: float
    """Mean heat under the shifted tracks, 0..1."""
    here: float
    """Mean heat under the tracks as given."""
    margin: float
    """Score above that of the best shift at least `APART_M` away."""

    @property
    def verdict(self) -> Verdict:
        """*in place*; *snap* (within `SNAP_M`, sure); *off* (farther, sure); *unsure*: the image does not say."""
        if self.score < LEAST_SCORE:
            return "unsure"
        if abs(self.metres) <= IN_PLACE_M:
            return "in place"
        if self.margin < LEAST_MARGIN or self.score - self.here < LEAST_GAIN:
            return "unsure"
        return "snap" if abs(self.metres) <= SNAP_M else "off"

    def moved(self, line: shapely.LineString) -> shapely.LineString:
        """A given line (ground) moved by the shift."""
        by = np.array(self.normal) * self.metres
        return shapely.transform(line, lambda xy: xy + by)


def offsets() -> Floats:
    """The offsets of `Across.share`, metres."""
    side = round(REACH_M / STEP_M)
    return np.linspace(-side, side, 2 * side + 1, dtype=np.float64) * STEP_M


def common_normal(lines: Sequence[shapely.LineString]) -> tuple[float, float]:
    """Unit normal, to the left of the direction most of the length runs in, whichever way each line was drawn."""
    ways = np.concatenate([np.diff(shapely.get_coordinates(line), axis=0) for line in lines])
    length = np.hypot(ways[:, 0], ways[:, 1])
    twice = 2 * np.arctan2(ways[:, 1], ways[:, 0])
    angle = 0.5 * np.arctan2(length @ np.sin(twice), length @ np.cos(twice))
    return float(-np.sin(angle)), float(np.cos(angle))


def sample_points(line: shapely.LineString) -> tuple[Floats, Floats]:
    """Ground points (t, s, 2) across a line at `offsets`, a metre apart along it, and its normals (s, 2)."""
    along = np.arange(0.5, max(line.length, 1.0), 1.0)
    at, ahead, back = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along + d, 0, line.length)))
        for d in (0.0, 5.0, -5.0)
    )
    way = (ahead - back) / np.maximum(np.hypot(*(ahead - back).T), 1e-9)[:, None]
    normal = np.stack([-way[:, 1], way[:, 0]], axis=1)
    return at[None] + offsets()[:, None, None] * normal[None], normal


def common_shift(across: Sequence[Across], normal: tuple[float, float]) -> Shift | None:
    """The shift that fits best; None when no track was looked at."""
    tried = offsets()
    parts = [one for one in across if one.share.shape[1]]
    if not parts:
        return None
    share, turn = np.concatenate([p.share for p in parts], axis=1), np.concatenate([p.turn for p in parts])
    row = (tried[:, None] * turn[None]) / STEP_M + len(tried) // 2
    column = np.broadcast_to(np.arange(share.shape[1]), row.shape)
    score = map_coordinates(share, [row, column], order=1, mode="nearest").mean(axis=1)
    best = int(np.lexsort((np.abs(tried), -np.round(score, 9)))[0])
    rivals = score[np.abs(tried - tried[best]) >= APART_M]
    return Shift(
        metres=float(tried[best]),
        normal=normal,
        score=float(score[best]),
        here=float(score[len(tried) // 2]),
        margin=float(score[best] - rivals.max()),
    )
