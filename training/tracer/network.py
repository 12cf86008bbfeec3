"""The track network: 0.5 m across and 1 m along, down to 4 m and up again to 1 m, what it saw on the way added."""

from __future__ import annotations

from torch import Tensor, nn

Pair = tuple[int, int]

STEM, FINE, MIDDLE, COARSE = 16, 24, 40, 56
REACH = ((1, 1), (1, 2), (1, 4), (1, 2))
"""Dilations at 4 m, across and along: an answer sees about 90 m of track, seven cars, and 40 m across."""


def _block(before: int, after: int, stride: Pair = (1, 1), dilation: Pair = (1, 1)) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=dilation, dilation=dilation, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class TrackNetwork(nn.Module):
    """(n, 3, 2h, w) to (n, 3, h, w), h and w multiples of 4: logit of a track, cos 2θ, sin 2θ of its direction."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(_block(3, STEM), _block(STEM, FINE, stride=(2, 1)))
        self.fine = _block(FINE, FINE)
        self.middle = nn.Sequential(_block(FINE, MIDDLE, stride=(2, 2)), _block(MIDDLE, MIDDLE))
        self.down = _block(MIDDLE, COARSE, stride=(2, 2))
        self.coarse = nn.ModuleList([_block(COARSE, COARSE, dilation=d) for d in REACH])
        self.to_middle = nn.Conv2d(COARSE, MIDDLE, 1)
        self.middle_up = _block(MIDDLE, MIDDLE)
        self.to_fine = nn.Conv2d(MIDDLE, FINE, 1)
        self.fine_up = nn.Sequential(_block(FINE, FINE), _block(FINE, FINE))
        self.answer = nn.Conv2d(FINE, 3, 1)
        self.twice = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)

    def forward(self, x: Tensor) -> Tensor:
        """Logit and direction, a metre a cell."""
        fine = self.fine(self.stem(x))
        middle = self.middle(fine)
        coarse = self.down(middle)
        for block in self.coarse:
            coarse = coarse + block(coarse)
        middle = self.middle_up(middle + self.twice(self.to_middle(coarse)))
        return self.answer(self.fine_up(fine + self.twice(self.to_fine(middle))))
