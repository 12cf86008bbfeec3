"""The labelled yard across its blocks, each scored with weights that saw only the other; tracks given or traced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.labelled import Block, read_block, strips, with_decoys
from benchmarks.scoring import Score, bootstrap, score
from benchmarks.tracing import count_untracked
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import Network
from yardwatch.cars.readers import speak
from yardwatch.cars.segment import decode_many
from yardwatch.cars.tracing.heat import Tracer
from yardwatch.errors import InputError

GSDS_M = (0.25, 0.4, 0.5, 0.8)
SEED = 20240617
RINGS = 5
"""Draws of decoy rings: where a few of them fall moves F1 by more than what it may fall by."""


@dataclass(frozen=True, eq=False)
class Run:
    """One block scored at one GSD."""

    parts: list[Score]
    """By track."""
    mean: float
    """Mean of the count's distribution, all tracks."""
    words: dict[str, list[str]]

    @property
    def total(self) -> Score:
        """Over all tracks."""
        return sum(self.parts, Score())


def count_block(block: Block, gsd_m: float, network: Network) -> Run:
    """Strips, evidence, cars and their score."""
    if block.name in network.trained_on:
        raise InputError(f"weights {network.sha256[:12]}… saw the block {block.name}: no score on it means anything")
    seen = [speak(strip, network) for strip in strips(block, gsd_m)]
    found = decode_many(seen, rng=np.random.default_rng(SEED), habits=ANYWHERE)
    scored = [score(one.cars, block.vehicles[one.track]) for one in found]
    return Run(
        parts=[part for part, _ in scored],
        mean=float(sum(one.pmf @ np.arange(len(one.pmf)) for one in found)),
        words={one.track: words for one, (_, words) in zip(found, scored, strict=True) if words},
    )


def pooled_draws(runs: Sequence[Run]) -> Run:
    """One block scored under several draws of rings, as one: scores summed track by track, means averaged.

    What is wrong is told in words of the first draw alone.
    """
    return Run(
        parts=[sum(parts, Score()) for parts in zip(*(run.parts for run in runs), strict=True)],
        mean=float(np.mean([run.mean for run in runs])),
        words=runs[0].words,
    )


def compare(runs: dict[str, Run], true: int) -> dict[str, object]:
    """F1 of each way and of both pooled, with a bootstrap interval over tracks, and the total's error."""
    parts = [part for run in runs.values() for part in run.parts]
    pooled = sum(parts, Score())
    low, high = bootstrap(parts, np.random.default_rng(SEED))
    mean = sum(run.mean for run in runs.values())
    return {
        "f1": round(pooled.f1, 3),
        "interval_90": [round(low, 3), round(high, 3)],
        "each_way": {name: round(run.total.f1, 3) for name, run in runs.items()},
        "hit": pooled.hit, "false": pooled.false, "missed": pooled.missed,
        "total": {"mean": round(mean, 1), "true": true, "error": round(mean / true - 1, 3)},
        "wrong": {name: run.words for name, run in runs.items()},
    }  # fmt: skip


def cross_block(muttenz: Path, networks: dict[str, Network]) -> dict[str, object]:
    """Every GSD, without and with decoys; `networks` by the block they are scored on."""
    blocks = {name: read_block(muttenz, name) for name in networks}
    true = sum(int(v.visible >= 0.5) for b in blocks.values() for cars in b.vehicles.values() for v in cars)
    ringed = [{name: with_decoys(block, SEED + k) for name, block in blocks.items()} for k in range(RINGS)]
    table: dict[str, object] = {}
    for gsd in GSDS_M:
        table[f"{gsd:.2f} m"] = compare(_runs(blocks, gsd, networks), true)
        table[f"{gsd:.2f} m decoys"] = _of_draws([_runs(draw, gsd, networks) for draw in ringed], true)
    return table


def _runs(blocks: dict[str, Block], gsd_m: float, networks: dict[str, Network]) -> dict[str, Run]:
    return {name: count_block(block, gsd_m, networks[name]) for name, block in blocks.items()}


def _of_draws(draws: Sequence[dict[str, Run]], true: int) -> dict[str, object]:
    """All draws of decoy rings together; F1 of each beside it."""
    found = compare({name: pooled_draws([runs[name] for runs in draws]) for name in draws[0]}, true)
    each = [sum((run.total for run in runs.values()), Score()).f1 for runs in draws]
    return found | {"f1_of_each_draw": [round(f1, 3) for f1 in each]}


def markdown(table: dict[str, dict]) -> str:
    """The table as it is printed and kept."""
    lines = [
        "| scored at | F1, both ways | 90 % | on northeast | on west | hit / false / missed | total (error) |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in table.items():
        way, total, draws = row["each_way"], row["total"], row.get("f1_of_each_draw", [])
        ringed = f", {len(draws)} draws ({min(draws):.3f}–{max(draws):.3f})" if draws else ""
        lines.append(
            f"| {name}{ringed} | {row['f1']:.3f} | {row['interval_90'][0]:.2f}–{row['interval_90'][1]:.2f} "
            f"| {way.get('northeast', float('nan')):.3f} | {way.get('west', float('nan')):.3f} "
            f"| {row['hit']} / {row['false']} / {row['missed']} "
            f"| {total['mean']} of {total['true']} ({total['error']:+.1%}) |"
        )
    return "\n".join(lines)


def untracked(muttenz: Path, ways: dict[str, tuple[Network, Tracer]]) -> dict[str, object]:
    """F1 at 0.5 m without given tracks, both ways pooled and each; bootstrap over tracks."""
    runs = {name: count_untracked(muttenz, name, way) for name, way in ways.items()}
    parts = [part for run in runs.values() for part in run.parts]
    pooled = sum(parts, Score())
    low, high = bootstrap(parts, np.random.default_rng(SEED))
    return {
        "f1": round(pooled.f1, 3), "interval_90": [round(low, 3), round(high, 3)],
        "each_way": {name: round(run.total.f1, 3) for name, run in runs.items()},
        "hit": pooled.hit, "false": pooled.false, "missed": pooled.missed,
        "lines": {name: run.lines for name, run in runs.items()},
        "wrong": {name: run.words for name, run in runs.items()},
    }  # fmt: skip
