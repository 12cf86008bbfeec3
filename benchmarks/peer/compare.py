"""The strip counter and a centre-point detector on the same scenes, in one process: accuracy and speed.

`python -m benchmarks.peer.compare --west FILE --northeast FILE --peer-west FILE --peer-northeast FILE` prints a table a
kind of data and writes benchmarks/peer.json and benchmarks/peer.md. Weights named `west` saw west alone and are scored
on northeast, and the other way round.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from benchmarks.peer.counters import Peer
from benchmarks.peer.detect import Detector
from benchmarks.peer.real import export, real_table, shots
from benchmarks.peer.simulated import YARDS, simulated_table
from benchmarks.peer.tables import page
from benchmarks.peer.threshold import with_thresholds
from yardwatch.cars.network import Network

HERE = Path(__file__).parents[1]


def main() -> None:
    """Print and write the tables."""
    given = _arguments()
    muttenz = Path(os.environ.get("YARDWATCH_DATA", "../shared/data")) / "muttenz"
    if not muttenz.is_dir():
        print(f"skipped: no labelled yard at {muttenz}; set YARDWATCH_DATA")
        return
    weights = {
        "northeast": _loaded(given.west, given.peer_west),
        "west": _loaded(given.northeast, given.peer_northeast),
    }
    real = real_table(muttenz, weights)
    yards = simulated_table(list(weights.values()), given.yards)
    if given.boxes:
        export(shots(muttenz, weights, 0.5), given.boxes)
    text = page(real, yards, given.yards)
    print(text)
    result = {
        "real, across blocks (upper bounds)": real,
        f"simulated, {given.yards} yards of unseen seeds": yards,
        "weights": {name: {"strip": a.sha256, "peer": b.detector.sha256} for name, (a, b) in weights.items()},
    }
    (given.out / "peer.json").write_text(json.dumps(result, indent=1, default=float) + "\n", encoding="utf-8")
    (given.out / "peer.md").write_text(text, encoding="utf-8")


def _loaded(strip: Path, peer: Path) -> tuple[Network, Peer]:
    return Network.from_bytes(strip.read_bytes()), with_thresholds(Detector.from_bytes(peer.read_bytes()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.peer.compare", description=__doc__)
    parser.add_argument("--west", type=Path, required=True, help="strip weights trained on west alone")
    parser.add_argument("--northeast", type=Path, required=True, help="strip weights trained on northeast alone")
    parser.add_argument("--peer-west", type=Path, required=True, help="detector trained on west alone")
    parser.add_argument("--peer-northeast", type=Path, required=True, help="detector trained on northeast alone")
    parser.add_argument("--yards", type=int, default=YARDS, help="simulated yards")
    parser.add_argument("--boxes", type=Path, help="folder for the detector's boxes as GeoJSON, to be looked at")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for peer.json and peer.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
