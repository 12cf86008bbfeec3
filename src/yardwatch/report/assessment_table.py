"""The assessment as a table: each figure with its number, its evidence, or the reason it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yardwatch.assess.interpreted import chance
from yardwatch.assess.wording import IntervalTerms, count_number, hedged, number, quantity, unit_words
from yardwatch.history.assessment import Assessment
from yardwatch.history.days import span_iso, window_iso
from yardwatch.model import Observation

Json = float | int | str | list[float] | None

CHANCES = (
    ("p_record", "Chance by rank", "1 ÷ (n + 1): of n + 1 exchangeable looks the newest is the highest"),
    ("p_model", "Chance by model", "a count as high as this, under the fitted baseline"),
    ("p_calibrated", "Chance, calibrated", "how often the same test went off when rolled over past looks"),
)
DEFAULT_REASONS = {
    "n": "the number of looks behind a published bound was not published",
    "ratio": "no earlier number in the window to divide by",
    "p_record": "needs a known number of earlier looks, with the observed look the highest",
    "p_model": "needs at least 3 comparable earlier looks in the window",
    "p_calibrated": "needs enough looks to roll the test back over the record",
    "maximum": "no earlier look or published bound in the window",
    "median": "needs at least 3 comparable earlier looks in the window",
    "observed": "no observation of this zone and unit in the window",
}
"""Said where history gives no reason of its own."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    id: str
    label: str
    meaning: str
    """What the figure is, in one phrase."""
    text: str = ""
    value: Json = None
    evidence: tuple[str, ...] = ()
    reason: str | None = None
    """Why there is no value."""


def assessment_rows(assessment: Assessment, known: Mapping[str, Observation], terms: IntervalTerms) -> tuple[Row, ...]:
    """Every figure of an assessment, in the order a reader asks for them. `known`: observations by id."""
    return (
        *_question(assessment),
        _observed(assessment, terms),
        _n(assessment),
        _maximum(assessment, known, terms),
        _median(assessment, known),
        _ratio(assessment),
        *(_chance(assessment, *chance_row) for chance_row in CHANCES),
    )


def why(assessment: Assessment, name: str) -> str:
    """Why a figure is null: history's own reason, or the general one."""
    return assessment.why_null.get(name) or assessment.reason or DEFAULT_REASONS[name]


def _basis(assessment: Assessment) -> tuple[str, ...]:
    seen = assessment.observed
    ids = (*assessment.baseline.bounds, *assessment.baseline.looks, *((seen.id,) if seen else ()))
    return ids or (assessment.question.zone,)


def _question(assessment: Assessment) -> list[Row]:
    asked = assessment.question
    days = f"{asked.window.first.isoformat()}/{asked.window.last.isoformat()}"
    parts = (
        ("window", "Window", "the days the observed look is held against", window_iso(asked.window), days),
        ("zone", "Zone", "the outline in which cars are counted", asked.zone, asked.zone),
        ("unit", "Unit", "what is counted", unit_words(asked.unit), asked.unit),
    )
    return [
        Row(id=name, label=label, meaning=meaning, text=text, value=value, evidence=(asked.zone,))
        for name, label, meaning, text, value in parts
    ]


def _observed(assessment: Assessment, terms: IntervalTerms) -> Row:
    seen = assessment.observed
    row = Row(id="observed", label="Observed", meaning="the look held against the record", evidence=_basis(assessment))
    if seen is None:
        return _missing(row, why(assessment, "observed"))
    return Row(
        id=row.id, label=row.label, meaning=row.meaning, text=hedged(seen, terms), value=seen.value, evidence=(seen.id,)
    )


def _n(assessment: Assessment) -> Row:
    row = Row(id="n", label="n", meaning="comparable earlier looks in the window", evidence=_basis(assessment))
    if assessment.n is None:
        return _missing(row, why(assessment, "n"))
    return _given(row, number(assessment.n), assessment.n)


def _maximum(assessment: Assessment, known: Mapping[str, Observation], terms: IntervalTerms) -> Row:
    base, unit = assessment.baseline, assessment.question.unit
    ids = base.bounds if base.max_is_bound else base.looks
    row = Row(id="maximum", label="Maximum", meaning="highest earlier number in the window", evidence=ids)
    if base.max is None:
        return _missing(row, why(assessment, "maximum"))
    if base.max_is_bound:
        return _given(row, f"about {quantity(base.max, unit)}, a published bound", base.max)
    top = base.top_look(known)
    text = f"about {quantity(base.max, unit)}" if top is None else f"{hedged(top, terms)}, {span_iso(top.when)}"
    return _given(row, text, base.max)


def _median(assessment: Assessment, known: Mapping[str, Observation]) -> Row:
    base, unit = assessment.baseline, assessment.question.unit
    row = Row(
        id="median", label="Usual", meaning="median of the earlier looks on record", evidence=base.looks or base.bounds
    )
    if base.median is None:
        return _missing(row, why(assessment, "median"))
    looks = [known.get(i) for i in base.looks]
    exact = all(seen is not None and seen.bare for seen in looks)
    text = number(base.median) if exact else f"about {number(base.median)}"
    if base.band is not None:
        text += f"; the model expects {' to '.join(count_number(end, unit) for end in base.band)} in 90 % of looks"
    return _given(row, text, base.median)


def _ratio(assessment: Assessment) -> Row:
    ratio = assessment.ratio
    row = Row(id="ratio", label="Ratio", meaning="observed ÷ maximum", evidence=_basis(assessment))
    if ratio.value is None:
        return _missing(row, why(assessment, "ratio"))
    if ratio.lower is None or ratio.upper is None:
        return _given(row, f"about {number(ratio.value)}; no interval, because none was published", ratio.value)
    if ratio.lower == ratio.upper:
        return _given(row, f"{number(ratio.value)}, of numbers given as exact", ratio.value)
    return _given(row, f"about {number(ratio.value)} ({number(ratio.lower)} to {number(ratio.upper)})", ratio.value)


def _chance(assessment: Assessment, name: str, label: str, meaning: str) -> Row:
    row = Row(id=name, label=label, meaning=meaning, evidence=_basis(assessment))
    value: float | None = getattr(assessment, name)
    return _missing(row, why(assessment, name)) if value is None else _given(row, chance(value), value)


def _given(row: Row, text: str, value: Json) -> Row:
    return Row(id=row.id, label=row.label, meaning=row.meaning, evidence=row.evidence, text=text, value=value)


def _missing(row: Row, reason: str) -> Row:
    return Row(id=row.id, label=row.label, meaning=row.meaning, evidence=row.evidence, reason=reason)
