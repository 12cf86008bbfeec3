"""A strip summed across the track: the body's rows, the ground beside it, and how bright that ground is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from yardwatch.model import Strip

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CORE_M = 1.2
"""Half the width that lies on a body (3.1 m wide) even when the drawn track is 0.3 m off."""
BESIDE_M = (2.2, 3.4)
"""Ground beside the body, before the next track's cars begin (5 m − 1.55 m): shadow or ballast, no body."""
DARKEST = 0.02
"""Floor of a strip's brightness: below it there is nothing to divide by."""

HUE_FLOOR = 0.15
"""Added to the sum of the bands (three for ground of average brightness) before a share is taken."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Means over rows, each (band, s), in units of the strip's own ground brightness."""

    core: Floats
    left: Floats
    right: Floats
    step_m: float

    def smooth(self, metres: float) -> Profile:
        """Running means along the track."""
        size = max(1, round(metres / self.step_m))
        core, left, right = (
            uniform_filter1d(part, size, axis=1, mode="nearest") for part in (self.core, self.left, self.right)
        )
        return Profile(core, left, right, self.step_m)

    @property
    def sides(self) -> tuple[Floats, Floats]:
        """Left and right."""
        return self.left, self.right


def rows(strip: Strip) -> tuple[Bools, Bools, Bools]:
    """(t,) each: rows of the core, the left and the right side; never none of them, also where steps are coarse."""
    off = strip.offsets_m
    core, left, right = np.abs(off) <= CORE_M, *(_between(way * off) for way in (1, -1))
    return core, left, right


def _between(off: Floats) -> Bools:
    inside: Bools = (off >= BESIDE_M[0]) & (off <= BESIDE_M[1])
    if not inside.any():
        inside = np.abs(off - sum(BESIDE_M) / 2) == np.abs(off - sum(BESIDE_M) / 2).min()
    return inside


def profile(strip: Strip, scale: float) -> Profile:
    """Means over the rows of a strip, divided by a brightness."""
    core, left, right = (strip.data[:, part].mean(axis=1, dtype=np.float64) / scale for part in rows(strip))
    return Profile(core, left, right, strip.step_m)


def brightness(strip: Strip) -> float:
    """Median of the visible ground beside the track, all bands: what the strip is measured in."""
    _, left, right = rows(strip)
    beside = left | right
    seen = strip.data.mean(axis=0)[beside][strip.visible[beside]]
    return max(float(np.median(seen)), DARKEST) if seen.size else 1.0


def visible(strip: Strip) -> Bools:
    """(s,): steps whose core and at least one side are visible."""
    core, left, right = rows(strip)
    beside = strip.visible[left].any(axis=0) | strip.visible[right].any(axis=0)
    return np.asarray(strip.visible[core].all(axis=0) & beside, bool)


def hue(colours: Floats) -> Floats:
    """Shares of the bands, (band, s), which a shadow hardly changes; the floor keeps noise in the dark small."""
    shares: Floats = colours / (colours.sum(axis=0) + HUE_FLOOR)
    return shares


def distance(a: Floats, b: Floats) -> Floats:
    """Root mean square difference over the bands, the first axis."""
    apart: Floats = np.sqrt(((a - b) ** 2).mean(axis=0))
    return apart
