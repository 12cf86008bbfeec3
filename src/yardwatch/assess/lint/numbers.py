"""Numbers: no more precise than they were given, and never a bound that no interval carries."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon
from yardwatch.assess.lint.matching import excused, met, report
from yardwatch.assess.lint.multiples import A_MULTIPLE, MULTIPLES
from yardwatch.assess.lint.screen import Screened
from yardwatch.assess.lint.text import Sentence, value

EXACT_BELOW = 10
"""A handful of cars is counted exactly; from here on a bare number claims more than an eye can."""
RATIO_FIGURES = 3
"""Significant figures a ratio of counts may carry."""
OUTLINE_FIGURES = 4
"""Significant figures a length or an area may carry."""
_RANGE = r"(?P<a>\d[\d,]*(?:\.\d+)?) ?(?:to|–|-|—|and) ?(?P<b>\d[\d,]*(?:\.\d+)?)"
NO_BOUND = (
    "Write “about N” with its interval; “at least” may stand only with the interval’s lower end, “up to” only with its "
    "upper one."
)
_SHARE = r" ?(?:%|per ?cent) (?:of (?:[\w-]+ ){0,3}?{things}\b|full|filled|occupied|covered)"
OF_THINGS = rf"(?: of (?:them|these|those|which)\b| (?:[\w-]+ ){{0,2}}?{{things}}\b|{_SHARE}|[ -](?:times|fold)\b)"
"""What a bound is told of, behind its number."""
_NO_YEAR = r"(?<!19\d\d)(?<!20\d\d)(?<!\.\d)(?<!\.\d\d)(?!,\d)"
_GOES_ON = "were|was|are|is|in|at|on|by|during|and|or|had|have|could|stood|lay|there"
ALONE = rf"{_NO_YEAR}(?=[,;:!?)]|\.(?!\d)|$| (?:{_GOES_ON})\b)"
"""A number without a noun, in a sentence that names the things elsewhere."""
_NO_OTHER = "(?<!no )(?<!not )(?<!hardly )(?<!sum )(?<!add )(?<!adds )"
MOST_TIMES = 20
"""No ratio of counts is larger."""


@dataclass(frozen=True)
class Bound:
    """A number said as a bound: `at least 73 freight cars`."""

    text: str
    side: str
    """`lower` or `upper`."""
    strict: bool
    number: float
    match: re.Match[str]


def precision(sentence: Sentence, text: str, lexicon: Lexicon) -> Finding | None:
    """A decimal count, too many figures, an "exactly", or a bare number where only "about" was ever known."""
    rule = lexicon.rule("precision")
    fault = _too_fine(text, lexicon)
    if fault is None and (found := met(rule.lists["exactly"], text)) and not met(rule.lists["exact_unless"], text):
        fault = (f"“{found[0]}” claims an exact count of objects seen from space.", _about(found[0]))
    if fault is None and (bare := _bare(text, lexicon)) and not excused(rule, text, bare):
        fault = (
            f"“{bare[0]}” stands without “about” and without an interval, as if it were exact.",
            f"Write “about {bare[0]}” and its interval, or “(no interval was published)”.",
        )
    return None if fault is None else report(rule, sentence, problem=fault[0], remedy=fault[1])


def bound(sentence: Sentence, text: str, lexicon: Lexicon) -> Finding | None:
    """A bound that no interval in the sentence carries."""
    rule = lexicon.rule("bound")
    intervals = ranges(text)
    for one in bounds(text, lexicon):
        if excused(rule, text, one.match) or any(_licensed(one, ends) for ends in intervals) or _reckoned(one, text):
            continue
        problem = "no interval stands beside it"
        remedy = NO_BOUND
        if intervals:
            low, high = intervals[0]
            problem = f"the interval beside it, {low:g} to {high:g}, does not carry it"
            remedy = f"“At least {low:g}” or “at most {high:g}” is what it carries; better the number with both ends."
        return report(rule, sentence, hit=one.text, problem=problem, remedy=remedy)
    return None


def bounds(text: str, lexicon: Lexicon, anything: bool = False) -> list[Bound]:
    """Every number said as a bound; of things that are counted, unless `anything` is wanted."""
    phrases, found = lexicon.rule("bound").phrases, []
    named = lexicon.compile(r"\b{things}\b").search(text) is not None
    of = "" if anything else rf"(?:{OF_THINGS}|{ALONE})" if named else OF_THINGS
    for side in ("lower", "upper"):
        before, after = "|".join(phrases[side]), "|".join(phrases[f"after_{side}"])
        forms = (
            rf"{_NO_OTHER}\b(?P<how>{before}),? (?:{{about}} )?(?P<n>{{number}}){of}",
            rf"(?<![\w×.])(?P<n>{{number}}) (?:[\w-]+ ){{0,2}}{{things}}(?: here| there)?,? (?P<how>{after})\b(?! \d)",
            rf"(?<!about )(?<![\w×.])(?P<n>{{number}}) (?P<how>{after})\b{of}",
        )
        for form in forms:
            found += _bounds_of(lexicon.compile(form), text, side, phrases["strict"])
    pattern = rf"\b(?P<how>more than|at least|over|well over|up to) (?P<n>{A_MULTIPLE})\b"
    found += _bounds_of(lexicon.compile(pattern), text, "lower", phrases["strict"])
    return found


def ranges(text: str) -> list[tuple[float, float]]:
    """Intervals the sentence states: in brackets, after "between" or "from", or beside the word."""
    found = []
    for place in re.finditer(_RANGE, text):
        around = text[max(place.start() - 40, 0) : place.end() + 30]
        inside = text.rfind("(", 0, place.start()) > text.rfind(")", 0, place.start())
        if inside or re.search(
            r"\b(?:interval|between|from|range|within|(?:lower|upper) end)\b", around, re.IGNORECASE
        ):
            low, high = value(place["a"]), value(place["b"])
            if low <= high and not re.fullmatch(r"(?:19|20)\d\d", place["a"]):
                found.append((low, high))
    return found or _ends(text)


def _ends(text: str) -> list[tuple[float, float]]:
    """An interval of which one end alone is told: `the upper end of the interval being 404`."""
    ends = re.finditer(r"\b(?P<side>lower|upper) end\b[^,;.]{0,40}?(?P<n>\d[\d,]*)", text, re.IGNORECASE)
    return [
        (value(one["n"]), math.inf) if one["side"].lower() == "lower" else (-math.inf, value(one["n"])) for one in ends
    ]


def _bounds_of(pattern: Screened, text: str, side: str, strict: Sequence[str]) -> list[Bound]:
    found = []
    for place in pattern.finditer(text):
        number = MULTIPLES.get(place["n"].lower())
        number = value(place["n"]) if number is None else number
        sharp = any(re.fullmatch(phrase, place["how"], re.IGNORECASE) for phrase in strict)
        found.append(Bound(place[0], side, sharp, number, place))
    return found


def _licensed(one: Bound, ends: tuple[float, float]) -> bool:
    low, high = ends
    if one.side == "lower":
        return one.number < low if one.strict else one.number <= low
    return one.number > high if one.strict else one.number >= high


def _reckoned(one: Bound, text: str) -> bool:
    """Whether it bounds a ratio of two numbers that stand in the sentence: `more than 3 times, from 20 to 73`."""
    if one.number > MOST_TIMES or not re.search(rf"times|fold|{A_MULTIPLE}", one.text):
        return False
    said = [
        value(n)
        for n in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", text[: one.match.start()] + text[one.match.end() :])
    ]
    ratios = [b / a for a in said for b in said if a and b > a and not 1900 < b < 2100]
    return any(_licensed(one, (ratio, ratio)) for ratio in ratios)


def _too_fine(text: str, lexicon: Lexicon) -> tuple[str, str] | None:
    return _fraction(text, lexicon) or _ratio(text, lexicon) or _outline(text)


def _fraction(text: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """Parts of a car."""
    decimal = r"\b(?P<n>\d[\d,]*\.\d+) "
    of_cars = r"(?:of (?:them|these|those)\b|(?!of\b)(?:[\w-]+ ){0,2}?(?:{stock}|trains|locomotives)\b)"
    found = lexicon.compile(decimal + of_cars).search(text)
    if found is None and lexicon.compile(r"\b{stock}\b").search(text):
        found = re.search(decimal + r"(?:on average|in the mean)\b", text)
    if found is None or value(found["n"]) < 1:
        return None
    return (
        f"“{found[0]}”: things are not counted in fractions.",
        f"Write “about {value(found['n']):.0f}” with its interval.",
    )


def _ratio(text: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """A ratio of counts, or a change in per cent, with more figures than counts carry."""
    rises = lexicon.compile(r"\b{rises}\b").search(text) is not None
    for place in re.finditer(r"\b(?P<n>\d[\d,]*(?:\.\d+)?)(?: ?(?P<what>times|-fold|fold|%|per ?cent)(?!\w))", text):
        figures = _figures(place["n"])
        bare = lexicon.compile(r"{about} $").search(text[: place.start()]) is None
        change = rises and bare and place["what"][0] in "%p" and value(place["n"]) >= 100 and figures >= RATIO_FIGURES
        if figures > RATIO_FIGURES or change:
            shown = f"about {_rounded(place['n'])} {place['what']}"
            return f"“{place[0]}” has {figures} figures; counts carry two or three.", f"Write “{shown}”."
    return None


def _outline(text: str) -> tuple[str, str] | None:
    """A length or an area finer than any pixel."""
    for place in re.finditer(
        r"\b(?P<n>\d[\d,]*(?:\.\d+)?) (?P<unit>m²|square met(?:re|er)s|sq ?m|m|met(?:re|er)s)(?!\w)", text
    ):
        if _figures(place["n"]) > OUTLINE_FIGURES:
            return f"“{place[0]}” is finer than any outline.", f"Write “about {_rounded(place['n'])} {place['unit']}”."
    return None


def _rounded(number: str) -> str:
    """The number to two figures."""
    return f"{float(format(value(number), '.2g')):,g}"


def _figures(number: str) -> int:
    """Significant figures as written."""
    plain = number.replace(",", "")
    return len(plain.replace(".", "").lstrip("0") if "." in plain else plain.strip("0"))


def _about(phrase: str) -> str:
    number = re.search(r"\d[\d,.]*", phrase)
    return f"Write “about {number[0] if number else 'N'}” with its interval, or “(no interval was published)”."


def _bare(text: str, lexicon: Lexicon) -> re.Match[str] | None:
    """The first number of cars without hedge, bound or interval."""
    numbers = lexicon.compile(r"(?<![\w.–-])(?P<n>\d[\d,]*(?<!,)) (?:of (?:them|these)\b|(?:[a-z]+ ){0,2}?{stock}\b)")
    hedge = lexicon.compile(r"{about} (?:the |[a-z]+ )?$")
    hedged_until = -1
    for place in numbers.finditer(text):
        before = text[: place.start()]
        listed = hedged_until >= 0 and re.fullmatch(r"(?: [\w-]+)*,?(?: and)? ?", text[hedged_until : place.start()])
        if hedge.search(before) or listed:
            hedged_until = place.end()
        elif re.match(r",? ?\(?\d[\d,]* ?(?:to|–|-|—) ?\d", text[place.end() :]):
            continue  # its interval stands right behind it
        elif value(place["n"]) >= EXACT_BELOW and not _ranged(before, place["n"], lexicon):
            return place
    return None


def _ranged(before: str, number: str, lexicon: Lexicon) -> bool:
    """Whether the number is an end of a range, part of a bound (another rule's business), or a year."""
    if re.search(r"\d ?(?:to|–|-|—|and|or) ?$", before) or re.search(r"\bbetween $", before):
        return True
    phrases = lexicon.rule("bound").phrases
    how = "|".join((*phrases["lower"], *phrases["upper"]))
    bound_before = re.search(rf"\b(?:{how}),? $", before, re.IGNORECASE)
    return bound_before is not None or (re.fullmatch(r"(?:19|20)\d\d", number) is not None)
