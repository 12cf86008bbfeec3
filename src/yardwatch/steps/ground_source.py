"""Looks read from rasters a window at a time, for a search in a site that does not fit into memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TypeVar

from yardwatch.construction.looks import grey
from yardwatch.construction.source import Box, overview_side, sub_grid
from yardwatch.model import Grid, Pixels, Scene
from yardwatch.steps.aligning import read_window

CORES = 2
KEPT_BYTES = 400_000_000
"""Windows kept for the next question about the same ground: an object is looked at several times."""
Given = TypeVar("Given")
Got = TypeVar("Got")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A scene that takes part."""

    scene: Scene
    day: date
    shift_m: tuple[float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rasters:
    """A `construction.source.Source` over files; grey for all where some are grey."""

    grid: Grid
    taken: tuple[Taken, ...]
    """Oldest first."""
    kept: OrderedDict[tuple[int, int, int, int, int], Pixels] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, grid: Grid, taken: Sequence[Taken]) -> Rasters:
        """Ordered by day."""
        return cls(grid=grid, taken=tuple(sorted(taken, key=lambda one: one.day)))

    @property
    def days(self) -> tuple[date, ...]:
        """Of the looks."""
        return tuple(one.day for one in self.taken)

    @property
    def sensors(self) -> tuple[str | None, ...]:
        """Of the looks."""
        return tuple(one.scene.sensor for one in self.taken)

    def read(self, index: int, box: Box) -> Pixels:
        """A part of a look on the ground grid."""
        rows, columns = box[0].indices(self.grid.height)[:2], box[1].indices(self.grid.width)[:2]
        key = (index, *rows, *columns)
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        found = self._read(index, sub_grid(self.grid, box))
        self._keep(key, found)
        return found

    def overview(self, index: int) -> Pixels:
        """The whole look in about 10,000 cells."""
        side = overview_side(self.grid)
        rows, columns = self.grid.height // side, self.grid.width // side
        coarse = Grid(
            frame=self.grid.frame, west=self.grid.west, north=self.grid.north, step_m=self.grid.step_m * side,
            width=columns, height=rows,
        )  # fmt: skip
        return self._read(index, coarse)

    def _read(self, index: int, grid: Grid) -> Pixels:
        one = self.taken[index]
        pixels = read_window(one.scene, grid, one.shift_m)
        return grey(pixels) if self._mixed else pixels

    @property
    def _mixed(self) -> bool:
        if "mixed" not in self.__dict__:
            corner = sub_grid(self.grid, (slice(0, 1), slice(0, 1)))
            bands = {len(read_window(one.scene, corner, one.shift_m).data) for one in self.taken}
            object.__setattr__(self, "mixed", len(bands) > 1)
        return bool(self.__dict__["mixed"])

    def _keep(self, key: tuple[int, int, int, int, int], pixels: Pixels) -> None:
        with self.lock:
            self.kept[key] = pixels
            while sum(held.data.nbytes for held in self.kept.values()) > KEPT_BYTES and len(self.kept) > 1:
                self.kept.popitem(last=False)


def on_cores(call: Callable[[Given], Got], items: Iterable[Given]) -> Iterable[Got]:
    """As `map`, on two threads: numpy works without the interpreter's lock."""
    with ThreadPoolExecutor(CORES) as pool:
        yield from pool.map(call, list(items))
