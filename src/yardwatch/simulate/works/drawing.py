"""A place and its years from a seed: nothing overlaps that could not overlap on the ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import shapely

from yardwatch.simulate.works.plan import SIDE_M, Block, Colour, Crop, House, Plan, Work

GRAVEL: Colour = (0.44, 0.43, 0.41)
ROOFS: tuple[Colour, ...] = (
    GRAVEL, (0.47, 0.46, 0.45), (0.40, 0.40, 0.40), (0.50, 0.50, 0.50), (0.66, 0.66, 0.65), (0.36, 0.27, 0.24),
    (0.30, 0.38, 0.48), (0.24, 0.24, 0.25),
)  # fmt: skip
"""Four greys like gravel, then light metal, tiles, blue sheet, tar."""
EARTH: tuple[Colour, ...] = ((0.56, 0.50, 0.42), (0.50, 0.46, 0.40), (0.60, 0.57, 0.51))
CONCRETE: Colour = (0.60, 0.59, 0.57)
BALLAST: Colour = (0.52, 0.50, 0.47)
KINDS = ("new-structure", "new-structure", "new-structure", "cleared", "wall", "track", "platform", "removed")
FIRST_LOOKS, LAST_LOOKS = 7, 6
"""Looks that lie before every work and after it: fewer would be no reference, or no proof that it stayed."""
APART_M = 7.0
TRIES = 60


class _Room:
    """What is taken so far."""

    def __init__(self) -> None:
        self.taken: list[shapely.Geometry] = []

    def free(self, block: Block, apart_m: float = APART_M) -> bool:
        around = block.polygon.buffer(apart_m)
        inside = shapely.box(4, 4, SIDE_M - 4, SIDE_M - 4).contains(block.polygon)
        return inside and not any(around.intersects(other) for other in self.taken)

    def place(self, rng: np.random.Generator, size: tuple[float, float], turn: float, within: Block) -> Block | None:
        """A free block of a length and width somewhere in another; None when none is found."""
        for _ in range(TRIES):
            low, high = shapely.bounds(within.polygon).reshape(2, 2)
            x, y = rng.uniform(low, high)
            block = Block(centre=(float(x), float(y)), length=size[0], width=size[1], turn_rad=turn)
            if within.polygon.contains(shapely.Point(x, y)) and self.free(block):
                self.taken.append(block.polygon)
                return block
        return None


def draw_plan(seed: int, build: bool = True, kinds: tuple[str, ...] = ()) -> Plan:
    """The place of a seed; without `build` the same place on the same days, where nothing is built or taken down.

    Args:
        seed: draws everything.
        build: whether works are done.
        kinds: what is built, where there is room; none: two buildings and two to four of all kinds.
    """
    rng = np.random.default_rng([seed, 17])
    turn = float(rng.uniform(-0.7, 0.7))
    days = _days(rng)
    whole = Block(centre=(SIDE_M / 2, SIDE_M / 2), length=SIDE_M, width=SIDE_M, turn_rad=0.0)
    room = _Room()
    tracks = _tracks(rng, turn, room)
    yard = Block(centre=tracks[0].centre, length=260.0, width=float(rng.uniform(130, 200)), turn_rad=turn)
    roads = (Block(centre=(float(rng.uniform(20, 280)), 150.0), length=440.0, width=6.0, turn_rad=turn + np.pi / 2),)
    room.taken += [road.polygon for road in roads]
    works = _works(rng, room, (turn, yard, kinds), days)
    houses = _houses(rng, room, turn, whole)
    stacking = [room.place(rng, (rng.uniform(20, 40), rng.uniform(10, 18)), turn, yard) for _ in range(2)]
    crops = [
        _crop(rng, block) for block in [room.place(rng, (80.0, 50.0), turn + 0.2, whole) for _ in range(2)] if block
    ]
    trees = _trees(rng, room)
    standing = tuple(work.house for work in works if work.kind == "removed")
    return Plan(
        seed=seed, yard=yard, crops=tuple(crops), roads=roads, tracks=tracks, houses=(*houses, *standing), trees=trees,
        stacking=tuple(block for block in stacking if block), works=tuple(works) if build else (), days=days,
    )  # fmt: skip


def _days(rng: np.random.Generator) -> tuple[date, ...]:
    count, years = int(rng.integers(14, 41)), float(rng.uniform(3, 6))
    at = np.sort(rng.choice(int(365 * years / 3), count, replace=False)) * 3
    start = date(2017, 1, 1) + timedelta(days=int(rng.integers(0, 365)))
    return tuple(start + timedelta(days=int(day)) for day in at)


def _tracks(rng: np.random.Generator, turn: float, room: _Room) -> tuple[Block, ...]:
    count = int(rng.integers(2, 5))
    middle = np.array([SIDE_M / 2, SIDE_M / 2]) + rng.uniform(-40, 40, 2)
    across = np.array([-np.sin(turn), np.cos(turn)])
    found = []
    for index in range(count):
        x, y = middle + across * (index - (count - 1) / 2) * 5.0
        found.append(Block(centre=(float(x), float(y)), length=600.0, width=3.2, turn_rad=turn))
    room.taken += [track.polygon for track in found]
    return tuple(found)


def _works(
    rng: np.random.Generator, room: _Room, wanted: tuple[float, Block, tuple[str, ...]], days: tuple[date, ...]
) -> list[Work]:
    turn, yard, asked = wanted
    kinds = asked or ("new-structure", "new-structure", *rng.choice(KINDS, int(rng.integers(2, 5)), replace=False))
    longest_first = sorted(kinds, key=lambda kind: kind not in {"wall", "track", "platform"})
    whole = Block(centre=(SIDE_M / 2, SIDE_M / 2), length=SIDE_M, width=SIDE_M, turn_rad=0.0)
    found = []
    for kind in longest_first:
        size, house = _shape(rng, kind)
        turned = turn + (0.0 if kind in {"track", "platform"} else float(rng.choice([0.0, 0.0, np.pi / 2, 0.3])))
        block = room.place(rng, size, turned, yard if rng.random() < 0.75 else whole)
        if block is not None:
            begun, done = _when(rng, days, kind)
            apron = float(rng.choice([0.0, 2.0, 4.0])) if kind == "new-structure" else 0.0
            found.append(Work(kind=kind, house=replace(house, block=block), begun=begun, done=done, apron_m=apron))
    return found


def _when(rng: np.random.Generator, days: tuple[date, ...], kind: str) -> tuple[date, date]:
    """Begun between looks, done so early that four looks show it whole."""
    last = days[-LAST_LOOKS] - timedelta(days=2)
    first = days[FIRST_LOOKS - 1] + timedelta(days=1)
    begun = first + timedelta(days=int(rng.integers(0, max((last - first).days, 1))))
    takes = {"new-structure": 260, "wall": 50, "track": 60, "platform": 80}.get(kind, 12)
    return begun, min(begun + timedelta(days=int(rng.uniform(0.2, 1) * takes) + 1), last)


def _shape(rng: np.random.Generator, kind: str) -> tuple[tuple[float, float], House]:
    """Length and width, and a house without its place."""
    sizes = {
        "new-structure": ((14, 48), (9, 22)), "removed": ((14, 40), (9, 18)), "cleared": ((22, 50), (14, 32)),
        "wall": ((105, 150), (0.4, 0.5)), "track": ((155, 190), (3.0, 3.3)), "platform": ((50, 110), (4.0, 8.0)),
    }  # fmt: skip
    (shortest, longest), (thin, thick) = sizes[kind]
    height = {"new-structure": rng.uniform(4, 10), "removed": rng.uniform(4, 9), "wall": rng.uniform(2, 3),
              "platform": 1.1}.get(kind, 0.0)  # fmt: skip
    colour = {"cleared": EARTH[rng.integers(3)], "wall": CONCRETE, "platform": CONCRETE, "track": BALLAST}.get(
        kind, ROOFS[rng.integers(len(ROOFS))]
    )
    block = Block(centre=(0, 0), length=1, width=1, turn_rad=0)
    house = House(block=block, height=float(height), colour=colour, ridged=kind in {"new-structure", "removed"})
    return (float(rng.uniform(shortest, longest)), float(rng.uniform(thin, thick))), house


def _houses(rng: np.random.Generator, room: _Room, turn: float, whole: Block) -> tuple[House, ...]:
    found = []
    for _ in range(int(rng.integers(3, 7))):
        size, house = _shape(rng, "removed")
        block = room.place(rng, size, turn + float(rng.choice([0, np.pi / 2])), whole)
        if block:
            found.append(replace(house, block=block))
    return tuple(found)


def _crop(rng: np.random.Generator, block: Block) -> Crop:
    bare = EARTH[int(rng.integers(3))]
    return Crop(block=block, bare=bare, peak_day=tuple(int(day) for day in rng.integers(120, 260, 8)))


def _trees(rng: np.random.Generator, room: _Room) -> tuple[tuple[float, float, float, float], ...]:
    found = []
    for _ in range(60):
        x, y, radius, height = rng.uniform([5, 5, 1.5, 3], [SIDE_M - 5, SIDE_M - 5, 4, 9])
        if not any(shapely.Point(x, y).buffer(radius + 2).intersects(other) for other in room.taken):
            found.append((float(x), float(y), float(radius), float(height)))
    return tuple(found)
