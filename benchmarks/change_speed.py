"""Time and memory of a search in a site of 2 × 2 km at 0.5 m with 30 dates, a window at a time on two threads.

The ground is one simulated place where nothing is built, mirrored side by side, and in the corner the same place with
its works: no gigabyte is written, and reading and decoding of files is left out. On a busy machine the wall clock says
little: CPU seconds ÷ 2 is what two free cores would take.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks.change_sites import FRAME, simulated
from benchmarks.results import Table, show, write
from yardwatch.construction.changes import find_in
from yardwatch.construction.options import Options
from yardwatch.construction.source import Box, coarser, overview_side, sub_grid
from yardwatch.model import Grid, Pixels
from yardwatch.steps.ground_source import on_cores

SEED, DATES, SIDE_M, GSD_M = 107, 30, 2000.0, 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Mirrored:
    """A source whose windows repeat one place, every second copy mirrored; in the first copy something is built."""

    grid: Grid
    days: tuple[date, ...]
    idle: tuple[NDArray[np.uint8], ...]
    """(band, y, x) of each look where nothing is built."""
    built: tuple[NDArray[np.uint8], ...]
    visible: tuple[NDArray[np.bool_], ...]

    @property
    def sensors(self) -> tuple[None, ...]:
        """Not told."""
        return (None,) * len(self.days)

    def read(self, index: int, box: Box) -> Pixels:
        """A window at full resolution."""
        grid = sub_grid(self.grid, box)
        size = self.idle[index].shape[1]
        plain = [np.arange(*part.indices(self.grid.height)[:2]) for part in box]
        at = [_mirrored(part, size) for part in plain]
        data = self.idle[index][:, at[0][:, None], at[1]]
        first = [int((part < size).sum()) for part in plain]
        if all(first):
            rows, columns = (part[:count] for part, count in zip(plain, first, strict=True))
            data[:, : first[0], : first[1]] = self.built[index][:, rows[:, None], columns]
        data = data.astype(np.float32) / 255
        return Pixels(grid=grid, data=data, visible=self.visible[index][at[0][:, None], at[1]])

    def overview(self, index: int) -> Pixels:
        """Block means of the whole, row by row of blocks."""
        side = overview_side(self.grid)
        strips = [
            coarser(self.read(index, (slice(row, row + side), slice(None))), side)
            for row in range(0, self.grid.height - side + 1, side)
        ]
        data = np.concatenate([strip.data for strip in strips], axis=1)
        visible = np.concatenate([strip.visible for strip in strips])
        grid = Grid(
            frame=FRAME, west=self.grid.west, north=self.grid.north, step_m=side * self.grid.step_m,
            width=data.shape[2], height=data.shape[1],
        )  # fmt: skip
        return Pixels(grid=grid, data=data, visible=visible)


def _mirrored(at: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    place = at % (2 * size)
    return np.where(place < size, place, 2 * size - 1 - place)


def main() -> None:
    """One row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=float, default=SIDE_M, help="metres")
    side_m = parser.parse_args().side
    seed = next(seed for seed in range(SEED, SEED + 50) if len(simulated_days(seed)) >= DATES)
    site = simulated(seed)
    size = round(side_m / GSD_M)
    grid = Grid(frame=FRAME, west=0.0, north=side_m, step_m=GSD_M, width=size, height=size)
    looks = site.looks[:DATES]
    source = Mirrored(
        grid=grid, days=tuple(look.day for look in looks),
        built=tuple(np.rint(look.pixels.data * 255).astype(np.uint8) for look in looks),
        idle=tuple(
            np.rint(look.pixels.data * 255).astype(np.uint8) for look in simulated(seed, build=False).looks[:DATES]
        ),
        visible=tuple(look.pixels.visible for look in looks),
    )  # fmt: skip
    rows = _mirrored(np.arange(size), site.avoid.shape[0])
    avoid = site.avoid[rows[:, None], rows]
    del site, looks
    wall, cpu = time.perf_counter(), time.process_time()
    found = find_in(source, avoid, Options(), on_cores).changes
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    row = {
        "side m": int(side_m), "dates": DATES, "wall s": round(wall), "CPU s": round(cpu),
        "CPU s ÷ 2": round(cpu / 2), "peak GB": round(peak, 2), "objects": len(found),
    }  # fmt: skip
    table = Table(
        name="change_speed", title="Search of a large site, two threads", data="simulated", rows=(row,),
        notes=("reading and decoding of files left out",),
    )  # fmt: skip
    show(table)
    if side_m == SIDE_M:
        write(table)


def simulated_days(seed: int) -> tuple[date, ...]:
    """Of a place's looks, without rendering them."""
    from yardwatch.simulate.works.drawing import draw_plan

    return draw_plan(seed).days


if __name__ == "__main__":
    main()
