"""Baseline: what the earlier looks of the window lead us to expect, before the observed one.

- `max`, `median`, `ratio` and the record rank take in every earlier look of the window, `max` the bounds too.
- The predictive distribution is fitted to fewer: looks older than 26 weeks before the observed one, so that a rise
  in progress is not its own baseline, and of the observed day's stratum: a declared break is one stratum, all days
  outside breaks are another (a border closure is not normal traffic). One look a date; at least three.

- Zeros that read like missing values (`suspect`) are not fitted.

Up to ten looks are fitted by `predictive`, more by `forecast`, with seasonal levels from sixty looks on. No trend.
Source: Noufaily et al. (2013) for the weeks left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from yardwatch.history.assessment import Baseline, Ratio
from yardwatch.history.forecast import Forecast, moments
from yardwatch.history.predictive import Predictive, fit
from yardwatch.history.quantity import CARS, METRES, WAGON_PITCH_M, ends, highest, in_cars, known, one_a_day
from yardwatch.history.seasons import MIN_SEASON_LOOKS, levels, season_of
from yardwatch.history.selection import Looks, Selection
from yardwatch.history.series import suspects
from yardwatch.history.smalln import MOST_LOOKS
from yardwatch.model import Break, Observation

Model = Forecast | Predictive

LEFT_OUT = timedelta(weeks=26)
"""Before the observed day; Noufaily et al. (2013)."""
MIN_FIT_LOOKS = 3
"""With fewer, spread cannot be told from chance at all and the answer would be the prior's."""
MIN_VISIBLE = 0.5
"""Below this share of visible track a look cannot show that there were fewer cars; it does not count in n."""
BAND_LEVEL = 0.9


def baseline(selection: Selection, predictive: Model | None, fitted: Looks) -> Baseline:
    """The baseline of a selection, with the band of a predictive distribution where one could be fitted."""
    top = highest(selection.earlier)
    bound = max((bound_value(x) for x in selection.bounds), default=None)
    looked = None if top is None else known(top)
    is_bound = bound is not None and (looked is None or bound > looked)
    days = [known(look) for look in one_a_day(selection.earlier)]
    scale = WAGON_PITCH_M if selection.observed and selection.observed.unit == METRES else 1.0
    return Baseline(
        max=bound if is_bound else looked,
        max_is_bound=is_bound,
        median=float(np.median(days)) if days else None,
        mean=predictive.mean * scale if predictive else None,
        band=_band(predictive, scale) if predictive else None,
        looks=tuple(look.id for look in selection.earlier),
        bounds=tuple(look.id for look in selection.bounds),
        fitted=tuple(look.id for look in fitted),
    )


def bound_value(bound: Observation) -> float:
    """The number a bound states, whichever side it is."""
    stated = bound.upper if bound.upper is not None else bound.lower
    if stated is None:
        raise ValueError(f"bound {bound.id} states no number")
    return stated


def looks_counted(selection: Selection) -> int | None:
    """n: dates in the window with an earlier look that saw at least half of the track; None beside a bound.

    A published bound stands for images whose number was not published, so no n can be given with it.
    """
    if selection.bounds:
        return None
    return sum(1 for look in one_a_day(selection.earlier) if sees_enough(look))


def sees_enough(look: Observation) -> bool:
    """Whether a look saw enough of the track to count as one; a published look without a share is taken to."""
    return look.visible_fraction is None or look.visible_fraction >= MIN_VISIBLE


def fit_looks(selection: Selection, breaks: Sequence[Break]) -> tuple[Looks, str | None]:
    """The looks the model may be fitted to, and why there is no model (None when there is one)."""
    observed = selection.observed
    if observed is None:
        return (), "there is no observed look"
    if observed.unit not in {CARS, METRES}:
        return (), f"the baseline's model is for {CARS} and {METRES}, not for {observed.unit}"
    kept = comparable(selection, breaks)
    if len(kept) < MIN_FIT_LOOKS:
        return (), (
            f"looks that can be fitted: {len(kept)}, at least {MIN_FIT_LOOKS} are needed (older than 26 weeks before "
            "the observed one, and on the same side of the declared breaks)"
        )
    return kept, None


def comparable(selection: Selection, breaks: Sequence[Break]) -> Looks:
    """The earlier looks a fit may rest on: old enough, of the observed day's stratum, seeing something, not suspect."""
    observed = selection.observed
    if observed is None:
        return ()
    before = observed.when.earliest - LEFT_OUT
    stratum = _stratum(observed.when.latest, breaks)
    missing = {look.id for look in suspects(selection.ever)}
    return tuple(
        look
        for look in one_a_day(selection.earlier)
        if look.when.latest <= before
        and look.id not in missing
        and _stratum(look.when.latest, breaks) == stratum
        and (look.visible_fraction is None or look.visible_fraction > 0)
    )


def predict(looks: Looks, observed: Observation, *, small: bool | None = None) -> Model:
    """The predictive distribution of a further look, in cars or car equivalents.

    Up to ten looks the Bayesian mixture (`predictive`), above it the weighted forecast with seasonal levels where the
    looks allow; `small` forces one or the other, for the back-test and for comparisons.
    """
    counts = np.array([in_cars(known(look), look.unit) for look in looks])
    visible = np.array([1.0 if look.visible_fraction is None else look.visible_fraction for look in looks])
    if is_small(looks) if small is None else small:
        return fit(counts, visible)
    day = np.array([look.when.latest.toordinal() for look in looks], dtype=np.int64)
    age, season = (observed.when.earliest.toordinal() - day).astype(float), season_of(day)
    seasonal = len(looks) >= MIN_SEASON_LOOKS
    level = levels(counts, visible, age, season) if seasonal else np.ones(4)
    now = level[season_of(np.array(observed.when.earliest.toordinal()))]
    return Forecast(
        moments=moments(counts, visible * level[season], age), level=float(now), seasonal=bool((level != 1).any())
    )


def is_small(looks: Looks) -> bool:
    """Whether a baseline of these looks goes the Bayesian way."""
    return len(looks) <= MOST_LOOKS


def ratio(selection: Selection, base: Baseline) -> Ratio:
    """Observed ÷ maximum; an end is None unless both intervals give it. All None where there is no maximum above 0.

    `lower = observed's lower end ÷ maximum's upper end`, `upper` the other way round. A bound has no interval.
    """
    observed = selection.observed
    if observed is None or base.max is None or base.max == 0:
        return Ratio(value=None, lower=None, upper=None)
    top = None if base.max_is_bound else highest(selection.earlier)
    low, high = ends(observed)
    top_low, top_high = (None, None) if top is None else ends(top)
    return Ratio(value=known(observed) / base.max, lower=_divided(low, top_high), upper=_divided(high, top_low))


def _divided(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def _stratum(day: date, breaks: Sequence[Break]) -> str | None:
    return next((gap.id for gap in breaks if gap.first <= day <= gap.last), None)


def _band(predictive: Model, scale: float) -> tuple[float, float]:
    tail = (1 - BAND_LEVEL) / 2
    return predictive.quantile(tail) * scale, predictive.quantile(1 - tail) * scale
