"""The detector's network: a light U-Net from 0.5 m pixels down to 4 m and up again to 1 m. Torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.peer.decoding import CHANNELS

STEM, FINE, MIDDLE, COARSE = 16, 32, 56, 88
REACH = (1, 2, 4, 1)
"""Dilations at 4 m: an answer sees some 80 m, six vehicles."""
RARE = -3.0
"""Logit of a middle before anything is learnt: few cells are one."""


def _block(before: int, after: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=dilation, dilation=dilation, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class CentreNetwork(nn.Module):
    """(n, 3, 2h, 2w) to (n, 6, h, w), h and w multiples of 4: the answer that `decoding` describes."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(_block(3, STEM), _block(STEM, FINE, stride=2), _block(FINE, FINE))
        self.middle = nn.Sequential(_block(FINE, MIDDLE, stride=2), _block(MIDDLE, MIDDLE))
        self.down = _block(MIDDLE, COARSE, stride=2)
        self.coarse = nn.ModuleList([_block(COARSE, COARSE, dilation=d) for d in REACH])
        self.to_middle = nn.Conv2d(COARSE, MIDDLE, 1)
        self.middle_up = _block(MIDDLE, MIDDLE)
        self.to_fine = nn.Conv2d(MIDDLE, FINE, 1)
        self.fine_up = nn.Sequential(_block(FINE, FINE), _block(FINE, FINE))
        self.answer = nn.Conv2d(FINE, CHANNELS, 1)
        nn.init.constant_(self.answer.bias[:1], RARE)
        self.twice = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)

    def forward(self, x: Tensor) -> Tensor:
        """The answer, a metre a cell."""
        fine = self.fine(x)
        middle = self.middle(fine)
        coarse = self.down(middle)
        for block in self.coarse:
            coarse = coarse + block(coarse)
        middle = self.middle_up(torch.relu(middle + self.twice(self.to_middle(coarse))))
        return self.answer(self.fine_up(torch.relu(fine + self.twice(self.to_fine(middle)))))
