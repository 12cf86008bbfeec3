"""Inputs and targets of the strip and the length network from a batch of seen strips, stretched and turned anew."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from training.coarse.grid import PER_CELL
from training.layout import BODY, EMPTY, GAP, OUT, SEEN_ROWS, SEEN_STEPS
from training.pools.pool import Strips
from training.pools.sensor import between, greyed, normalise, some
from training.sensor import BRIGHTEST, CORNERS, GAMMA, LIFT, LIFTED, SHOWN
from yardwatch.cars.coarse import CORE_ROWS as COARSE_CORE_ROWS
from yardwatch.cars.network import CORE_ROWS, HIDDEN_SHARE

GREY_SHARE = 0.2
"""Of what the length network is shown."""


def answered(strips: Strips) -> tuple[Tensor, Tensor]:
    """Input (n, 3, 32, 512) and targets (n, 3, 256) of the strip network, as `training.sensor.answered` has them."""
    n, device = len(strips["data"]), strips["data"].device
    data = strips["data"].clamp(0, BRIGHTEST) ** between(n, *GAMMA, device)[:, None, None, None]
    data = data + (between(n, *LIFT, device) * some(n, LIFTED, device))[:, None, None, None]
    visible = strips["visible"] & ~(corner(n, device) & some(n, CORNERS, device)[:, None, None])
    padded = pad(hot(strips["state"]), (1, 1), mode="replicate")
    smooth = 0.25 * padded[:, :, :-2] + 0.5 * padded[:, :, 1:-1] + 0.25 * padded[:, :, 2:]
    states = smooth.unflatten(2, (-1, OUT)).mean(dim=3) * 0.97 + 0.01
    shown = visible[:, CORE_ROWS].float().mean(dim=1)[:, ::OUT] >= HIDDEN_SHARE
    x, states = turned(normalise(data, visible), states * shown[:, None])
    return x, states


def hot(state: Tensor) -> Tensor:
    """(n, 3, s) from (n, s)."""
    return torch.stack([state == k for k in (EMPTY, BODY, GAP)], dim=1).float()


def corner(n: int, device: torch.device) -> Tensor:
    """(n, 32, 512): beyond a slanted edge of the image, at either end."""
    slope, at = 3 * torch.randn(n, device=device), between(n, 0, 200, device)
    edge = at[:, None] + slope[:, None] * (torch.arange(SEEN_ROWS, device=device) - SEEN_ROWS / 2)
    hidden = torch.arange(SEEN_STEPS, device=device) < edge[:, :, None]
    return torch.where(some(n, 0.5, device)[:, None, None], hidden, hidden.flip(2))


def turned(x: Tensor, *along: Tensor) -> tuple[Tensor, ...]:
    """One of four readings: x (n, 3, t, s) mirrored both ways, what belongs to its steps along alone."""
    back, over = (some(len(x), 0.5, x.device) for _ in range(2))
    x = torch.where(over[:, None, None, None], x.flip(2), x)
    return tuple(torch.where(back.reshape(-1, *[1] * (one.ndim - 1)), one.flip(-1), one) for one in (x, *along))


@dataclass(frozen=True, eq=False)
class Lengths:
    """Input (n, 3, 16, 256) of the length network; `states` (n, 3, 128), `cars` and `weight` (n, 128)."""

    x: Tensor
    states: Tensor
    cars: Tensor
    weight: Tensor


def on_metres(strips: Strips) -> Strips:
    """From the strip network's grid to the length network's, as `training.coarse.grid.known`."""
    return {
        "data": avg_pool2d(strips["data"].clamp(0, 1), 2),
        "visible": avg_pool2d(strips["visible"].float()[:, None], 2)[:, 0] > SHOWN,
        "states": hot(strips["state"]).unflatten(2, (-1, PER_CELL)).mean(dim=3),
        "cars": strips["cars"].float().unflatten(1, (-1, PER_CELL)).sum(dim=2),
    }


def lengths(strips: Strips) -> Lengths:
    """From strips on the length network's grid."""
    n, visible = len(strips["data"]), strips["visible"]
    data = greyed(strips["data"] ** between(n, *GAMMA, visible.device)[:, None, None, None], GREY_SHARE)
    weight = visible[:, COARSE_CORE_ROWS].float().mean(dim=1).unflatten(1, (-1, 2)).mean(dim=2) >= HIDDEN_SHARE
    return Lengths(*turned(normalise(data, visible), strips["states"], strips["cars"], weight.float()))
