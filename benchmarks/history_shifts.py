"""Shifts and onsets: `python -m benchmarks.history_shifts` prints the tables and writes `history_shifts.json`.

- railway bridges whose shifts and wrong zeros are known, from `$YARDWATCH_DATA`, else `../shared/data`;
- shifts found and invented on simulated records, by size;
- how often the onset's interval holds the true onset, by the rule and by the posterior, and how long it is.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from yardwatch.history.changepoint import last_change
from yardwatch.history.levels import Levels, Standing
from yardwatch.history.shifts import levels_of
from yardwatch.history.suspect import suspect_zeros
from yardwatch.model import DateSpan

ROOT = Path(__file__).parents[1]
LAREDO = "Canadian Pacific Kansas City Laredo Railroad Bridge"
EAGLE_PASS = "Union Pacific Eagle Pass Railroad Bridge"
KNOWN = (("fall", 2016, 12, -1), ("return", 2017, 10, 1))
"""First month of each new level at Laredo, and its direction."""
ZEROS = ((2017, 9), (2018, 9))
LEVEL = 0.9

Table = dict[str, Any]


def bridge(folder: Path, name: str) -> tuple[list[DateSpan], np.ndarray]:
    """Months and railcars of a bridge."""
    with (folder / "series" / "texas_railcars_monthly_2008_2025.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Crossing"] == name]
    rows.sort(key=lambda row: (int(row["Year"]), int(row["Month"])))
    whens = [DateSpan.parse(f"{row['Year']}-{int(row['Month']):02d}") for row in rows]
    return whens, np.array([float(row["Northbound Crossing"]) for row in rows])


def laredo(folder: Path) -> list[Table]:
    """Both known shifts, and how many months off the nearest found one of that direction lies."""
    found = levels_of(*bridge(folder, LAREDO))
    rows = []
    for name, year, month, sign in KNOWN:
        offs = [
            ((s.latest.year - year) * 12 + s.latest.month - month, s)
            for s in found.shifts
            if (s.after - s.before) * sign > 0
        ]
        off, shift = min(offs, key=lambda pair: abs(pair[0]))
        change = f"{100 * (shift.after / shift.before - 1):+.0f} %"
        rows.append({"shift": name, "known": f"{year}-{month:02d}", "months off": off, "change": change})
    return rows


def eagle_pass(folder: Path) -> Table:
    """Zeros flagged as missing, and shifts that touch them, with the zeros left in and left out."""
    whens, counts = bridge(folder, EAGLE_PASS)
    days = np.array([when.latest.toordinal() for when in whens])
    flagged = np.asarray(suspect_zeros(days, counts), bool)
    months = [(when.latest.year, when.latest.month) for when, bad in zip(whens, flagged, strict=True) if bad]
    kept = [when for when, bad in zip(whens, flagged, strict=True) if not bad]
    return {
        "flagged": [f"{year}-{month:02d}" for year, month in months],
        "as known": tuple(months) == ZEROS,
        "shifts touching them, zeros left in": touching(levels_of(whens, counts)),
        "shifts touching them, zeros left out": touching(levels_of(kept, counts[~flagged])),
    }


def touching(found: Levels) -> int:
    """Shifts whose interval takes in a wrong zero or ends in the month after one."""
    marks = [date(year, month, 15) for year, month in ZEROS]
    near = timedelta(days=47)
    return sum(
        any(s.earliest <= mark <= s.latest or abs(s.latest - mark) <= near for mark in marks) for s in found.shifts
    )


def simulated_shifts(records: int = 400, seed: int = 20231005) -> list[Table]:
    """38 looks about 18 days apart, level 12, spread 0.4; a raised level of eight looks in the middle."""
    rng, rows = np.random.default_rng(seed), []
    for factor in (1, 1.5, 2, 3, 4, 6):
        any_shift = began = ended = 0
        for _ in range(records):
            mean = np.r_[np.full(15, 12.0), np.full(8, 12.0 * factor), np.full(15, 12.0)]
            whens = [DateSpan.on(day) for day in days(rng, len(mean))]
            found = levels_of(whens, drawn(rng, mean, 0.4))
            any_shift += bool(found.shifts)
            began += any(abs(whens.index(DateSpan.on(s.latest)) - 15) <= 1 for s in found.shifts)
            ended += any(surge.standing is Standing.ENDED for surge in found.raised)
        rows.append(
            {"factor": factor, "any shift": any_shift / records, "began within a look": began / records}
            | {"surge ended": ended / records}
        )
    return rows


def onsets(records: int = 200, seed: int = 7) -> list[Table]:
    """Coverage of the onset's interval; the rule only where the newest look is above all before the rise."""
    rng = np.random.default_rng(seed)
    return [
        {"looks before": before, "spread": spread, "factor": factor}
        | coverage_of(rng, records, (before, spread, factor))
        for before, spread, factor in product((8, 15, 30), (0.2, 0.5), (2, 3, 5))
    ]


def coverage_of(rng: np.random.Generator, records: int, kind: tuple[int, float, float]) -> Table:
    """Shares for one kind of record: one to five raised looks at the end."""
    before, spread, factor = kind
    held, gaps, ruled, right = 0, [], 0, 0
    for _ in range(records):
        after = int(rng.integers(1, 6))
        level = rng.uniform(5, 25)
        y = drawn(rng, np.r_[np.full(before, level), np.full(after, level * factor)], spread)
        first, last = last_change(days(rng, before + after), y).widest(LEVEL)
        held += first <= before <= last
        gaps.append(last - first + 1)
        if y[-1] > y[:before].max():
            ruled += 1
            quiet = max(i for i in range(len(y)) if y[i] <= y[:before].max())
            right += quiet + 1 == before
    return {
        "posterior holds it": held / records,
        "gaps (median)": float(np.median(gaps)),
        "rule speaks": ruled / records,
        "rule holds it": right / max(ruled, 1),
    }


def days(rng: np.random.Generator, n: int) -> list[date]:
    """Days of n looks, about 18 days apart, unevenly."""
    return [date(2019, 1, 1) + timedelta(days=int(d)) for d in np.cumsum(rng.exponential(18, n).astype(int) + 1)]


def drawn(rng: np.random.Generator, mean: np.ndarray, spread: float) -> np.ndarray:
    """Counts about a mean with a rate that varies by `spread`."""
    return rng.poisson(mean * rng.gamma(spread**-2, spread**2, len(mean))).astype(float)


def show(title: str, rows: list[Table]) -> None:
    """Print rows as a table."""
    print(f"\n{title}")
    heads = list(rows[0])
    cells = [heads] + [[f"{row[h]:.3g}" if isinstance(row[h], float) else str(row[h]) for h in heads] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    for line in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def main() -> None:
    """Run all parts and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history_shifts")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    options = parser.parse_args()
    folder = Path(os.environ.get("YARDWATCH_DATA", ROOT / ".." / "shared" / "data"))
    results: Table = {}
    if (folder / "series").is_dir():
        results |= {"laredo": laredo(folder), "eagle_pass": eagle_pass(folder)}
        show("Laredo: known shifts", results["laredo"])
        show("Eagle Pass: wrong zeros", [results["eagle_pass"]])
    else:
        print(f"Real series left out: {folder} is not there; set YARDWATCH_DATA")
    results |= {"shifts": simulated_shifts(), "onsets": onsets()}
    show("Simulated records: share with", results["shifts"])
    show(f"Onset, {LEVEL:.0%} interval", results["onsets"])
    options.out.mkdir(parents=True, exist_ok=True)
    target = options.out / "history_shifts.json"
    target.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nwritten: {target}")


if __name__ == "__main__":
    main()
