"""Training of the length network from pools, on a card or on one core."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext

import torch
from torch import Tensor, nn

from training.as_onnx import Ports, as_onnx
from training.coarse.grid import ROWS, STEPS
from training.coarse.network import LengthNetwork
from training.loop import Fitting, Schedule
from training.plan import Plan
from training.pools.drawing import Spread, coarse_pool, drawn_pool, yard_pool
from training.pools.pool import Drawn, Yards, joined
from training.pools.sensor import sensed
from training.pools.targets import Lengths, lengths, on_metres
from training.rings import MANY

DECAY = 1e-3
AVERAGING = 0.996
CARS_WEIGHT = 2.0
DRAWN, FINE_YARDS, COARSE_YARDS = 10000, 1800, 3600
"""Drawn strips, and yards at fine and at coarse GSDs."""
TRAINING_STEPS, BATCH, PEAK_RATE = 20000, 64, 4e-3
DRAWN_SHARE, FINE_SHARE = 0.2, 0.35
"""Of a batch: strips with real parts, windows of yards at fine GSDs. The rest are windows of coarse yards."""
COARSER = 0.3
"""Of the strips with real parts, those seen in pixels above 1.05 m."""


class Shown:
    """Everything that is shown, on the plan's device."""

    def __init__(self, plan: Plan, spread: Spread) -> None:
        self.device = torch.device(plan.device)
        self.drawn = Drawn(drawn_pool(plan.origin, 1, MANY, DRAWN, spread), self.device)
        self.fine = Yards(yard_pool(plan.seed, FINE_YARDS, spread), self.device)
        self.coarse = Yards(coarse_pool(plan.seed, COARSE_YARDS, spread), self.device, STEPS)
        for one in (self.fine, self.coarse):  # a longer strip holds more windows
            one.weigh(one.length.double().cpu().numpy())

    def batch(self) -> Lengths:
        """A fresh one."""
        drawn, fine = round(DRAWN_SHARE * BATCH), round(FINE_SHARE * BATCH)
        near = joined(sensed(self.drawn.strips(drawn), COARSER), self.fine.windows(self.fine.chosen(fine)))
        return lengths(joined(on_metres(near), self.coarse.windows(self.coarse.chosen(BATCH - drawn - fine))))


def train_coarse(plan: Plan, steps: int = TRAINING_STEPS) -> bytes:
    """ONNX of a length network that saw the plan's blocks: four hours of one core, or ten minutes of a card."""
    with ProcessPoolExecutor(plan.workers) if plan.workers else nullcontext() as pool:
        shown = Shown(plan, pool.map if pool else map)
    torch.manual_seed(plan.seed)
    network: nn.Module = LengthNetwork().to(plan.device, memory_format=torch.channels_last)
    schedule = Schedule(
        name="length step", steps=steps, peak_rate=PEAK_RATE, decay=DECAY, averaging=AVERAGING, warm_steps=100
    )
    return exported(Fitting(network, schedule).run(lambda one: _loss(one, shown.batch())).cpu())


def loss_of(answer: Tensor, states: Tensor, cars: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of the states' shares; Poisson loss of the freight cars on each metre."""
    entropy = -(states * answer[:, :3].log_softmax(dim=1)).sum(dim=1)
    log_cars = answer[:, 3].clamp(-9, 2)
    poisson = log_cars.exp() - cars * log_cars
    return (weight * (entropy + CARS_WEIGHT * poisson)).sum() / weight.sum().clamp(min=1)


def _loss(network: nn.Module, batch: Lengths) -> Tensor:
    with torch.autocast(batch.x.device.type, torch.bfloat16):
        answer = network(batch.x.contiguous(memory_format=torch.channels_last))
    return loss_of(answer.float(), batch.states, batch.cars, batch.weight)


def exported(network: nn.Module) -> bytes:
    """The network as ONNX, batch and length free."""
    free = {"strip": {0: "n", 3: "s"}, "answer": {0: "n", 2: "c"}}
    example = (torch.zeros(1, 3, ROWS, STEPS),)
    return as_onnx(network, Ports(example=example, inputs=("strip",), outputs=("answer",), free=free))
