"""Contract: an assessment as the JSON of `yardwatch assess --json`; field names and meanings are stable.

The fields of DESIGN.md come first and in its order; `no_looks`, `notes`, `why_null` and `reason` are added after
them. Days are ISO 8601, a span of days is two of them joined by `/`; whole numbers are written without a point.
"""

from __future__ import annotations

from typing import Any

from yardwatch.history.assessment import Assessment, Baseline, EventLead, Onset, Unprecedented, Withdrawn
from yardwatch.history.baseline import bound_value
from yardwatch.history.quantity import ends
from yardwatch.history.record_contract import coverage_json, levels_json, span_json
from yardwatch.history.surge_contract import surge_json
from yardwatch.model import Observation, Role, Window

Json = dict[str, Any]


def as_json(assessment: Assessment) -> Json:
    """The contract's fields, ready for `json.dumps`."""
    question = assessment.question
    return {
        "site": assessment.site,
        "as_of": question.as_of.isoformat(),
        "zone": question.zone,
        "unit": question.unit,
        "window": _window(question.window),
        "n": assessment.n,
        "observed": _observed(assessment),
        "baseline": _baseline(assessment.baseline),
        "ratio": {side: _plain(getattr(assessment.ratio, side)) for side in ("value", "lower", "upper")},
        "p_model": assessment.p_model,
        "p_calibrated": assessment.p_calibrated,
        "p_record": assessment.p_record,
        "unprecedented": _unprecedented(assessment.unprecedented),
        "superseded_by": None if assessment.superseded_by is None else _row(assessment.superseded_by),
        "withdrawn": [_withdrawn(item) for item in assessment.withdrawn],
        "cross_checks": [_row(row) for row in assessment.cross_checks],
        "onset": None if assessment.onset is None else _onset(assessment.onset),
        "events": [_event(lead) for lead in assessment.events],
        "verdict": assessment.verdict,
        "no_looks": [str(when) for when in assessment.no_looks],
        "notes": [note.text for note in assessment.notes],
        "why_null": dict(assessment.why_null),
        "reason": assessment.reason,
        "coverage": coverage_json(assessment.coverage),
        "levels": levels_json(assessment.levels),
        "surge": surge_json(assessment.surge),
    }


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _window(window: Window) -> Json:
    return {"from": window.first.isoformat(), "to": window.last.isoformat()}


def _row(row: Observation) -> Json:
    lower, upper = ends(row)
    value = bound_value(row) if row.role is Role.BOUND else row.value
    return {
        "id": row.id,
        "date": str(row.when),
        "zone": row.zone,
        "unit": row.unit,
        "value": _plain(value),
        "lower": _plain(lower),
        "upper": _plain(upper),
        "basis": row.basis,
        "role": row.role.value,
    }


def _observed(assessment: Assessment) -> Json | None:
    if assessment.observed is None:
        return None
    kinds = {kind: _plain(value) for kind, value in assessment.by_kind.items()}
    return {**_row(assessment.observed), "by_kind": kinds}


def _baseline(base: Baseline) -> Json:
    return {
        "max": _plain(base.max),
        "max_is_bound": base.max_is_bound,
        "median": _plain(base.median),
        "mean": base.mean,
        "band": None if base.band is None else [_plain(end) for end in base.band],
        "looks": list(base.looks),
        "bounds": list(base.bounds),
        "fitted": list(base.fitted),
    }


def _unprecedented(word: Unprecedented) -> Json:
    return {
        "holds": word.holds,
        "reason": word.reason,
        "window": _window(word.window),
        "zone": word.zone,
        "unit": word.unit,
        "n": word.n,
        "outside": [{**_row(row), "quote": row.source.quote if row.source else ""} for row in word.outside],
    }


def _withdrawn(item: Withdrawn) -> Json:
    return {
        "date": str(item.observation.when),
        "value": _plain(item.observation.value),
        "by": {"date": str(item.by.when), "value": _plain(item.by.value)},
    }


def _onset(onset: Onset) -> Json:
    best = onset.likeliest
    return {
        "earliest": onset.earliest.isoformat(),
        "latest": onset.latest.isoformat(),
        "zones": list(onset.zones),
        "observations": list(onset.observations),
        "method": onset.method,
        "level": onset.level,
        "likeliest": None
        if best is None
        else {**span_json(best.earliest, best.latest), "probability": best.probability},
        "change": onset.change,
        "rule": None if onset.rule is None else span_json(onset.rule.earliest, onset.rule.latest),
        "second": None if onset.second is None else span_json(onset.second.earliest, onset.second.latest),
    }


def _event(lead: EventLead) -> Json:
    days = lead.lead_days
    return {
        "id": lead.event.id,
        "date": str(lead.event.when),
        "disclosed": str(lead.event.disclosed),
        "known": lead.known,
        "approximate": lead.event.approximate,
        "title": lead.event.title,
        "lead_days": None if days is None else {"min": days[0], "max": days[1]},
        "chance": lead.chance,
        "chance_of_any": lead.chance_of_any,
        "grade": lead.grade,
    }
