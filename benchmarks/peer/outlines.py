"""Smeared outlines: false ones as the labelled yard has true ones, so that a smear betrays no vehicle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

from benchmarks.peer.grounds import Ground
from benchmarks.peer.places import Place, on_line

Rng = np.random.Generator

HALF_WIDTH_M = (1.4, 1.8)
"""From a vehicle's middle line to its outline's."""
HALF_M = 0.85
"""Half the thickness of the outlines that were filled in the labelled yard."""
DECOYS_PER_100_M = 1.5
FILLS_M = (0.4, 0.8, 1.3)
"""Reaches of the fill: nobody knows how the next publisher fills."""


def outlined(ground: Ground, rng: Rng, true_share: float = 0.0) -> Ground:
    """Outlines round this share of the vehicles, and false ones on empty track and across bodies."""
    ring = np.zeros(ground.data.shape[1:], bool)
    own = [Place(x, y, a, long / 2, rng.uniform(*HALF_WIDTH_M)) for x, y, long, a, _ in ground.boxes]
    for place in [one for one in own if rng.random() < true_share] + _decoys(ground, rng):
        part = place.part(ground, HALF_M)
        if part:
            (_, *window), s, t = part
            outside = np.maximum(np.abs(s) - place.half_s, np.abs(t) - place.half_t)
            ring[tuple(window)] |= np.abs(outside) < HALF_M
    reach = float(rng.choice(FILLS_M)) / ground.pixel_m
    keep = (~ring).astype(np.float32)
    weight = gaussian_filter(keep, reach) + 1e-6
    fill = np.stack([gaussian_filter(band * keep, reach) / weight for band in ground.data])
    return replace(ground, data=np.where(ring, fill, ground.data).astype(np.float32))


def _decoys(ground: Ground, rng: Rng) -> list[Place]:
    found = []
    for points in ground.lines:
        line = shapely.LineString(points)
        for _ in range(rng.poisson(line.length / 100 * DECOYS_PER_100_M)):
            along, half = rng.uniform(0, line.length), rng.uniform(3, 12.5)
            found.append(Place(*on_line(line, along), half, rng.uniform(*HALF_WIDTH_M)))
    return found
