"""Quality of scenes: usable or not, blur, and the sun; each prints a table and writes JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from benchmarks.align_trials import data_folder
from benchmarks.quality_blur import known_blur
from benchmarks.quality_sky import clear_pictures, simulated_skies
from benchmarks.quality_sun import simulated_suns
from benchmarks.results import Table, show, write

SKIES, SUNS = 96, 60


def main() -> int:
    """Print and write every table; what needs real pictures says so where there are none."""
    parser = argparse.ArgumentParser(prog="benchmarks.quality", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the simulated scenes, for a quick look")
    share = parser.parse_args().share
    tables: list[Callable[[], Table]] = [
        lambda: simulated_suns(round(SUNS * share)),
        lambda: simulated_skies(round(SKIES * share)),
    ]
    if (data_folder() / "muttenz").is_dir():
        tables += [known_blur, clear_pictures]
    else:
        print("skipped: clear pictures and blur need YARDWATCH_DATA to name the folder that holds the real pictures")
    for measure in tables:
        table = measure()
        show(table)
        print(f"  → {write(table)}\n" if share == 1.0 else "", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
