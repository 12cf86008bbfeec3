"""Where the strip network's batches come from: on a processor packs, drawn as they are needed; on a card pools.

A step of a card takes a twentieth of the time that its batch takes to draw. So there strips are drawn once and kept on
the card, and only seeing them (sensor, stretch, corners, turns) is done anew, by the card itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from training import simulated
from training.examples import SIMULATED_SHARE, Examples
from training.hard import WINDOWS, chances, losses
from training.plan import Plan
from training.pools.drawing import Spread, drawn_pool, yard_pool
from training.pools.pool import Drawn, Yards, joined
from training.pools.sensor import sensed
from training.pools.targets import answered
from training.rings import FEW, MANY, Rings
from training.sensor import COARSE_SHARE
from training.stream import batches

YARDS = 1800
DRAWN = {FEW: 4000, MANY: 14000}
"""Strips kept on a card, by their smears."""
AT_ONCE = 256


class Source(Protocol):
    """Batches of a round after another."""

    def harden(self, network: nn.Module) -> None:
        """From now on simulated strips come the oftener the worse this network does on them."""

    def of_round(self, number: int, rings: Rings, step: int) -> Iterator[tuple[Tensor, ...]]:
        """Inputs (n, 3, 32, 512) and targets (n, 3, 256) of one step after another, from a step on. No end."""


class PackSource:
    """Packs drawn as they are needed (`stream`)."""

    def __init__(self, plan: Plan, spread: Spread) -> None:
        self.plan = plan
        self.scenes = simulated.corpus(plan.seed, simulated.SCENES, spread)
        self.examples = Examples(plan.data, list(plan.blocks), plan.seed, self.scenes)
        self.hard: np.ndarray | None = None

    def harden(self, network: nn.Module) -> None:
        """See `Source`."""
        self.hard = chances(network, self.scenes, self.plan.seed)

    def of_round(self, number: int, rings: Rings, step: int) -> Iterator[tuple[Tensor, ...]]:
        """See `Source`."""
        return batches(self.examples.of_round(number, rings, self.hard), self.plan.batch, step, self.plan.workers)


class PoolSource:
    """Pools on a card."""

    def __init__(self, plan: Plan, spread: Spread) -> None:
        self.plan, self.device = plan, torch.device(plan.device)
        self.yards = Yards(yard_pool(plan.seed, YARDS, spread), self.device)
        self.drawn = {
            rings: Drawn(drawn_pool(plan.origin, k, rings, size, spread), self.device)
            for k, (rings, size) in enumerate(DRAWN.items())
        }

    def harden(self, network: nn.Module) -> None:
        """See `Source`."""
        torch.manual_seed(self.plan.seed)  # a round that was stopped finds the same strips hard
        network.eval()
        found = torch.zeros(len(self.yards), device=self.device)
        with torch.no_grad():
            for k in torch.arange(len(self.yards), device=self.device).split(AT_ONCE):
                for _ in range(WINDOWS):
                    found[k] += losses(network, *answered(self.yards.windows(k)))
        self.yards.weigh(simulated.weighed(found.double().cpu().numpy()))

    def of_round(self, number: int, rings: Rings, step: int) -> Iterator[tuple[Tensor, ...]]:
        """See `Source`; a batch depends on the round and its number alone."""
        windows = round(self.plan.batch * SIMULATED_SHARE)
        for at in count(step):
            torch.manual_seed(int(np.random.SeedSequence([self.plan.seed, number, at]).generate_state(1)[0]))
            strips = sensed(self.drawn[rings].strips(self.plan.batch - windows), COARSE_SHARE)
            x, states = answered(joined(strips, self.yards.windows(self.yards.chosen(windows))))
            order = torch.randperm(self.plan.batch, device=self.device)
            yield x[order], states[order]
