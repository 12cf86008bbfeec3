"""Align: how far a scene lies from the reference scene, measured off the tracks.

Definition: the shift (dx, dy) in ground metres such that what lies at ground point p in the reference is found at
p + (dx, dy) in the moving scene.

1. Both scenes are reduced to complex gradients g = ∂I/∂x + i ∂I/∂y, divided by a robust magnitude and limited to
   one (a bright roof weighs no more than a hedge). What is on tracks, or seen in one scene only, is set to zero.
2. In 9–25 windows off the tracks the cross-correlation of the gradients peaks at the shift (gradient correlation:
   Argyriou & Vlachos 2003; upsampled to 1/20 pixel: Guizar-Sicairos, Thurman & Fienup 2008).
3. Windows are kept whose correlation, measured anew at the shift found, is better than without it and above chance.
4. The shift is the median of the kept windows that agree; at least 5 must.
5. A second method, masked normalised cross-correlation of the grey values of the whole scene (Padfield 2012), must
   find the same shift to within the ceiling.

Residual: median distance of the agreeing windows from their median. Ceiling 1.5 m: tracks are 4.5–5 m apart, so a
scene a third of that away would put cars on the neighbouring track's margin. A scene that fails is `aligned=False`
with the reason, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from yardwatch.imagery.correlation import gradient_shift, masked_shift
from yardwatch.imagery.windows import Window, choose_windows
from yardwatch.model import Pixels

Floats = NDArray[np.float32]
Complexes = NDArray[np.complex64]
Bools = NDArray[np.bool_]

SEARCH_M = 8.0
"""Georeferencing of 0.3–3 m images is good to a few metres; beyond this, look at the scene first."""
SEARCH_PX = 4.0
"""At coarse GSD the search still spans some pixels."""
CEILING_M = 1.5
CEILING_PX = 1.0
"""At coarse GSD no window can be told apart from its neighbour by less."""
LEAST_WINDOWS = 5
LEAST_CORRELATION = 0.12
"""Of gradients at the shift found; windows of unlike ground stay below 0.06."""
"""See docs/imagery.md for how the two distributions lie."""


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """Where a scene lies against the reference."""

    dx_m: float
    dy_m: float
    """East and north, ground metres; 0 when not aligned."""
    residual_m: float | None
    """Median distance of the agreeing windows from their median; None where there were none."""
    windows: int
    """Windows that agree."""
    aligned: bool
    reason: str | None = None
    """Why not aligned."""
