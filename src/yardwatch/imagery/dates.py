"""Dates: when a scene was taken, as precisely as its source says. All days and times are UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from yardwatch.errors import SceneError
from yardwatch.model import DateSpan

Precision = Literal["instant", "day", "month", "year"]
PRECISIONS: tuple[Precision, ...] = ("instant", "day", "month", "year")
_TEXT_LENGTH: dict[Precision, int] = {"instant": 10, "day": 10, "month": 7, "year": 4}
_PLAIN: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a scene was taken."""

    at: datetime
    """UTC; the first instant of the day, month or year when no more is known."""
    precision: Precision

    @property
    def text(self) -> str:
        """`2023-10-05`, `2023-10` or `2023`: what may be said of the date."""
        return self.at.date().isoformat()[: _TEXT_LENGTH[self.precision]]

    @property
    def span(self) -> DateSpan:
        """The days it can have been."""
        return DateSpan.parse(self.text)


def moment(value: datetime | date | str, what: str) -> Moment:
    """A date as given by a person, a tag or a sidecar; without a zone it is taken as UTC.

    Text is `2023-10-05`, `2023-10`, `2023`, `2023-10-05T02:11:00Z` or TIFF's `2023:10:05 02:11:00`.
    Raises SceneError, beginning with `what`, when it is no date.
    """
    if isinstance(value, datetime):
        return Moment(at=_utc(value), precision="instant")
    if isinstance(value, date):
        return Moment(at=datetime(value.year, value.month, value.day, tzinfo=UTC), precision="day")
    text = re.sub(r"^(\d{4}):(\d{2}):(\d{2})", r"\1-\2-\3", value.strip())
    try:
        if (precision := _PLAIN.get(len(text))) is not None:
            first = DateSpan.parse(text).earliest
            return Moment(at=datetime(first.year, first.month, first.day, tzinfo=UTC), precision=precision)
        has_time = len(text) > len("2023-10-05")
        return Moment(at=_utc(datetime.fromisoformat(text)), precision="instant" if has_time else "day")
    except (ValueError, OverflowError):
        raise SceneError(
            f"{what}: {value!r} is not a date; write 2023-10-05, 2023-10 or 2023-10-05T02:11Z (UTC)"
        ) from None


def coarsened(at: Moment, precision: str | None) -> Moment:
    """A moment of which a tag says that less is known; a full midnight without a word on it is only a day."""
    if precision in PRECISIONS:
        coarser = PRECISIONS.index(precision) > PRECISIONS.index(at.precision)
        return _first(at, precision) if coarser else at
    midnight = at.at.time() == datetime.min.time()
    return _first(at, "day") if at.precision == "instant" and midnight else at


def refuse_future(at: Moment, now: datetime, what: str) -> None:
    """Raise SceneError for a moment that has not come yet."""
    if at.at > now:
        raise SceneError(f"{what}: acquired {at.text} lies in the future; check the date (UTC)")


def _first(at: Moment, precision: Precision) -> Moment:
    month = at.at.month if precision != "year" else 1
    day = at.at.day if precision == "day" else 1
    return Moment(at=datetime(at.at.year, month, day, tzinfo=UTC), precision=precision)


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
