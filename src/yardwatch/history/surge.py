"""Surge: what the test of the observed look gave (`testing` makes it): model, back-test, effect, alarm, power."""

from __future__ import annotations

from dataclasses import dataclass

from yardwatch.history.effect import Alarm, Effect
from yardwatch.history.power import PowerRow
from yardwatch.history.smalln import SmallN
from yardwatch.history.units import Converted
from yardwatch.model import Observation


@dataclass(frozen=True, kw_only=True)
class Surge:
    """The test of one look."""

    model: str | None
    """What p_model rests on, in words; None where there is no model."""
    prior: str | None
    """Of the Bayesian path; None where there is none in it."""
    spread: float | None
    """Coefficient of variation of the rate."""
    p_model: float | None
    p_calibrated: float | None
    why_not_calibrated: str | None
    back_test: int
    """Back-test looks older than the observed one."""
    back_test_series: int
    effect: Effect | None
    alarm: Alarm
    small_n: SmallN | None
    """With ten or fewer looks fitted; never quoted without its prior."""
    power: tuple[PowerRow, ...]
    looks_enough: tuple[int | None, ...]
    """Least number of looks that would show each factor with power 0.8; None where no number would."""
    assumed_ratio: tuple[float, float] | None
    """The ratio's ends under our own assumption of ±10 % on both counts; None where an interval was published."""
    suspect: tuple[Observation, ...]
    """Zeros read as missing values; not fitted."""
    conversions: tuple[Converted, ...]
    """Looks of the zone and its child zones in the other unit, carried over; shown, never used."""
