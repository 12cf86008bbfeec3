"""Days and months a text names, however they are written."""

from __future__ import annotations

import re

from yardwatch.history.days import MONTHS

SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec")
"""As they are cut short before a day; May is whole."""
_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_NAME = rf"(?:{'|'.join(MONTHS)}|(?:{'|'.join(SHORT_MONTHS)})\b\.?)"
_DAY_MONTH = re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_NAME})")
_MONTH_DAY = re.compile(rf"\b(?P<m>{_NAME}) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)")
_ISO = re.compile(r"\b\d{4}-(?P<m>\d{2})-(?P<d>\d{2})\b")
_FIRST_OF_TWO = re.compile(rf"\b(?P<d>\d{{1,2}}) (?:and|to|or|–) \d{{1,2}} (?P<m>{_NAME})")
_MONTH = re.compile(rf"\b(?P<m>{_NAME})")

Day = tuple[int, int]
"""Month and day."""


def days(text: str) -> frozenset[Day]:
    """Every day named: `5 October`, `Oct. 5`, `2023-10-05`; of `14 to 22 September` both."""
    return frozenset((_month(found["m"]), int(found["d"])) for found in _places(text))


def months(text: str) -> frozenset[int]:
    """Every month named, with a day or without."""
    named = {_month(found["m"]) for found in _MONTH.finditer(text)}
    return frozenset(named | {month for month, _ in days(text)})


def is_a_day(text: str, start: int) -> bool:
    """Whether the number that begins at `start` is part of a date."""
    return any(found.start() <= start < found.end() for found in _places(text))


def _places(text: str) -> list[re.Match[str]]:
    return [found for form in (_DAY_MONTH, _MONTH_DAY, _ISO, _FIRST_OF_TWO) for found in form.finditer(text)]


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _NUMBERS[name[:3].lower()]
