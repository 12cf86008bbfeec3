"""Observation claims: what was seen, by whom, where and when; nothing about what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yardwatch.assess.wording import IntervalTerms, count_number, hedged, number, publisher, quantity, spoken
from yardwatch.history.assessment import Assessment, Baseline, Withdrawn
from yardwatch.history.days import day_words, span_words, window_words
from yardwatch.model import Change, Claim, Layer, Observation, Role

Known = Mapping[str, Observation]


def observations(
    assessment: Assessment, known: Known, changes: Sequence[Change], terms: IntervalTerms
) -> tuple[Claim, ...]:
    """Every observation claim of an assessment, in the order a reader needs them."""
    found: list[Claim] = []
    if assessment.observed is not None:
        found.append(_look("o-observed", assessment.observed, terms))
        found += _sensor(assessment.observed)
        found += _kinds(assessment, assessment.observed)
    found += _maximum(assessment, known, terms)
    found += [_look(f"o-outside-{i}", seen, terms) for i, seen in enumerate(assessment.unprecedented.outside, 1)]
    if assessment.superseded_by is not None:
        found.append(_look("o-superseding", assessment.superseded_by, terms))
    for i, pair in enumerate(withdrawn_apart(assessment), 1):
        found.append(_look(f"o-withdrawn-{i}", pair.observation, terms))
        found.append(_look(f"o-beaten-by-{i}", pair.by, terms))
    found += [_look(f"o-cross-{i}", seen, terms) for i, seen in enumerate(assessment.cross_checks, 1)]
    found += _onset(assessment, known, terms)
    return (*found, *(_change(f"o-change-{i}", change) for i, change in enumerate(changes, 1)))


def withdrawn_apart(assessment: Assessment) -> tuple[Withdrawn, ...]:
    """Withdrawn highest values, but for the observed one beaten by what supersedes it: that is said already."""
    told = (assessment.observed, assessment.superseded_by)
    return tuple(pair for pair in assessment.withdrawn if (pair.observation, pair.by) != told)


def attribution(seen: Observation) -> str:
    """Who counted: the publisher, or this software; for a derived number, whose figures it comes from."""
    if seen.own:
        return "Yardwatch"
    return publisher(seen.source) if seen.source else "a source that is not named"


def derived(seen: Observation) -> bool:
    """Whether nobody published the number itself: it was worked out from what was published."""
    return not seen.own and seen.basis != "reported" and not seen.outright


def whose(seen: Observation) -> str:
    """Who stands behind a number, as a phrase after *according to*."""
    if seen.own and seen.basis == "reviewed":
        return f"a person's review of the image ({seen.note})"
    return f"a number derived from figures of {attribution(seen)}" if derived(seen) else attribution(seen)


def _look(claim_id: str, seen: Observation, terms: IntervalTerms) -> Claim:
    where = seen.zone if seen.role is Role.CONTEXT else f"zone {seen.zone}"
    said, when = hedged(seen, terms), span_words(seen.when)
    if derived(seen):
        how = "" if seen.basis == "derived" else f", by {seen.basis}"
        text = f"For {when}, {said} in {where} follow from what {attribution(seen)} published{how}."
    elif seen.own and seen.basis == "reviewed":
        text = f"For {when}, a person who reviewed the image counted {said} in {where} ({seen.note})."
    elif seen.own:
        text = f"For {when}, Yardwatch counted {said} in {where}."
    else:
        text = (
            f"For {when}, {attribution(seen)} published {said} {'for' if seen.role is Role.CONTEXT else 'in'} {where}."
        )
    return Claim(
        id=claim_id,
        layer=Layer.OBSERVATION,
        text=text,
        evidence=(seen.id, seen.evidence) if seen.evidence else (seen.id,),
        numbers={"date": str(seen.when)} | _numbers(seen),
    )


def _numbers(seen: Observation) -> dict[str, float | int | str]:
    return {
        name: end
        for name, end in (("value", seen.value), ("lower", seen.lower), ("upper", seen.upper))
        if end is not None
    }


def _sensor(seen: Observation) -> list[Claim]:
    """What took the image, so that a quotation cannot put another satellite in its place."""
    if seen.own or seen.source is None or not seen.source.sensor:
        return []
    text = f"As the origin of the imagery behind that look, {attribution(seen)} gives: {seen.source.sensor}."
    return [Claim(id="o-sensor", layer=Layer.OBSERVATION, text=text, evidence=(seen.id,))]


def _kinds(assessment: Assessment, observed: Observation) -> list[Claim]:
    if not assessment.by_kind:
        return []
    parts = [f"{count_number(value, observed.unit)} {kind}" for kind, value in assessment.by_kind.items()]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    text = f"By kind, the same look holds about {listed}."
    return [
        Claim(
            id="o-kinds",
            layer=Layer.OBSERVATION,
            text=text,
            evidence=(observed.id,),
            numbers=dict(assessment.by_kind),
        )
    ]


def _maximum(assessment: Assessment, known: Known, terms: IntervalTerms) -> list[Claim]:
    base, question = assessment.baseline, assessment.question
    if base.max is None:
        return []
    if base.max_is_bound:
        return [_bound(base, known)]
    counted: dict[str, float | int | str] = {"maximum": base.max}
    looks, rest = "The highest earlier comparable look on record", "; how many looks were made is not known"
    if assessment.n is not None:
        counted["n"] = assessment.n
        several = f"The highest of {number(assessment.n)} earlier comparable looks"
        looks, rest = "The only earlier comparable look (n = 1)" if assessment.n == 1 else several, ""
    top = base.top_look(known)
    highest = f"about {quantity(base.max, question.unit)}"
    if top is not None:
        highest = f"{hedged(top, terms)}, on {span_words(top.when)}"
    text = f"{looks} in zone {question.zone} in the window ({window_words(question.window)}) is {highest}{rest}."
    return [Claim(id="o-maximum", layer=Layer.OBSERVATION, text=text, evidence=base.looks, numbers=counted)]


def _bound(base: Baseline, known: Known) -> Claim:
    bounds = [known[i] for i in base.bounds if i in known]
    first = next((b for b in bounds if base.max in (b.upper, b.lower)), bounds[0] if bounds else None)
    text = f"A published bound for the window is about {number(base.max or 0)}"
    if first is not None:
        text = f"For {span_words(first.when)}, {attribution(first)} published {spoken(first)} in zone {first.zone}"
    return Claim(
        id="o-maximum",
        layer=Layer.OBSERVATION,
        text=f"{text}; how many looks stand behind that bound was not published.",
        evidence=base.bounds,
        numbers={"maximum": base.max or 0.0},
    )


def _onset(assessment: Assessment, known: Known, terms: IntervalTerms) -> list[Claim]:
    if assessment.onset is None:
        return []
    looks = [known[i] for i in assessment.onset.observations if i in known]
    observed = assessment.observed.id if assessment.observed else None
    return [_look(f"o-onset-{i}", seen, terms) for i, seen in enumerate(looks, 1) if seen.id != observed]


def _change(claim_id: str, change: Change) -> Claim:
    since = f" and stayed so in {number(change.persistence)} clear looks since" if change.persistence else ""
    size, numbers = f"{change.area_m2:,.0f} m² of ground", {"area_m2": round(change.area_m2)}
    if change.length_m is not None:
        size, numbers = f"a strip of ground {change.length_m:,.0f} m long", {"length_m": round(change.length_m)}
    return Claim(
        id=claim_id,
        layer=Layer.OBSERVATION,
        text=f"{_between(change)}, {size} became something else{since}.",
        evidence=(change.id,),
        numbers={**numbers, "persistence": change.persistence},
    )


def _between(change: Change) -> str:
    if change.after and change.before:
        return f"Between the looks of {day_words(change.after)} and {day_words(change.before)}"
    if change.before:
        return f"At some time before the look of {day_words(change.before)}"
    return "Between two looks"
