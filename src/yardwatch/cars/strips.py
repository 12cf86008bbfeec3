"""Strips: where along a track an image is sampled, and the strip the samples make.

    x(t, s) = image(c(s) + t · n(s)),  |t| ≤ HALF_WIDTH_M

c(s) is the track's line by its length s, n(s) its normal, to the left. A drawn line has corners; a normal that
jumped at them would fold the strip, so tangents are chords over `CHORD_M` on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.model import Strip, Track
from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]

HALF_WIDTH_M = 8.0
"""Reaches past both neighbouring tracks (4.5 to 5 m apart), so that their cars can be told from this one's."""
STEP_M = (0.25, 1.0)
"""Finest and coarsest step. Finer adds no evidence; coarser would lose a coupling gap."""
CHORD_M = 5.0
"""Half the chord of a tangent: longer than a drawn line's kinks, short against the sharpest curve (150 m)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StripPlan:
    """Where one strip samples the ground."""

    track: str
    step_m: float
    centre: Floats
    """(s, 2): ground metres of the track's line at the middles of the steps."""
    left: Floats
    """(s, 2): unit vectors to the left of the track."""
    across: Floats
    """(t,): metres from the track, right to left."""

    @property
    def shape(self) -> tuple[int, int]:
        """Samples across and along."""
        return len(self.across), len(self.centre)

    @property
    def points(self) -> Floats:
        """(t, s, 2): ground metres of every sample; t from right to left of the track, s along it."""
        return self.part(slice(None))

    def part(self, along: slice) -> Floats:
        """The points of some steps along the track: those of a long one take more memory than its strip."""
        return self.centre[None, along] + self.across[:, None, None] * self.left[None, along]


def plan(track: Track, gsd_m: float) -> StripPlan:
    """The strip of a track (ground line) for an image of this GSD. Raises ValueError unless the GSD is positive."""
    refuse(not gsd_m > 0, f"track {track.id}: GSD {gsd_m} m is not positive")
    step_m = float(np.clip(gsd_m, *STEP_M))
    steps = max(1, int(track.line.length / step_m))
    along = (np.arange(steps, dtype=np.float64) + 0.5) * step_m
    centre = shapely.get_coordinates(shapely.line_interpolate_point(track.line, along))
    side = round(HALF_WIDTH_M / step_m) * step_m
    across: Floats = np.linspace(-side, side, 2 * round(side / step_m) + 1, dtype=np.float64)
    left = _normals(track.line, along)
    return StripPlan(track=track.id, step_m=step_m, centre=centre, left=left, across=across)


def _normals(line: shapely.LineString, along: Floats) -> Floats:
    """(s, 2): unit vectors to the left of the track."""
    ends = [np.clip(along + way, 0, line.length) for way in (-CHORD_M, CHORD_M)]
    back, ahead = (shapely.get_coordinates(shapely.line_interpolate_point(line, at)) for at in ends)
    chord = ahead - back
    chord /= np.maximum(np.hypot(chord[:, 0], chord[:, 1]), 1e-9)[:, None]
    return np.stack([-chord[:, 1], chord[:, 0]], axis=-1)


def cut(plan: StripPlan, data: NDArray[np.float32], visible: NDArray[np.bool_], gsd_m: float) -> Strip:
    """What was read at a plan's points, as a strip. Raises ValueError when it does not fit the plan."""
    refuse(
        data.shape[1:] != plan.shape,
        f"track {plan.track}: read {data.shape[1:]} samples, the plan has {plan.shape}",
    )
    shown = np.asarray(visible, bool)
    return Strip(
        track=plan.track,
        step_m=plan.step_m,
        data=np.where(shown, data, 0).astype(np.float32, copy=False),
        visible=shown,
        gsd_m=gsd_m,
    )
