"""Text as sentences: where each begins, and a plain form of it in which number words are digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from yardwatch.assess.lint.days import SHORT_MONTHS

_SHORT = r"No Nos approx ca cf vs Mr Mrs Ms Dr Gen Col St Fig Figs e\.g i\.e a\.m p\.m U\.S U\.N U\.K"
ABBREVIATIONS = rf"(?:\b(?:{'|'.join((*_SHORT.split(), *SHORT_MONTHS))})|\b[A-Z])\.$"
"""What a full stop may end without ending a sentence."""
LONGEST = 2000
"""Characters of a sentence that are read: no sentence is longer, and patterns stay quick on what is none."""
LONGEST_SHORT = 12
"""Characters an abbreviation and what stands before it take at most."""
WRAPPED = 60
"""A line shorter than this was not wrapped by an editor: it is a sentence or a fragment of its own."""

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
UNITS = {word: i for i, word in enumerate(_TO_NINETEEN.split())}
TENS = {
    word: 10 * i
    for i, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
SCALES = {"hundred": 100, "thousand": 1000}
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:{'|'.join(UNITS)}))"
_HUNDREDS = rf"(?:{_SMALL} hundred(?: (?:and )?{_SMALL})?)"
_THOUSANDS = rf"(?:(?:{_HUNDREDS}|{_SMALL}) thousand(?: (?:and )?(?:{_HUNDREDS}|{_SMALL}))?)"
_NUMBER_WORDS = re.compile(rf"\b(?:{_THOUSANDS}|{_HUNDREDS}|{_SMALL})\b", re.IGNORECASE)
_SPECIAL = ((r"\b(?:a|one) couple of\b", "2"), (r"\bhalf a dozen\b", "6"), (r"\b(?:a|one) dozen\b", "12"),
            (r"\ba hundred\b", "100"), (r"\ba thousand\b", "1000"))  # fmt: skip
_PLAIN = str.maketrans({"‘": "’", "'": "’", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "„": "“", "«": "“", "»": "”"})

_SIGNS = ((r"(\d)\+(?=\s)", r"\1 or more"), (r">\s?(?=\d)", "more than "), (r"<\s?(?=\d)", "fewer than "),
          (r"≥\s?", "at least "), (r"≤\s?", "at most "))  # fmt: skip
"""Signs that say what words say."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text."""

    line: int
    """From 1."""
    text: str
    claim: str | None = None
    """Id of the claim it words, in a report of ours."""
    part: int = 0
    """Number of the paragraph or line it stands in: sentences of one part are read together."""

    @cached_property
    def plain(self) -> str:
        """The text with straight blanks, one kind of apostrophe, and numbers as digits."""
        text = self.text.translate(_PLAIN)
        for sign, said in _SIGNS:
            text = re.sub(sign, said, text)
        return digits(" ".join(text.split()))


def sentences(lines: Sequence[str]) -> tuple[Sentence, ...]:
    """Sentences of plain text. Lines an editor wrapped are read as one paragraph."""
    found: list[Sentence] = []
    for part, (line, text) in enumerate(_paragraphs(lines)):
        found += _of_paragraph(line, text, part)
    return tuple(found)


def read(said: Sequence[Sentence]) -> list[Sentence]:
    """The sentences as far as they are read."""
    return [Sentence(one.line, one.text[:LONGEST], one.claim, one.part) for one in said]


def split(text: str) -> list[str]:
    """A paragraph's sentences."""
    pieces = re.split(r"(?<=[.!?…])([\"”’)\]]*)\s+(?=[\"“(\[]?[A-Z0-9“])", text)
    merged: list[list[str]] = []
    for i in range(0, len(pieces), 2):
        piece = pieces[i] + (pieces[i + 1] if i + 1 < len(pieces) else "")
        if merged and re.search(ABBREVIATIONS, merged[-1][-1][-LONGEST_SHORT:]):
            merged[-1].append(piece)
        else:
            merged.append([piece])
    whole = (" ".join(parts).strip() for parts in merged)
    return [one for one in whole if one]


def digits(text: str) -> str:
    """Number words as digits: `seventy-three` becomes `73`; a lone `one` stays, since it is mostly a pronoun."""
    for pattern, number in _SPECIAL:
        text = re.sub(pattern, number, text, flags=re.IGNORECASE)
    return _NUMBER_WORDS.sub(_digits, text)


def value(text: str) -> float:
    """A number as written, thousands parted by commas."""
    return float(text.replace(",", "").rstrip("."))


def _digits(found: re.Match[str]) -> str:
    words = re.split(r"[- ]+", found[0].lower())
    if words == ["one"]:
        return found[0]
    total = current = 0
    for word in words:
        if word in SCALES:
            current = max(current, 1) * SCALES[word]
            total, current = (total + current, 0) if word == "thousand" else (total, current)
        else:
            current += UNITS.get(word, 0) + TENS.get(word, 0)  # "and" adds nothing
    return str(total + current)


def _paragraphs(lines: Iterable[str]) -> list[tuple[int, list[tuple[int, str]]]]:  # line, its pieces
    found: list[tuple[int, list[tuple[int, str]]]] = []
    for number, raw in enumerate(lines, 1):
        text = raw.strip()
        if not text:
            continue
        last = found[-1][1][-1] if found else None
        goes_on = (
            last is not None
            and last[0] == number - 1
            and len(last[1]) >= WRAPPED
            and last[1][-1] not in '.!?:”"…'
            and re.match(r"[a-z(“\"\d]", text) is not None
        )
        if goes_on:
            found[-1][1].append((number, text))
        else:
            found.append((number, [(number, text)]))
    return found


def _of_paragraph(line: int, pieces: Sequence[tuple[int, str]], part: int) -> list[Sentence]:
    whole = " ".join(text for _, text in pieces)
    starts, at = [], 0
    for number, text in pieces:
        starts.append((at, number))
        at += len(text) + 1
    found, place = [], 0
    for sentence in split(whole):
        place = max(whole.find(sentence[:20], place), place)
        on = [number for start, number in starts if start <= place]
        found.append(Sentence(on[-1] if on else line, sentence, part=part))
        place += len(sentence)
    return found
