"""The plan as JSON: `yardwatch plan --json`; field names and meanings are stable, more may be added."""

from __future__ import annotations

from typing import Any

from yardwatch.history.next_look import Worth
from yardwatch.history.plan import SPELLS, BestDay, Chance, Plan, ToReview
from yardwatch.history.planning import WANTED, Needed

Json = dict[str, Any]


def plan_json(found: Plan) -> Json:
    """Ready for `json.dumps`."""
    return {
        "site": found.site,
        "as_of": found.question.as_of.isoformat(),
        "zone": found.question.zone,
        "unit": found.question.unit,
        "surge": _surge(found),
        "why_no_surge": found.why_no_surge,
        "assumed": {
            "cloud": found.wish.cloud,
            "delay_days": found.wish.delay_days,
            "wanted": WANTED,
            "power": found.power,
            "power_basis": found.power_basis,
            "spells": SPELLS,
        },
        "needed": _needed(found.needed),
        "needed_in_spells": _needed(found.needed_in_spells),
        "cadences": [_chance(row) for row in found.chances],
        "best_day": _day(found.best_day),
        "uncounted": [_worth(item) for item in found.uncounted],
        "review": [_review(item) for item in found.review],
    }


def _surge(found: Plan) -> Json | None:
    if found.onset is None or found.why_no_surge is not None:
        return None
    after = found.seen_after
    return {
        "onset": {"earliest": found.onset.earliest.isoformat(), "latest": found.onset.latest.isoformat()},
        "factor": found.factor,
        "seen_after_days": None if after is None else {"min": after[0], "max": after[1]},
    }


def _needed(plan: Needed | None) -> Json | None:
    if plan is None:
        return None
    return {"passes_a_month": plan.passes_a_month, "looks_a_month": plan.looks_a_month, "chance": plan.chance}


def _chance(row: Chance) -> Json:
    return {
        "passes_a_month": row.passes_a_month,
        "looks_a_month": row.looks_a_month,
        "caught": row.caught,
        "days_to_wanted": row.days,
    }


def _day(best: BestDay | None) -> Json | None:
    if best is None:
        return None
    half = {"from": best.first.isoformat(), "to": best.last.isoformat()}
    return {"day": best.day.isoformat(), "bits": best.bits, "half": half}


def _worth(item: Worth) -> Json:
    return {
        "scene": item.offer.id,
        "date": item.offer.day.isoformat(),
        "usable": item.offer.usable,
        "bits": item.bits,
    }


def _review(item: ToReview) -> Json:
    return {
        "scene": item.scene.id,
        "date": item.scene.day.isoformat(),
        "cars": item.scene.cars,
        "chance": item.chance,
        "role": item.role or None,
    }
