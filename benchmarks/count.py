"""Accuracy of the count: the labelled yard scored across its blocks, simulated strips beside it, never in one column.

Each block is scored with weights that saw only the other one. Both blocks are one yard on one day, and smears of the
publisher's outlines betray the vehicles' ends, so the real figures are upper bounds.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.labelled import Block, read_block, strips, with_decoys
from benchmarks.scoring import Score, bootstrap, score
from benchmarks.simulated import measure
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import Network, look
from yardwatch.cars.segment import decode_many
from yardwatch.errors import InputError
from yardwatch.steps.weights import load_network

HERE = Path(__file__).parent
GSDS_M = (0.25, 0.4, 0.5, 0.8)
SEED = 20240617
DRAWN_GSDS_M = (0.3, 0.5, 0.7, 1.0)
DRAWN_STRIPS = 120


@dataclass(frozen=True, eq=False)
class Run:
    """One block scored at one GSD."""

    parts: list[Score]
    """By track."""
    mean: float
    """Mean of the count's distribution, all tracks."""
    drawn: int
    words: dict[str, list[str]]

    @property
    def total(self) -> Score:
        """Over all tracks."""
        return sum(self.parts, Score())


def count_block(block: Block, gsd_m: float, network: Network) -> Run:
    """Strips, evidence, cars and their score."""
    if block.name in network.trained_on:
        raise InputError(f"weights {network.sha256[:12]}… saw the block {block.name}: no score on it means anything")
    seen = [look(strip, network).evidence for strip in strips(block, gsd_m)]
    found = decode_many(seen, rng=np.random.default_rng(SEED), samples=100, habits=ANYWHERE)
    scored = [score(one.cars, block.vehicles[one.track]) for one in found]
    return Run(
        parts=[part for part, _ in scored],
        mean=float(sum(one.pmf @ np.arange(len(one.pmf)) for one in found)),
        drawn=sum(len(one.cars) for one in found),
        words={one.track: words for one, (_, words) in zip(found, scored, strict=True) if words},
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
    false = {name: with_decoys(block, SEED) for name, block in blocks.items()}
    true = sum(int(v.visible >= 0.5) for b in blocks.values() for cars in b.vehicles.values() for v in cars)
    table: dict[str, object] = {}
    for gsd in GSDS_M:
        for label, chosen in (("", blocks), (" decoys", false)):
            runs = {name: count_block(block, gsd, networks[name]) for name, block in chosen.items()}
            table[f"{gsd:.2f} m{label}"] = compare(runs, true)
    return table


def markdown(table: dict[str, dict]) -> str:
    """The table as it is printed and kept."""
    lines = [
        "| scored at | F1, both ways | 90 % | on northeast | on west | hit / false / missed | total (error) |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in table.items():
        way, total = row["each_way"], row["total"]
        lines.append(
            f"| {name} | {row['f1']:.3f} | {row['interval_90'][0]:.2f}–{row['interval_90'][1]:.2f} "
            f"| {way.get('northeast', float('nan')):.3f} | {way.get('west', float('nan')):.3f} "
            f"| {row['hit']} / {row['false']} / {row['missed']} "
            f"| {total['mean']} of {total['true']} ({total['error']:+.1%}) |"
        )
    return "\n".join(lines)


def simulated() -> dict[str, dict[str, float]]:
    """Figures on drawn strips, by the shipped weights."""
    network = load_network()
    return {f"{gsd:.2f} m": measure(network, gsd, DRAWN_STRIPS, SEED) for gsd in DRAWN_GSDS_M}


def drawn_markdown(drawn: dict[str, dict[str, float]]) -> str:
    """The table of drawn strips."""
    lines = [
        "| drawn at | vehicles | F1 | error of the count a strip | kinds, macro F1 | covered, F1 |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row['vehicles']} | {row['f1']:.3f} | {row['count_error']:.1%} | {row['kinds_macro_f1']:.2f} "
        f"| {row['covered_f1']:.2f} |"
        for name, row in drawn.items()
    ]
    return "\n".join(lines)


def speed(network: Network) -> float:
    """Seconds for one kilometre at 0.5 m, pixels in memory to pmf, best of three, warm."""
    from yardwatch.model import Strip

    data = np.random.default_rng(SEED).uniform(0, 1, (3, 33, 2000)).astype(np.float32)
    strip = Strip(track="1 km", step_m=0.5, data=data, visible=np.ones((33, 2000), bool), gsd_m=0.5)
    spent = []
    for _ in range(4):
        begun = time.perf_counter()
        decode_many([look(strip, network).evidence], rng=np.random.default_rng(0), habits=ANYWHERE)
        spent.append(time.perf_counter() - begun)
    return min(spent[1:])


def main() -> None:
    """Print and write the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.count", description=__doc__)
    parser.add_argument("--west", type=Path, help="weights trained on west alone: scored on northeast")
    parser.add_argument("--northeast", type=Path, help="weights trained on northeast alone: scored on west")
    given = parser.parse_args()
    muttenz = Path(os.environ.get("YARDWATCH_DATA", "../shared/data")) / "muttenz"
    if not muttenz.is_dir():
        print(f"skipped: no labelled yard at {muttenz}; set YARDWATCH_DATA")
        return
    pairs = {"northeast": given.west, "west": given.northeast}
    networks = {name: Network.from_bytes(path.read_bytes()) for name, path in pairs.items() if path}
    if not networks:
        print("no weights that saw one block alone: make them with `make train BLOCKS=west OUT=west.onnx` and")
        print("`make train BLOCKS=northeast OUT=northeast.onnx`, then `make bench-count WEST=… NORTHEAST=…`")
        return
    table = cross_block(muttenz, networks)
    drawn = simulated()
    seconds = speed(next(iter(networks.values())))
    print(markdown(table), drawn_markdown(drawn), sep="\n\n")
    print(f"\none kilometre at 0.5 m, one core, warm, pixels to pmf: {seconds:.2f} s")
    result = {
        "real, across blocks (upper bounds)": table,
        "drawn strips of an unseen seed, shipped weights": drawn,
        "seconds_per_km": round(seconds, 3),
        "weights": {name: one.sha256 for name, one in networks.items()},
    }
    (HERE / "count.json").write_text(json.dumps(result, indent=1, default=float) + "\n")
    (HERE / "count.md").write_text(
        f"# Count: real, across blocks (upper bounds)\n\n{__doc__.splitlines()[0]}\n\n{markdown(table)}\n"
    )


if __name__ == "__main__":
    main()
