"""Record: dated quantities, own and published, and the events beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from yardwatch.model.refuse import refuse
from yardwatch.model.when import DateSpan


@dataclass(frozen=True, kw_only=True)
class Source:
    """Who said it and where."""

    publisher: str
    url: str = ""
    quote: str = ""
    sensor: str = ""
    grade: str = ""
    """Reliability A–F and credibility 1–6 (Admiralty), as a person gave them; empty where nobody did."""

    def __post_init__(self) -> None:
        good = not self.grade or (len(self.grade) == 2 and self.grade[0] in "ABCDEF" and self.grade[1] in "123456")
        refuse(not good, f"source {self.publisher}: {self.grade!r} is no grade; write for instance B2, A1 to F6")


OUTRIGHT = "reported outright"
"""Basis of a number that its source gives without "about", and without an interval."""


class Role(StrEnum):
    """What an observation may be used for."""

    OBSERVATION = "observation"
    """A look at the zone: enters the baseline, can be the observed value."""
    BOUND = "bound"
    """A published "at most" or "at least" over a window; n unknown unless stated."""
    CLASS = "class"
    """A part of a total by kind: enters only through its sum."""
    CROSS_CHECK = "cross-check"
    """Derived another way (length ÷ pitch): shown, never the observed value, never in the baseline."""
    CONTEXT = "context"
    """Stated elsewhere or of something else: shown, never used."""
    NO_LOOK = "no-look"
    """An image that could not be used: a gap in the record, never a zero."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One dated quantity of one zone in one unit, own or published, possibly only a bound."""

    id: str
    zone: str
    """Zone id, or the source's place name where the role is *context*."""
    when: DateSpan
    unit: str
    """`cars`, `metres of train`, `% filled`, or the source's own unit."""
    value: float | None
    """None when the source gives no number, for a bound, and for a no-look."""
    role: Role = Role.OBSERVATION
    lower: float | None = None
    upper: float | None = None
    """Interval ends as published or counted; None where none was published. A bound has exactly its own side."""
    kind: str | None = None
    """Class of car, on *class* rows."""
    own: bool = False
    """Counted by Yardwatch, or published by someone else."""
    basis: str = "reported"
    """`reported`, `reported outright`, `derived`, `counted`, `reviewed`, or how it was derived
    (`length / wagon pitch`)."""
    source: Source | None = None
    zone_version: int | None = None
    visible_fraction: float | None = None
    pmf: tuple[float, ...] | None = None
    """Of an own count."""
    evidence: str | None = None
    """Id of the count row behind an own observation."""
    synthetic: bool = False
    place: str = ""
    """The source's own name for the ground, where it differs from the zone's."""
    note: str = ""

    @property
    def outright(self) -> bool:
        """Whether the source gives the number without "about" or the like: adding one would be ours."""
        return self.basis == OUTRIGHT

    @property
    def bare(self) -> bool:
        """Whether "about" would be ours and not the source's: a number published as exact, or outright."""
        return not self.own and (self.outright or (self.lower is not None and self.lower == self.upper))

    @property
    def floor(self) -> bool:
        """Whether the source gave the number as the least there was: "over 50,000", "at least five"."""
        return not self.own and self.value is not None and self.upper is None and self.lower == self.value

    def __post_init__(self) -> None:
        numbers = [x for x in (self.value, self.lower, self.upper) if x is not None]
        refuse(not all(np.isfinite(numbers)), f"observation {self.id}: a number is not finite")
        refuse(any(x < 0 for x in numbers), f"observation {self.id}: a negative quantity")
        ordered = [x for x in (self.lower, self.value, self.upper) if x is not None]
        refuse(ordered != sorted(ordered), f"observation {self.id}: lower, value, upper out of order ({ordered})")
        refuse(
            self.unit == "cars" and self.value is not None and self.value != int(self.value) and not self.own,
            f"observation {self.id}: {self.value} is not a whole number of cars",
        )
        refuse(
            self.role is Role.BOUND and (self.lower is None) == (self.upper is None),
            f"observation {self.id}: a bound needs either lower or upper, not both",
        )
        unsaid = self.own or not numbers
        refuse(self.outright and unsaid, f"observation {self.id}: {OUTRIGHT} is for numbers others published")
        refuse(self.role is Role.NO_LOOK and bool(numbers), f"observation {self.id}: a no-look has no quantity")


@dataclass(frozen=True, kw_only=True)
class Break:
    """A declared break of the record: days that are not normal traffic."""

    id: str
    first: date
    last: date
    note: str = ""

    def __post_init__(self) -> None:
        refuse(self.last < self.first, f"break {self.id}: ends ({self.last}) before it begins ({self.first})")


@dataclass(frozen=True, kw_only=True)
class Event:
    """A dated outside happening; when it happened and when it became known are two things."""

    id: str
    when: DateSpan
    disclosed: DateSpan
    title: str
    kind: str
    approximate: bool = False
    """The source gives the day only roughly (mid-August): read as ± 5 days."""
    source: Source | None = None
    note: str = ""
