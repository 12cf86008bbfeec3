"""The errors of counts on simulated yards, a GSD class: fitted on some seeds, checked on others.

`python -m benchmarks.calibrate` prints the rows of `yardwatch.cars.calibration.CLASSES` and what their 90 % intervals
hold on seeds that had no part in them, the same of the second count in coarse images, and keeps all in
benchmarks/calibration.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.length_errors import Row, length_held, length_rows
from benchmarks.scoring import Score
from benchmarks.simulated import error
from benchmarks.yards import LEVEL, SEEN_CARS, Outcome, count_yards
from yardwatch.cars.calibration import Calibration
from yardwatch.cars.coarse import COARSE_GSD_M
from yardwatch.model import Count
from yardwatch.steps.weights import load_network

HERE = Path(__file__).parent
CLASSES_M = ((0.3, 0.7), (0.7, COARSE_GSD_M), (COARSE_GSD_M, 4.0))
"""GSDs of the yards of each class, evenly over their logarithm."""
FITTED, SET_ASIDE, CHECKED = 500, 800, 1000
"""Yards a class: for bias and spreads, for the conformal factor, for the check. On 200 the law was no good one: what
all cars of a yard share was taken for what each adds."""
FIRST_SEED = 1_000_000
FACTORS = np.geomspace(0.25, 3.0, 120)
LEAST_FLOOR, LEAST_SPREAD, WORST_BIAS = 0.2, 0.01, 0.5
"""No count is sure to a car; what the looks of a site share comes on top (`yardwatch.cars.count.of_site`).
A search that leaves the bias behind has lost its way."""
STARTS = ((0.05, 0.1, 0.5), (0.15, 0.01, 0.5), (0.02, 0.5, 3.0), (0.2, 0.05, 5.0))
"""Spread, variance a car and floor: what all cars share and what each adds explain much the same, so there is more than
one best."""
SIZES = (0, 1, 12, 50, 10_000)
"""Bounds of the true counts by which the check is told."""


@dataclass(frozen=True)
class Held:
    """What a calibration holds on yards that had no part in it."""

    yards: int
    inside: float
    """Share of intervals that hold the truth."""
    width: float
    """Mean width of the interval over the mean of the truth."""
    error: float
    """Sum of |count − true| over the sum of true, of the number that a report gives: the most probable one."""
    mean_error: float
    """The same of the pmf's mean."""
    length_error: float
    """The same of the second count."""
    f1: float
    """Of all vehicles, before any calibration."""
    inside_by_size: dict[str, tuple[int, float]]
    """Yards and share of intervals that hold, by true count: an even share says that the law of errors fits."""


def yards(first: int, number: int, gsds_m: tuple[float, float], weights: bytes) -> list[Outcome]:
    """So many yards from a seed on, at GSDs of a class."""
    rng = np.random.default_rng(first)
    gsds = np.exp(rng.uniform(*np.log(gsds_m), number))
    return count_yards(range(first, first + number), [float(g) for g in gsds], weights)


def fit(outcomes: Sequence[Outcome], gsd_m: float) -> Calibration:
    """Bias, spread, variance a car and floor of greatest likelihood, normal errors, where cars were seen."""
    mean, deviation, true = _moments(_with_cars(outcomes))

    def found(x: NDArray[np.float64]) -> Calibration:
        spread, each, floor = (float(one) for one in np.exp(x[1:]))
        return Calibration(gsd_m=gsd_m, bias=float(x[0]), spread=spread, each=each, floor=max(floor, LEAST_FLOOR))

    def loss(x: NDArray[np.float64]) -> float:
        if abs(x[0]) > WORST_BIAS:
            return float("inf")
        one = found(x)
        variance = (deviation * (1 + one.bias)) ** 2 + one.deviation(mean) ** 2
        return float(np.sum(0.5 * np.log(variance) + 0.5 * (true - (1 + one.bias) * mean) ** 2 / variance))

    tries = [
        minimize(loss, [0.0, *np.log(start)], method="Nelder-Mead", options={"maxiter": 4000, "maxfev": 8000})
        for start in STARTS
    ]
    return found(min(tries, key=lambda one: float(one.fun)).x)


