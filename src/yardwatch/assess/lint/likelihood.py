"""Words of likelihood: the two rows of ICD 203 apart, and each word with its own band."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon
from yardwatch.assess.lint.matching import met, readable, report
from yardwatch.assess.lint.screen import Screen, Screened
from yardwatch.assess.lint.text import Sentence
from yardwatch.assess.wording import BANDS, Band

NEAR = 45
"""A percentage speaks of a likelihood word that stands within this many characters."""
NEAR_CHANCE = 90
"""A number that is a chance by its form (0.35, one in three, “a chance of 35 %”) may stand farther off."""
_CHANCES = r"(?:chance|possibility|likelihood|prospect|probability|danger|risk|odds|threat)"
_CALLED = r"(?:\b(?:is|are|was|were|as|be|seems?|remains?|looks?|judged|rated|considered)|[:,–—])"
_PLACES = "(?:sens|area|site|place|region|villag|valley|corner|camera|location|spur|yard|station|control)"
_FORMS = {
    "roughly even chance": r"even chance|(?<!odds )(?<!odds are )roughly even(?! odds)",
    "roughly even odds": r"even odds|odds (?:are |as |at )?(?:roughly )?even",
    "remote": rf"remote {_CHANCES}|\b{_CHANCES}s?\b[^.;]{{0,60}}?{_CALLED} (?:\w+ )?remote\b(?! {_PLACES})",
    "probable": r"probabl[ey]",
    "improbable": r"improbabl[ey]",
    "highly probable": r"highly probabl[ey]",
    "highly improbable": r"highly improbabl[ey]",
    "almost certain": r"almost certain(?:ly)?",
    "nearly certain": r"nearly certain(?:ly)?",
}  # fmt: skip
_NUMBER, _PER_CENT = r"\d+(?:\.\d+)?", r"(?:%|-?per ?cent)"
_OF_ANOTHER_THING = rf"(?! (?:(?!{_CHANCES})\w+ )?(?:interval|level|filled|full|of|visible|cloud))"
_PERCENT = re.compile(
    rf"(?P<a>{_NUMBER})(?: ?{_PER_CENT})?(?: ?(?:to|–|-|and) ?(?P<b>{_NUMBER}))? ?{_PER_CENT}{_OF_ANOTHER_THING}"
)
_TRIALS = r"(?= \d+ (?:runs|cases|times|trials|simulations|chances))"
_OUT_OF = rf"(?: (?:chances?|times?|runs?|cases?))?[ -](?:in(?: every)?|out of|of{_TRIALS})[ -]"
_ODDS = re.compile(rf"\b(?P<k>an?|one|\d+){_OUT_OF}(?P<n>\d+)\b", re.IGNORECASE)
_DECIMAL = re.compile(
    r"(?<![\w.,–-])0?\.(?P<d>\d{1,3})(?!\w|\.\d| ?(?:%|m\b|km\b|met|per ?cent|pixel|times|cars|to \d))"
)
_CHANCE_NOUN = re.compile(rf"\b(?:{_CHANCES}s?|model|hypothes[ie]s|posterior|p)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """A likelihood word met in a sentence."""

    text: str
    start: int
    end: int
    row: int
    """1 or 2."""
    band: Band


@cache
def _patterns() -> list[tuple[Screened, int, Band]]:
    """A pattern a word, the longest first, with its row and its band."""
    named = [(name, row, band) for band in BANDS for row, name in ((1, band.word), (2, band.synonym))]
    named.sort(key=lambda item: -len(item[0]))
    screen = Screen()
    return [
        (screen.add(re.compile(rf"\b(?:{_FORMS.get(name, name)})\b", re.IGNORECASE)), row, band)
        for name, row, band in named
    ]


def words(text: str) -> list[Word]:
    """Every likelihood word, each once: `very likely` is not `likely` too."""
    found: list[Word] = []
    for pattern, row, band in _patterns():
        for place in pattern.finditer(text):
            if not any(word.start < place.end() and place.start() < word.end for word in found):
                found.append(Word(place[0], place.start(), place.end(), row, band))
    return sorted(found, key=lambda word: word.start)


def rows_mixed(sentences: Sequence[Sentence], lexicon: Lexicon) -> list[Finding]:
    """Parts that mix the rows within themselves; where none does, the first word of the rarer row in the text."""
    rule = lexicon.rule("likelihood-rows")
    said = [
        (sentence, word)
        for sentence in sentences
        if not met(rule.unless, sentence.plain)
        for word in words(readable(sentence, lexicon))
    ]
    parts = dict.fromkeys(sentence.part for sentence, _ in said)
    within = [pair for part in parts if (pair := _pair([one for one in said if one[0].part == part]))]
    pairs = within or ([pair] if (pair := _pair(said)) else [])
    return [
        report(rule, at, first=first.text, second=second.text, instead=_instead(second)) for at, first, second in pairs
    ]


def _pair(said: Sequence[tuple[Sentence, Word]]) -> tuple[Sentence, Word, Word] | None:
    """Where the rarer row is first met, a word of the other, and the one at fault."""
    rows = [word.row for _, word in said]
    if len(set(rows)) < 2:
        return None
    rarer = 1 if rows.count(1) < rows.count(2) else 2
    first = next(word for _, word in said if word.row != rarer)
    at, second = next(pair for pair in said if pair[1].row == rarer)
    return at, first, second


def _instead(word: Word) -> str:
    return word.band.word if word.row == 2 else word.band.synonym


def wrong_band(sentence: Sentence, lexicon: Lexicon) -> Finding | None:
    """A likelihood word beside a number outside its band."""
    rule, text = lexicon.rule("likelihood-band"), readable(sentence, lexicon)
    said_words = [] if met(rule.unless, text) else words(text)
    percents = _percents(text, alone=len(said_words) == 1) if said_words else []
    for word in said_words:
        said = _nearest(percents, word)
        if said and any(not word.band.lower <= end <= word.band.upper for end in said):
            shown = " to ".join(f"{end:g}" for end in said)
            fits = next((b for b in BANDS if b.lower <= said[0] <= b.upper and b.lower <= said[-1] <= b.upper), None)
            right = "no word of the table" if fits is None else fits.word if word.row == 1 else fits.synonym
            return report(
                rule, sentence, word=word.text, lower=word.band.lower, upper=word.band.upper, said=shown, instead=right
            )
    return None


Percent = tuple[re.Match[str], list[float], int]
"""Where it stands, its ends, and how far from a word it may stand."""


def _percents(text: str, *, alone: bool) -> list[Percent]:
    """Everything of a sentence that may be a chance; `alone`: it has one likelihood word."""
    found = [(place, [float(end) for end in place.group("a", "b") if end]) for place in _PERCENT.finditer(text)]
    sure = (alone and len(found) == 1) or _CHANCE_NOUN.search(text)
    reach = NEAR_CHANCE if sure else NEAR
    near = [(place, ends, reach) for place, ends in (*found, *_decimals(text))]
    return near + [(place, ends, NEAR_CHANCE) for place, ends in _chances(text)]


def _nearest(percents: Sequence[Percent], word: Word) -> list[float]:
    """The percentage that stands nearest to a word, one end or two; none that stands too far off."""
    found = [(away, ends) for place, ends, reach in percents if (away := _away(place, word)) <= reach]
    return min(found)[1] if found else []


def _chances(text: str) -> list[tuple[re.Match[str], list[float]]]:
    """Numbers that are chances by their form: one in three, nine out of ten."""
    found = []
    for place in _ODDS.finditer(text):
        k, n = (float(part) if part.isdigit() else 1.0 for part in place.group("k", "n"))
        if 0 < k <= n:
            found.append((place, [100 * k / n]))
    return found


def _decimals(text: str) -> list[tuple[re.Match[str], list[float]]]:
    """Decimals below one that measure nothing else."""
    return [(place, [100 * float(f"0.{place['d']}")]) for place in _DECIMAL.finditer(text)]


def _away(place: re.Match[str], word: Word) -> int:
    """Characters between a number and a word; out of reach across a semicolon."""
    first, last = min(place.end(), word.end), max(place.start(), word.start)
    return NEAR_CHANCE + 1 if ";" in place.string[first:last] else last - first
