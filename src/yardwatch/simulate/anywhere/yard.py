"""Any yard before a pixel is drawn: everything that stands in it, by lot, in ground metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from yardwatch.model import Track
from yardwatch.simulate.anywhere.beside import Beside, draw_beside
from yardwatch.simulate.anywhere.course import Course, draw_course
from yardwatch.simulate.anywhere.day import Day, draw_day
from yardwatch.simulate.anywhere.frame import Extent, check_size, draw_extent
from yardwatch.simulate.anywhere.rakes import Standing, fill
from yardwatch.simulate.anywhere.tracks import Fan, draw_fan, rooms, within

SIZE_M = (220.0, 70.0)
TRIES = 20
"""Courses drawn until two tracks cross the picture; the first does nearly always."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AnyYard:
    """Everything that stands, in ground metres, before a pixel is drawn."""

    extent: Extent
    course: Course
    fan: Fan
    tracks: tuple[Track, ...]
    stock: tuple[Standing, ...]
    beside: Beside
    day: Day
    seed: int
    """Of what is painted."""


def draw_yard(rng: np.random.Generator, size_m: tuple[float, float] = SIZE_M) -> AnyYard:
    """A random yard with its trains. Raises ValueError for a size out of range."""
    check_size(size_m)
    for _ in range(TRIES):
        course = draw_course(rng, float(np.hypot(*size_m)) / 2 + 60)
        extent = draw_extent(rng, float(course.turn(np.array(0.0))), size_m)
        fan = draw_fan(rng, course)
        tracks = within(fan, extent.picture, rng)
        if len(tracks) >= 2:
            break
    lines = shapely.union_all([line for _, line in fan.lines])
    return AnyYard(
        extent=extent, course=course, fan=fan, tracks=tracks, stock=fill(rng, rooms(tracks, _ends(fan))),
        beside=draw_beside(rng, course, fan, lines), day=draw_day(rng), seed=int(rng.integers(1 << 31)),
    )  # fmt: skip


def _ends(fan: Fan) -> shapely.Geometry:
    """Where buffer stops keep cars away."""
    lines = dict(fan.lines)
    return shapely.union_all([shapely.Point(lines[name].coords[-1]).buffer(2.5) for name, _ in fan.stops])
