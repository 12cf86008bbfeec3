"""Simulated yards of unseen seeds at several GSDs: cars, counts, kinds and covers. No real pixel is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.scoring import Score
from benchmarks.yards import Outcome, count_yards
from yardwatch.cars.capability import KINDS_GSD_M
from yardwatch.model.counting import FREIGHT_KINDS

GSDS_M = (0.3, 0.5, 0.7, 1.0, 2.0, 3.0)
YARDS = 100
FIRST_SEED = 7_000_000


def measure(gsd_m: float, weights: bytes = b"", yards: int = YARDS) -> dict[str, Any]:
    """The row of one GSD."""
    outcomes = count_yards(range(FIRST_SEED, FIRST_SEED + yards), [gsd_m] * yards, weights)
    return row(outcomes)


def row(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures of yards of one GSD; NaN where kinds are not told."""
    true = np.array([one.true for one in outcomes])
    mean = np.array([one.mean for one in outcomes])
    length = np.array([one.length for one in outcomes])
    told = outcomes[0].gsd_m <= KINDS_GSD_M
    kinds = [pair for one in outcomes for pair in one.kinds]
    covers = [(true, bool(said)) for one in outcomes for true, said in one.covers]
    return {
        "yards": len(outcomes),
        "freight": int(true.sum()),
        "f1": sum((one.score for one in outcomes), Score()).f1,
        "count_error": float(np.abs(mean - true).sum() / true.sum()),
        "total_error": float(mean.sum() / true.sum() - 1),
        "length_error": float(np.abs(length - true).sum() / true.sum()),
        "kinds_macro_f1": macro_f1(kinds) if told else float("nan"),
        "kinds_f1": {kind: round(f1(kinds, wanted=kind), 3) for kind in sorted({true for true, _ in kinds})}
        if told
        else {},
        "matched": len(kinds),
        "covered_f1": f1(covers, wanted=True) if told else float("nan"),
        "freight_f1": f1([(a in FREIGHT_KINDS, b in FREIGHT_KINDS) for a, b in kinds], wanted=True),
    }


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
    heads = ("simulated at", "yards", "freight cars", "F1, all vehicles", "error of the count", "of the total",
             "of length ÷ pitch", "kinds, macro F1", "covered, F1")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    lines += [
        f"| {name} | {one['yards']} | {one['freight']} | {one['f1']:.3f} | {one['count_error']:.1%} "
        f"| {one['total_error']:+.1%} | {one['length_error']:.1%} | {_figure(one['kinds_macro_f1'])} "
        f"| {_figure(one['covered_f1'])} |"
        for name, one in table.items()
    ]
    lines += ["", "F1 by kind, vehicles found and matched:", ""]
    lines += [
        f"- {name} ({one['matched']}): " + ", ".join(f"{kind} {value:.2f}" for kind, value in one["kinds_f1"].items())
        for name, one in table.items()
        if one["kinds_f1"]
    ]
    return "\n".join(lines)


def _figure(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"
