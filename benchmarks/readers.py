"""What a second reader brings, and what a strip's own lengths bring, on simulated yards.

`python -m benchmarks.readers` draws yards of seeds of its own, reads each strip by both networks and prints the error
of the count of all rail vehicles, kinds left aside: for each say v of the length network (`yardwatch.cars.readers`),
and for each κ, the bodies that weigh as much as all that is known of stock (`yardwatch.cars.own_lengths`).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated import error, error_between
from benchmarks.yards import tracked_yard, true_vehicles
from yardwatch.cars.coarse import length_network_of
from yardwatch.cars.coarse import look as length_look
from yardwatch.cars.count import added
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import look as strip_look
from yardwatch.cars.readers import LENGTH_SAY, pooled
from yardwatch.cars.segment import decode_many
from yardwatch.simulate.anywhere import any_scene
from yardwatch.steps.weights import load_network

BANDS_M = ((0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.05))
"""GSDs, evenly over their logarithm."""
SAYS = (0.0, 0.3, 0.5, 0.7, 1.0)
KAPPAS = (np.inf, 40.0, 20.0, 10.0, 5.0)
WAYS = (*((say, ANYWHERE.kappa) for say in SAYS), *((LENGTH_SAY, kappa) for kappa in KAPPAS))
"""v and κ of each column."""
YARDS = 150
FIRST_SEED = 3_800_000


def counted(seed: int, gsd_m: float) -> tuple[int, tuple[float, ...]]:
    """Rail vehicles that stand in one yard, and the mean of the pmf each way."""
    network = load_network()
    length = length_network_of(network)
    if length is None:
        raise SystemExit("the shipped weights hold no length network: make them anew with `make train`")
    scene = any_scene(np.random.default_rng([seed, 20240617]), gsd_m=gsd_m)
    strips = tracked_yard(scene, seed, network).strips
    pairs = [(strip_look(strip, network), length_look(strip, length)) for strip in strips]
    told = {}
    for say, kappa in set(WAYS):
        shown = [pooled(fine, coarse, say) for fine, coarse in pairs]
        habits = replace(ANYWHERE, kappa=kappa)
        found = decode_many(shown, rng=np.random.default_rng(seed), samples=1, habits=habits)
        pmf = added([one.pmf for one in found])
        told[say, kappa] = float(pmf @ np.arange(len(pmf)))
    return sum(vehicle.visible >= 0.5 for _, vehicle in true_vehicles(scene)), tuple(told[way] for way in WAYS)


def measure(band_m: tuple[float, float], yards: int, first_seed: int, workers: int) -> list[str]:
    """A row of the table: the band and, each way, the error with its 90 % interval."""
    gsds = np.exp(np.random.default_rng(first_seed).uniform(*np.log(band_m), yards))
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(counted, range(first_seed, first_seed + yards), map(float, gsds), chunksize=4))
    true = np.array([n for n, _ in found])
    means: NDArray[np.float64] = np.array([told for _, told in found])
    return [f"{band_m[0]:g}–{band_m[1]:g} m", str(yards), str(true.sum()), *(_cell(one, true) for one in means.T)]


def _cell(told: NDArray[np.float64], true: NDArray[np.int64]) -> str:
    low, high = error_between(told, true)
    return f"{error(told, true):.1%} ({100 * low:.1f}–{100 * high:.1f})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.readers", description=__doc__)
    parser.add_argument("--yards", type=int, default=YARDS, help="simulated yards a band")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    ways = [*(f"v = {say:g}" for say in SAYS), *(f"κ = {kappa:g}" for kappa in KAPPAS)]
    heads = ["simulated at", "yards", "rail vehicles", *ways]
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for k, band_m in enumerate(BANDS_M):
        print(f"| {' | '.join(measure(band_m, given.yards, FIRST_SEED + 10_000 * k, given.workers))} |", flush=True)


if __name__ == "__main__":
    main()
