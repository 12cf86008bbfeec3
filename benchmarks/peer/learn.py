"""Training of the detector. Torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from training.loop import Fitting, Schedule, stacked
from training.muon import adamw

from benchmarks.peer.examples import SCENES, Examples
from benchmarks.peer.network import CentreNetwork
from benchmarks.peer.views import View

PEAK_RATE = 3e-3
DECAY = 1e-3
AVERAGING = 0.99
BATCH = 8
HARD, SPARED = 2.0, 4.0
"""Powers of the centre-point loss: easy cells weigh little, cells beside a middle are spared."""
OFFSET_WEIGHT, LENGTH_WEIGHT, DIRECTION_WEIGHT = 0.5, 1.0, 0.3


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
    examples = Examples(plan.data, plan.blocks, plan.seed, plan.scenes)
    network = CentreNetwork().to(memory_format=torch.channels_last)
    schedule = Schedule(
        name="peer", steps=plan.steps, peak_rate=PEAK_RATE, decay=DECAY, averaging=AVERAGING, optimisers=adamw
    )
    return Fitting(network, schedule).run(lambda one: _loss(one, examples.batch(BATCH)))


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


def _loss(network: nn.Module, batch: list[View]) -> Tensor:
    x, *wanted = stacked(batch, "x", "heat", "known", "shape")
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(x.contiguous(memory_format=torch.channels_last))
    return loss_of(answer.float(), *wanted)
