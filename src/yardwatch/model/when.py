"""When: days known exactly or only between two others, and the windows a baseline looks back over."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from yardwatch.model.refuse import refuse


@dataclass(frozen=True, order=True)
class DateSpan:
    """A day known only to lie between two days, both included; a known day has both equal."""

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        refuse(self.latest < self.earliest, f"date span ends ({self.latest}) before it begins ({self.earliest})")

    @classmethod
    def on(cls, day: date) -> DateSpan:
        """A span of one known day."""
        return cls(day, day)

    @classmethod
    def parse(cls, text: str) -> DateSpan:
        """`2023-10-05`, `2023-10`, `2023`, `2022-11-04T01:24Z` or two of them joined by `/`.

        A month or year without a day means its first to its last day. Raises ValueError naming the text.
        """
        first, _, last = text.strip().partition("/")
        return cls(_day_range(first, text)[0], _day_range(last or first, text)[1])

    def __str__(self) -> str:
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        return f"{self.earliest.isoformat()}/{self.latest.isoformat()}"


def _day_range(text: str, whole: str) -> tuple[date, date]:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?)?)?", text.strip())
    if match is None:
        raise ValueError(f"{whole!r} is not a date; write 2023-10-05, 2023-10, or two joined by '/'")
    year = int(match[1])
    month, day = (int(part) if part else None for part in match.groups()[1:])
    try:
        if "T" in text and re.search(r"(Z|[+-]\d{2}:?\d{2})$", text.strip()):
            instant = datetime.fromisoformat(text.strip()).astimezone(UTC).date()
            return instant, instant
        if day is not None and month is not None:
            return date(year, month, day), date(year, month, day)
        if month is not None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError as error:
        raise ValueError(f"{whole!r} is not a date: {error}") from None


@dataclass(frozen=True)
class Window:
    """The days a baseline looks back over: first and last day, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        refuse(self.last < self.first, f"window ends ({self.last}) before it begins ({self.first})")

    @classmethod
    def before(cls, as_of: date, length: str) -> Window:
        """The window of `5y`, `18m`, `26w` or `90d` that ends on `as_of`. Raises ValueError for another form."""
        match = re.fullmatch(r"(\d+)([ymwd])", length.strip())
        if match is None or int(match[1]) == 0:
            raise ValueError(f"{length!r} is no window; write for instance 5y, 18m, 26w or 90d")
        n, unit = int(match[1]), match[2]
        if unit in "wd":
            return cls(as_of - timedelta(days=n * (7 if unit == "w" else 1)), as_of)
        months = as_of.year * 12 + as_of.month - 1 - n * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        refuse(year < 1, f"window {length!r} reaches before the year 1")
        return cls(date(year, month + 1, min(as_of.day, calendar.monthrange(year, month + 1)[1])), as_of)

    def holds(self, span: DateSpan) -> bool:
        """Whether the whole span lies inside."""
        return self.first <= span.earliest and span.latest <= self.last
