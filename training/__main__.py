"""`python -m training --blocks west,northeast --out FILE`: weights from nothing."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch

from training.export import export
from training.learn import Plan, train

BLOCKS = ("west", "northeast")


def main() -> None:
    """Train and export."""
    parser = argparse.ArgumentParser(prog="training", description=__doc__)
    parser.add_argument("--blocks", required=True, help="comma-separated: west, northeast")
    parser.add_argument("--out", required=True, type=Path, help="ONNX file to write")
    parser.add_argument("--steps", type=int, default=Plan.steps)
    parser.add_argument("--batch", type=int, default=Plan.batch)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("YARDWATCH_DATA", "../shared/data")))
    given = parser.parse_args()
    blocks = tuple(sorted(name.strip() for name in given.blocks.split(",")))
    if not blocks or set(blocks) - set(BLOCKS):
        parser.error(f"--blocks {given.blocks}: know {', '.join(BLOCKS)}")
    if not (given.data / "muttenz" / f"{blocks[0]}.tif").is_file():
        parser.error(f"no labelled blocks in {given.data}; set YARDWATCH_DATA to the folder that holds muttenz/")
    if not torch.cuda.is_available():
        torch.set_num_threads(1)
    plan = Plan(data=given.data, blocks=blocks, out=given.out, steps=given.steps, batch=given.batch, seed=given.seed)
    digest = export(train(plan), plan)
    print(f"{given.out}: {given.out.stat().st_size} bytes, SHA-256 {digest}, trained on {', '.join(blocks)}")


if __name__ == "__main__":
    main()
