"""Pools of strips on a device: whole drawn strips, or windows of strips that lie end to end."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.layout import SEEN_STEPS
from training.pools.arrays import BRIGHTEST, Arrays

Strips = dict[str, Tensor]
"""A batch: `data` (n, 3, t, s) 0..1 and beyond, `visible` (n, t, s), and what is known of the steps."""


class Pool:
    """Arrays on a device, and the chance of each strip to be drawn."""

    def __init__(self, arrays: Arrays, device: torch.device) -> None:
        self.device = device
        self.held = {name: torch.from_numpy(one).to(device) for name, one in arrays.items() if name != "length"}
        self.reached: Tensor | None = None

    def __len__(self) -> int:
        """Strips."""
        return len(self.held["data"])

    def weigh(self, chances: NDArray[np.float64]) -> None:
        """Draw strips by these chances (n,) from now on, in place of all alike."""
        self.reached = torch.from_numpy(np.cumsum(chances / chances.sum())).to(self.device)

    def chosen(self, n: int) -> Tensor:
        """(n,): numbers of strips."""
        if self.reached is None:
            return torch.randint(len(self), (n,), device=self.device)
        chance = torch.rand(n, device=self.device, dtype=torch.float64)
        return torch.searchsorted(self.reached[:-1].contiguous(), chance, right=True)


class Drawn(Pool):
    """Drawn strips of one size, at the drawn resolution."""

    def strips(self, n: int) -> Strips:
        """So many whole strips."""
        k = self.chosen(n)
        found = {name: one[k] for name, one in self.held.items()}
        bits = found["visible"][..., None] >> torch.arange(7, -1, -1, device=self.device, dtype=torch.uint8)
        return found | {"data": found["data"].float() * (BRIGHTEST / 255), "visible": (bits & 1).flatten(2) > 0}


class Yards(Pool):
    """Strips of simulated yards, end to end."""

    def __init__(self, arrays: Arrays, device: torch.device, size: int = SEEN_STEPS) -> None:
        super().__init__(arrays, device)
        self.size = size
        self.length = torch.from_numpy(arrays["length"]).to(device)
        self.first = self.length.cumsum(0) - self.length

    def __len__(self) -> int:
        """Strips."""
        return len(self.length)

    def windows(self, k: Tensor) -> Strips:
        """A window of `size` steps of each of these strips, from an even step on."""
        spare = (self.length[k] - self.size) // 2 + 1
        first = self.first[k] + 2 * (torch.rand(len(k), device=self.device, dtype=torch.float64) * spare).long()
        at = first[:, None] + torch.arange(self.size, device=self.device)
        found = {
            "data": self.held["data"][:, :, at].permute(2, 0, 1, 3).float() / 255,
            "visible": self.held["visible"][:, at].permute(1, 0, 2),
        }
        if "states" not in self.held:
            return found | {"state": self.held["state"][at], "cars": self.held["cars"][at].float()}
        metres = first[:, None] // 2 + torch.arange(self.size // 2, device=self.device)
        states = self.held["states"][:, metres].permute(1, 0, 2).float()
        return found | {"states": states, "cars": self.held["cars"][metres].float()}


def joined(*parts: Strips) -> Strips:
    """Several batches as one, of what all of them know."""
    names = set.intersection(*(set(part) for part in parts))
    return {name: torch.cat([part[name] for part in parts]) for name in names}
