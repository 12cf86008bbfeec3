"""The length network: the strip network's shape, on metres of track."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.coarse.grid import ROWS
from training.network import Residual, Residual2D, _stem

STEM = (16, 32, 48)
PLANE = 2
"""Residual blocks in the plane."""
WIDTH = 96
DILATIONS = (1, 2, 4, 8, 16, 1, 2, 4, 8)
"""Metres: an answer sees about 90 m of track."""
ANSWERS = 4
"""Empty, body, gap; the logarithm of freight cars a metre."""


class LengthNetwork(nn.Module):
    """(n, 3, 16, s) to (n, 4, s / 2)."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = STEM
        self.stem = nn.Sequential(_stem(3, first, (2, 1)), _stem(first, second, (2, 2)), _stem(second, third, (1, 1)))
        self.plane = nn.Sequential(*[Residual2D(third) for _ in range(PLANE)])
        self.across = nn.Conv2d(third, WIDTH, (ROWS // 4, 1))
        self.along = nn.Sequential(*[Residual(WIDTH, dilation) for dilation in DILATIONS])
        self.answer = nn.Conv1d(WIDTH, ANSWERS, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Answers a metre."""
        seen = torch.relu(self.across(self.plane(self.stem(x))))[:, :, 0]
        return self.answer(self.along(seen))
