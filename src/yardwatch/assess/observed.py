"""Observation claims: what was seen, by whom, where and when; nothing about what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yardwatch.assess.days import day_words, span_words, window_words
from yardwatch.assess.wording import IntervalTerms, count_number, hedged, number, spoken, unit_words
from yardwatch.history.assessment import Assessment, Withdrawn
from yardwatch.model import Change, Claim, Layer, Observation

Known = Mapping[str, Observation]


def observations(
    assessment: Assessment, known: Known, changes: Sequence[Change], terms: IntervalTerms
) -> tuple[Claim, ...]:
    """Every observation claim of an assessment, in the order a reader needs them."""
    found: list[Claim] = []
    if assessment.observed is not None:
        found.append(_look("o-observed", assessment.observed, terms))
        found += _kinds(assessment, assessment.observed)
    found += _maximum(assessment, known)
    found += [_look(f"o-cross-{i}", seen, terms) for i, seen in enumerate(assessment.cross_checks, 1)]
    found += _onset(assessment, known, terms)
    if assessment.superseded_by is not None:
        found.append(_look("o-superseding", assessment.superseded_by, terms))
    for i, pair in enumerate(withdrawn_apart(assessment), 1):
        found.append(_look(f"o-withdrawn-{i}", pair.observation, terms))
        found.append(_look(f"o-beaten-by-{i}", pair.by, terms))
    found += [_look(f"o-outside-{i}", seen, terms) for i, seen in enumerate(assessment.unprecedented.outside, 1)]
    return (*found, *(_change(f"o-change-{i}", change) for i, change in enumerate(changes, 1)))


def withdrawn_apart(assessment: Assessment) -> tuple[Withdrawn, ...]:
    """Withdrawn highest values, but for the observed one beaten by what supersedes it: that is said already."""
    told = (assessment.observed, assessment.superseded_by)
    return tuple(pair for pair in assessment.withdrawn if (pair.observation, pair.by) != told)


def attribution(seen: Observation) -> str:
    """Who counted: the publisher, or this software."""
    if seen.own:
        return "Yardwatch"
    return seen.source.publisher if seen.source else "a source that is not named"


def _look(claim_id: str, seen: Observation, terms: IntervalTerms) -> Claim:
    evidence = (seen.id, seen.evidence) if seen.evidence else (seen.id,)
    return Claim(
        id=claim_id,
        layer=Layer.OBSERVATION,
        text=f"For {span_words(seen.when)}, {_verb(seen)} {hedged(seen, terms)} in zone {seen.zone}{_basis(seen)}.",
        evidence=evidence,
        numbers={"date": str(seen.when)} | _numbers(seen),
    )


def _verb(seen: Observation) -> str:
    return "Yardwatch counted" if seen.own else f"{attribution(seen)} published"


def _basis(seen: Observation) -> str:
    return "" if seen.basis in ("reported", "counted") else f" (basis: {seen.basis})"


def _numbers(seen: Observation) -> dict[str, float | int | str]:
    return {
        name: end
        for name, end in (("value", seen.value), ("lower", seen.lower), ("upper", seen.upper))
        if end is not None
    }


def _kinds(assessment: Assessment, observed: Observation) -> list[Claim]:
    if not assessment.by_kind:
        return []
    parts = [f"{count_number(value, observed.unit)} {kind}" for kind, value in assessment.by_kind.items()]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    text = f"By kind, the same look holds {listed}."
    return [
        Claim(
            id="o-kinds",
            layer=Layer.OBSERVATION,
            text=text,
            evidence=(observed.id,),
            numbers=dict(assessment.by_kind),
        )
    ]


def _maximum(assessment: Assessment, known: Known) -> list[Claim]:
    base, question = assessment.baseline, assessment.question
    if base.max is None:
        return []
    evidence = base.bounds if base.max_is_bound else base.looks
    first = known.get(evidence[0]) if evidence else None
    if base.max_is_bound and first is not None:
        reach = f"For {span_words(first.when)}, {attribution(first)} published {spoken(first)} in zone {first.zone}"
        text = f"{reach}; how many looks stand behind that bound was not published."
    else:
        looks = "an unknown number of" if assessment.n is None else number(assessment.n)
        text = (
            f"The highest of {looks} earlier comparable looks in the window ({window_words(question.window)}) is "
            f"{count_number(base.max, question.unit)} {unit_words(question.unit, base.max)} in zone {question.zone}."
        )
    counted: dict[str, float | int | str] = {"maximum": base.max}
    if assessment.n is not None and not base.max_is_bound:
        counted["n"] = assessment.n
    return [Claim(id="o-maximum", layer=Layer.OBSERVATION, text=text, evidence=evidence, numbers=counted)]


def _onset(assessment: Assessment, known: Known, terms: IntervalTerms) -> list[Claim]:
    if assessment.onset is None:
        return []
    looks = [known[i] for i in assessment.onset.observations if i in known]
    observed = assessment.observed.id if assessment.observed else None
    return [_look(f"o-onset-{i}", seen, terms) for i, seen in enumerate(looks, 1) if seen.id != observed]


def _change(claim_id: str, change: Change) -> Claim:
    since = f" and stayed so in {number(change.persistence)} clear looks since" if change.persistence else ""
    return Claim(
        id=claim_id,
        layer=Layer.OBSERVATION,
        text=f"{_between(change)}, {change.area_m2:,.0f} m² of ground became something else{since}.",
        evidence=(change.id,),
        numbers={"area_m2": round(change.area_m2), "persistence": change.persistence},
    )


def _between(change: Change) -> str:
    if change.after and change.before:
        return f"Between the looks of {day_words(change.after)} and {day_words(change.before)}"
    if change.before:
        return f"At some time before the look of {day_words(change.before)}"
    return "Between two looks"
