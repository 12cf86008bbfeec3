"""Is a car body here? Log-odds per step, from one image alone, or against the track's own empty look.

**Alone.** Brightness against either side (the larger difference: a body's lit side or its shadow) and hue against
both sides, which a neighbour's shadow hardly changes:

    odds = Σ_f w_f · ln( f / f_0 ),  f ∈ {brightness contrast, hue contrast of the less and of the more different side}

The levels f_0 lie where an empty track and a car were equally likely, the weights come from a logistic fit and are
rounded. Both were set on the block `west` of the Muttenz yard alone (18 tracks, 39 cars, 2018, summer, dry), at
0.25 to 1 m; what they do on snow, haze or other ballast is not known.

**Against the empty look.** Whatever the ground on either side of the track has done since (light, season, a
neighbour's shadow), each row of the empty core may have done too, and a shadow may end between two rows; what then
remains of the core's change is a body:

    contrast = mean over rows of min over both sides of | row − empty row · side / empty side |
    odds = w · ln( contrast / level ),  level = max(LEVEL_LOOK, NOISE_LOOK · the contrast's lower tenth along the strip)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from yardwatch.cars.profile import brightness, distance, hue, profile, rows
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

LEVEL_LOOK = 0.10
"""Least contrast against the empty look, in units of ground brightness, at which a body is as likely as not."""
NOISE_LOOK = 3.0
"""That level in units of the contrast of the emptiest tenth of the strip."""
WEIGHT_LOOK = 3.0
ODDS_LOOK = 4.0
CHANGE_LIMITS = (0.2, 2.0)
"""Darkest shadow and brightest snow the ground beside the track may have seen."""


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


def body_against(strip: Strip, empty: Strip) -> Floats:
    """(s,): log-odds of a body; `empty` has the strip's shape."""
    contrast = look_contrast(strip, empty)
    level = max(LEVEL_LOOK, NOISE_LOOK * float(np.quantile(contrast, 0.1)))
    return np.clip(_odds(contrast, WEIGHT_LOOK, level), -ODDS_LOOK, ODDS_LOOK)


def look_contrast(strip: Strip, empty: Strip) -> Floats:
    """(s,): change of the core beyond that of the ground beside it, in units of ground brightness."""
    scale = brightness(strip)
    now = profile(strip, scale).smooth(SMOOTH_M)
    then = profile(empty, scale).smooth(SMOOTH_M)
    core = rows(strip)[0]
    seen, before = (_along(one.data[:, core] / scale, strip.step_m) for one in (strip, empty))
    remains = []
    for side, side_before in zip(now.sides, then.sides, strict=True):
        change = np.clip((side + FLOOR) / (side_before + FLOOR), *CHANGE_LIMITS)
        remains.append(distance(seen, before * change[:, None]))
    contrast: Floats = np.min(remains, axis=0).mean(axis=0)
    return contrast


def _along(data: NDArray[np.floating], step_m: float) -> Floats:
    """Rows (band, t, s), averaged along the track."""
    size = max(1, round(SMOOTH_M / step_m))
    averaged: Floats = uniform_filter1d(data.astype(np.float64), size, axis=2, mode="nearest")
    return averaged
