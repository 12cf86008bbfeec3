"""What a line shows that is perhaps no track: evidence that hardly leans either way says nothing there.

The decoder takes each cell for a witness of its own. Along a track that is right: the network was shown tracks. Along a
line traced over what is none the answers may lean a little towards *body* for a hundred metres, all for one reason, and
the decoder makes eight sure wagons of a grass verge. So where nothing vouches for a line the log-odds of a body against
empty track are drawn towards nothing,

    o′ = sign(o) · max(|o| − τ, 0),   τ = PER_DOUBT · max(SURE − vouched, 0)

(soft thresholding, Donoho 1995), and what a cell says of body against gap is kept. `vouched` is the confidence of the
surest line of the group (`tracing.leading.vouched`): where one line of a yard is surely a track the others are taken at
their word. On given tracks τ is nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from yardwatch.cars.tracing.company import ALONE
from yardwatch.model import Evidence

SURE = ALONE
"""Confidence a line needs to be proposed by itself."""
SUREST = 50.0
"""Log-odds beyond which it makes no difference; keeps certainty finite."""
PER_DOUBT = 8.0
"""Log-odds a step of confidence of 1; a group that is no surer than 0.55 has τ = 0.4."""


def doubted(shown: Evidence, vouched: float) -> Evidence:
    """The evidence of a line as sure as that; unchanged where it is sure enough to stand alone."""
    least = PER_DOUBT * max(SURE - vouched, 0.0)
    if least == 0:
        return shown
    odds = np.clip(logsumexp(shown.log_prob[:, 1:], axis=1) - shown.log_prob[:, 0], -SUREST, SUREST)
    log_prob = shown.log_prob.copy()
    log_prob[:, 1:] += (_drawn_in(odds, least) - odds)[:, None]
    log_prob -= logsumexp(log_prob, axis=1, keepdims=True)
    return replace(shown, log_prob=np.where(shown.visible[:, None], log_prob, shown.log_prob))


def _drawn_in(odds: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    drawn: NDArray[np.float64] = np.sign(odds) * np.maximum(np.abs(odds) - least, 0)
    return drawn
