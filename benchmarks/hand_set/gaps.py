"""Is a gap between two coupled cars here? Log-odds against the body, from short notches along the track.

A gap shows in one of three places: between the bodies (ballast or dark couplers), or as a lit notch in the row of
shadows on either side of the track. For a profile x(s) with the mean m(s) over half a metre and the means a(s) and
b(s) over `FLANK_M` before and after,

    notch(s) = sqrt( max(0, (m − a) · (m − b)) )

which is zero unless the place differs from both flanks in the same direction, as an edge between two cars of
different colour does not. The largest of the three notches counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.profile import Profile

Floats = NDArray[np.float64]

CENTRE_M = 0.5
FLANK_M = (1.0, 2.25)
"""Beyond half a gap and its blur; short against the shortest car."""
NOTCH_LEVEL = 0.2
"""Notch, in units of ground brightness, at which a gap is as likely as a body's own marks: on the block `west` of
Muttenz 95 % of places within bodies lay below 0.27, three quarters of gaps above 0.43."""
NOTCH_FLOOR = 0.02
WEIGHT = 2.5
ODDS = (-1.5, 3.0)
"""Bounds: every tenth gap shows no notch at all, and hatches and container ends show one."""
FULL_GSD_M = 0.7
"""Up to this GSD a gap is seen undiluted; beyond it the log-odds shrink in proportion."""


def gap_odds(part: Profile, gsd_m: float) -> Floats:
    """(s,): log-odds of a gap against a body."""
    deepest = np.max([notch(signal, part.step_m) for signal in (part.core, part.left, part.right)], axis=0)
    odds = WEIGHT * np.log((deepest + NOTCH_FLOOR) / NOTCH_LEVEL)
    return np.clip(odds, *ODDS) * min(1.0, FULL_GSD_M / gsd_m)


def notch(signal: Floats, step_m: float) -> Floats:
    """(s,): how far each place of a profile (band, s) stands out from both of its flanks."""
    middle = _mean(signal, step_m, -CENTRE_M / 2, CENTRE_M / 2)
    before, after = _mean(signal, step_m, -FLANK_M[1], -FLANK_M[0]), _mean(signal, step_m, *FLANK_M)
    depth: Floats = np.sqrt(np.maximum(((middle - before) * (middle - after)).mean(axis=0), 0))
    return depth


def _mean(signal: Floats, step_m: float, start_m: float, end_m: float) -> Floats:
    """Mean over the steps whose middles lie in [s + start, s + end], at least one; cut at the strip's ends."""
    n = signal.shape[1]
    total = np.concatenate([np.zeros((len(signal), 1)), signal.cumsum(axis=1)], axis=1)
    first, last = round((start_m + 1e-9) / step_m), round((end_m - 1e-9) / step_m)
    low = np.clip(np.arange(n) + first, 0, n - 1)
    high = np.clip(np.arange(n) + max(first, last) + 1, low + 1, n)
    mean: Floats = (total[:, high] - total[:, low]) / (high - low)
    return mean
