"""Which changed ground only became darker, as ground does in shadow.

A shadow leaves 25–65 % of the light on the ground. Changed ground that is that much darker than before is either a
shadow, cast by what was built beside it, or a dark roof. Beside a changed object it is taken as that object's shadow;
standing alone it is believed only when looks of both halves of the year show it, since shadows shrink in summer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

SHADED = 0.7
"""Brightness after ÷ before below which ground may lie in shadow: full shade keeps up to 65 %, its rim more."""


def darkened(before: Floats, after: Floats) -> Bools:
    """(...,) where the mean of the bands (band, ...) fell below 0.7 of what it was."""
    return after.mean(axis=0) < SHADED * np.maximum(before.mean(axis=0), 1e-3)


def in_both_halves(days: Sequence[date]) -> bool:
    """Whether both April–September and October–March are among the days; so at both hemispheres high and low sun."""
    return len({4 <= day.month <= 9 for day in days}) == 2


def same_half(before: Sequence[date], since: Sequence[date]) -> bool:
    """Whether some look before and some look since fall in one half of the year: else crops are compared."""
    return bool({4 <= day.month <= 9 for day in before} & {4 <= day.month <= 9 for day in since})
