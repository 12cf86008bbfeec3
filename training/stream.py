"""Examples on their way to a network: packs in order, drawn by worker processes, cut into batches.

A pack depends on its number alone, and where simulated strips are weighed, on their chances. So the batches are the
same with any number of workers, and a training that was stopped goes on with the batch it would have had.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from training.examples import PACK, Examples
from training.loop import stacked


class Packs(Dataset[tuple[Tensor, ...]]):
    """Packs by their numbers, without an end."""

    def __init__(self, examples: Examples) -> None:
        self.examples = examples

    def __getitem__(self, number: int) -> tuple[Tensor, ...]:
        """Inputs (192, 3, 32, 512) and targets (192, 3, 256)."""
        return stacked(self.examples.pack(number), "x", "states")


def batches(examples: Examples, size: int, step: int, workers: int = 0) -> Iterator[tuple[Tensor, ...]]:
    """Inputs and targets of one step after another, from a step on; `size` divides a pack. No end.

    Without workers this process draws the packs itself.
    """
    first, skipped = divmod(step * size, PACK)
    for pack in DataLoader(Packs(examples), batch_size=None, sampler=count(first), num_workers=workers):
        yield from list(zip(*(part.split(size) for part in pack), strict=True))[skipped // size :]
        skipped = 0
