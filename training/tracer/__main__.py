"""`python -m training.tracer --blocks west --into FILE`: a track network from nothing, put into strip weights."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from training.tracer.learn import STEPS, train_tracer
from training.tracer.pack import packed


def main() -> None:
    """Train, and put the result into a file of strip weights or beside it."""
    parser = argparse.ArgumentParser(prog="training.tracer", description=__doc__)
    parser.add_argument("--blocks", required=True, help="comma-separated: west, northeast")
    parser.add_argument("--into", type=Path, help="strip weights that take it in")
    parser.add_argument("--out", type=Path, help="a loose ONNX file")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("YARDWATCH_DATA", "../shared/data")))
    given = parser.parse_args()
    blocks = tuple(sorted(name.strip() for name in given.blocks.split(",")))
    made = train_tracer(given.data, blocks, given.seed, given.steps)
    if given.out:
        given.out.write_bytes(made)
    if given.into:
        given.into.write_bytes(packed(given.into.read_bytes(), made))


if __name__ == "__main__":
    main()
