"""What is trained on what, and where."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import torch

STEPS = {"cpu": (3000, 1400, 4600, 2400), "cuda": (5400, 900, 2200, 1100)}
"""Of the strip network's rounds."""
BATCH = {"cpu": 16, "cuda": 64}
JUDGED = 32
"""Strips of a batch that the decoder judges, where it does: it works on processors, and a card waits for it."""


def device() -> str:
    """`cuda` where torch sees a graphics card, else `cpu`."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def spare_workers() -> int:
    """A graphics card waits for nobody: every processor but one draws for it. One core does without."""
    return max((os.cpu_count() or 1) - 1, 0) if torch.cuda.is_available() else 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is trained on what."""

    data: Path
    blocks: tuple[str, ...]
    out: Path
    device: str = field(default_factory=device)
    steps: tuple[int, ...] = field(default_factory=lambda: STEPS[device()])
    """Of each round."""
    batch: int = field(default_factory=lambda: BATCH[device()])
    seed: int = 0
    workers: int = field(default_factory=spare_workers)
    """Processes that draw examples and decode; their number changes no batch."""

    @property
    def origin(self) -> tuple[Path, tuple[str, ...], int]:
        """What its examples come from."""
        return self.data, self.blocks, self.seed

    def checkpoint(self, number: int) -> Path:
        """Of a round, beside the weights; removed by whoever wants to begin anew."""
        return self.out.with_suffix(f".round-{number + 1}.checkpoint")

    @property
    def told(self) -> tuple[tuple[str, ...], tuple[int, ...], int, int, str]:
        """What a checkpoint must agree with."""
        return self.blocks, self.steps, self.batch, self.seed, self.device
