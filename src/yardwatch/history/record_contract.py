"""Record contract: coverage and levels of an assessment as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from yardwatch.history.assessment import Coverage
from yardwatch.history.levels import Levels

Json = dict[str, Any]


def span_json(earliest: date, latest: date) -> Json:
    """Two days between which something lies."""
    return {"earliest": earliest.isoformat(), "latest": latest.isoformat()}


def coverage_json(seen: Coverage | None) -> Json | None:
    """How the window was looked at."""
    if seen is None:
        return None
    gap = seen.longest_gap
    return {
        "dates": seen.dates,
        "months": seen.months,
        "months_seen": seen.months_seen,
        "longest_gap": None if gap is None else {"from": gap[0].isoformat(), "to": gap[1].isoformat()},
        "unusable": seen.unusable,
        "sensors": dict(seen.sensors),
        "strata": dict(seen.strata),
    }


def levels_json(found: Levels | None) -> Json | None:
    """The record cut into levels; None in a unit that is no count."""
    if found is None:
        return None
    since = found.standing_since
    return {
        "shifts": [
            {**span_json(x.earliest, x.latest), "before": x.before, "after": x.after, "looks": list(x.looks)}
            for x in found.shifts
        ],
        "raised": [
            {
                "began": span_json(x.began.earliest, x.began.latest),
                "ended": None if x.ended is None else span_json(x.ended.earliest, x.ended.latest),
                "before": x.before,
                "during": x.during,
                "standing": x.standing.value,
            }
            for x in found.raised
        ],
        "standing_since": None if since is None else since.isoformat(),
    }
