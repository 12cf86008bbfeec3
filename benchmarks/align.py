"""Alignment on real pixels: known shifts found, unlike ground refused, two dates of one port agreed on.

Most pairs are one picture against itself, lit otherwise and with other cars: they say what the method adds, not what
relief, lean and growth add between two real dates. The port at 3 m is two real dates; its truth is not known.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.align_figure import write_figure
from benchmarks.align_trials import FRAME, Trial, data_folder, draw
from benchmarks.results import Cell, Table, show, write
from yardwatch.imagery.align import Alignment, align
from yardwatch.model import Grid, Pixels

TRIALS = {
    "negatives/railway_no_wagons": 150,
    "negatives/town_no_track": 150,
    "muttenz/west": 100,
    "muttenz/northeast": 100,
}
"""Five hundred in all."""
WRONG_PX = 2.0
UNLIKE_M = (24.0, 60.0)
"""Shifts beyond the search in every direction: the true one cannot be found, so each must be refused."""
SEED = 500


@dataclass(frozen=True)
class Outcome:
    """What became of a trial."""

    found: Alignment
    error_px: float
    """Distance from the true shift, whether accepted or not."""


def outcome(trial: Trial) -> Outcome:
    """Align a trial and hold it against its truth."""
    found = align(trial.reference, trial.moving, trial.avoid)
    apart = np.hypot(found.dx_m - trial.shift_m[0], found.dy_m - trial.shift_m[1])
    return Outcome(found, float(apart / trial.reference.grid.step_m))


def known_shifts(share: float, trials: dict[str, int], seed: int) -> Iterator[dict[str, Cell]]:
    """A row a picture, and one for all."""
    everything: list[Outcome] = []
    for name, n in trials.items():
        some = [outcome(draw(name, np.random.default_rng([seed, i]), moved=share)) for i in range(n)]
        everything += some
        yield _row(name, share, some)
    yield _row("all", share, everything)


def _row(name: str, share: float, some: list[Outcome]) -> dict[str, Cell]:
    taken = [one for one in some if one.found.aligned]
    errors = [one.error_px for one in taken] or [np.nan]
    return {
        "picture": name,
        "cars moved, %": round(100 * share),
        "pairs": len(some),
        "accepted": len(taken),
        "%": round(100 * len(taken) / len(some), 1),
        "median px": round(float(np.median(errors)), 3),
        "95 % px": round(float(np.percentile(errors, 95)), 3),
        "largest px": round(float(np.max(errors)), 3),
        "wrong": sum(one.error_px > WRONG_PX for one in taken),
        "tracks looked at": sum(not one.found.off_tracks for one in taken),
    }


def unlike(n: int, seed: int) -> Iterator[dict[str, Cell]]:
    """Ground 24–60 m away, which no search reaches: all that are accepted are wrong."""
    for name in TRIALS:
        most = UNLIKE_M[1] if name.startswith("negatives") else 40.0
        some = [outcome(draw(name, np.random.default_rng([seed + 1, i]), most, UNLIKE_M[0])) for i in range(n)]
        yield {"picture": name, "pairs": len(some), "accepted (each wrong)": sum(one.found.aligned for one in some)}


def port() -> dict[str, Cell]:
    """Two real dates of one port at 3 m: two methods that share no step."""
    looks = [_png(data_folder() / "longbeach_3m" / f"pair_lb_3_2_{date}.png") for date in "AB"]
    found = align(looks[0], looks[1], np.zeros(looks[0].visible.shape, bool))
    return {
        "pair": "longbeach_3m",
        "accepted": str(found.aligned),
        "shift px": f"{found.dx_m / 3:.2f} {found.dy_m / 3:.2f}",
        "windows": found.windows,
        "residual px": round((found.residual_m or np.nan) / 3, 3),
        "two methods apart, px": None if found.apart_m is None else round(found.apart_m / 3, 3),
    }


def _png(path: Path) -> Pixels:
    data: NDArray[np.float32] = np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255
    grid = Grid(frame=FRAME, west=0, north=0, step_m=3.0, width=data.shape[2], height=data.shape[1])
    return Pixels(grid=grid, data=data, visible=data.max(axis=0) > 0)


def measure(trials: dict[str, int], seed: int = SEED) -> Iterator[Table]:
    """The tables, one after another."""
    yield Table(
        name="align",
        title="Alignment: known shifts of 0–12 m, gain, haze, noise, 0.5 m",
        data="real",
        rows=(
            *known_shifts(0.2, trials, seed),
            *known_shifts(1.0, {k: n // 5 for k, n in trials.items() if "muttenz" in k}, seed),
        ),
        notes=(
            f"accepted beyond {WRONG_PX:g} px of the truth is wrong; pixels of 0.5 m; seed {seed}",
            "one picture against itself: relief, lean, shadows and growth of a second date are not in it",
            "Source: Federal Office of Topography swisstopo",
        ),
    )
    yield Table(
        name="align-unlike",
        title="Alignment: ground beyond the search, which must be refused",
        data="real",
        rows=tuple(unlike(max(1, sum(trials.values()) // 20), seed)),
        notes=("Source: Federal Office of Topography swisstopo",),
    )
    yield Table(
        name="align-port",
        title="Alignment: two dates of one port, PlanetScope 3 m",
        data="real",
        rows=(port(),),
        notes=("co-registered by the vendor; the truth is not known", "© Planet, CC BY-SA 4.0"),
    )


def main() -> int:
    """Print and write the tables, and the figure beside them."""
    parser = argparse.ArgumentParser(prog="benchmarks.align", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the 500 pairs, for a quick look")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--figure", type=Path, help="PNG of one pair before and after; real pixels, never committed")
    given = parser.parse_args()
    if not (data_folder() / "muttenz").is_dir():
        print("skipped: alignment on real pixels needs YARDWATCH_DATA to name the folder that holds them")
        return 0
    trials = {name: max(1, round(n * given.share)) for name, n in TRIALS.items()}
    for table in measure(trials, given.seed):
        show(table)
        print(f"  → {write(table)}\n" if given.share == 1.0 else "", flush=True)
    if given.figure is not None:
        write_figure(given.figure, draw("muttenz/west", np.random.default_rng([given.seed, 1])))
        print(f"  → {given.figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
