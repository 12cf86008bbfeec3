"""Days in words for sentences, the same in every locale, and in ISO 8601 for tables."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Protocol

from yardwatch.model import DateSpan, Window

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ISO_DAY = r"\d{4}-\d{2}(?:-\d{2})?"
_ISO_SPAN = re.compile(rf"(?<![\w/-]){_ISO_DAY}(?:/{_ISO_DAY})?(?![\w/]|-\w)")


class Between(Protocol):
    """What lies between two days: a span, a gap, a shift."""

    @property
    def earliest(self) -> date:
        """The first of them."""

    @property
    def latest(self) -> date:
        """The last of them."""


def day_words(day: date) -> str:
    """`5 October 2023`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def span_words(span: DateSpan) -> str:
    """A date span as a phrase that fits after *for*: `5 October 2023`, `October 2018 to October 2023`, `2014`."""
    first, last = span.earliest, span.latest
    if first == last:
        return day_words(first)
    if not _whole_months(span):
        return f"{day_words(first)} to {day_words(last)}"
    if (first.month, last.month) == (1, 12):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return _month(first)
    return f"{_month(first)} to {_month(last)}"


def ends_of(span: Between) -> tuple[DateSpan, DateSpan]:
    """The first and the last day of what lies between two days."""
    return DateSpan.on(span.earliest), DateSpan.on(span.latest)


def within_words(span: DateSpan) -> str:
    """A date span as a phrase after a verb: `on 5 October 2023`, `between 3 May 2023 and 9 May 2023`."""
    if span.earliest == span.latest:
        return f"on {day_words(span.earliest)}"
    return f"between {day_words(span.earliest)} and {day_words(span.latest)}"


def window_words(window: Window) -> str:
    """`6 October 2018 to 6 October 2023`."""
    return f"{day_words(window.first)} to {day_words(window.last)}"


def days_in_words(text: str) -> str:
    """A text with its ISO days and spans in words: of `on 2023-10-05`, `on 5 October 2023`. What is no day stays."""
    return _ISO_SPAN.sub(_in_words, text)


def span_iso(span: DateSpan) -> str:
    """A date span for a table: `2023-10-05`, `2018-10 to 2023-10`, `2014`."""
    first, last = span.earliest.isoformat(), span.latest.isoformat()
    if _whole_months(span):
        cut = 4 if (span.earliest.month, span.latest.month) == (1, 12) else 7
        first, last = first[:cut], last[:cut]
    return first if first == last else f"{first} to {last}"


def window_iso(window: Window) -> str:
    """`2018-10-06 to 2023-10-06`."""
    return f"{window.first} to {window.last}"


def _in_words(found: re.Match[str]) -> str:
    try:
        return span_words(DateSpan.parse(found[0]))
    except ValueError:  # 2023-13-45, or a span that ends before it begins
        return found[0]


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _whole_months(span: DateSpan) -> bool:
    last = span.latest
    return span.earliest.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
