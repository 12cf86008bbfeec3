"""The strip network: a two-dimensional stem that looks across the track, then dilated residual blocks along it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.layout import KINDS, SEEN_ROWS

STEM = (16, 32, 48)
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


def _stem(before: int, after: int, stride: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


class StripNetwork(nn.Module):
    """(n, 3, 32, s) to logits (n, 3 + kinds + 1, s / 2): states, kinds, cover."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = STEM
        self.stem = nn.Sequential(_stem(3, first, (2, 1)), _stem(first, second, (2, 2)), _stem(second, third, (1, 1)))
        self.across = nn.Conv2d(third, WIDTH, (SEEN_ROWS // 4, 1))
        self.along = nn.Sequential(*[Residual(WIDTH, dilation) for dilation in DILATIONS])
        self.answer = nn.Conv1d(WIDTH, 3 + len(KINDS) + 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits, half a metre a cell."""
        seen = torch.relu(self.across(self.stem(x)))[:, :, 0]
        return self.answer(self.along(seen))
