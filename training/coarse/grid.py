"""The length network's grid, and what is known of each metre of a strip on it.

Half the strip network's resolution both ways: 16 rows of 0.8 m by steps of 0.5 m, so that a strip of the one is a
strip of the other, averaged two by two. An answer stands for a metre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.layout import BODY, KINDS, STEP_M, Labelled
from yardwatch.model.counting import OTHER_KINDS

Floats = NDArray[np.float32]

ROWS, STEPS = 16, 256
"""Of one training strip: 12.8 m by 128 m."""
CELL_M = 1.0
PER_CELL = round(CELL_M / STEP_M)
"""Labelled steps in an answer's metre."""
NO_FREIGHT = tuple(KINDS.index(kind) for kind in OTHER_KINDS if kind in KINDS)


@dataclass(eq=False)
class Known:
    """A strip with what is on it."""

    data: NDArray[np.uint8]
    """(3, ROWS, s), 255 for 1."""
    visible: NDArray[np.bool_]
    """(ROWS, s)."""
    states: Floats
    """(3, s / 2): share of each metre that is empty, body, gap."""
    cars: Floats
    """(s / 2,): freight cars that stand on each metre; a car's parts add up to one."""


def known(strip: Labelled) -> Known:
    """From a strip on the strip network's grid, or of twice the rows; its steps a multiple of a metre's are kept."""
    steps = strip.data.shape[2] // PER_CELL * PER_CELL
    data = halved(strip.data[:, :, :steps])
    hot = np.stack([strip.state[:steps] == k for k in range(3)]).astype(np.float32)
    return Known(
        data=np.rint(np.clip(data, 0, 1) * 255).astype(np.uint8),
        visible=halved(strip.visible[None, :, :steps].astype(np.float32))[0] > 0.95,
        states=hot.reshape(3, -1, PER_CELL).mean(axis=2),
        cars=cars_a_step(strip)[:steps].reshape(-1, PER_CELL).sum(axis=1),
    )


def halved(data: Floats) -> Floats:
    """(n, t, s) averaged two by two."""
    n, rows, steps = data.shape
    return data.reshape(n, rows // 2, 2, steps // 2, 2).mean(axis=(2, 4))


def cars_a_step(strip: Labelled) -> Floats:
    """(steps,): each freight car spread evenly over its body; a vehicle of unknown kind is taken for freight."""
    body = np.concatenate([[0], (strip.state == BODY).astype(int), [0]])
    found = np.zeros(len(strip.state), np.float32)
    for first, last in np.flatnonzero(np.diff(body)).reshape(-1, 2):
        if strip.kind[(first + last) // 2] not in NO_FREIGHT:
            found[first:last] = 1 / (last - first)
    return found
