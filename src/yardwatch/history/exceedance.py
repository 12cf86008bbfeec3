"""Exceedance: the chance of a look like the observed one, by the model and by rank alone.

- `p_model = Σ_c P(c) · P_NB(Y ≥ c)`: the count's own uncertainty P(c) goes in; without a pmf, all of it lies at the
  published value. Y is a further look that sees the same share of the track.
- `p_record = 1/(n + 1)`: the chance that the newest of n + 1 exchangeable looks is the highest; no model.

Neither is calibrated (`calibration` does that): on real monthly train counts a nominal 1 % test of this kind raised
3–15 % false alarms.
"""

from __future__ import annotations

import numpy as np

from yardwatch.history.forecast import Forecast
from yardwatch.history.predictive import Predictive
from yardwatch.history.quantity import CARS, in_cars, known
from yardwatch.model import Observation


def p_model(observed: Observation, predictive: Forecast | Predictive) -> float:
    """Chance of a count as high as the observed one, or higher, under the baseline. Cars or metres of train."""
    visible = 1.0 if observed.visible_fraction is None else observed.visible_fraction
    if observed.pmf is None or observed.unit != CARS:
        return float(predictive.exceed(in_cars(known(observed), observed.unit), visible)[0])
    pmf = np.asarray(observed.pmf, float)
    counts = np.flatnonzero(pmf)
    return min(1.0, float(pmf[counts] @ predictive.exceed(counts, visible)))


def p_record(n: int | None) -> float | None:
    """1/(n + 1); None when n is unknown."""
    return None if n is None else 1 / (n + 1)
