"""`python -m training.kinds --into FILE`: a kind network from nothing, put into strip weights."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.kinds.learn import SCENES, STEPS, train_kinds
from training.pack import packed


def main() -> None:
    """Train, and put the result into a file of strip weights or beside it."""
    parser = argparse.ArgumentParser(prog="training.kinds", description=__doc__)
    parser.add_argument("--into", type=Path, help="strip weights that take it in")
    parser.add_argument("--out", type=Path, help="a loose ONNX file")
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    made = train_kinds(given.seed, given.scenes, given.steps)
    if given.out:
        given.out.write_bytes(made)
    if given.into:
        given.into.write_bytes(packed(given.into.read_bytes(), kind_network=made))


if __name__ == "__main__":
    main()
