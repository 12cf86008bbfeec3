"""What stands at a simulated place, and what is built there and when. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely

Colour = tuple[float, float, float]
Point = tuple[float, float]

SIDE_M = 300.0
"""Side of the square place; ground metres run from 0, east and north."""
STRIP_M = 4.0
"""Width at which a wall is held against what was found: its own 0.4 m is less than a pixel."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A turned rectangle."""

    centre: Point
    length: float
    width: float
    turn_rad: float

    @property
    def polygon(self) -> shapely.Polygon:
        """Ground metres."""
        along = np.array([np.cos(self.turn_rad), np.sin(self.turn_rad)]) * self.length / 2
        across = np.array([-np.sin(self.turn_rad), np.cos(self.turn_rad)]) * self.width / 2
        middle = np.array(self.centre)
        return shapely.Polygon([middle + along + across, middle + along - across, middle - along - across,
                                middle - along + across])  # fmt: skip

    @property
    def ends(self) -> tuple[Point, Point]:
        """The two ends of the middle line."""
        along = np.array([np.cos(self.turn_rad), np.sin(self.turn_rad)]) * self.length / 2
        first, last = np.array(self.centre) - along, np.array(self.centre) + along
        return (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))


@dataclass(frozen=True, kw_only=True)
class House:
    """Something with walls and a roof, or a stack, or a vehicle: a block of one height."""

    block: Block
    height: float
    colour: Colour
    ridged: bool = True


@dataclass(frozen=True, kw_only=True)
class Work:
    """Something that is built or taken down."""

    kind: str
    """As `model.Change.kind`: new-structure, removed, cleared, wall, track, platform."""
    house: House
    """Its shape; for flat things the height is 0."""
    begun: date
    """The day the ground began to change."""
    done: date
    apron_m: float = 0.0
    """Ground worked on around a building."""

    @property
    def truth(self) -> shapely.Polygon:
        """What a find is held against: the footprint, and at least a strip of 4 m."""
        block = self.house.block
        if block.width >= STRIP_M:
            return block.polygon
        return Block(centre=block.centre, length=block.length, width=STRIP_M, turn_rad=block.turn_rad).polygon

    def stage(self, day: date) -> str:
        """`before`, `cleared`, `rising` or `done` on a day."""
        if day < self.begun:
            return "before"
        share = (day - self.begun) / max(self.done - self.begun, timedelta(days=1))
        return "done" if share >= 1 else "cleared" if share < 0.5 else "rising"


@dataclass(frozen=True, kw_only=True)
class Crop:
    """A field and how green it is in each year: what stands on it changes."""

    block: Block
    bare: Colour
    peak_day: tuple[int, ...]
    """Day of the year of full green, by year."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A place over years."""

    seed: int
    yard: Block
    """Grey gravel."""
    crops: tuple[Crop, ...]
    roads: tuple[Block, ...]
    tracks: tuple[Block, ...]
    houses: tuple[House, ...]
    """Those that stand on the first day; some are taken down."""
    trees: tuple[tuple[float, float, float, float], ...]
    """x, y, radius, height."""
    stacking: tuple[Block, ...]
    """Marked ground where goods come and go."""
    works: tuple[Work, ...]
    days: tuple[date, ...]
    """Of the looks, oldest first."""
