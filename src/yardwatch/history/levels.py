"""Levels: the values a record cut into levels is made of; `shifts.py` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yardwatch.model import DateSpan


class Standing(StrEnum):
    """What has become of a raised level."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    NEW_LEVEL = "new level"


@dataclass(frozen=True, kw_only=True)
class Shift:
    """The level changed between two looks, and stayed so for at least three."""

    earliest: date
    """Of the last look at the old level."""
    latest: date
    """Of the first look at the new one."""
    before: float
    """Mean of the old level, of a fully visible look, in the unit asked."""
    after: float
    looks: tuple[int, int]
    """How many looks carry the old and the new level."""

    @property
    def ratio(self) -> float | None:
        """New level ÷ old level; None where the old one was zero."""
        return self.after / self.before if self.before else None


@dataclass(frozen=True, kw_only=True)
class RaisedLevel:
    """A level above the one before it, from its beginning to its end, as far as looks go."""

    began: DateSpan
    """Between the last look before it and its first."""
    ended: DateSpan | None
    """Between its last look and the first back near the old level; None while it has not ended."""
    before: float
    during: float
    """Highest level of the surge."""
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Levels:
    """A record cut into levels."""

    shifts: tuple[Shift, ...]
    raised: tuple[RaisedLevel, ...]
    spread: float
    """c of the record, the coefficient of variation of a look about its level."""

    @property
    def standing_since(self) -> date | None:
        """First look of a new level the record still stands at; a baseline may begin there."""
        last = self.raised[-1] if self.raised else None
        return last.began.latest if last and last.standing is Standing.NEW_LEVEL else None
