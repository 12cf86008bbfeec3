"""The kind network: a small convolutional network over one vehicle's crop."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.layout import KINDS
from yardwatch.cars.crops import COLUMNS, ROWS

BANDS = 6
WIDTHS = (20, 40, 72)
PARTS = 4
"""Stretches of the body that are summed up apart: a cab sits at an end, hatches in a row."""
HIDDEN = 48


class Residual(nn.Module):
    """x + W · relu(norm(3 × 3 convolution of x))."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.wide = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.mix = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(n, width, t, s) to the same."""
        return x + self.mix(torch.relu(self.norm(self.wide(x))))


def _layer(before: int, after: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


class KindNetwork(nn.Module):
    """(n, 6, 16, 64) and (n, 2) to logits (n, kinds + 1): kinds, cover."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = WIDTHS
        self.body = nn.Sequential(
            _layer(BANDS, first, 1), _layer(first, second, 2), Residual(second), Residual(second),
            _layer(second, third, 2), Residual(third), Residual(third),
        )  # fmt: skip
        self.hidden = nn.Linear(third * (PARTS + 1) + 2, HIDDEN)
        self.answer = nn.Linear(HIDDEN, len(KINDS) + 1)

    def forward(self, picture: Tensor, numbers: Tensor) -> Tensor:
        """Logits of one vehicle each."""
        seen = self.body(picture)
        parts = nn.functional.avg_pool2d(seen, (ROWS // 4, COLUMNS // 4 // PARTS)).flatten(1)
        whole = torch.cat([parts, seen.amax(dim=(2, 3)), numbers], dim=1)
        return self.answer(torch.relu(self.hidden(whole)))
