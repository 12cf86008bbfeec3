"""Accuracy of the count: the labelled yard scored across its blocks, simulated yards beside it, never in one column.

Each block is scored with weights that saw only the other one. Both blocks are one yard on one day, and smears of the
publisher's outlines betray the vehicles' ends, so the real figures are upper bounds.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import simulated, tracing
from benchmarks.across import GSDS_M, cross_block, markdown, untracked
from benchmarks.calibrate import kept
from benchmarks.speed import kilometre
from yardwatch.cars.kinds import freight_only, kinds_of, tell
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import Network
from yardwatch.cars.packed import TRACER, part
from yardwatch.cars.readers import speak
from yardwatch.cars.segment import decode_many
from yardwatch.cars.tracing.packed import tracer_of
from yardwatch.steps.weights import load_network

HERE = Path(__file__).parent
SEED = 20240617


def speed(network: Network) -> float:
    """Processor seconds for a kilometre with cars at 0.5 m, pixels in memory to the freight cars' pmf; best of five."""
    strip, kinds = kilometre(np.random.default_rng(SEED)), kinds_of(network)
    spent = []
    for _ in range(6):
        begun = time.process_time()
        found = decode_many([speak(strip, network)], rng=np.random.default_rng(0), habits=ANYWHERE)[0]
        freight_only(found.pmf, [one.freight for one in tell(found.cars, strip, kinds)])
        spent.append(time.process_time() - begun)
    return min(spent[1:])


def real(data: Path, networks: dict[str, Network]) -> dict[str, Any]:
    """Everything measured on real pixels; `networks` by the block they are scored on."""
    found: dict[str, Any] = {"across blocks": cross_block(data / "muttenz", networks)}
    tracers = {name: tracer_of(network) if part(network, TRACER) else None for name, network in networks.items()}
    ways = {name: (networks[name], tracer) for name, tracer in tracers.items() if tracer is not None}
    if ways:
        found["without given tracks, 0.5 m"] = untracked(data / "muttenz", ways)
        for name, way in ways.items():
            saw = ", ".join(networks[name].trained_on)
            found[f"look-alikes, weights of {saw}"] = tracing.look_alikes(data, way)
            found[f"negatives, weights of {saw}"] = tracing.negatives(data, way)
    return found


def drawn(yards: int) -> dict[str, dict[str, float]]:
    """Simulated yards, by the shipped weights."""
    return {f"{gsd:.1f} m": simulated.measure(gsd, yards=yards) for gsd in simulated.GSDS_M}


def report(found: dict[str, Any], table: dict[str, dict[str, float]], held: dict[str, Any], seconds: float) -> str:
    """The page."""
    parts = [
        "# Count",
        __doc__,
        "## Real pixels, across blocks (upper bounds)",
        markdown(found["across blocks"]),
        *[f"**{name}**: {json.dumps(value, ensure_ascii=False)}" for name, value in found.items() if "," in name],
        "## Simulated yards, unseen seeds, shipped weights",
        simulated.markdown(table),
        "## The 90 % interval on simulated yards that had no part in its calibration",
        "\n".join(interval_line(name, one) for name, one in held.items()) or "not made for these weights",
        "`python -m benchmarks.calibrate` prints these.",
        f"One kilometre at 0.5 m, one core, warm, pixels to the pmf of freight cars: {seconds:.2f} s (processor)",
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def interval_line(name: str, one: dict[str, Any]) -> str:
    """What the interval of one class held."""
    sizes = ", ".join(f"{size} cars {held:.0%} of {yards}" for size, (yards, held) in one["inside_by_size"].items())
    return (
        f"- {name}: holds {one['inside']:.1%} of {one['yards']}, mean width {one['width']:.0%} of the truth; error "
        f"of the count {one['error']:.1%}, of its mean {one['mean_error']:.1%}, of length ÷ pitch "
        f"{one['length_error']:.1%}; F1 {one['f1']:.3f}. By what stood there: {sizes}"
    )


def main() -> None:
    """Print and write the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.count", description=__doc__)
    parser.add_argument("--west", type=Path, help="weights trained on west alone: scored on northeast")
    parser.add_argument("--northeast", type=Path, help="weights trained on northeast alone: scored on west")
    parser.add_argument("--yards", type=int, default=simulated.YARDS, help="simulated yards a GSD")
    given = parser.parse_args()
    data = Path(os.environ.get("YARDWATCH_DATA", "../shared/data"))
    if not (data / "muttenz").is_dir():
        print(f"skipped: no labelled yard in {data}; set YARDWATCH_DATA")
        return
    pairs = {"northeast": given.west, "west": given.northeast}
    networks = {name: Network.from_bytes(path.read_bytes()) for name, path in pairs.items() if path}
    if not networks:
        print("no weights that saw one block alone: make them with `make train BLOCKS=west OUT=west.onnx` and")
        print("`make train BLOCKS=northeast OUT=northeast.onnx`, then `make bench-count WEST=… NORTHEAST=…`")
        return
    shipped = load_network()
    found, table, held = real(data, networks), drawn(given.yards), kept(shipped.sha256)
    seconds = speed(shipped)
    page = report(found, table, held, seconds)
    print(page)
    result = {
        "real": found, "simulated": table, "interval": held,
        "seconds_per_km": round(seconds, 3), "gsds_m": GSDS_M,
        "weights": {name: one.sha256 for name, one in networks.items()},
    }  # fmt: skip
    (HERE / "count.json").write_text(json.dumps(result, indent=1, default=float, ensure_ascii=False) + "\n")
    (HERE / "count.md").write_text(page)


if __name__ == "__main__":
    main()
