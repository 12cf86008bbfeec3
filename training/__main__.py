"""`python -m training --blocks west,northeast --out FILE`: weights from nothing, all four networks in one file."""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from training.coarse.learn import train_coarse
from training.examples import PACK
from training.export import export
from training.kinds.learn import train_kinds
from training.learn import train
from training.pack import packed
from training.plan import BATCH, STEPS, Plan, device, spare_workers
from training.tracer.learn import train_tracer

BLOCKS = ("west", "northeast")
HERE = Path(__file__).parent


def main() -> None:
    """Train and pack; a part that an earlier run finished is taken from beside the file."""
    plan = _asked()
    if not torch.cuda.is_available():
        torch.set_num_threads(1)
    makers: dict[str, Callable[[], bytes]] = {
        "kind_network": partial(train_kinds, plan.seed),
        "coarse": partial(train_coarse, plan),
        "tracer": partial(train_tracer, plan.data, plan.blocks, plan.seed),
    }
    parts = {name: _part(plan.out.with_suffix(f".{name}.{_recipe(plan)}"), make) for name, make in makers.items()}
    export(train(plan), plan)
    whole = packed(plan.out.read_bytes(), **parts)
    plan.out.write_bytes(whole)
    digest = hashlib.sha256(whole).hexdigest()
    print(f"{plan.out}: {len(whole)} bytes, SHA-256 {digest}, trained on {', '.join(plan.blocks)}")


def _recipe(plan: Plan) -> str:
    """Digest of what a smaller network comes from: one made from other blocks or by other code is made anew."""
    code = [path.read_bytes() for path in sorted(HERE.rglob("*.py")) if ".venv" not in path.parts]
    told = repr((plan.blocks, plan.seed)).encode()
    return hashlib.sha256(b"\0".join([told, *code])).hexdigest()[:12]


def _part(kept: Path, make: Callable[[], bytes]) -> bytes:
    """One smaller network; kept beside the weights until somebody begins anew."""
    if not kept.is_file():
        half = kept.with_name(kept.name + ".half")
        half.write_bytes(make())
        half.replace(kept)
    return kept.read_bytes()


def _asked() -> Plan:
    parser = argparse.ArgumentParser(prog="training", description=__doc__)
    parser.add_argument("--blocks", required=True, help="comma-separated: west, northeast")
    parser.add_argument("--out", required=True, type=Path, help="file to write")
    parser.add_argument(
        "--steps", type=_steps, default=STEPS[device()], help="of the strip network's four rounds: N,N,N,N"
    )
    parser.add_argument("--batch", type=int, default=BATCH[device()])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=spare_workers(), help="processes that draw examples beside it")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("YARDWATCH_DATA", "../shared/data")))
    given = parser.parse_args()
    blocks = tuple(sorted(name.strip() for name in given.blocks.split(",")))
    if given.batch < 1 or PACK % given.batch:
        parser.error(f"--batch {given.batch}: must divide {PACK}")
    if not blocks or set(blocks) - set(BLOCKS):
        parser.error(f"--blocks {given.blocks}: know {', '.join(BLOCKS)}")
    if not (given.data / "muttenz" / f"{blocks[0]}.tif").is_file():
        parser.error(f"no labelled blocks in {given.data}; set YARDWATCH_DATA to the folder that holds muttenz/")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    return Plan(
        data=given.data, blocks=blocks, out=given.out, steps=given.steps, batch=given.batch, seed=given.seed,
        workers=given.workers,
    )  # fmt: skip


def _steps(text: str) -> tuple[int, ...]:
    steps = tuple(int(part) for part in text.split(","))
    if len(steps) != len(STEPS["cpu"]) or min(steps) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: one number of steps for each of {len(STEPS['cpu'])} rounds")
    return steps


if __name__ == "__main__":
    main()
