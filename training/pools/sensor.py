"""`training.sensor` for a whole batch at once: blur, pixels, noise, grey, and the strip's own contrast."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from training.pools.pool import Strips
from training.sensor import (
    AMOUNT,
    COARSE_M,
    DRAWN_SHARE,
    FINE_M,
    GREY_SHARE,
    GSDS_M,
    NOISE,
    PHASES,
    SHARPENED,
    SHOWN,
    SOFTER,
    SOFTS,
    reading,
)
from yardwatch.cars.network import CLIP, SPREAD_FLOOR

THIN = 4
"""Medians are taken of every fourth step: thousands are left, and a card is slow at them."""


@lru_cache(maxsize=2)
def matrices(device: torch.device) -> tuple[Tensor, Tensor]:
    """(m, 32, 64) across and (m, 512, 512) along, of every level, phase and blur in turn."""
    wanted = [(level, phase, soft) for level in range(-1, len(GSDS_M)) for phase in PHASES for soft in SOFTS]
    found = (np.stack([reading(*one, axis) for one in wanted]) for axis in ("across", "along"))
    across, along = (torch.from_numpy(one).to(device) for one in found)
    return across, along


def sensed(strips: Strips, coarse_share: float) -> Strips:
    """Drawn strips as a sensor sees them, on the strip network's grid; so many coarser than 1.05 m."""
    drawn, device = strips["data"], strips["data"].device
    n, (across, along) = len(drawn), matrices(device)
    level = levels(n, coarse_share, device)
    phase, soft = (torch.randint(len(one), (n,), device=device) for one in (PHASES, SOFTS))
    own, softer = (_number(one, phase, soft) for one in (level, (level + SOFTER).clamp(max=len(GSDS_M) - 1)))
    rows = across[own][:, None] @ drawn
    data = rows @ along[own].mT[:, None]
    sharper = (between(n, *AMOUNT, device) * some(n, SHARPENED, device))[:, None, None, None]
    data = data + sharper * (data - rows @ along[softer].mT[:, None])
    data = data + torch.randn_like(data) * (10 ** between(n, *NOISE, device))[:, None, None, None]
    shown = across[own] @ strips["visible"].float() @ along[own].mT
    return {**strips, "data": greyed(data, GREY_SHARE), "visible": shown > SHOWN}


def _number(level: Tensor, phase: Tensor, soft: Tensor) -> Tensor:
    return ((level + 1) * len(PHASES) + phase) * len(SOFTS) + soft


def levels(n: int, coarse_share: float, device: torch.device) -> Tensor:
    """(n,): GSDs by their numbers, −1 for the drawn resolution."""
    fine = torch.randint(len(FINE_M), (n,), device=device)
    coarse = len(FINE_M) + torch.randint(len(COARSE_M), (n,), device=device)
    found = torch.where(some(n, DRAWN_SHARE, device), torch.full_like(fine, -1), fine)
    return torch.where(some(n, coarse_share, device), coarse, found)


def greyed(data: Tensor, share: float) -> Tensor:
    """Some of them without colour."""
    grey = some(len(data), share, data.device)[:, None, None, None]
    return torch.where(grey, data.mean(dim=1, keepdim=True), data)


def normalise(data: Tensor, visible: Tensor) -> Tensor:
    """As `training.sensor.normalise`, strip by strip; of two middles the lower one is the median."""
    nothing = torch.tensor(float("nan"), device=data.device)
    light = torch.where(visible, data.mean(dim=1), nothing)[:, :, ::THIN].flatten(1)
    middle = light.nanmedian(dim=1, keepdim=True).values.nan_to_num()
    spread = 1.4826 * (light - middle).abs().nanmedian(dim=1, keepdim=True).values.nan_to_num() + SPREAD_FLOOR
    return ((data - middle[:, :, None, None]) / spread[:, :, None, None]).clamp(-CLIP, CLIP) * visible[:, None]


def some(n: int, share: float, device: torch.device) -> Tensor:
    """(n,): true by this chance."""
    return torch.rand(n, device=device) < share


def between(n: int, low: float, high: float, device: torch.device) -> Tensor:
    """(n,): evenly between two ends."""
    return low + (high - low) * torch.rand(n, device=device)
