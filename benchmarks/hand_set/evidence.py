"""Evidence along a track: what each step looks like, from hand-set contrasts.

    logits(s) = [ 0,  body(s),  max(body(s), around(s)) + gap(s) ],   log_prob = log softmax, with a floor

`body` are log-odds of a body against an empty track: `body.py` from this image alone, `cars/against.py` held against
the track's empty look where there is one (the first then counts for less). `gap` are log-odds of a gap against a body
(`gaps.py`), `around` is `body` closed over holes of `HOLE_M`, so that a gap is no empty track. First form: constants
set by hand; nothing here is calibrated.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import grey_closing

from benchmarks.hand_set.body import body_alone
from benchmarks.hand_set.gaps import gap_odds
from yardwatch.cars.against import body_against
from yardwatch.cars.light import light
from yardwatch.cars.profile import brightness, profile, visible
from yardwatch.model import Evidence, Strip
from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]

HOLE_M = 2.5
"""Longest hole between two bodies that may be a coupling gap, with its blur."""
BESIDE_LOOK = 0.3
"""Weight of what the strip says alone where an empty look speaks too."""
DOUBT = 0.02
"""Share of the evidence that is no evidence: no step excludes any state."""


def evidence(strip: Strip, empty: Strip | None = None) -> Evidence:
    """Evidence of one strip; `empty` is the same track seen empty (per-pixel median over many dates).

    Steps where core or sides are not visible carry none. Where only the empty look is not visible, the strip speaks
    alone. Raises ValueError when the two strips do not fit.
    """
    refuse(
        empty is not None and (empty.data.shape != strip.data.shape or empty.step_m != strip.step_m),
        f"track {strip.track}: strip and empty look differ in shape or step",
    )
    shown = visible(strip)
    body = body_alone(strip)
    if empty is not None:
        body = np.where(visible(empty), body_against(strip, empty, light(strip, empty)) + BESIDE_LOOK * body, body)
    hole = 2 * round(HOLE_M / strip.step_m / 2) + 1
    around = grey_closing(body, size=hole, mode="nearest")
    gap = gap_odds(profile(strip, brightness(strip)), strip.gsd_m)
    log_prob = _normalise(np.stack([np.zeros_like(body), body, np.maximum(body, around) + gap], axis=-1))
    log_prob[~shown] = -np.log(3)
    return Evidence(track=strip.track, step_m=strip.step_m, log_prob=log_prob, visible=shown)


def _normalise(logits: Floats) -> Floats:
    chance = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chance /= chance.sum(axis=-1, keepdims=True)
    mixed: Floats = np.log((1 - DOUBT) * chance + DOUBT / 3)
    return mixed
