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
    """For parameters of two dimensions and more.

    Those of one shape take their steps together: a card then starts few of its programs in place of thousands.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], rate: float, decay: float) -> None:
        alike: dict[torch.Size, list[nn.Parameter]] = {}
        for one in parameters:
            alike.setdefault(one.shape, []).append(one)
        super().__init__([{"params": some} for some in alike.values()], {"lr": rate, "weight_decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        """One step of every parameter; each must have a gradient."""
        for group in self.param_groups:
            some = group["params"]
            steps = self._towards(some).unbind()
            torch._foreach_mul_(some, 1 - group["lr"] * group["weight_decay"])
            torch._foreach_add_(some, [way.reshape(some[0].shape) for way in steps], alpha=-group["lr"])

    def _towards(self, some: list[nn.Parameter]) -> Tensor:
        """(n, a, b): the steps of parameters of one shape at a rate of one."""
        given = torch.stack([one.grad.flatten(1) for one in some])
        state = self.state[some[0]]
        if not state:
            state["smooth"] = torch.zeros_like(given)
        smooth = state["smooth"].lerp_(given, 1 - MOMENTUM)
        ahead = given.lerp(smooth, MOMENTUM)
        return LENGTH * max(ahead.shape[1:]) ** 0.5 * orthonormal(ahead)


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
