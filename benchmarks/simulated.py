"""Simulated yards of unseen seeds at several GSDs: cars, counts, kinds and covers. No real pixel is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scoring import Score
from benchmarks.yards import Outcome, count_yards
from yardwatch.cars.calibration import calibration_of
from yardwatch.cars.capability import KINDS_GSD_M
from yardwatch.model.counting import FREIGHT_KINDS

Numbers = NDArray[np.float64] | NDArray[np.int64]

GSDS_M = (0.3, 0.5, 0.7, 1.0, 2.0, 3.0)
YARDS = 300
"""A GSD. Of a hundred the error of the count at 3 m is known to a tenth of itself, of three hundred to a sixteenth."""
FIRST_SEED = 7_000_000
DRAWS, BOOTSTRAP_SEED = 2000, 20240617


def measure(gsd_m: float, weights: bytes = b"", yards: int = YARDS) -> dict[str, Any]:
    """The row of one GSD."""
    outcomes = count_yards(range(FIRST_SEED, FIRST_SEED + yards), [gsd_m] * yards, weights)
    return row(outcomes)


def row(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures of yards of one GSD; NaN where kinds are not told."""
    true = np.array([one.true for one in outcomes])
    counts = [one.counted(calibration_of(one.gsd_m)) for one in outcomes]
    said, mean = np.array([count.map for count in counts]), np.array([count.mean for count in counts])
    length = np.array([one.length for one in outcomes])
    told = outcomes[0].gsd_m <= KINDS_GSD_M
    kinds = [pair for one in outcomes for pair in one.kinds]
    covers = [(true, bool(said)) for one in outcomes for true, said in one.covers]
    return {
        "yards": len(outcomes),
        "freight": int(true.sum()),
        "f1": sum((one.score for one in outcomes), Score()).f1,
        "count_error": error(said, true),
        "count_error_90": error_between(said, true),
        "mean_error": error(mean, true),
        "total_error": float(mean.sum() / true.sum() - 1),
        "length_error": error(length, true),
        "length_error_90": error_between(length, true),
        "kinds_macro_f1": macro_f1(kinds) if told else float("nan"),
        "kinds_f1": {kind: round(f1(kinds, wanted=kind), 3) for kind in sorted({true for true, _ in kinds})}
        if told
        else {},
        "matched": len(kinds),
        "covered_f1": f1(covers, wanted=True) if told else float("nan"),
        "freight_f1": f1([(a in FREIGHT_KINDS, b in FREIGHT_KINDS) for a, b in kinds], wanted=True),
    }


def error(told: Numbers, true: Numbers) -> float:
    """Σ |told − true| ÷ Σ true, yard by yard."""
    return float(np.abs(told - true).sum() / true.sum())


def error_between(told: Numbers, true: Numbers) -> tuple[float, float]:
    """5 % and 95 % of that error over yards drawn anew (Efron 1979)."""
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    draws = rng.integers(len(true), size=(DRAWS, len(true)))
    low, high = np.quantile([error(told[one], true[one]) for one in draws], (0.05, 0.95))
    return float(low), float(high)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 of the freight kinds that occur; pairs of (true, said)."""
    present = sorted({true for true, _ in pairs} & set(FREIGHT_KINDS))
    return float(np.mean([f1(pairs, wanted=kind) for kind in present])) if present else 0.0


def f1(pairs: Sequence[tuple[object, object]], *, wanted: object) -> float:
    """F1 of one value; pairs of (true, said)."""
    both = sum(true == wanted and said == wanted for true, said in pairs)
    either = sum(true == wanted for true, _ in pairs) + sum(said == wanted for _, said in pairs)
    return 2 * both / either if either else 0.0


def markdown(table: dict[str, dict[str, Any]]) -> str:
    """The table of simulated yards."""
    heads = ("simulated at", "yards", "freight cars", "F1, all vehicles", "error of the count (90 %)", "of its mean",
             "of the total", "of length ÷ pitch (90 %)", "kinds, macro F1", "covered, F1")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    lines += [
        f"| {name} | {one['yards']} | {one['freight']} | {one['f1']:.3f} | {_error(one, 'count')} "
        f"| {one['mean_error']:.1%} | {one['total_error']:+.1%} | {_error(one, 'length')} "
        f"| {_figure(one['kinds_macro_f1'])} | {_figure(one['covered_f1'])} |"
        for name, one in table.items()
    ]
    lines += ["", "F1 by kind, vehicles found and matched:", ""]
    lines += [
        f"- {name} ({one['matched']}): " + ", ".join(f"{kind} {value:.2f}" for kind, value in one["kinds_f1"].items())
        for name, one in table.items()
        if one["kinds_f1"]
    ]
    return "\n".join(lines)


def _error(row: dict[str, Any], of: str) -> str:
    """`8.0% (6.5–9.6)`."""
    low, high = row[f"{of}_error_90"]
    return f"{row[f'{of}_error']:.1%} ({100 * low:.1f}–{100 * high:.1f})"


def _figure(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"
