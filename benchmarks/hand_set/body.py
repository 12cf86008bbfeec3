"""Is a car body here, from one image alone? Log-odds per step.

Brightness against either side (the larger difference: a body's lit side or its shadow) and hue against
both sides, which a neighbour's shadow hardly changes:

    odds = Σ_f w_f · ln( f / f_0 ),  f ∈ {brightness contrast, hue contrast of the less and of the more different side}

The levels f_0 lie where an empty track and a car were equally likely, the weights come from a logistic fit and are
rounded. Both were set on the block `west` of the Muttenz yard alone (18 tracks, 39 cars, 2018, summer, dry), at
0.25 to 1 m; what they do on snow, haze or other ballast is not known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.profile import brightness, distance, hue, profile
from yardwatch.model import Strip

Floats = NDArray[np.float64]

SMOOTH_M = 1.5
"""A body is long; its contrast is averaged over this much track."""
FLOOR = 0.005
"""Keeps the logarithm of no contrast finite: below the noise of an 8-bit image's mean over a dozen pixels."""
COLOUR = {"brightness": (1.5, 0.35), "hue, less": (1.4, 0.027), "hue, more": (1.8, 0.042)}
"""Weight and level of each contrast, three bands."""
GREY = (3.0, 0.43)
"""The same of brightness, one band."""
CAUTION_ALONE = 0.7
"""Shrinks log-odds set on one block of one yard on one day."""
ODDS_ALONE = 2.5
"""Bound of the log-odds per independent metre: one image alone is never sure."""


def body_alone(strip: Strip) -> Floats:
    """(s,): log-odds of a body against an empty track."""
    part = profile(strip, brightness(strip)).smooth(SMOOTH_M)
    contrast = np.sort([distance(part.core, side) for side in part.sides], axis=0)
    if len(strip.data) == 1:
        odds = _odds(contrast[1], *GREY)
    else:
        hues = np.sort([_hue_distance(part.core, side) for side in part.sides], axis=0)
        seen = {"brightness": contrast[1], "hue, less": hues[0], "hue, more": hues[1]}
        odds = np.sum([_odds(seen[name], *COLOUR[name]) for name in COLOUR], axis=0)
    return np.clip(CAUTION_ALONE * odds, -ODDS_ALONE, ODDS_ALONE)


def _odds(contrast: Floats, weight: float, level: float) -> Floats:
    scored: Floats = weight * np.log((contrast + FLOOR) / level)
    return scored


def _hue_distance(a: Floats, b: Floats) -> Floats:
    apart: Floats = np.linalg.norm(hue(a) - hue(b), axis=0)
    return apart
