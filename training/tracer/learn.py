"""Training of the track network."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.as_onnx import Ports, as_onnx
from training.loop import Fitting, Schedule, stacked
from training.muon import adamw
from training.tracer.examples import Examples
from training.tracer.network import TrackNetwork
from training.tracer.views import SEEN, View

STEPS = 2200
BATCH = 12
PEAK_RATE = 4e-3
DECAY = 1e-3
AVERAGING = 0.995
DIRECTION_WEIGHT = 0.3


def train_tracer(data: Path, blocks: tuple[str, ...], seed: int = 0, steps: int = STEPS) -> bytes:
    """ONNX of a track network that saw these blocks; twelve minutes of one core."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    examples = Examples(data, blocks, seed)
    network = TrackNetwork().to(memory_format=torch.channels_last)
    plan = Schedule(name="tracer", steps=steps, peak_rate=PEAK_RATE, decay=DECAY, averaging=AVERAGING, optimisers=adamw)
    return exported(Fitting(network, plan).run(lambda one: _loss(one, examples.batch(BATCH))))


def loss_of(answer: Tensor, heat: Tensor, direction: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the heat where it is known; squared error of the direction near tracks."""
    entropy = functional.binary_cross_entropy_with_logits(answer[:, 0], heat, reduction="none")
    near = heat * (weight > 0)
    off = ((answer[:, 1:] - direction) ** 2).sum(dim=1)
    return (weight * entropy).sum() / weight.sum().clamp(min=1) + DIRECTION_WEIGHT * (
        near * off
    ).sum() / near.sum().clamp(min=1)


def _loss(network: nn.Module, batch: list[View]) -> Tensor:
    x, *wanted = stacked(batch, "x", "heat", "direction", "weight")
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(x.contiguous(memory_format=torch.channels_last))
    return loss_of(answer.float(), *wanted)


def exported(network: nn.Module) -> bytes:
    """The network as ONNX, batch and size free."""
    free = {"image": {0: "n", 2: "y", 3: "x"}, "answer": {0: "n", 2: "v", 3: "u"}}
    example = (torch.zeros(1, 3, SEEN[0], SEEN[1] // 2),)
    return as_onnx(network, Ports(example=example, inputs=("image",), outputs=("answer",), free=free))
