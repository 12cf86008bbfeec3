"""EARS C1 and C2: a count against the mean and standard deviation of the seven before it.

`upper = mean + z_{1−α} · sd` of the seven looks just before (C1), or of the seven that end two looks earlier (C2, so
that a rise in progress is not its own baseline). Source: Hutwagner, Thompson, Seeman, Treadwell (2003), *J. Urban
Health* 80, i89–i96. There the bound is mean + 3 sd; with α = 0.00135 this is the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

BASELINE = 7
"""Looks; Hutwagner et al. (2003)."""
C2_LAG = 2
"""Looks between the baseline of C2 and the tested one."""


def ears(counts: ArrayLike, alpha: float = 0.00135, *, lag: int = 0) -> NDArray[np.float64]:
    """(n,): upper bound of each count; NaN where fewer than seven looks come before it. `lag` 0 is C1, 2 is C2.

    Raises ValueError for a count that is not finite or an α outside 0..0.5.
    """
    y = np.asarray(counts, float)
    if y.ndim != 1 or not np.isfinite(y).all():
        raise ValueError("EARS needs a list of finite counts; leave looks out that show nothing")
    if not 0 < alpha <= 0.5:
        raise ValueError(f"α = {alpha} is not between 0 and 0.5")
    upper = np.full(len(y), np.nan)
    if len(y) <= BASELINE + lag:
        return upper
    past = np.lib.stride_tricks.sliding_window_view(y, BASELINE)[: len(y) - BASELINE - lag]
    upper[BASELINE + lag :] = past.mean(axis=1) + norm.ppf(1 - alpha) * past.std(axis=1, ddof=1)
    return upper
