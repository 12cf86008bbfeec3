"""Which simulated strips are hard for a network as it stands: shown more often, they teach more.

A tenth of the yards makes two fifths of the error of the count: low sun, whose shadows fall on the next track with a
wagon's length, dark wagons in shade, snow. Shown as often as any, they are a tenth of what a network sees.

How much more: `simulated.weighed`.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.layout import Labelled
from training.loop import stacked
from training.sensor import answered
from training.simulated import weighed, window

WINDOWS = 2
"""Of each strip, in one reading each."""
AT_ONCE = 32
STREAM = 2
"""Keeps what the strips are judged on apart from the examples."""


def chances(network: nn.Module, scenes: list[Labelled], seed: int) -> NDArray[np.float64]:
    """(n,): of each strip to be drawn."""
    rng = np.random.default_rng([seed, STREAM])
    order, found = np.repeat(np.arange(len(scenes)), WINDOWS), []
    network.eval()
    with torch.no_grad():
        for first in range(0, len(order), AT_ONCE):
            piece = [answered(window(scenes[k], rng), rng) for k in order[first : first + AT_ONCE]]
            found.append(losses(network, *stacked(piece, "x", "states")).double().cpu().numpy())
    return weighed(np.concatenate(found).reshape(-1, WINDOWS).mean(axis=1))


def losses(network: nn.Module, x: Tensor, states: Tensor) -> Tensor:
    """(n,): cross-entropy a cell of inputs (n, 3, 32, 512) and targets (n, 3, 256)."""
    device = next(network.parameters()).device
    logs = network(x.to(device)).float().log_softmax(dim=1)
    return -(states.to(device) * logs).sum(dim=1).mean(dim=1)
