"""`python -m benchmarks.peer.train --blocks west --out FILE`: the detector's weights from nothing, as ONNX. Torch."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch
from torch import nn
from training.as_onnx import Ports, as_onnx
from training.export import TERMS

from benchmarks.peer.learn import Plan, train
from benchmarks.peer.views import SIDE

BLOCKS = ("west", "northeast")


def main() -> None:
    """Train and export."""
    plan = _plan()
    network = train(plan)
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    plan.out.write_bytes(exported(network, plan))
    numbers = sum(one.numel() for one in network.parameters())
    print(f"{plan.out}: {numbers} parameters, trained on {', '.join(plan.blocks)}")


def exported(network: nn.Module, plan: Plan) -> bytes:
    """ONNX, batch and size free, with what it saw written inside."""
    free = {"image": {0: "n", 2: "y", 3: "x"}, "centres": {0: "n", 2: "v", 3: "u"}}
    example = (torch.zeros(1, 3, SIDE, SIDE),)
    about = {"trained_on": list(plan.blocks), "terms": TERMS, "plan": {"steps": plan.steps, "seed": plan.seed}}
    return as_onnx(network, Ports(example=example, inputs=("image",), outputs=("centres",), free=free), about)


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="benchmarks.peer.train", description=__doc__)
    parser.add_argument("--blocks", required=True, help="comma-separated: west, northeast")
    parser.add_argument("--out", required=True, type=Path, help="ONNX file to write")
    parser.add_argument("--steps", type=int, default=Plan.steps)
    parser.add_argument("--scenes", type=int, default=Plan.scenes, help="simulated yards to learn from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("YARDWATCH_DATA", "../shared/data")))
    given = parser.parse_args()
    blocks = tuple(sorted(name.strip() for name in given.blocks.split(",")))
    if set(blocks) - set(BLOCKS):
        parser.error(f"--blocks {given.blocks}: know {', '.join(BLOCKS)}")
    if not (given.data / "muttenz" / f"{blocks[0]}.tif").is_file():
        parser.error(f"no labelled blocks in {given.data}; set YARDWATCH_DATA to the folder that holds muttenz/")
    return Plan(
        data=given.data, blocks=blocks, out=given.out, steps=given.steps, seed=given.seed, scenes=given.scenes
    )  # fmt: skip


if __name__ == "__main__":
    main()
