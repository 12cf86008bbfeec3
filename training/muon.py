"""Muon: each weight matrix goes the way of its gradient with all directions made equally long.

The gradient of a convolution has few strong directions and many weak ones; AdamW, which looks at single numbers,
follows the strong ones. Muon (Jordan et al. 2024) takes the nearest orthonormal matrix of the smoothed gradient in its
place, scaled to the length of AdamW's steps (Liu et al. 2025, arXiv:2502.16982), so that AdamW's rates hold.
`torch.optim.Muon` takes matrices alone; here a convolution is one, with a row for each channel it makes. What it
brought: docs/counting.md.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from training.orthonormal import orthonormal

MOMENTUM = 0.95
LENGTH = 0.2
"""Root mean square of AdamW's steps, in rates."""
Optimisers = tuple[torch.optim.Optimizer, ...]


class Muon(torch.optim.Optimizer):
    """For parameters of two dimensions and more."""

    def __init__(self, parameters: Iterable[nn.Parameter], rate: float, decay: float) -> None:
        super().__init__(parameters, {"lr": rate, "weight_decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        """One step of every parameter that has a gradient."""
        for group in self.param_groups:
            for one in (one for one in group["params"] if one.grad is not None):
                one.mul_(1 - group["lr"] * group["weight_decay"])
                one.add_(self._towards(one), alpha=-group["lr"])

    def _towards(self, one: nn.Parameter) -> Tensor:
        """The step of a parameter at a rate of one."""
        state = self.state[one]
        if not state:
            state["smooth"] = torch.zeros_like(one)
        smooth = state["smooth"].lerp_(one.grad, 1 - MOMENTUM)
        ahead = one.grad.lerp(smooth, MOMENTUM).flatten(1)
        return (LENGTH * max(ahead.shape) ** 0.5 * orthonormal(ahead)).reshape(one.shape)


def muon(network: nn.Module, rate: float, decay: float) -> Optimisers:
    """Muon for matrices and convolutions, AdamW for biases and norms."""
    parameters = list(network.parameters())
    return (
        Muon([one for one in parameters if one.ndim > 1], rate, decay),
        torch.optim.AdamW([one for one in parameters if one.ndim < 2], rate, weight_decay=decay),
    )


def adamw(network: nn.Module, rate: float, decay: float) -> Optimisers:
    """AdamW for everything."""
    return (torch.optim.AdamW(network.parameters(), rate, weight_decay=decay),)
