"""The loop all networks are trained in: a fixed number of steps, a cosine rate, an averaged copy of the weights."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from training.muon import Optimisers, muon

LONGEST_GRADIENT = 2.0
"""Norm to which a step's gradient is cut."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long and how fast; `averaging` is the share of the averaged weights kept at each step."""

    name: str
    steps: int
    peak_rate: float
    decay: float
    averaging: float
    warm_steps: int = 60
    report_steps: int = 100
    optimisers: Callable[[nn.Module, float, float], Optimisers] = muon

    def rate(self, step: int) -> float:
        """Warm-up, then half a cosine down to nothing."""
        warm = min(1.0, (step + 1) / self.warm_steps)
        return self.peak_rate * warm * 0.5 * (1 + math.cos(math.pi * step / self.steps))


@dataclass(eq=False)
class Fitting:
    """A network on its way, with its averaged copy and its optimisers: what a checkpoint holds."""

    network: nn.Module
    schedule: Schedule
    step: int = 0
    average: nn.Module = field(init=False)
    optimisers: Optimisers = field(init=False)

    def __post_init__(self) -> None:
        self.average = copy.deepcopy(self.network)
        self.optimisers = self.schedule.optimisers(self.network, self.schedule.peak_rate, self.schedule.decay)

    def run(self, loss: Callable[[nn.Module], Tensor], kept: Callable[[], None] = lambda: None) -> nn.Module:
        """The averaged network after all steps; `kept` is called whenever progress is printed.

        `loss` draws a batch and gives its loss.
        """
        begun, losses, plan = time.monotonic(), list[Tensor](), self.schedule
        while self.step < plan.steps:
            losses.append(self._one(loss))
            if self.step % plan.report_steps == 0 or self.step == plan.steps:
                spent = time.monotonic() - begun
                mean = float(torch.stack(losses).mean())
                print(f"{plan.name} {self.step}/{plan.steps} loss {mean:.4f} {spent:.0f} s", flush=True)
                losses = []
                kept()
        return self.average.eval()

    def _one(self, loss: Callable[[nn.Module], Tensor]) -> Tensor:
        for group in (group for one in self.optimisers for group in one.param_groups):
            group["lr"] = self.schedule.rate(self.step)
        self.network.train()
        value = loss(self.network)
        self.network.zero_grad()
        value.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), LONGEST_GRADIENT)
        for one in self.optimisers:
            one.step()
        self.step += 1
        _towards(self.average, self.network, min(self.schedule.averaging, self.step / (self.step + 9)))
        return value.detach()  # on its device: a card that must answer at every step waits for the processor


def stacked(batch: list, *names: str) -> tuple[Tensor, ...]:
    """One tensor a field of the examples."""
    return tuple(torch.from_numpy(np.stack([getattr(one, name) for one in batch])) for name in names)


def _towards(average: nn.Module, network: nn.Module, keep: float) -> None:
    pairs = list(zip(average.state_dict().values(), network.state_dict().values(), strict=True))
    moved = [pair for pair in pairs if pair[0].is_floating_point()]
    with torch.no_grad():
        torch._foreach_lerp_([kept for kept, _ in moved], [new for _, new in moved], 1 - keep)
        for kept, new in (pair for pair in pairs if not pair[0].is_floating_point()):
            kept.copy_(new)
