"""The sentence to quote: the number with its hedge, its interval, its comparison and what may not be said."""

from __future__ import annotations

from yardwatch.assess.observed import whose
from yardwatch.assess.wording import IntervalTerms, hedged, number, quantity, spoken
from yardwatch.history.assessment import Assessment
from yardwatch.history.days import day_words, span_words
from yardwatch.model import Site
from yardwatch.model.plural import noun


def citation(site: Site, assessment: Assessment, terms: IntervalTerms) -> str:
    """One sentence that stays true when it is quoted alone; says so when there is nothing to cite."""
    seen = assessment.observed
    as_of = day_words(assessment.question.as_of)
    if seen is None:
        return f"As of {as_of} no observation of {site.name} could be held against its record."
    simulated = " in simulated imagery of a place that does not exist" if site.fictional or seen.synthetic else ""
    text = (
        f"On {span_words(seen.when)} there were {hedged(seen, terms)} in zone {seen.zone} of {site.name}{simulated}, "
        f"according to {whose(seen)}"
    )
    return f"{text}{_comparison(site, assessment, terms)}{_later(assessment)}."


def _comparison(site: Site, assessment: Assessment, terms: IntervalTerms) -> str:
    base, ratio, unit = assessment.baseline, assessment.ratio, assessment.question.unit
    as_of = f"as of {day_words(assessment.question.as_of)}"
    own = assessment.observed is not None and assessment.observed.own
    if base.max is None or ratio.value is None:
        return f", and the record {as_of} does not allow a comparison"
    if base.max_is_bound:
        against = (
            f"the highest number published for the window {as_of} (about {number(base.max)}, number of looks unknown)"
        )
    else:
        n = assessment.n
        looks = "an unknown number of earlier looks" if n is None else f"{number(n)} earlier {noun(n, 'look')}"
        top = base.top_look({row.id: row for row in site.record})
        highest = f"about {quantity(base.max, unit)}" if top is None else spoken(top)
        against = f"the highest of {looks} in the window {as_of} ({highest})"
    extent = ""
    if ratio.lower is not None and ratio.upper is not None and ratio.lower != ratio.upper:
        extent = f" ({number(ratio.lower)} to {number(ratio.upper)}{f', {terms.words}' if own else ''})"
    word = {None: "; the word “unprecedented” is not supported", False: "", True: ""}[assessment.unprecedented.holds]
    return f", about {number(ratio.value)} times{extent} {against}{word}"


def _later(assessment: Assessment) -> str:
    later = assessment.superseded_by
    if later is None:
        return ""
    looked = f"look ({span_words(later.when)}: {spoken(later)})"
    if assessment.observed is not None and later.when <= assessment.observed.when:
        return f"; an earlier {looked} found more"
    return f"; a later {looked} found more"
