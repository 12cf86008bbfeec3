"""Where things stand in the fictional yard, in ground metres.

Everything is placed along a *spine*, the main line's centre line: `along` metres along it, `across` metres to
its left. The spine runs straight and then bends left, so the yard has both straights and curves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HEADING_RAD = np.deg2rad(-12.0)
"""Of the straight part, counter-clockwise from east; skew to the pixel grid, as real yards are."""
BEND_FROM_M = 70.0
RADIUS_M = 950.0
"""A bend of a yard throat: tight enough to tell a curved strip from a straight one."""
CENTRE_M = np.array([4.0, 3.0])
"""Ground position of the spine's origin; puts the whole yard round the frame's origin."""


def spine(along: Floats, across: Floats) -> Floats:
    """Ground points (..., 2) of positions along and across the spine, metres."""
    along, across = np.broadcast_arrays(np.asarray(along, float), np.asarray(across, float))
    forward = np.array([np.cos(HEADING_RAD), np.sin(HEADING_RAD)])
    left = np.array([-forward[1], forward[0]])
    straight = along[..., None] * forward + across[..., None] * left
    turned = heading(along)
    centre = BEND_FROM_M * forward + RADIUS_M * left
    bent = centre + (RADIUS_M - across)[..., None] * np.stack([np.sin(turned), -np.cos(turned)], axis=-1)
    return CENTRE_M + np.where((along > BEND_FROM_M)[..., None], bent, straight)


def heading(along: Floats) -> Floats:
    """Direction of the spine, radians counter-clockwise from east."""
    return HEADING_RAD + np.maximum(np.asarray(along, float) - BEND_FROM_M, 0) / RADIUS_M


def ribbon(along: tuple[float, float], across: tuple[float, float], step_m: float = 10.0) -> shapely.Polygon:
    """The ground polygon between two positions along and two across, bent with the spine."""
    steps = np.linspace(*along, int(np.ceil((along[1] - along[0]) / step_m)) + 1)
    lower, upper = spine(steps, np.full_like(steps, across[0])), spine(steps, np.full_like(steps, across[1]))
    return shapely.Polygon(np.concatenate([lower, upper[::-1]]))


class Rectangle(Protocol):
    """A turned rectangle wherever it stands; lengths in metres, colours 0..1."""

    @property
    def length(self) -> float:
        """Along, metres."""

    @property
    def width(self) -> float:
        """Across, metres."""

    @property
    def height(self) -> float:
        """Of the eaves, metres."""

    @property
    def ridge(self) -> float:
        """How much higher the ridge stands, metres."""

    @property
    def colour(self) -> tuple[float, float, float]:
        """Of its top."""

    @property
    def centre(self) -> Floats:
        """(2,): ground position of its middle."""

    @property
    def turn_rad(self) -> float:
        """Direction of its long side, counter-clockwise from east."""

    @property
    def polygon(self) -> shapely.Polygon:
        """Its outline, ground metres."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle on the ground, turned with the spine: a shed, a platform, a field."""

    along: float
    across: float
    length: float
    width: float
    height: float = 0.0
    """Of the eaves, metres."""
    ridge: float = 0.0
    """How much higher the ridge stands, metres."""
    colour: tuple[float, float, float] = (0.5, 0.5, 0.5)

    @property
    def centre(self) -> Floats:
        """Ground position of its middle."""
        return spine(np.array(self.along), np.array(self.across))

    @property
    def turn_rad(self) -> float:
        """Direction of its long side, counter-clockwise from east."""
        return float(heading(np.array(self.along)))

    @property
    def polygon(self) -> shapely.Polygon:
        """Its outline, ground metres."""
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
        local = signs * [self.length, self.width]
        return shapely.Polygon(self.centre + local @ np.array([[cos, sin], [-sin, cos]]))


@dataclass(frozen=True, kw_only=True)
class Tree:
    """One crown."""

    x: float
    y: float
    radius: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Gantry:
    """A portal over the tracks that carries the overhead line; `feet` are its two posts, ground metres."""

    feet: tuple[tuple[float, float], tuple[float, float]]
    height: float = 7.5
    beam_m: float = 0.45


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Everything in the yard that is not a track or a train."""

    yard_ground: shapely.Polygon
    roads: tuple[tuple[shapely.LineString, float], ...]
    """Centre line (ground) and width in metres."""
    sheds: tuple[Box, ...]
    platforms: tuple[Box, ...]
    beyond: tuple[shapely.LineString, ...]
    """The main line past the ends of its track, ground: seen, never counted on."""
    fields: tuple[Box, ...]
    trees: tuple[Tree, ...]
    gantries: tuple[Gantry, ...]
    masts: tuple[tuple[float, float, float], ...]
    """Light masts: x, y, height."""
    building: Box
    """The one that rises during the history."""
