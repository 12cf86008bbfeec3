"""The strip network: residual blocks in the plane, then dilated residual blocks along the track."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.layout import SEEN_ROWS

STEM = (16, 32, 48)
PLANE = 2
"""Residual blocks in the plane: edges, shadows and rails are seen together before the rows are summed up."""
WIDTH = 64
DILATIONS = (1, 2, 4, 8, 16, 1, 2, 4, 8, 16)
"""Half-metre cells: an answer sees about 60 m of track, four cars."""


class Residual(nn.Module):
    """x + W · relu(norm(dilated convolution of x))."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.wide = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(width)
        self.mix = nn.Conv1d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(n, width, s) to the same."""
        return x + self.mix(torch.relu(self.norm(self.wide(x))))


class Residual2D(nn.Module):
    """The same in the plane: x + W · relu(norm(3 × 3 convolution of x))."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.wide = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.mix = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(n, width, t, s) to the same."""
        return x + self.mix(torch.relu(self.norm(self.wide(x))))


def _stem(before: int, after: int, stride: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


class StripNetwork(nn.Module):
    """(n, 3, 32, s) to logits (n, 3, s / 2) of empty, body, gap."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = STEM
        self.stem = nn.Sequential(_stem(3, first, (2, 1)), _stem(first, second, (2, 2)), _stem(second, third, (1, 1)))
        self.plane = nn.Sequential(*[Residual2D(third) for _ in range(PLANE)])
        self.across = nn.Conv2d(third, WIDTH, (SEEN_ROWS // 4, 1))
        self.along = nn.Sequential(*[Residual(WIDTH, dilation) for dilation in DILATIONS])
        self.answer = nn.Conv1d(WIDTH, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, half a metre a cell."""
        seen = torch.relu(self.across(self.plane(self.stem(x))))[:, :, 0]
        return self.answer(self.along(seen))
