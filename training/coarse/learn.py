"""Training of the length network: a fixed number of steps, a cosine rate, an averaged copy of the weights."""

from __future__ import annotations

import copy
import io
import math
import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from training.coarse.examples import CoarseExamples, Seen
from training.coarse.grid import ROWS, STEPS
from training.coarse.network import LengthNetwork

TRAINING_STEPS = 8000
BATCH = 16
PEAK_RATE = 4e-3
DECAY = 1e-3
WARM_STEPS = 60
AVERAGING = 0.995
CARS_WEIGHT = 2.0
REPORT_STEPS = 100


def train_coarse(
    data: Path,
    blocks: tuple[str, ...],
    seed: int = 0,
    steps: int = TRAINING_STEPS,
    examples: CoarseExamples | None = None,
) -> bytes:
    """ONNX of a length network that saw these blocks; ten minutes of one core, its yards' painting included."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    examples = examples or CoarseExamples(data, blocks, seed)
    network = LengthNetwork()
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=DECAY)
    begun, losses = time.monotonic(), []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps)
        losses.append(_step(network, optimiser, examples.batch(BATCH)))
        _average(average, network, min(AVERAGING, (step + 1) / (step + 10)))
        if (step + 1) % REPORT_STEPS == 0 or step + 1 == steps:
            spent = time.monotonic() - begun
            print(f"length {step + 1}/{steps} loss {np.mean(losses):.4f} {spent:.0f} s", flush=True)
            losses = []
    return exported(average.eval())


def rate(step: int, steps: int) -> float:
    """Warm-up, then half a cosine down to nothing."""
    return PEAK_RATE * min(1.0, (step + 1) / WARM_STEPS) * 0.5 * (1 + math.cos(math.pi * step / steps))


def loss_of(answer: Tensor, states: Tensor, cars: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the states' shares; Poisson loss of the freight cars on each metre."""
    entropy = -(states * answer[:, :3].log_softmax(dim=1)).sum(dim=1)
    log_cars = answer[:, 3].clamp(-9, 2)
    poisson = log_cars.exp() - cars * log_cars
    return (weight * (entropy + CARS_WEIGHT * poisson)).sum() / weight.sum().clamp(min=1)


def _step(network: nn.Module, optimiser: torch.optim.Optimizer, batch: list[Seen]) -> float:
    network.train()
    x, states, cars, weight = (
        torch.from_numpy(np.stack([getattr(one, name) for one in batch])) for name in ("x", "states", "cars", "weight")
    )
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(x)
    loss = loss_of(answer.float(), states, cars, weight)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()
    return float(loss.detach())


def _average(average: nn.Module, network: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            kept.lerp_(new, 1 - keep) if kept.is_floating_point() else kept.copy_(new)


def exported(network: nn.Module) -> bytes:
    """The network as ONNX, batch and length free."""
    held = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, (torch.zeros(1, 3, ROWS, STEPS),), held, dynamo=False, input_names=["strip"],
            output_names=["answer"], dynamic_axes={"strip": {0: "n", 3: "s"}, "answer": {0: "n", 2: "c"}},
        )  # fmt: skip
    model = onnx.load_from_string(held.getvalue())
    model.producer_name, model.producer_version = "yardwatch-training", ""
    return bytes(model.SerializeToString())
