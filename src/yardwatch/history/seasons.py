"""Seasons: levels of the four seasons, only when the looks allow, drawn to one as far as chance explains them.

With m and c of the season-less fit, the raw level of season s is `r = Σ y / Σ m v` over its n looks, with variance
`e = (1/(m v̄) + c²) / n`. Between seasons `τ² = max(0, mean((r − 1)²) − mean(e))`; the level is
`1 + (r − 1)·τ²/(τ² + e)` (empirical Bayes, Efron & Morris 1975), scaled so that the looks' mean level is one.

Seasons are December–February and so on. Sixty looks are needed, eight of them in every season.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yardwatch.history.forecast import moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_SEASON_LOOKS = 60
"""Looks: fifteen a season give its level to about a fifth at the usual spread."""
MIN_EACH = 8
SEASONS = 4
EPOCH_ORDINAL = 719163
"""Proleptic ordinal of 1970-01-01, where numpy counts days from."""


def season_of(day: Ints) -> Ints:
    """Season 0 (December to February) … 3 of proleptic ordinals (...)."""
    month = (np.asarray(day) - EPOCH_ORDINAL).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    return (month + 1) // 3 % SEASONS


def levels(counts: Floats, visible: Floats, age_days: Floats, season: Ints) -> Floats:
    """(..., 4): level of each season of series (..., n), NaN in `counts` where there was no look; ones if too few."""
    seen = np.isfinite(counts)
    found = moments(counts, visible, age_days)
    expected = np.where(seen, found.mean[..., None] * visible, 0.0)
    member = seen[..., None, :] & (season[..., None, :] == np.arange(SEASONS)[:, None])
    n, mu = member.sum(-1), (member * expected[..., None, :]).sum(-1)
    raw = (member * np.where(seen, counts, 0.0)[..., None, :]).sum(-1) / np.maximum(mu, 1e-9)
    error = (n / np.maximum(mu, 1e-9) + found.spread[..., None] ** 2) / np.maximum(n, 1)
    between = np.maximum(((raw - 1) ** 2 - error).mean(-1, keepdims=True), 0.0)
    level = 1 + (raw - 1) * between / (between + error)
    level = level / ((level * n).sum(-1, keepdims=True) / np.maximum(n.sum(-1, keepdims=True), 1))
    allowed = (n.sum(-1) >= MIN_SEASON_LOOKS) & (n.min(-1) >= MIN_EACH)
    return np.where(allowed[..., None], level, 1.0)
