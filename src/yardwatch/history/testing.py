"""Testing: the observed look held against its baseline, with everything behind its p.

Sources and formulas stand in the files named by each part; this one puts them together for one question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yardwatch.history import exceedance
from yardwatch.history.backtest import MIN_LOOKS
from yardwatch.history.baseline import Model, bound_value, comparable, is_small, predict
from yardwatch.history.calibration import MIN_BACK_TEST, Calibration, calibrate
from yardwatch.history.effect import Effect, alarm, effect
from yardwatch.history.forecast import Floats, Forecast
from yardwatch.history.power import FACTORS, enough, power_table
from yardwatch.history.predictive import Predictive
from yardwatch.history.quantity import CARS, METRES, ends, in_cars, known
from yardwatch.history.selection import Looks, Selection
from yardwatch.history.series import looks_series, series_name, siblings, suspects
from yardwatch.history.smalln import BAND_LEVEL, PRIOR_STATED, Bounds, SmallN, small_n, stated
from yardwatch.history.surge import Surge
from yardwatch.history.units import Converted, convert
from yardwatch.model import Observation, Site

ASSUMED_ERROR = 0.1
"""Ours, not a source's: what "about 73" may leave open, shown beside a ratio that has no published interval."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the question is put, with what may calibrate the answer."""

    site: Site
    own: Sequence[Observation] = ()
    calibration: Calibration | None = None
    """Table of sibling series of other sites, built once."""


def put_to_test(rows: Selection, fitted: Looks, place: Place) -> Surge:
    """The test of the observed look of a selection against the looks fitted (none: there is no model)."""
    observed = rows.observed
    model = predict(fitted, observed) if fitted and observed else None
    p_model = exceedance.p_model(observed, model) if observed and model else None
    past, names = _past(rows, place)
    p_calibrated, why = _calibrated(observed, fitted, past)
    size = _effect(observed, model) if observed and model else None
    few, guess = _small_n(rows, place)
    mean, spread = _level(model or guess)
    plain = isinstance(model, Forecast)
    return Surge(
        model=_said(model, fitted),
        prior=None if model is None or plain else PRIOR_STATED,
        spread=_level(model)[1],
        p_model=p_model,
        p_calibrated=p_calibrated,
        why_not_calibrated=why,
        back_test=len(past),
        back_test_series=names,
        effect=size,
        alarm=alarm(p_calibrated, size),
        small_n=few,
        power=power_table(mean, spread) if mean and spread else (),
        looks_enough=tuple(enough(mean, spread, f) for f in FACTORS) if mean and spread else (),
        assumed_ratio=_assumed(rows),
        suspect=suspects(rows.ever),
        conversions=_conversions(rows),
    )


def _level(model: Model | None) -> tuple[float | None, float | None]:
    if model is None:
        return None, None
    if isinstance(model, Forecast):
        return model.mean, float(model.moments.spread)
    return model.mean, float(model.weight @ model.spread_at)


def _said(model: Model | None, fitted: Looks) -> str | None:
    if model is None:
        return None
    kind = "weighted negative binomial" if isinstance(model, Forecast) else "Bayesian negative binomial (few looks)"
    seasons = ", seasonal levels" if isinstance(model, Forecast) and model.seasonal else ""
    return f"{kind}, {len(fitted)} looks{seasons}"


def _past(rows: Selection, place: Place) -> tuple[Floats, int]:
    """Tails of every back-test look older than the observed one, and of how many series they are."""
    observed = rows.observed
    if observed is None or observed.unit not in {CARS, METRES}:
        return np.empty(0), 0
    day = observed.when.earliest.toordinal()
    name = series_name(place.site.id, observed.zone, observed.unit)
    table = place.calibration
    here = [looks_series(name, [x for x in rows.ever if x.when.latest < observed.when.earliest], place.site.breaks)]
    here += siblings(place.site, observed.zone, observed.unit, place.own)
    beside = table.series if table else frozenset()
    own = calibrate([x for x in here if x.id not in beside and len(x.day)])
    tails = [own.older(day), *([table.older(day)] if table else [])]
    return np.concatenate(tails), len(own.series) + len(beside)


def _calibrated(observed: Observation | None, fitted: Looks, past: Floats) -> tuple[float | None, str | None]:
    if observed is None:
        return None, "there is no observed look"
    if len(fitted) < MIN_LOOKS:
        return None, (
            f"not calibrated: the back-test rests on baselines of at least {MIN_LOOKS} looks, this one has "
            f"{len(fitted)}"
        )
    if len(past) < MIN_BACK_TEST:
        return None, (
            f"not calibrated: {len(past)} back-test looks in this and sibling series before the observed one, fewer "
            f"than the {MIN_BACK_TEST} that a chance of 1 % needs"
        )
    tail = exceedance.p_model(observed, predict(fitted, observed, small=False))
    return (1 + int((past <= tail).sum())) / (len(past) + 1), None


def _effect(observed: Observation, model: Model) -> Effect | None:
    lower, upper = ends(observed)
    unit = observed.unit
    interval = (
        None if lower is None else in_cars(lower, unit),
        None if upper is None else in_cars(upper, unit),
    )
    return effect(in_cars(known(observed), unit), interval, _share(observed), model)


def _small_n(rows: Selection, place: Place) -> tuple[SmallN | None, Predictive | None]:
    """What ten or fewer comparable looks and the bounds say; the distribution is None where it is the prior's alone."""
    observed = rows.observed
    looks = comparable(rows, place.site.breaks)
    if observed is None or observed.unit not in {CARS, METRES} or not is_small(looks):
        return None, None
    unit = observed.unit
    bounds = Bounds(
        at_most=tuple(in_cars(bound_value(x), unit) for x in rows.bounds if x.upper is not None),
        at_least=tuple(in_cars(bound_value(x), unit) for x in rows.bounds if x.upper is None),
    )
    counts = [in_cars(known(x), unit) for x in looks]
    found = small_n(counts, [_share(x) for x in looks], bounds)
    path, prior = stated(counts, bounds)
    tail = (1 - BAND_LEVEL) / 2
    answer = SmallN(
        path=path,
        p=exceedance.p_model(observed, found),
        mean=found.mean,
        band=(found.quantile(tail), found.quantile(1 - tail)),
        looks=len(looks),
        bounds=len(rows.bounds),
        prior=prior,
    )
    return answer, found if looks or rows.bounds else None


def _assumed(rows: Selection) -> tuple[float, float] | None:
    """The ratio's ends if observed and maximum were each within ±10 %; only where no interval was published."""
    base = [known(x) for x in rows.earlier] + [bound_value(x) for x in rows.bounds]
    if rows.observed is None or None not in ends(rows.observed) or max(base, default=0.0) <= 0:
        return None
    ratio = known(rows.observed) / max(base)
    return ratio * (1 - ASSUMED_ERROR) / (1 + ASSUMED_ERROR), ratio * (1 + ASSUMED_ERROR) / (1 - ASSUMED_ERROR)


def _share(look: Observation) -> float:
    return 1.0 if look.visible_fraction is None else look.visible_fraction


def _conversions(rows: Selection) -> tuple[Converted, ...]:
    if rows.observed is None:
        return ()
    unit = rows.observed.unit
    return tuple(found for x in rows.family if x.unit != unit and isinstance(found := convert(x, unit), Converted))
