"""The tracks of the fictional yard: a main line, a loop, six yard tracks between two ladders, a shed siding.

Neighbours lie 5 m apart, as in real yards; ladders diverge at 1 : 6.5. Each track is drawn whole, from the switch
where it begins to the one where it ends.
"""

from __future__ import annotations

import numpy as np
import shapely

from yardwatch.model import Track
from yardwatch.simulate.layout import Floats, spine

GAUGE_MM = 1520
MAIN_HALF_M = 344.0
LADDER_SLOPE = 1 / 6.5
LADDER_WEST_M = -275.0
LADDER_EAST_M = 285.0
YARD_ACROSS_M = (-5.2, -10.2, -15.2, -20.2, -25.2, -30.2)
LOOP_ACROSS_M = 5.0
SIDING_ACROSS_M = 22.0
ROUNDING_M = 14.0
"""Half the length over which a ladder's slope turns into a straight."""
STEP_M = 4.0


def ground_tracks() -> tuple[Track, ...]:
    """All tracks, ground metres, west to east."""
    last = len(YARD_ACROSS_M) - 1
    yard = [_between_ladders(f"yard-{i + 1}", across, whole_ladder=i == last) for i, across in enumerate(YARD_ACROSS_M)]
    return (_main(), _loop(), *yard, _siding())


def _main() -> Track:
    along = np.arange(-MAIN_HALF_M, MAIN_HALF_M + 1, STEP_M)
    return Track(id="main", line=_line(along, np.zeros_like(along)), gauge_mm=GAUGE_MM)


def main_beyond() -> list[shapely.LineString]:
    """The main line's way out of the picture at either end, ground metres."""
    west, east = (
        np.arange(-MAIN_HALF_M - 100, -MAIN_HALF_M + 1, STEP_M),
        np.arange(MAIN_HALF_M, MAIN_HALF_M + 100, STEP_M),
    )
    return [_line(along, np.zeros_like(along)) for along in (west, east)]


def _loop() -> Track:
    along = np.arange(-215, 226, STEP_M)
    profile = np.minimum(_eased(along + 215, LOOP_ACROSS_M), _eased(225 - along, LOOP_ACROSS_M))
    return Track(id="loop", line=_line(along, profile), gauge_mm=GAUGE_MM, service="siding")


def _between_ladders(name: str, across: float, *, whole_ladder: bool) -> Track:
    depth = abs(across)
    along = np.arange(LADDER_WEST_M, LADDER_EAST_M + 1, STEP_M)
    profile = np.minimum(_eased(along - LADDER_WEST_M, depth), _eased(LADDER_EAST_M - along, depth))
    keep = np.ones_like(along, bool) if whole_ladder else profile > depth - 3.0
    return Track(id=name, line=_line(along[keep], -profile[keep]), gauge_mm=GAUGE_MM, service="yard")


def _siding() -> Track:
    along = np.arange(40, 305, STEP_M)
    profile = LOOP_ACROSS_M + _eased(along - 40, SIDING_ACROSS_M - LOOP_ACROSS_M)
    return Track(id="shed-siding", line=_line(along, profile), gauge_mm=GAUGE_MM, service="spur")


def _eased(run: Floats, depth: float) -> Floats:
    """A ladder's offset after `run` metres: rising by the slope, rounded off into `depth`."""
    whole = depth / LADDER_SLOPE
    ends = min(ROUNDING_M, whole / 2)
    grid = np.linspace(-ends, whole + ends, 400)
    slope = np.interp(grid, [-ends, ends, whole - ends, whole + ends], [0, 1, 1, 0])
    risen = np.concatenate([[0], np.cumsum((slope[1:] + slope[:-1]) / 2 * np.diff(grid))])
    return np.interp(run - ends, grid, risen / risen[-1] * depth)


def _line(along: Floats, across: Floats) -> shapely.LineString:
    return shapely.LineString(spine(along, across))
