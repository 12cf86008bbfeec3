"""Numbers of a quotation held against a report's: bounds, hedges, units, days, places, ratios, intervals."""

from __future__ import annotations

import re

from yardwatch.assess.lint.days import days, is_a_day, months
from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.matching import met
from yardwatch.assess.lint.multiples import A_MULTIPLE, MULTIPLES
from yardwatch.assess.lint.numbers import Bound, bounds, ranges
from yardwatch.assess.lint.quotation import Quotation
from yardwatch.assess.lint.statements import Statement, known_numbers
from yardwatch.assess.lint.text import value
from yardwatch.history.days import MONTHS

SAME_RATIO = 0.03
"""A ratio this near to the report's is the same one, rounded."""
_OTHERS = "trains|containers|trucks|lorries|locomotives|ships|crates|missiles|tonnes|tons|soldiers|buildings|vehicles"
_OTHER_UNIT = re.compile(rf"^ (?:\w+ ){{0,2}}?(?P<unit>{_OTHERS})\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,–-])(?P<n>\d[\d,]*(?:\.\d+)?)(?![\w–-]|[.,]\d)")
_HOW = r"(?P<how>more than |over |at least |up to )?"
_RATIO = re.compile(rf"{_HOW}(?:(?P<n>\d+(?:\.\d+)?)(?:-| )?(?:times|fold)|\b(?P<w>{A_MULTIPLE}))\b", re.IGNORECASE)
_KIND = r"(?P<kind> (?:rail\w* |freight )?(?:station|yard|terminal|port|depot|facility))"
_ZONE = re.compile(r"\b(?:zone|for|of) (?P<name>[A-Z]\w+)")
_PLACE = re.compile(rf"\b(?:at|in|near) (?:the )?(?P<name>[A-Z]\w+){_KIND}?")


def numbers(quote: Quotation) -> list[Finding]:
    """What became of the report's numbers; of bounds one finding for each claim they break."""
    broken = [one for bound in bounds(quote.text, quote.lexicon, anything=True) if (one := _bound(quote, bound))]
    found = list({one.claim: one for one in reversed(broken)}.values())[::-1]
    return [*(found or _changed(quote)), *_ratio(quote), *_interval(quote)]


def of_the_report(quote: Quotation) -> bool:
    """Whether a number of the sentence is one of the report's observations."""
    return any(_is_value(quote, value(place["n"])) for place in _NUMBER.finditer(quote.text))


def interval_of_the_report(quote: Quotation) -> bool:
    """Whether every interval of the sentence, of which there is one, is the report's own."""
    said = ranges(quote.text)
    return bool(said) and set(said) <= {one.interval for one in quote.statements}


def _is_value(quote: Quotation, number: float) -> bool:
    near = quote.nearest(number)
    return near is not None and near.value == number


def _bound(quote: Quotation, said: Bound) -> Finding | None:
    broken = quote.nearest(said.number)
    if broken is None or is_a_day(quote.text, said.match.start("n")) or _disowned(quote, said.match.end()):
        return None
    low, high = broken.interval
    held = low is not None and said.number <= low if said.side == "lower" else high is not None and said.number >= high
    if held and not said.strict:
        return None
    stated = "no interval was published" if (low, high) == (None, None) else "its interval says otherwise"
    return quote.finding("quote-bound", broken, f"“{said.text}” makes a bound of a number that is none: {stated}.")


def _changed(quote: Quotation) -> list[Finding]:
    """Numbers of cars that lost their hedge, their unit, their day, their place, or themselves."""
    found: list[Finding] = []
    stated = {one.value for one in quote.statements} | {end for one in quote.statements for end in one.interval}
    for place in _NUMBER.finditer(quote.text):
        number, after = value(place["n"]), quote.text[place.end() :]
        broken = quote.nearest(number)
        if broken is None or _a_date(quote.text, place) or _disowned(quote, place.end()):
            continue
        if broken.value == number:
            found += _kept(quote, place, broken, after)
        elif number not in stated and quote.lexicon.compile(r"^ (?:\w+ ){0,2}?{stock}\b").search(after):
            why = f"“{place['n']}” is not the report’s number, {broken.value:g}."
            found.append(quote.finding("quote-number", broken, why))
    return found[:1]


def _kept(quote: Quotation, place: re.Match[str], broken: Statement, after: str) -> list[Finding]:
    other = _OTHER_UNIT.match(after)
    if other and broken.counts_cars:
        return [quote.finding("quote-unit", broken, f"The report counts freight cars, not {other['unit']}.")]
    before = quote.text[: place.start()]
    if broken.hedged and not quote.lexicon.compile(r"(?:{about}|\bobserved) (?:the |[a-z]+ )?$").search(before):
        return [quote.finding("quote-hedge", broken, f"“{place['n']}” lost its “about”.")]
    if sum(_is_value(quote, value(one["n"])) for one in _NUMBER.finditer(quote.text)) > 1:
        return []  # which day and place belong to which number is not for patterns to say
    return _another_day(quote, broken) or _another_place(quote, broken)


def _another_day(quote: Quotation, broken: Statement) -> list[Finding]:
    of_day = days(quote.text).isdisjoint(days(broken.text)) if days(quote.text) and days(broken.text) else False
    of_month = (
        months(quote.text).isdisjoint(months(broken.text)) if months(quote.text) and months(broken.text) else False
    )
    if not (of_day or of_month):
        return []
    return [quote.finding("quote-date", broken, "The report gives that number for another day.")]


def _another_place(quote: Quotation, broken: Statement) -> list[Finding]:
    """A station or yard the claim does not name, nor the site's name; only where the report tells its site."""
    site = quote.named("site")
    if site is None:
        return []
    told = " ".join(one.text for one in quote.statements if one.layer == "observation")
    named = {place["name"] for place in (*_PLACE.finditer(told), *_ZONE.finditer(told))} - set(MONTHS)
    for found in _PLACE.finditer(quote.text):
        elsewhere = found["kind"] or found["name"] in named
        if elsewhere and not re.search(rf"\b{found['name']}\b", f"{site.text} {broken.text}"):
            why = f"The report counts at {site.text}, not at {found['name']}."
            return [quote.finding("quote-place", broken, why)]
    return []


def _ratio(quote: Quotation) -> list[Finding]:
    claim = quote.named("i-ratio")
    stated = claim.numbers.get("ratio") if claim else None
    found = _RATIO.search(quote.text)
    if found is None or not isinstance(stated, int | float):
        return []
    said = float(found["n"]) if found["n"] else MULTIPLES[found["w"].lower()]
    if found["how"]:
        return [quote.finding("quote-bound", claim, f"“{found[0]}” makes a bound of a ratio that has no interval.")]
    if abs(said - stated) > SAME_RATIO * stated:
        return [quote.finding("quote-number", claim, f"“{found[0]}” is not the report’s ratio, about {stated:.3g}.")]
    return []


def _interval(quote: Quotation) -> list[Finding]:
    stated = {one.interval for one in quote.statements if one.value is not None}
    known = known_numbers(quote.statements)
    for low, high in ranges(quote.text):
        broken = quote.nearest((low + high) / 2)
        if broken is not None and (low, high) not in stated and not {low, high} <= known:
            return [quote.finding("quote-interval", broken, f"{low:g} to {high:g} is no interval of the report.")]
    return []


def _disowned(quote: Quotation, end: int) -> bool:
    """Whether the sentence goes on to say that this is not what was published."""
    return met(quote.lexicon.rule("bound").unless_after, quote.text[end:]) is not None


def _a_date(text: str, place: re.Match[str]) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", place["n"]) is not None or is_a_day(text, place.start())
