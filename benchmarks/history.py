"""Surge calibration: `python -m benchmarks.history` prints the tables and writes them, with the plots, to a folder.

Golden numbers, real monthly series, what was tried, held-out measures and masks, simulated series where the model is
true, speed and memory. The folder of real series is `$YARDWATCH_DATA`, else `../shared/data`; without it those parts
are left out and said to be.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import history_methods, history_scale, real_series
from yardwatch.history.ears import ears
from yardwatch.history.farrington import farrington_flexible
from yardwatch.history.forecast import moments
from yardwatch.history.power import FACTORS, LOOKS, power_table

ROOT = Path(__file__).parents[1]
FARRINGTON = {"Baden.Wuerttemberg": [4, 3, 3, 3, 2], "North.Rhine.Westphalia": [3, 3, 3, 2, 2]}
C1 = [3.278854, 3.278854, 3.436517, 3.855617]

Table = dict[str, Any]


def golden(folder: Path) -> Table:
    """Thresholds of the published comparison, ours beside them."""
    columns, first, counts = newport(folder)
    week = (date(2013, 11, 25) - first).days // 7
    found = {
        name: [farrington_flexible(counts[:, columns.index(name)], first, t).upper for t in range(week, week + 5)]
        for name in FARRINGTON
    }
    start = (date(2011, 1, 3) - first).days // 7
    c1 = [round(float(x), 6) for x in ears(counts.sum(axis=1), 0.05)[start : start + 4]]
    return {"farrington": found, "c1": c1, "same": found == FARRINGTON and c1 == C1}


def newport(folder: Path) -> tuple[list[str], date, np.ndarray]:
    """State names, first week and counts (week, state) of *S. Newport*."""
    lines = (folder / "series" / "salmNewport.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    counts = np.array([[float(x) for x in row[1:]] for row in rows])
    return lines[0].split(",")[1:], date.fromisoformat(rows[0][0]), counts


def real(folder: Path) -> list[Table]:
    """False alarms and power on real series: the measure asked for, then others never used in choosing the test."""
    runs = [("Trains", 0), ("Trains", 100), ("Rail Containers Loaded", 0), ("Rail Containers Empty", 0)]
    return [_real(folder, measure, seed) for measure, seed in runs]


def _real(folder: Path, measure: str, seed: int) -> Table:
    grounds = real_series.load(folder, measure)
    seen = real_series.masks(grounds.counts.shape, seed)
    found = real_series.tails(grounds, seen, real_series.forecast_tail)
    alarms = real_series.calibrated_alarms(found, seen)
    rate, low, high = real_series.with_interval(alarms[0])
    power = real_series.power_at_true_rate(found)
    tested = found[0, real_series.tested_months()]
    return {
        "measure": measure,
        "masks": f"seeds {seed}–{seed + real_series.MASKS - 1}",
        "ports": len(grounds.ports),
        "tests": int(np.isfinite(alarms[0]).sum()),
        "nominal": float((tested[np.isfinite(tested)] <= real_series.LEVEL).mean()),
        "calibrated": rate,
        "calibrated_low": low,
        "calibrated_high": high,
        "power_x2": power[1],
        "power_x3": power[2],
        "calibrated_power_x2": float(np.nanmean(alarms[1])),
        "calibrated_power_x3": float(np.nanmean(alarms[2])),
    }


def simulated(series: int = 20_000, seed: int = 20231005) -> list[Table]:
    """How often p ≤ 5 % and ≤ 1 % where the model is true (mean 5–30, spread 0.1–0.8), by looks fitted."""
    rng, rows = np.random.default_rng(seed), []
    for looks in (6, 11, 20, 40, 60):
        mean, spread = rng.uniform(5, 30, (series, 1)), rng.uniform(0.1, 0.8, (series, 1))
        draws = rng.negative_binomial(spread**-2, 1 / (1 + spread**2 * mean), (series, looks + 1)).astype(float)
        tail = moments(draws[:, :-1], 1.0, np.arange(looks)[::-1] * 30.0).tail(draws[:, -1])
        rows.append({"looks": looks, "p<=0.05": float((tail <= 0.05).mean()), "p<=0.01": float((tail <= 0.01).mean())})
    return rows


def powers() -> list[Table]:
    """Power of one look at p ≤ 1 % by level, spread, looks and factor."""
    return [
        {"mean": mean, "spread": spread, "looks": row.looks, "least": row.least}
        | {f"x{factor:g}": share for factor, share in zip(FACTORS, row.power, strict=True)}
        for mean, spread in ((5, 0.3), (12, 0.2), (12, 0.4), (30, 0.2), (30, 0.4))
        for row in power_table(mean, spread, LOOKS)
    ]


def show(title: str, rows: list[Table]) -> None:
    """Print rows as a table."""
    print(f"\n{title}")
    heads = list(rows[0])
    cells = [heads] + [[f"{row[h]:.4g}" if isinstance(row[h], float) else str(row[h]) for h in heads] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    for line in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def main() -> None:
    """Run all parts and write `history.json`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    parser.add_argument("--quick", action="store_true", help="leave out what was tried, speed and plots")
    options = parser.parse_args()
    folder = Path(os.environ.get("YARDWATCH_DATA", ROOT / ".." / "shared" / "data"))
    results: Table = {"simulated": simulated(), "power": powers()}
    show("Where the model is true: share at or below p", results["simulated"])
    show("Power of one look at p ≤ 1 %", results["power"])
    if (folder / "series").is_dir():
        results |= {"golden": golden(folder), "real": real(folder)}
        print(f"\nGolden numbers: {results['golden']}")
        show("Real monthly series", results["real"])
        if not options.quick:
            grounds = real_series.load(folder)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                results["tried"] = history_methods.compare(grounds, real_series.masks(grounds.counts.shape))
            show("What was tried (Trains)", results["tried"])
    else:
        print(f"\nReal series left out: {folder} is not there; set YARDWATCH_DATA")
    if not options.quick:
        results["scale"] = {"newest": history_scale.many(), "full": history_scale.full()}
        show("Newest look of many series", [results["scale"]["newest"]])
        show("The whole of assess, a sample of sites", [results["scale"]["full"]])
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "history.json").write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"\nwritten: {options.out / 'history.json'}")
    _plots(options.out, quick=options.quick)


def _plots(out: Path, *, quick: bool) -> None:
    if quick or importlib.util.find_spec("benchmarks.history_plots") is None:
        return
    plots = importlib.import_module("benchmarks.history_plots")
    for path in plots.write(out):
        print(f"written: {path}")


if __name__ == "__main__":
    main()
