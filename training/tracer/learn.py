"""Training of the track network: a fixed number of steps, a cosine rate, an averaged copy of the weights."""

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
from torch.nn import functional

from training.tracer.examples import Examples
from training.tracer.network import TrackNetwork
from training.tracer.views import SEEN, View

STEPS = 2200
BATCH = 12
PEAK_RATE = 4e-3
DECAY = 1e-3
WARM_STEPS = 60
AVERAGING = 0.995
DIRECTION_WEIGHT = 0.3
REPORT_STEPS = 100


def train_tracer(data: Path, blocks: tuple[str, ...], seed: int = 0, steps: int = STEPS) -> bytes:
    """ONNX of a track network that saw these blocks; twelve minutes of one core."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    examples = Examples(data, blocks, seed)
    network = TrackNetwork().to(memory_format=torch.channels_last)
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=DECAY)
    begun, losses = time.monotonic(), []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps)
        losses.append(_step(network, optimiser, examples.batch(BATCH)))
        _average(average, network, min(AVERAGING, (step + 1) / (step + 10)))
        if (step + 1) % REPORT_STEPS == 0 or step + 1 == steps:
            print(f"tracer {step + 1}/{steps} loss {np.mean(losses):.4f} {time.monotonic() - begun:.0f} s", flush=True)
            losses = []
    return exported(average.eval())


def rate(step: int, steps: int) -> float:
    """Warm-up, then half a cosine down to nothing."""
    return PEAK_RATE * min(1.0, (step + 1) / WARM_STEPS) * 0.5 * (1 + math.cos(math.pi * step / steps))


def loss_of(answer: Tensor, heat: Tensor, direction: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the heat where it is known; squared error of the direction near tracks."""
    entropy = functional.binary_cross_entropy_with_logits(answer[:, 0], heat, reduction="none")
    near = heat * (weight > 0)
    off = ((answer[:, 1:] - direction) ** 2).sum(dim=1)
    return (weight * entropy).sum() / weight.sum().clamp(min=1) + DIRECTION_WEIGHT * (
        near * off
    ).sum() / near.sum().clamp(min=1)


def _step(network: nn.Module, optimiser: torch.optim.Optimizer, batch: list[View]) -> float:
    network.train()
    x, heat, direction, weight = (
        torch.from_numpy(np.stack([getattr(one, name) for one in batch]))
        for name in ("x", "heat", "direction", "weight")
    )
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(x.contiguous(memory_format=torch.channels_last))
    loss = loss_of(answer.float(), heat, direction, weight)
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
    """The network as ONNX, batch and size free."""
    held = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.to(memory_format=torch.contiguous_format), (torch.zeros(1, 3, SEEN[0], SEEN[1] // 2),), held,
            dynamo=False,
            input_names=["image"], output_names=["answer"],
            dynamic_axes={"image": {0: "n", 2: "y", 3: "x"}, "answer": {0: "n", 2: "v", 3: "u"}},
        )  # fmt: skip
    model = onnx.load_from_string(held.getvalue())
    model.producer_name, model.producer_version = "yardwatch-training", ""
    return bytes(model.SerializeToString())
