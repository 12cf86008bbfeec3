"""Times of a quotation held against a report's: the window of a comparison, the onset of a rise, what still holds."""

from __future__ import annotations

import re

from yardwatch.assess.lint.days import Day, days, months
from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.quotation import Quotation

_PERIOD = re.compile(
    r"\b(?P<n>\d+|an?|half a)[ -](?P<unit>years?|decades?)\b|\bsince (?:\w+ )?(?P<since>(?:19|20)\d\d)\b", re.IGNORECASE
)


def times(quote: Quotation) -> list[Finding]:
    """Findings of the three kinds."""
    return [*_window(quote), *_onset(quote), *_standing(quote)]


def _window(quote: Quotation) -> list[Finding]:
    """Another span of comparison than the window of the highest earlier number."""
    claim = quote.named("o-maximum")
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", claim.text)] if claim else []
    found = _PERIOD.search(quote.text)
    if found is None or len(years) < 2 or quote.says("compared") is None:
        return []
    first, last = min(years), max(years)
    if found["since"]:
        same = int(found["since"]) in (first, first + 1)
    else:
        one = {"a": 1.0, "an": 1.0, "half a": 0.5}
        length = one.get(found["n"].lower()) or float(found["n"])
        same = length * (10 if found["unit"].startswith("decade") else 1) == last - first
    if same:
        return []
    return [quote.finding("quote-window", claim, f"The report compares over {last - first} years, not “{found[0]}”.")]


def _onset(quote: Quotation) -> list[Finding]:
    """A beginning of the rise outside the interval the report gives."""
    claim = quote.named("i-onset")
    ends = [_day(claim.numbers.get(name)) for name in ("earliest", "latest")] if claim else []
    if not ends or None in ends or quote.says("began") is None:
        return []
    first, last = (end for end in ends if end is not None)
    said = days(quote.text)
    if first > last:
        return []  # over the turn of a year, days alone cannot be held against each other
    outside = bool(said) and not any(first <= day <= last for day in said)
    if not said:
        outside = bool(months(quote.text)) and not any(first[0] <= month <= last[0] for month in months(quote.text))
    return [quote.finding("quote-onset", claim, "The report puts the beginning elsewhere.")] if outside else []


def _standing(quote: Quotation) -> list[Finding]:
    """A highest number said to stand that the record has beaten since."""
    claim = quote.named("i-superseded", "i-withdrawn-1")
    said = quote.lexicon.against["standing"]
    hit = next((found for pattern in said if (found := pattern.search(quote.text))), None)
    if claim is None or hit is None:
        return []
    return [quote.finding("quote-withdrawn", claim, f"“{hit[0].strip()}”: the number has been beaten since.")]


def _day(iso: object) -> Day | None:
    found = re.fullmatch(r"\d{4}-(\d{2})-(\d{2})", str(iso))
    return (int(found[1]), int(found[2])) if found else None