def conformal(outcomes: Sequence[Outcome], found: Calibration) -> Calibration:
    """The least factor on the errors with which the interval holds its level on yards set aside with cars seen.

    No factor is below a quarter, and floor and spread stay at `LEAST_FLOOR` and `LEAST_SPREAD` whatever the factor:
    where the pmf alone holds nearly enough, little is added, never nothing.
    """
    seen = _with_cars(outcomes)
    scaled = [
        replace(
            found,
            spread=max(float(found.spread * k), LEAST_SPREAD),
            each=float(found.each * k**2),
            floor=max(float(found.floor * k), LEAST_FLOOR),
        )
        for k in FACTORS
    ]
    return next((one for one in scaled if inside(seen, one) >= LEVEL), scaled[-1])


def _with_cars(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those where some were seen."""
    return [one for one in outcomes if one.mean >= SEEN_CARS]


def inside(outcomes: Sequence[Outcome], found: Calibration) -> float:
    """Share of yards whose interval holds the truth."""
    return _inside(outcomes, [one.counted(found) for one in outcomes])


def _inside(outcomes: Sequence[Outcome], counts: Sequence[Count]) -> float:
    ends = [count.interval for count in counts]
    return float(np.mean([low <= one.true <= high for one, (low, high) in zip(outcomes, ends, strict=True)]))


def held(outcomes: Sequence[Outcome], found: Calibration) -> Held:
    """What a calibration does on these yards."""
    true, counts = np.array([one.true for one in outcomes]), [one.counted(found) for one in outcomes]
    wide = [high - low for low, high in (count.interval for count in counts)]
    return Held(
        yards=len(outcomes), inside=_inside(outcomes, counts), width=float(np.mean(wide) / true.mean()),
        error=error(np.array([count.map for count in counts]), true),
        mean_error=error(np.array([count.mean for count in counts]), true),
        length_error=error(np.array([one.length for one in outcomes]), true),
        f1=sum((one.score for one in outcomes), Score()).f1, inside_by_size=_by_size(outcomes, found),
    )  # fmt: skip


def _by_size(outcomes: Sequence[Outcome], found: Calibration) -> dict[str, tuple[int, float]]:
    told = {}
    for least, most in pairwise(SIZES):
        own = [one for one in outcomes if least <= one.true < most]
        if own:
            told[_size(least, most)] = len(own), inside(own, found)
    return told


def _size(least: int, most: int) -> str:
    """`0`, `1–11` or `50 and more`."""
    if most == SIZES[-1]:
        return f"{least} and more"
    return f"{least}–{most - 1}" if most - 1 > least else f"{least}"


def _moments(outcomes: Sequence[Outcome]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    mean = np.array([one.mean for one in outcomes])
    square = np.array([np.dot(one.pmf, np.arange(len(one.pmf)) ** 2.0) for one in outcomes])
    return mean, np.sqrt(np.maximum(square - mean**2, 0)), np.array([one.true for one in outcomes], float)


def kept(weights_sha256: str) -> dict[str, dict[str, Any]]:
    """What the last run wrote down for these weights; empty where it was made for others."""
    path = HERE / "calibration.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found["checked"] if found.get("weights") == weights_sha256 else {}


def main() -> None:
    """Fit, print, check."""
    parser = argparse.ArgumentParser(prog="benchmarks.calibrate", description=__doc__)
    parser.add_argument("--weights", type=Path, help="of the strip network; the shipped ones where none are named")
    given = parser.parse_args()
    weights = given.weights.read_bytes() if given.weights else b""
    sha256 = load_network(given.weights).sha256
    print(f'WEIGHTS = "{sha256}"')
    rows, table, lengths, length_table = list[Calibration](), {}, list[Row](), {}
    for k, gsds in enumerate(CLASSES_M):
        drawn = yards(FIRST_SEED * (k + 1) + 250_000, FITTED + SET_ASIDE, gsds, weights)
        fitted, aside = drawn[:FITTED], drawn[FITTED:]
        checked = yards(FIRST_SEED * (k + 1) + 500_000, CHECKED, gsds, weights)
        rows.append(conformal(aside, fit(fitted, gsds[1])))
        name = f"{gsds[0]:g}–{gsds[1]:g} m"
        table[name] = asdict(held(checked, rows[-1]))
        print(f"    {rows[-1]},\n    # {table[name]}", flush=True)
        if gsds[0] >= COARSE_GSD_M:
            lengths = length_rows(fitted, aside)
            length_table = length_held(checked, lengths)
            print(f"LENGTH_ERRORS from {COARSE_GSD_M} m: {lengths}\n    # {length_table}", flush=True)
    result = {
        "weights": sha256, "classes": [asdict(row) for row in rows], "checked": table,
        "length_classes": lengths, "length_checked": length_table,
    }  # fmt: skip
    (HERE / "calibration.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
