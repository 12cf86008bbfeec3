"""Training of the length network."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from training.as_onnx import Ports, as_onnx
from training.coarse.examples import CoarseExamples, Seen
from training.coarse.grid import ROWS, STEPS
from training.coarse.network import LengthNetwork
from training.loop import Fitting, Schedule, stacked

TRAINING_STEPS = (48000, 8000)
"""Of two rounds: on coarse pixels alone; fine ones among them, so that it can be heard beside the strip network."""
BATCH = 16
PEAK_RATES = (4e-3, 2e-3)
FINE_SHARES = (0.0, 0.35)
DECAY = 1e-3
AVERAGING = 0.995
CARS_WEIGHT = 2.0


def train_coarse(data: Path, blocks: tuple[str, ...], seed: int = 0, steps: tuple[int, int] = TRAINING_STEPS) -> bytes:
    """ONNX of a length network that saw these blocks; an hour and a half of one core, with its yards."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    shown = CoarseExamples(data, blocks, seed)
    network: nn.Module = LengthNetwork()
    for number, (rate, share) in enumerate(zip(PEAK_RATES, FINE_SHARES, strict=True)):
        shown.fine_share = share
        plan = Schedule(
            name=f"length round {number + 1} step", steps=steps[number], peak_rate=rate, decay=DECAY,
            averaging=AVERAGING,
        )  # fmt: skip
        network = Fitting(network, plan).run(lambda one: _loss(one, shown.batch(BATCH)))
    return exported(network)


def loss_of(answer: Tensor, states: Tensor, cars: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the states' shares; Poisson loss of the freight cars on each metre."""
    entropy = -(states * answer[:, :3].log_softmax(dim=1)).sum(dim=1)
    log_cars = answer[:, 3].clamp(-9, 2)
    poisson = log_cars.exp() - cars * log_cars
    return (weight * (entropy + CARS_WEIGHT * poisson)).sum() / weight.sum().clamp(min=1)


def _loss(network: nn.Module, batch: list[Seen]) -> Tensor:
    x, *wanted = stacked(batch, "x", "states", "cars", "weight")
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(x)
    return loss_of(answer.float(), *wanted)


def exported(network: nn.Module) -> bytes:
    """The network as ONNX, batch and length free."""
    free = {"strip": {0: "n", 3: "s"}, "answer": {0: "n", 2: "c"}}
    example = (torch.zeros(1, 3, ROWS, STEPS),)
    return as_onnx(network, Ports(example=example, inputs=("strip",), outputs=("answer",), free=free))
