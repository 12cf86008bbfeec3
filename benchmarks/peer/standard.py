"""The detector's input: a picture in units of its own spread round its own brightness, one pair for the whole of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SPREAD_FLOOR = 0.02
CLIP = 4.0


def standardised(data: Floats, visible: NDArray[np.bool_]) -> Floats:
    """(3, y, x) of a picture (band, y, x) 0..1; one band is repeated; 0 where nothing is seen."""
    bands = data if len(data) == 3 else np.repeat(data[:1], 3, axis=0)
    seen = bands[:, visible]
    if seen.size == 0:
        return np.zeros(bands.shape, np.float32)
    x = (bands - seen.mean()) / (seen.std() + SPREAD_FLOOR)
    return (np.clip(x, -CLIP, CLIP) * visible).astype(np.float32)
