"""What stands beside any yard's tracks: platforms, sheds, stacked containers, lorries, trees, heaps, huts, masts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from yardwatch.simulate.anywhere.boxes import BOXES, FOOT_20, FOOT_40, WIDE_M
from yardwatch.simulate.anywhere.brush import faded
from yardwatch.simulate.anywhere.course import Course, Floats
from yardwatch.simulate.anywhere.flats import PAINTS
from yardwatch.simulate.anywhere.tracks import Fan
from yardwatch.simulate.layout import Gantry, Tree
from yardwatch.simulate.stock import Colour

REACH_M = 130.0
"""Things are stood so far along the course to either side of the middle."""
ROOFS: tuple[Colour, ...] = (
    (0.52, 0.36, 0.31),
    (0.53, 0.54, 0.55),
    (0.70, 0.70, 0.68),
    (0.42, 0.46, 0.52),
    (0.50, 0.46, 0.41),
    (0.30, 0.30, 0.31),
    (0.82, 0.82, 0.80),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Slab:
    """A turned block on the ground: shed, lorry, container, platform."""

    centre: Floats
    turn_rad: float
    length: float
    width: float
    height: float = 0.0
    ridge: float = 0.0
    colour: Colour = (0.5, 0.5, 0.5)

    @property
    def polygon(self) -> shapely.Polygon:
        """Its outline, ground metres."""
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * [self.length, self.width]
        return shapely.Polygon(self.centre + corners @ np.array([[cos, sin], [-sin, cos]]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Heap:
    """A pile of stone, coal or earth."""

    x: float
    y: float
    radius: float
    height: float
    colour: Colour


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """Everything that stands in a scene and is no rail vehicle."""

    slabs: tuple[Slab, ...]
    trees: tuple[Tree, ...]
    heaps: tuple[Heap, ...]
    gantries: tuple[Gantry, ...]
    masts: tuple[tuple[float, float, float], ...]
    """x, y, height."""


Where = tuple[Course, float, float]
"""A course, an across position and the side (1 left, -1 right) outward from there."""


def draw_beside(rng: np.random.Generator, course: Course, fan: Fan, tracks: shapely.Geometry) -> Beside:
    """Two sides of a yard and its wide lanes, with nothing that stands on a track (`tracks`: their lines)."""
    slabs: list[Slab] = []
    trees: list[Tree] = []
    heaps: list[Heap] = []
    for edge, side in ((fan.across[-1], 1.0), (fan.across[0], -1.0)):
        where = (course, float(edge + side * rng.uniform(2.4, 7)), side)
        for row in rng.choice(len(ROWS), size=int(rng.integers(0, 3)), replace=False):
            slabs += ROWS[int(row)](rng, where)
        if rng.random() < 0.4:
            trees += _trees(rng, where)
        if rng.random() < 0.25:
            heaps += _heaps(rng, where)
    for left, right in zip(fan.across[:-1], fan.across[1:], strict=True):
        if right - left > 8.5 and rng.random() < 0.5:
            slabs += _lorries(rng, (course, float(left + right) / 2 - 1.5, 0.3))
    slabs += _clutter(rng, course, fan)
    clear = shapely.buffer(tracks, 2.3)
    shapely.prepare(clear)
    roofed = shapely.union_all([clear, *(slab.polygon for slab in slabs if slab.height > 0)])
    return Beside(
        slabs=tuple(slab for slab in slabs if not clear.intersects(slab.polygon)),
        trees=tuple(t for t in trees if not roofed.intersects(shapely.Point(t.x, t.y).buffer(t.radius * 0.8))),
        heaps=tuple(h for h in heaps if not clear.intersects(shapely.Point(h.x, h.y).buffer(h.radius))),
        gantries=tuple(_gantries(rng, course, fan)), masts=tuple(_masts(rng, course, fan, clear)),
    )  # fmt: skip


def _slab(
    where: Where, at: tuple[float, float], size: tuple[float, float, float], colour: Colour, ridge: float = 0.0
) -> Slab:
    """A slab at (along, metres outward), of length, width and height."""
    course, edge, side = where
    centre = course.place(np.array(at[0]), np.array(edge + side * at[1]))
    turn = float(course.turn(np.array(at[0])))
    return Slab(centre=centre, turn_rad=turn, length=size[0], width=size[1], height=size[2], ridge=ridge, colour=colour)


def _sheds(rng: np.random.Generator, where: Where) -> Iterator[Slab]:
    for _ in range(int(rng.integers(1, 4))):
        long, wide, tall = rng.uniform(8, 70), rng.uniform(6, 20), rng.uniform(3.5, 10)
        ridge = float(rng.uniform(0.8, 2.5) * (rng.random() < 0.6))
        at = (rng.uniform(-REACH_M, REACH_M), wide / 2 + rng.uniform(0.5, 10))
        yield _slab(where, at, (long, wide, tall), faded(rng, ROOFS), ridge)


def _stacks(rng: np.random.Generator, where: Where) -> Iterator[Slab]:
    """Rows of containers, one to three high, lying as wagons do."""
    start, long = rng.uniform(-REACH_M, 40), rng.choice([FOOT_20, FOOT_40])
    uniform = faded(rng, BOXES) if rng.random() < 0.3 else None
    for row in range(int(rng.integers(1, 4))):
        for place in range(int(rng.integers(2, 14))):
            if rng.random() < 0.2:
                continue
            at = (start + place * (long + rng.uniform(0.2, 0.9)), 1.5 + row * 2.75)
            yield _slab(where, at, (long, WIDE_M, 2.6 * int(rng.integers(1, 4))), uniform or faded(rng, BOXES))


def _lorries(rng: np.random.Generator, where: Where) -> Iterator[Slab]:
    """Lorries with their cabs, vans and cars, along the tracks or parked across."""
    across = rng.random() < 0.3
    for _ in range(int(rng.integers(2, 9))):
        long, wide, tall = ((4.4, 1.8, 1.4), (5.8, 2.1, 2.5), (13.6, 2.5, 3.9), (8.0, 2.5, 3.4))[int(rng.integers(4))]
        at = (rng.uniform(-REACH_M, REACH_M), rng.uniform(1.0, 7.0))
        body = _slab(where, at, (long, wide, tall), faded(rng, PAINTS))
        turn = body.turn_rad + (np.pi / 2 if across else 0.0) + rng.normal(0, 0.03)
        yield Slab(centre=body.centre, turn_rad=turn, length=long, width=wide, height=tall, colour=body.colour)
        forward, dark = np.array([np.cos(turn), np.sin(turn)]), (0.14, 0.15, 0.17)
        if tall < 3:
            for end in (0.2, -0.3):
                yield Slab(
                    centre=body.centre + forward * end * long,
                    turn_rad=turn,
                    length=0.7,
                    width=wide * 0.85,
                    height=tall,
                    colour=dark,
                )
        else:
            yield Slab(
                centre=body.centre + forward * (long / 2 + 1.5), turn_rad=turn, length=2.2, width=2.4, height=3.0,
                colour=faded(rng, PAINTS),
            )  # fmt: skip


def _platform(rng: np.random.Generator, where: Where) -> Iterator[Slab]:
    long, wide, at = rng.uniform(40, 200), rng.uniform(3, 8), rng.uniform(-60, 60)
    tone = rng.uniform(0.42, 0.68)
    yield _slab(where, (at, wide / 2), (long, wide, 1.1), (tone, tone * 0.98, tone * 0.94))
    if rng.random() < 0.4:
        yield _slab(where, (at, wide / 2), (long * rng.uniform(0.3, 0.9), wide * 0.8, 4.6), faded(rng, ROOFS), 0.4)


def _road(rng: np.random.Generator, where: Where) -> Iterator[Slab]:
    """A road in short straight pieces, and what drives on it."""
    wide, tone = rng.uniform(4, 9), rng.uniform(0.28, 0.55)
    for at in np.arange(-REACH_M, REACH_M, 12.0):
        yield _slab(where, (float(at), wide / 2 + 0.5), (12.6, wide, 0.0), (tone, tone, tone * 0.98))
    if rng.random() < 0.7:
        yield from _lorries(rng, where)


ROWS: tuple[Callable[[np.random.Generator, Where], Iterator[Slab]], ...] = (_sheds, _stacks, _lorries, _platform, _road)


def _trees(rng: np.random.Generator, where: Where) -> Iterator[Tree]:
    first, spread = rng.uniform(-REACH_M, 60), rng.uniform(2, 14)
    course, edge, side = where
    for along in rng.uniform(first, first + rng.uniform(30, 160), int(rng.integers(4, 40))):
        radius = rng.uniform(1.2, 4.2)
        x, y = course.place(np.array(along), np.array(edge + side * (radius + rng.uniform(0, spread))))
        yield Tree(x=float(x), y=float(y), radius=float(radius), height=float(2.0 * radius + rng.uniform(0, 2)))


def _heaps(rng: np.random.Generator, where: Where) -> Iterator[Heap]:
    tint = faded(rng, ((0.12, 0.12, 0.12), (0.52, 0.50, 0.47), (0.45, 0.34, 0.26), (0.62, 0.55, 0.43)))
    course, edge, side = where
    for along in rng.uniform(-REACH_M, REACH_M, int(rng.integers(1, 9))):
        radius = rng.uniform(1.5, 6)
        x, y = course.place(np.array(along), np.array(edge + side * (radius + rng.uniform(0, 6))))
        yield Heap(x=float(x), y=float(y), radius=float(radius), height=float(0.55 * radius), colour=tint)


def _clutter(rng: np.random.Generator, course: Course, fan: Fan) -> Iterator[Slab]:
    """Relay huts, point machines, stacked ties and rails: small things between and beside the tracks."""
    for _ in range(int(rng.choice([0, 3, 8, 20]))):
        lane = float(rng.choice(fan.across) + rng.choice([-1, 1]) * rng.uniform(2.4, 3.2))
        long, wide = rng.choice([0.6, 1.2, 2.6, 9.0]), rng.choice([0.5, 0.8])
        tone = rng.uniform(0.15, 0.75)
        tint: Colour = (tone, tone * 0.96, tone * 0.9) if rng.random() < 0.9 else (0.75, 0.6, 0.12)
        where = (course, lane, 1.0)
        yield _slab(where, (rng.uniform(-REACH_M, REACH_M), 0.0), (long, wide, rng.uniform(0.2, 1.6)), tint)


def _gantries(rng: np.random.Generator, course: Course, fan: Fan) -> Iterator[Gantry]:
    """Portals over all tracks every 40–80 m in four yards of ten."""
    if rng.random() > 0.4:
        return
    apart, beam, height = rng.uniform(40, 80), rng.uniform(0.25, 0.9), rng.uniform(6.8, 9.0)
    low, high = fan.across[0] - rng.uniform(2.6, 4), fan.across[-1] + rng.uniform(2.6, 4)
    skew = rng.normal(0, 1.5)
    for at in np.arange(-REACH_M + rng.uniform(0, apart), REACH_M, apart):
        feet = course.place(np.array([at - skew, at + skew]), np.array([low, high]))
        first, last = ((float(x), float(y)) for x, y in feet)
        yield Gantry(feet=(first, last), height=float(height), beam_m=float(beam))


def _masts(
    rng: np.random.Generator, course: Course, fan: Fan, clear: shapely.Geometry
) -> Iterator[tuple[float, float, float]]:
    """Lamp posts and single masts between the tracks."""
    if rng.random() < 0.5:
        return
    lane, height = float(rng.choice(fan.across)) + rng.choice([-1, 1]) * rng.uniform(2.35, 2.8), rng.uniform(6, 20)
    for at in np.arange(-REACH_M + rng.uniform(0, 30), REACH_M, rng.uniform(28, 60)):
        x, y = course.place(np.array(at), np.array(lane))
        if not clear.contains(shapely.Point(x, y)):
            yield float(x), float(y), float(height)
