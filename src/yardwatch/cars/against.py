"""What a track's own empty look adds to what the network says of it.

The network sees one day and may take a shed's roof or a smear for a car that stands there on no other day, or miss a
dark wagon on dark ballast. Where many dates show the track without cars,

    log q(s | body, gap) += h · odds(s),   log q(s | empty) unchanged,   normalised over the states

with h = `HEARD` and the odds of a body held against the empty look. Each row of the core is explained, as well as it
can be, without a car; what no explanation reaches is a body:

    contrast = median over rows of min over explanations of | row − explanation |
    odds = w · ln( contrast / level )

The explanations of a row: its empty look in today's sun, or in today's shade (`light.py`: cars on the next track
throw shadows and hide the ground beside this one); its empty look turned as the ground on either side has turned
(season, haze, a wet day); that ground itself where it has brightened, and any mixture of the look and snow; and what
the row looks like today where the strip is plainly empty, for the look may hold the ghost of a train or a shed's
shadow. The median over rows lets a shadow's edge lie between two of them.

Under snow the odds mislead and nobody should hear them (`Light.snow`). Set by hand on one simulated history and
checked on others (docs/counting.md); no two dates of one real yard were at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.special import log_softmax

from yardwatch.cars.chain import CAR, GAP
from yardwatch.cars.light import Light
from yardwatch.cars.profile import brightness, distance, rows, visible
from yardwatch.model import Evidence, Strip
from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]

HEARD = 0.2
"""Share of the odds that is heard: at most 0.8 a cell, a seventh of what the network says where it is sure. Between
0.1 and 0.5 the counts are as good (docs/counting.md)."""
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
DEEP = 0.33
"""Shadow on snow, of its brightness in the sun, where the strip does not show it otherwise."""
PLAIN_M = 15.0
"""Least length of plainly empty track that says what the track looks like today."""
FLOOR = 0.005


def held_against(said: Evidence, strip: Strip, empty: Strip, day: Light) -> Evidence:
    """What the network said of a strip, with what its empty look adds, in the day's light, where both show the track.

    Raises ValueError when the two strips do not fit.
    """
    fit = empty.data.shape == strip.data.shape and empty.step_m == strip.step_m
    refuse(not fit, f"track {strip.track}: strip and empty look differ in shape or step")
    at = ((np.arange(len(said.log_prob)) + 0.5) * said.step_m / strip.step_m).astype(int)
    at = np.minimum(at, strip.data.shape[2] - 1)
    seen = said.visible & (visible(strip) & visible(empty))[at]
    log_prob = said.log_prob.copy()
    log_prob[:, [CAR, GAP]] += np.where(seen, HEARD * body_against(strip, empty, day)[at], 0.0)[:, None]
    return replace(said, log_prob=log_softmax(log_prob, axis=1))


def body_against(strip: Strip, empty: Strip, day: Light) -> Floats:
    """(s,): log-odds of a body; `empty` has the strip's shape, `day` is `light` of the two."""
    contrast = look_contrast(strip, empty, day)
    level = np.clip(NOISE * np.quantile(contrast, NOISE_QUANTILE), *LEVEL)
    return np.clip(WEIGHT * np.log((contrast + FLOOR) / level), -ODDS, ODDS)


def look_contrast(strip: Strip, empty: Strip, day: Light) -> Floats:
    """(s,): what of the core no explanation reaches, in units of ground brightness."""
    scale = brightness(strip)
    core = rows(strip)[0]
    now = _along(strip.data[:, core] / scale, strip.step_m)
    remains: Floats = np.min([distance(now, one) for one in _explanations(strip, empty, now, day)], axis=0)
    today = _today(now, remains.mean(axis=0), visible(strip) & visible(empty), strip.step_m)
    if today is not None:
        remains = np.minimum(remains, distance(now, today))
    contrast: Floats = np.median(remains, axis=0)
    return contrast


def _explanations(strip: Strip, empty: Strip, now: Floats, day: Light) -> Iterator[Floats]:
    """The core's rows without a car, each (band, t, s)."""
    scale = brightness(strip)
    core, *sides = rows(strip)
    then = _along(empty.data[:, core] / scale, strip.step_m)
    yield then * day.sun[:, None, None]
    if day.shade is not None:
        yield then * day.shade[:, None, None]
    if day.snow is not None:
        for shade in (np.ones_like(day.sun), np.full_like(day.sun, DEEP) if day.shade is None else day.shade / day.sun):
            yield _between(now, then * (day.sun * shade)[:, None, None], (day.snow / scale * shade)[:, None, None])
    for side in sides:
        beside, before = (_along(one.data[:, side] / scale, strip.step_m).mean(axis=1) for one in (strip, empty))
        yield then * np.clip((beside + FLOOR) / (before + FLOOR), *CHANGE)[:, None]
        whiter = beside.mean(axis=0) > SNOW * before.mean(axis=0)
        yield np.where(whiter, beside, np.inf)[:, None]


def _between(now: Floats, bare: Floats, snow: Floats) -> Floats:
    """The mixture of bare ground and snow that comes nearest to what is seen."""
    way = snow - bare
    share = np.clip(((now - bare) * way).sum(axis=0) / np.maximum((way**2).sum(axis=0), 1e-9), 0, 1)
    mixed: Floats = bare + share * way
    return mixed


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
