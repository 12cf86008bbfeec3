"""The test of a look as JSON: the field `surge` of `yardwatch assess --json`."""

from __future__ import annotations

from typing import Any

from yardwatch.history.effect import Effect
from yardwatch.history.power import FACTORS, PowerRow
from yardwatch.history.smalln import SmallN
from yardwatch.history.surge import Surge
from yardwatch.history.units import Converted

Json = dict[str, Any]


def surge_json(test: Surge | None) -> Json | None:
    """Ready for `json.dumps`; None where nothing was observed."""
    if test is None:
        return None
    return {
        "model": test.model,
        "prior": test.prior,
        "spread": test.spread,
        "back_test": {"looks": test.back_test, "series": test.back_test_series},
        "effect": None if test.effect is None else _effect(test.effect),
        "alarm": {"holds": test.alarm.holds, "reason": test.alarm.reason},
        "small_n": None if test.small_n is None else _small_n(test.small_n),
        "power": {"factors": list(FACTORS), "rows": [_power(row) for row in test.power]},
        "looks_enough": list(test.looks_enough),
        "assumed_ratio": _assumed(test.assumed_ratio),
        "suspect_zeros": [str(row.when) for row in test.suspect],
        "conversions": [_converted(row) for row in test.conversions],
    }


def _effect(size: Effect) -> Json:
    return {
        "value": size.value,
        "lower": size.lower,
        "upper": size.upper,
        "level": size.level,
        "expected": size.expected,
        "count_without_interval": size.bare,
    }


def _small_n(found: SmallN) -> Json:
    return {
        "path": found.path,
        "p": found.p,
        "mean": found.mean,
        "band": list(found.band),
        "looks": found.looks,
        "bounds": found.bounds,
        "prior": found.prior,
    }


def _assumed(ends: tuple[float, float] | None) -> Json | None:
    if ends is None:
        return None
    return {"lower": ends[0], "upper": ends[1], "basis": "our assumption of ±10 % on both counts; not published"}


def _power(row: PowerRow) -> Json:
    return {"looks": row.looks, "least": row.least, "power": list(row.power)}


def _converted(row: Converted) -> Json:
    look = row.observation
    return {
        "id": look.id,
        "date": str(look.when),
        "zone": look.zone,
        "from": {"value": look.value, "unit": look.unit},
        "unit": row.unit,
        "value": row.value,
        "lower": row.lower,
        "upper": row.upper,
        "through": row.through,
    }
