"""Training of the detector: a fixed number of steps, a cosine rate, an averaged copy of the weights. Torch."""

from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.peer.examples import SCENES, Examples
from benchmarks.peer.network import CentreNetwork
from benchmarks.peer.views import View

PEAK_RATE = 3e-3
DECAY = 1e-3
WARM_STEPS = 60
AVERAGING = 0.99
BATCH = 8
HARD, SPARED = 2.0, 4.0
"""Powers of the centre-point loss: easy cells weigh little, cells beside a middle are spared."""
OFFSET_WEIGHT, LENGTH_WEIGHT, DIRECTION_WEIGHT = 0.5, 1.0, 0.3
REPORT_STEPS = 100


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is trained on what."""

    data: Path
    blocks: tuple[str, ...]
    out: Path
    steps: int = 2200
    seed: int = 0
    scenes: int = SCENES


def train(plan: Plan) -> nn.Module:
    """The averaged network; about eight minutes of one core."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    begun, losses = time.process_time(), []
    examples = Examples(plan.data, plan.blocks, plan.seed, plan.scenes)
    print(f"grounds {time.process_time() - begun:.0f} s", flush=True)
    network = CentreNetwork().to(memory_format=torch.channels_last)
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=DECAY)
    for step in range(plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = rate(step, plan.steps)
        losses.append(_step(network, optimiser, examples.batch(BATCH)))
        _average(average, network, min(AVERAGING, (step + 1) / (step + 10)))
        if (step + 1) % REPORT_STEPS == 0 or step + 1 == plan.steps:
            print(f"step {step + 1} loss {np.mean(losses):.3f} {time.process_time() - begun:.0f} s", flush=True)
            losses = []
    return average.eval()


def rate(step: int, steps: int) -> float:
    """Warm-up, then half a cosine down to nothing."""
    return PEAK_RATE * min(1.0, (step + 1) / WARM_STEPS) * 0.5 * (1 + math.cos(math.pi * step / steps))


def loss_of(answer: Tensor, heat: Tensor, known: Tensor, shape: Tensor) -> Tensor:
    """Heat by the centre-point loss where it is known; offset, length and direction near middles, absolute errors."""
    near = heat * (shape[:, 3:].abs().sum(dim=1) > 0)
    off = (answer[:, 1:] - shape).abs()
    shapes = (
        OFFSET_WEIGHT * off[:, :2].sum(dim=1) + LENGTH_WEIGHT * off[:, 2] + DIRECTION_WEIGHT * off[:, 3:].sum(dim=1)
    )
    return _heat_loss(answer[:, 0], heat, known) + (near * shapes).sum() / near.sum().clamp(min=1)


def _heat_loss(logit: Tensor, heat: Tensor, known: Tensor) -> Tensor:
    share = logit.sigmoid()
    peak = (heat >= 1).float()
    missed = peak * (1 - share) ** HARD * functional.softplus(-logit)
    false = (1 - peak) * (1 - heat) ** SPARED * share**HARD * functional.softplus(logit)
    return (known * (missed + false)).sum() / peak.sum().clamp(min=1)


def _step(network: nn.Module, optimiser: torch.optim.Optimizer, batch: list[View]) -> float:
    network.train()
    x, *wanted = (
        torch.from_numpy(np.stack([getattr(one, name) for one in batch])) for name in ("x", "heat", "known", "shape")
    )
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(x.contiguous(memory_format=torch.channels_last))
    loss = loss_of(answer.float(), *wanted)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()
    return float(loss.detach())


def _average(average: nn.Module, network: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            kept.lerp_(new, 1 - keep) if kept.is_floating_point() else kept.copy_(new)
