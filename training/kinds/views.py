"""Fresh views of kept crops: what a found end, a given line, a camera and a stretch may have made otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch.nn import functional

from yardwatch.cars.crops import Crops

GAMMA = (0.75, 1.33)
GREY_SHARE = 0.1
"""Augmentation: what a picture's tones may have gone through besides what the simulated camera does."""
NOISE = 0.012
STRETCH, SHIFT = (0.04, 0.06), (0.03, 0.06)
"""Most by which a crop is stretched and moved, along and across, as shares of itself and of half of itself."""


def jolted(seen: Crops) -> Crops:
    """The same, each stretched and moved a little: found ends and given lines are never twice the same."""
    n = len(seen.data)
    way = torch.zeros(n, 2, 3)
    for axis in range(2):  # along, then across, as `affine_grid` has them
        way[:, axis, axis] = 1 + STRETCH[axis] * (2 * torch.rand(n) - 1)
        way[:, axis, 2] = SHIFT[axis] * (2 * torch.rand(n) - 1)
    grid = functional.affine_grid(way, list(seen.data.shape), align_corners=False)
    moved = functional.grid_sample(torch.from_numpy(seen.data), grid, padding_mode="border", align_corners=False)
    return replace(seen, data=moved.numpy())


def toned(seen: Crops, rng: np.random.Generator) -> Crops:
    """The same through another gamma, some of them grey, with a little noise."""
    n = len(seen.data)
    gamma = np.exp(rng.uniform(*np.log(GAMMA), n)).astype(np.float32)
    data = np.clip(seen.data, 0, 1) ** gamma[:, None, None, None]
    grey = (rng.random(n) < GREY_SHARE)[:, None, None, None]
    data = np.where(grey, data.mean(axis=1, keepdims=True), data)
    data = data + NOISE * rng.random((n, 1, 1, 1), np.float32) * rng.standard_normal(data.shape, np.float32)
    ends = np.clip(seen.contrast[:, :1] + seen.contrast[:, 1:] * np.array([-1, 0, 1], np.float32), 0.001, None)
    low, middle, high = (ends ** gamma[:, None]).T
    contrast = np.stack([middle, np.maximum((high - low) / 2, 0.02)], axis=1)
    return Crops(data=data, visible=seen.visible, contrast=contrast, numbers=seen.numbers)
