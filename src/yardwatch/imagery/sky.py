"""Sky: what hides or dims each pixel of a scene, by cause, first one first: nodata, burnt out, cloud, shadow, snow.

Nodata, burnt out and cloud hide (see `quality` and `veil`). Cloud shadow dims and hides nothing: away from found cloud
there is none; beside it, ground that lies darker than exp(−0.4) of the median over Gaussians of 8 m, in pieces of at
least 400 m². Snow covers: bright, colourless ground with edges in it, in pieces of at least 400 m². Haze is one number
for the scene, its darkest hundredth.

Limits: shadow of a cloud outside the picture is not found, and a dark wood beside a cloud is taken for one; pale
concrete and gravel pass for snow. Both are shares to be told, no gate stands on them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.imagery.quality import BRIGHT, COLOURLESS, hidden_ground
from yardwatch.imagery.veil import burnt
from yardwatch.model import Pixels

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

SEEN, NODATA, BURNT, CLOUD, SHADOW, SNOW = range(6)
NAMES = {NODATA: "nodata", BURNT: "burnt_out", CLOUD: "cloud", SHADOW: "cloud_shadow", SNOW: "snow"}
HIDING = (NODATA, BURNT, CLOUD)
LEAST_CLOUD = 0.02
"""Share of the scene from which cloud may throw a shadow into it."""
SHADOW_M, SHADOW_LN = 8.0, 0.4
LEAST_M2 = 400.0
BLACK = 0.02


def causes(pixels: Pixels, tracks: Bools | None = None) -> NDArray[np.uint8]:
    """The cause of each pixel (y, x), SEEN where nothing hides or dims it; `tracks` is True on and beside them."""
    data, visible, step = pixels.data, pixels.visible, pixels.grid.step_m
    hidden = hidden_ground(pixels, tracks)
    found = np.full(visible.shape, SEEN, np.uint8)
    clear = visible & ~hidden
    found[clear & _snow(data, step)] = SNOW
    found[clear & _shadow(data, clear, hidden, step)] = SHADOW
    found[hidden] = CLOUD
    found[burnt(data, visible, step)] = BURNT
    found[~visible] = NODATA
    return found


def shares(found: NDArray[np.uint8], where: Bools | None = None) -> Mapping[str, float]:
    """Visible share and the share of each cause, of all pixels or of those in `where`; nothing visible of none."""
    part = found if where is None else found[where]
    if not part.size:
        return {"visible": 0.0, **dict.fromkeys(NAMES.values(), 0.0)}
    counted = np.bincount(part.ravel(), minlength=len(NAMES) + 1) / part.size
    return {
        "visible": float(1 - sum(counted[cause] for cause in HIDING)),
        **{name: float(counted[cause]) for cause, name in NAMES.items()},
    }


def _snow(data: Floats, step_m: float) -> Bools:
    return _large((data.mean(axis=0) > BRIGHT) & (np.ptp(data, axis=0) < COLOURLESS), step_m)


def _shadow(data: Floats, clear: Bools, hidden: Bools, step_m: float) -> Bools:
    if hidden.mean() < LEAST_CLOUD or not clear.any():
        return np.zeros(clear.shape, bool)
    level = np.where(clear, np.log(data.mean(axis=0) + BLACK), 0)
    weight = ndimage.gaussian_filter(clear.astype(np.float32), SHADOW_M / step_m)
    smooth = ndimage.gaussian_filter(level, SHADOW_M / step_m) / np.maximum(weight, 1e-3)
    return _large(clear & (smooth < np.median(smooth[clear]) - SHADOW_LN), step_m)


def _large(marked: Bools, step_m: float) -> Bools:
    pieces, _ = ndimage.label(marked)
    large = np.bincount(pieces.ravel()) * step_m**2 >= LEAST_M2
    large[0] = False
    return np.asarray(large[pieces])
