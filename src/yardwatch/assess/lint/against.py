"""A quotation held against the report it quotes: what it turned the claims into, and which claim it breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon
from yardwatch.assess.lint.linter import lint
from yardwatch.assess.lint.matching import met
from yardwatch.assess.lint.numbers import Bound, bounds, ranges
from yardwatch.assess.lint.statements import Statement, known_numbers
from yardwatch.assess.lint.text import Sentence, value

NEAR = 0.25
"""A number this near to a claim's, and no number of the report, is that number changed on the way."""
BREAKS = {
    "superlative": ("i-unprecedented", "i-superseded"),
    "causal": ("i-events", "i-onset", "o-observed"),
    "pixels": ("l-inside",),
    "certainty": ("i-verdict", "o-observed"),
    "precision": ("o-observed",),
    "interval-not-published": ("o-observed",),
    "bound": ("o-observed",),
    "unnamed-source": ("o-observed",),
}
"""Claims a general fault breaks, the first that the report has."""
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DATE = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}}) (?P<m>{'|'.join(_MONTHS)})|(?P<m2>{'|'.join(_MONTHS)}) (?P<d2>\d{{1,2}})\b)"
)
_OTHERS = "trains|containers|trucks|lorries|locomotives|ships|crates|missiles|tonnes|tons|soldiers|buildings"
_OTHER_UNIT = re.compile(rf"^ (?:\w+ ){{0,2}}?(?P<unit>{_OTHERS})\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Quote:
    """One sentence of the quotation, with the report's statements."""

    sentence: Sentence
    text: str
    statements: Sequence[Statement]
    lexicon: Lexicon

    def finding(self, rule: str, broken: Statement | None, why: str) -> Finding:
        said = broken.text if broken else "the sentence to quote stands in the report"
        return Finding(
            line=self.sentence.line, text=self.sentence.text, rule=rule, why=why,
            suggestion=f"Quote it as it stands: “{said}”", claim=broken.id if broken else None,
        )  # fmt: skip

    def named(self, *ids: str) -> Statement | None:
        """The first statement of those ids that the report has."""
        return next((one for wanted in ids for one in self.statements if one.id == wanted), None)

    def nearest(self, number: float) -> Statement | None:
        """The observation whose number this is, else was: the observed look before any other that is near."""
        near = [(apart, one) for one in self.statements if (apart := _apart(one.value, number)) <= NEAR]
        return min(near, key=lambda pair: (pair[0] > 0, pair[1].id != "o-observed", pair[0]))[1] if near else None


def against(sentences: Sequence[Sentence], statements: Sequence[Statement], lexicon: Lexicon) -> tuple[Finding, ...]:
    """Findings of a quotation: what breaks a claim, then the general faults of its wording."""
    found: list[Finding] = []
    for sentence in sentences:
        quote = _Quote(sentence, sentence.plain, statements, lexicon)
        found += _numbers(quote) + _meaning(quote)
    general = [_broken(one, statements) for one in lint(sentences, lexicon, quoting=True)]
    told = {(one.line, one.text, one.claim) for one in found}
    return tuple(
        sorted(
            [*found, *(one for one in general if (one.line, one.text, one.claim) not in told)], key=lambda one: one.line
        )
    )


def _broken(finding: Finding, statements: Sequence[Statement]) -> Finding:
    known = {one.id for one in statements}
    return replace(finding, claim=next((i for i in BREAKS.get(finding.rule, ()) if i in known), None))


def _numbers(quote: _Quote) -> list[Finding]:
    found = [*(one for bound in bounds(quote.text, quote.lexicon, anything=True) if (one := _bound(quote, bound)))]
    if not found:
        found += _changed(quote)
    return found + _interval(quote)


def _bound(quote: _Quote, said: Bound) -> Finding | None:
    broken = quote.nearest(said.number)
    if broken is None:
        return None
    low, high = broken.interval
    held = low is not None and said.number <= low if said.side == "lower" else high is not None and said.number >= high
    if held and not said.strict:
        return None
    stated = "no interval was published" if (low, high) == (None, None) else "its interval says otherwise"
    return quote.finding("quote-bound", broken, f"“{said.text}” makes a bound of a number that is none: {stated}.")


def _changed(quote: _Quote) -> list[Finding]:
    """Numbers of cars that lost their hedge, their unit, their day, or themselves."""
    found, known = [], known_numbers(quote.statements)
    pattern = quote.lexicon.compile(r"(?<![\w.,–-])(?P<n>\d[\d,]*(?:\.\d+)?)(?![\w–]|[.,]\d)")
    for place in pattern.finditer(quote.text):
        number, after = value(place["n"]), quote.text[place.end() :]
        broken = quote.nearest(number)
        if broken is None or _a_date(quote.text, place):
            continue
        if number in known and broken.value == number:
            found += _kept(quote, place, broken, after)
        elif number not in known and quote.lexicon.compile(r"^ (?:\w+ ){0,2}?{stock}\b").search(after):
            why = f"“{place['n']}” is not the report’s number, {broken.value:g}."
            found.append(quote.finding("quote-number", broken, why))
    return found[:1]


def _kept(quote: _Quote, place: re.Match[str], broken: Statement, after: str) -> list[Finding]:
    other = _OTHER_UNIT.match(after)
    if other and broken.counts_cars:
        return [quote.finding("quote-unit", broken, f"The report counts freight cars, not {other['unit']}.")]
    before = quote.text[: place.start()]
    if broken.hedged and not quote.lexicon.compile(r"{about} (?:the |[a-z]+ )?$").search(before):
        return [quote.finding("quote-hedge", broken, f"“{place['n']}” lost its “about”.")]
    said, stated = _day(quote.text), _day(broken.text)
    if said and stated and said not in _days(broken.text) and _days(quote.text).isdisjoint(_days(broken.text)):
        return [quote.finding("quote-date", broken, f"The report gives that number for {stated}, not for {said}.")]
    return []


def _interval(quote: _Quote) -> list[Finding]:
    stated = {one.interval for one in quote.statements if one.value is not None}
    known = known_numbers(quote.statements)
    for low, high in ranges(quote.text):
        broken = quote.nearest((low + high) / 2)
        if broken is not None and (low, high) not in stated and not {low, high} <= known:
            return [quote.finding("quote-interval", broken, f"{low:g} to {high:g} is no interval of the report.")]
    return []


def _meaning(quote: _Quote) -> list[Finding]:
    """Direction, content and sensor: what no claim of the report says."""
    found, limit = [], quote.named("l-inside")
    excuse = [*quote.lexicon.lists["unsaid"]]
    for rule, why in (
        ("direction", "says where the cars go or come from, which the report says cannot be seen"),
        ("inside", "says what is inside, which the report says cannot be seen"),
    ):
        hit = met(quote.lexicon.against[rule], quote.text)
        if hit and not met(tuple(excuse), quote.text):
            found.append(quote.finding(f"quote-{rule}", limit, f"“{hit[0].strip()}” {why}."))
            break
    hit = met(quote.lexicon.against["spy"], quote.text)
    if hit:
        source = quote.named("o-sensor", "o-observed")
        found.append(quote.finding("quote-sensor", source, f"“{hit[0]}” is not what took the image."))
    return found


def _apart(stated: float | None, number: float) -> float:
    return float("inf") if stated is None else abs(stated - number) / max(stated, 1.0)


def _a_date(text: str, place: re.Match[str]) -> bool:
    year = re.fullmatch(r"(?:19|20)\d\d", place["n"]) is not None
    return year or any(day.start() <= place.start() < day.end() for day in _DATE.finditer(text))


def _day(text: str) -> str | None:
    return next(iter(sorted(_days(text))), None)


def _days(text: str) -> frozenset[str]:
    return frozenset(f"{int(day['d'] or day['d2'])} {day['m'] or day['m2']}" for day in _DATE.finditer(text))
