"""Interpretation claims: what the observations amount to, held against the record. No causes, no motives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yardwatch.assess.observed import withdrawn_apart
from yardwatch.assess.wording import count_number, number, spoken
from yardwatch.history.assessment import Assessment, Ratio
from yardwatch.history.days import day_words
from yardwatch.history.leads import reports_it, rivals
from yardwatch.history.note import About, Days, Note, names
from yardwatch.model import Change, Claim, DateSpan, Layer, Observation
from yardwatch.model.plural import noun

Known = Mapping[str, Observation]
NEAR_DAYS = 3
"""A cross-check speaks of the observed look when it is this near: cars move within days."""

KINDS = {
    "new-structure": "a new structure",
    "removed": "a structure removed",
    "cleared": "cleared ground",
    "wall": "a new wall or fence",
    "track": "a new track",
    "platform": "a new platform",
}
CERTAIN = 0.99
"""A chance is never said to be more than this: ICD 203 has no word beyond it, and no fit carries it."""


def interpretations(
    assessment: Assessment, known: Known, changes: Sequence[Change], seen: Sequence[Claim]
) -> tuple[Claim, ...]:
    """Every interpretation of an assessment; each rests only on observation claims among those `seen`."""
    observed = frozenset(claim.id for claim in seen)
    found = [
        *_verdict(assessment, seen),
        *_ratio(assessment),
        *_chances(assessment),
        *_unprecedented(assessment, observed),
        *_cross_checks(assessment),
        *_onset(assessment, known, observed),
        *_events(assessment),
        *_superseded(assessment),
        *_withdrawn(assessment),
        *_notes(assessment, seen),
        *(_change(i, change) for i, change in enumerate(changes, 1)),
    ]
    return tuple(claim for claim in found if set(claim.rests_on) <= observed)


def _interpretation(claim_id: str, text: str, rests_on: tuple[str, ...], **numbers: float | str | None) -> Claim:
    stated = {name: value for name, value in numbers.items() if value is not None}
    return Claim(id=claim_id, layer=Layer.INTERPRETATION, text=text, rests_on=rests_on, numbers=stated)


def _verdict(assessment: Assessment, seen: Sequence[Claim]) -> list[Claim]:
    if assessment.observed is None:
        return []
    rests = ("o-observed",) if assessment.baseline.max is None else ("o-observed", "o-maximum")
    counted = [claim for claim in seen if not claim.id.startswith("o-cross-")]  # no verdict leans on a cross-check
    return [_interpretation("i-verdict", assessment.verdict, _with_dated(rests, assessment.verdict_days, counted))]


def _with_dated(rests: tuple[str, ...], days: Days, seen: Sequence[Claim]) -> tuple[str, ...]:
    """With the claims of every look of those days: whoever says a day leans on what was seen that day."""
    dated = ((claim.id, DateSpan.parse(str(claim.numbers["date"]))) for claim in seen if "date" in claim.numbers)
    return tuple(dict.fromkeys((*rests, *(claim for claim, day in dated if names(days, day)))))


def _ratio(assessment: Assessment) -> list[Claim]:
    ratio, base = assessment.ratio, assessment.baseline
    if ratio.value is None or assessment.observed is None:
        return []
    against = (
        "the highest number published for the window" if base.max_is_bound else "the window's highest earlier look"
    )
    text = f"That is about {number(ratio.value)} times {against} ({_extent(ratio)})."
    rests = ("o-observed", "o-maximum")
    return [_interpretation("i-ratio", text, rests, ratio=ratio.value, lower=ratio.lower, upper=ratio.upper)]


def _extent(ratio: Ratio) -> str:
    if ratio.lower is None or ratio.upper is None:
        return "no interval can be given, because none was published"
    if ratio.lower == ratio.upper:
        return "both numbers are given as exact"
    return f"{number(ratio.lower)} to {number(ratio.upper)}"


def _chances(assessment: Assessment) -> list[Claim]:
    found, n = [], assessment.n
    rests = ("o-observed", "o-maximum")
    highest = assessment.ratio.value is not None and assessment.ratio.value > 1
    if assessment.p_record is not None and n is not None and highest:
        text = (
            f"Were the {number(n + 1)} looks exchangeable, the newest would be the highest with a chance of "
            f"{number(assessment.p_record)}."
        )
        found.append(_interpretation("i-p-record", text, rests, p_record=assessment.p_record, looks=n + 1))
    if assessment.p_model is not None:
        text = f"Under the fitted baseline a count as high as this has a chance of {chance(assessment.p_model)}."
        found.append(_interpretation("i-p-model", text, rests, p_model=assessment.p_model))
    if assessment.p_calibrated is not None:
        text = (
            "Rolled over the record itself, the same test gave a result as strong as this with a frequency of "
            f"{chance(assessment.p_calibrated)}."
        )
        found.append(_interpretation("i-p-calibrated", text, rests, p_calibrated=assessment.p_calibrated))
    return found


def chance(p: float) -> str:
    """A probability as text; very small ones only as a bound, since no model is good that far out."""
    return "less than 0.0001" if p < 1e-4 else number(p)


def _unprecedented(assessment: Assessment, observed: frozenset[str]) -> list[Claim]:
    word = assessment.unprecedented
    looks = "" if word.n is None else f" (n = {number(word.n)})"
    start = {
        True: f"The word “unprecedented” holds within its window, zone and unit{looks}",
        False: "The word “unprecedented” does not hold",
        None: "The word “unprecedented” is refused",
    }[word.holds]
    rests = tuple(claim for claim in ("o-observed", "o-maximum") if claim in observed)
    if not rests:
        return []
    text = f"{start}: {word.reason.rstrip('.')}."
    return [_interpretation("i-unprecedented", text, rests, n=word.n if word.holds else None)]


def _apart(check: Observation, seen: Observation) -> str:
    """What sets a cross-check apart from the look it is held against."""
    where = f"of zone {check.zone}" if check.zone != seen.zone else ""
    when = f"of {day_words(check.when.latest)}" if check.when != seen.when else ""
    both = " and ".join(word for word in (where, when) if word)
    return f"it is {both}, " if both else ""


def _cross_checks(assessment: Assessment) -> list[Claim]:
    seen = assessment.observed
    if seen is None or seen.value is None:
        return []
    found = []
    for i, check in enumerate(assessment.cross_checks, 1):
        days = abs((check.when.earliest - seen.when.earliest).days)
        if check.lower is None or check.upper is None or days > NEAR_DAYS:
            continue
        holds = check.lower <= seen.value <= check.upper
        text = (
            f"The cross-check's interval, {count_number(check.lower, check.unit)} to "
            f"{count_number(check.upper, check.unit)}, {'holds' if holds else 'does not hold'} the observed "
            f"number, {spoken(seen)}; {_apart(check, seen)}it is rough and does not replace a count."
        )
        numbers = {"lower": check.lower, "upper": check.upper, "value": seen.value}
        found.append(_interpretation(f"i-cross-{i}", text, ("o-observed", f"o-cross-{i}"), **numbers))
    return found


def _onset(assessment: Assessment, known: Known, observed: frozenset[str]) -> list[Claim]:
    onset = assessment.onset
    if onset is None:
        return []
    rests = tuple(sorted(claim for claim in observed if claim.startswith("o-onset-")))
    if len(rests) < sum(i in known for i in onset.observations):
        rests = (*rests, "o-observed")
    zones = f", seen in {noun(len(onset.zones), 'zone')} {', '.join(onset.zones)}" if onset.zones else ""
    text = f"The rise began between {day_words(onset.earliest)} and {day_words(onset.latest)}{zones}."
    dates = {"earliest": onset.earliest.isoformat(), "latest": onset.latest.isoformat()}
    return [_interpretation("i-onset", text, rests or ("o-observed",), **dates)]


def _events(assessment: Assessment) -> list[Claim]:
    if not assessment.events or assessment.onset is None:
        return []
    total, before = len(assessment.events), len(rivals(assessment.events))
    itself = sum(reports_it(lead.event) for lead in assessment.events)
    hidden = sum(not lead.known for lead in assessment.events)
    reports = f"{number(itself)} {'reports' if itself == 1 else 'report'} the rise itself, " if itself else ""
    text = (
        f"Of {number(total)} dated events listed, {reports}{number(before)} came before it or may have; "
        f"{number(hidden)} had not been disclosed by the as-of day. Order in time names no cause."
    )
    ids = tuple(lead.event.id for lead in assessment.events)
    numbers = {"events": total, "before": before, "undisclosed": hidden} | ({"reports": itself} if itself else {})
    return [Claim(id="i-events", layer=Layer.INTERPRETATION, text=text, evidence=ids, numbers=numbers)]


def _superseded(assessment: Assessment) -> list[Claim]:
    later = assessment.superseded_by
    if later is None or assessment.observed is None:
        return []
    still = "is not" if later.when <= assessment.observed.when else "is no longer"
    text = f"The observed number {still} the highest of the record: {_beats(later)}."
    return [_interpretation("i-superseded", text, ("o-observed", "o-superseding"), value=later.value)]


def _withdrawn(assessment: Assessment) -> list[Claim]:
    return [
        _interpretation(
            f"i-withdrawn-{i}",
            f"The look of {day_words(pair.observation.when.latest)} may no longer be called the highest: "
            f"{_beats(pair.by)}.",
            (f"o-withdrawn-{i}", f"o-beaten-by-{i}"),
            value=pair.by.value,
        )
        for i, pair in enumerate(withdrawn_apart(assessment), 1)
    ]


def _beats(by: Observation) -> str:
    amount = "" if by.value is None else f", with {spoken(by)}"
    return f"the look of {day_words(by.when.latest)} beats it{amount}"


def _notes(assessment: Assessment, seen: Sequence[Claim]) -> list[Claim]:
    observed = {claim.id for claim in seen}
    base = tuple(claim for claim in ("o-observed", "o-maximum") if claim in observed)
    if not base:
        return []
    onset = tuple(sorted(claim for claim in observed if claim.startswith("o-onset-")))
    found = []
    for claim_id, note in numbered(assessment).items():
        events = _named_events(assessment) if note.about is About.RIVALS else ()
        below = (*base, *onset) if note.about in {About.ONSET, About.RIVALS} else base
        rests = _with_dated(below, note.days, seen)
        found.append(Claim(id=claim_id, layer=Layer.INTERPRETATION, text=note.text, rests_on=rests, evidence=events))
    return found


def numbered(assessment: Assessment) -> dict[str, Note]:
    """The notes by the id of the claim that says each."""
    return {f"i-note-{i}": note for i, note in enumerate(assessment.notes, 1)}


def _named_events(assessment: Assessment) -> tuple[str, ...]:
    """What a note on rivals in time rests on: those it names or counts, or every one where it says there is none."""
    return tuple(lead.event.id for lead in rivals(assessment.events) or assessment.events)


def _change(i: int, change: Change) -> Claim:
    stage = f", stage: {change.stage}" if change.stage else ""
    likely, stated = "its probability is not calibrated", {"probability": change.probability}
    if change.probability is not None:
        most = min(round(change.probability, 2), CERTAIN)
        stated["said"] = most
        likely = f"its chance of being real, as fitted on other places, is {'over ' * (most == CERTAIN)}{number(most)}"
    text = f"The change reads as {KINDS.get(change.kind, 'changed ground')}{stage}; {likely}."
    return _interpretation(f"i-change-{i}", text, (f"o-change-{i}",), **stated)
