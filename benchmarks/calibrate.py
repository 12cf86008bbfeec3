"""The errors of counts on simulated yards, a GSD class: fitted on some seeds, checked on others.

`python -m benchmarks.calibrate` prints the rows of `yardwatch.cars.calibration.CLASSES` and what their 90 % intervals
hold on seeds that had no part in them, and keeps both in benchmarks/calibration.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.scoring import Score
from benchmarks.yards import Outcome, count_yards
from yardwatch.cars.calibration import Calibration
from yardwatch.model import Count
from yardwatch.steps.weights import load_network

HERE = Path(__file__).parent
CLASSES_M = ((0.3, 0.7), (0.7, 1.0), (1.0, 4.0))
"""GSDs of the yards of each class, evenly over their logarithm."""
FITTED, SET_ASIDE, CHECKED = 200, 200, 500
"""Yards a class: for bias and spreads, for the conformal factor, for the check."""
LEVEL = 0.9
FIRST_SEED = 1_000_000
FACTORS = np.geomspace(0.5, 3.0, 120)


@dataclass(frozen=True)
class Held:
    """What a calibration holds on yards that had no part in it."""

    yards: int
    inside: float
    """Share of intervals that hold the truth."""
    width: float
    """Mean width of the interval over the mean of the truth."""
    error: float
    """Sum of |mean − true| over the sum of true."""
    length_error: float
    """The same of the second count."""
    f1: float
    """Of all vehicles, before any calibration."""


def yards(first: int, number: int, gsds_m: tuple[float, float], weights: bytes) -> list[Outcome]:
    """So many yards from a seed on, at GSDs of a class."""
    rng = np.random.default_rng(first)
    gsds = np.exp(rng.uniform(*np.log(gsds_m), number))
    return count_yards(range(first, first + number), [float(g) for g in gsds], weights)


def fit(outcomes: Sequence[Outcome], gsd_m: float) -> Calibration:
    """Bias, spread and floor of greatest likelihood, normal errors."""
    mean, deviation, true = _moments(outcomes)

    def loss(x: NDArray[np.float64]) -> float:
        bias, spread, floor = x[0], np.exp(x[1]), np.exp(x[2])
        variance = (deviation * (1 + bias)) ** 2 + (spread * mean) ** 2 + floor**2
        return float(np.sum(0.5 * np.log(variance) + 0.5 * (true - (1 + bias) * mean) ** 2 / variance))

    best = minimize(loss, [0.0, np.log(0.1), np.log(0.7)], method="Nelder-Mead", options={"maxiter": 2000})
    return Calibration(
        gsd_m=gsd_m, bias=float(best.x[0]), spread=float(np.exp(best.x[1])), floor=float(np.exp(best.x[2]))
    )


def conformal(outcomes: Sequence[Outcome], found: Calibration) -> Calibration:
    """The least factor on the spreads with which the interval holds its level on yards set aside."""
    scaled = [replace(found, spread=float(found.spread * k), floor=float(found.floor * k)) for k in FACTORS]
    return next((one for one in scaled if inside(outcomes, one) >= LEVEL), scaled[-1])


def inside(outcomes: Sequence[Outcome], found: Calibration) -> float:
    """Share of yards whose interval holds the truth."""
    return float(np.mean([low <= one.true <= high for one, (low, high) in _intervals(outcomes, found)]))


def held(outcomes: Sequence[Outcome], found: Calibration) -> Held:
    """What a calibration does on these yards."""
    true = np.array([one.true for one in outcomes])
    wide = [high - low for _, (low, high) in _intervals(outcomes, found)]
    mean = np.array([Count(found.widened(np.array(one.pmf))).mean for one in outcomes])
    length = np.array([one.length for one in outcomes])
    return Held(
        yards=len(outcomes), inside=inside(outcomes, found), width=float(np.mean(wide) / true.mean()),
        error=float(np.abs(mean - true).sum() / true.sum()),
        length_error=float(np.abs(length - true).sum() / true.sum()),
        f1=sum((one.score for one in outcomes), Score()).f1,
    )  # fmt: skip


def _intervals(outcomes: Sequence[Outcome], found: Calibration) -> list[tuple[Outcome, tuple[int, int]]]:
    return [(one, Count(found.widened(np.array(one.pmf)), level=LEVEL).interval) for one in outcomes]


def _moments(outcomes: Sequence[Outcome]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    mean = np.array([one.mean for one in outcomes])
    square = np.array([np.dot(one.pmf, np.arange(len(one.pmf)) ** 2.0) for one in outcomes])
    return mean, np.sqrt(np.maximum(square - mean**2, 0)), np.array([one.true for one in outcomes], float)


def kept(weights_sha256: str) -> dict[str, dict[str, float]]:
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
    rows, table = [], {}
    for k, gsds in enumerate(CLASSES_M):
        fitted = yards(FIRST_SEED * (k + 1), FITTED, gsds, weights)
        aside = yards(FIRST_SEED * (k + 1) + 250_000, SET_ASIDE, gsds, weights)
        checked = yards(FIRST_SEED * (k + 1) + 500_000, CHECKED, gsds, weights)
        rows.append(conformal(aside, fit(fitted, gsds[1])))
        table[f"{gsds[0]:.1f}–{gsds[1]:.1f} m"] = asdict(held(checked, rows[-1]))
        print(f"    {rows[-1]},\n    # {table[f'{gsds[0]:.1f}–{gsds[1]:.1f} m']}", flush=True)
    result = {"weights": sha256, "classes": [asdict(row) for row in rows], "checked": table}
    (HERE / "calibration.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
