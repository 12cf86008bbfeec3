"""Is a car body here, held against the track's own empty look? Log-odds per step.

Each row of the core is explained, as well as it can be, without a car; what no explanation reaches is a body:

    contrast = mean over rows of min over explanations of | row − explanation |
    odds = w · ln( contrast / level )

The explanations of a row: its empty look in today's sun, or in today's shade (`light.py`: cars on the next track
throw shadows and hide the ground beside this one); its empty look turned as the ground on either side has turned
(season, haze, a wet day); the ground beside it where that has brightened (snow); and what the row looks like today
where the strip is plainly empty, for the look itself may hold the ghost of a train or a shed's shadow.

Set by hand on simulated scenes and checked on others; real dates of one yard were not at hand.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from yardwatch.cars.light import light
from yardwatch.cars.profile import brightness, distance, rows, visible
from yardwatch.model import Strip

Floats = NDArray[np.float64]

SMOOTH_M = 1.5
"""A body is long; its contrast is averaged over this much track."""
LEVEL = (0.06, 0.25)
"""Contrast, in units of ground brightness, at which a body is as likely as not, on a day like the look and at most."""
NOISE = 3.0
"""The level in units of the strip's own lower third: on a day unlike the look less can be told."""
NOISE_QUANTILE = 0.3
WEIGHT = 3.0
ODDS = 4.0
CHANGE = (0.2, 2.0)
"""Darkest shadow and brightest turn the ground beside the track may have taken."""
SNOW = 1.15
"""Brightening of the ground beside the track from which the core may have turned as white."""
PLAIN_M = 15.0
"""Least length of plainly empty track that says what the track looks like today."""
FLOOR = 0.005


def body_against(strip: Strip, empty: Strip) -> Floats:
    """(s,): log-odds of a body; `empty` has the strip's shape."""
    contrast = look_contrast(strip, empty)
    level = np.clip(NOISE * np.quantile(contrast, NOISE_QUANTILE), *LEVEL)
    return np.clip(WEIGHT * np.log((contrast + FLOOR) / level), -ODDS, ODDS)


def look_contrast(strip: Strip, empty: Strip) -> Floats:
    """(s,): what of the core no explanation reaches, in units of ground brightness."""
    scale = brightness(strip)
    core = rows(strip)[0]
    now = _along(strip.data[:, core] / scale, strip.step_m)
    remains: Floats = np.min([distance(now, one) for one in _explanations(strip, empty, scale)], axis=0)
    today = _today(now, remains.mean(axis=0), visible(strip) & visible(empty), strip.step_m)
    if today is not None:
        remains = np.minimum(remains, distance(now, today))
    contrast: Floats = remains.mean(axis=0)
    return contrast


def _explanations(strip: Strip, empty: Strip, scale: float) -> Iterator[Floats]:
    """The core's rows without a car, each (band, t, s)."""
    core, *sides = rows(strip)
    then = _along(empty.data[:, core] / scale, strip.step_m)
    day = light(strip, empty)
    yield then * day.sun[:, None, None]
    if day.shade is not None:
        yield then * day.shade[:, None, None]
    for side in sides:
        beside, before = (_along(one.data[:, side] / scale, strip.step_m).mean(axis=1) for one in (strip, empty))
        yield then * np.clip((beside + FLOOR) / (before + FLOOR), *CHANGE)[:, None]
        whiter = beside.mean(axis=0) > SNOW * before.mean(axis=0)
        yield np.where(whiter, beside, np.inf)[:, None]


def _today(now: Floats, remains: Floats, seen: NDArray[np.bool_], step_m: float) -> Floats | None:
    """(band, t, 1): the rows' median over the plainly empty part; None where too little of it is plain."""
    plain = seen & (remains < LEVEL[0])
    emptiest = plain & (remains <= np.quantile(remains[seen], NOISE_QUANTILE)) if plain.any() else plain
    for part in (emptiest, plain):
        if part.sum() * step_m >= PLAIN_M:
            median: Floats = np.median(now[:, :, part], axis=2, keepdims=True)
            return median
    return None


def _along(data: NDArray[np.floating], step_m: float) -> Floats:
    """Rows (band, t, s), averaged along the track."""
    size = max(1, round(SMOOTH_M / step_m))
    averaged: Floats = uniform_filter1d(data.astype(np.float64), size, axis=2, mode="nearest")
    return averaged
