"""Hypotheses: rival explanations that every report lists, and the matrix a person fills in.

After Heuer (1999), analysis of competing hypotheses: each piece of evidence is rated against every hypothesis,
and what counts is how little speaks *against* one. The software seeds the list for a border yard, keeps
*deception* and *nothing unusual* in it always, and picks none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from yardwatch.errors import InputError

ALWAYS = ("deception", "nothing-unusual")


class Rating(StrEnum):
    """How a piece of evidence sits with a hypothesis."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NEUTRAL = "neutral"


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
    """One explanation, with what it would lead one to see and what would speak against it."""

    id: str
    title: str
    expects: str
    against: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One rating, entered by a person."""

    hypothesis: str
    claim: str
    """Id of the observation or interpretation that is rated."""
    rating: Rating
    rated_by: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact held against every hypothesis."""

    id: str
    fact: str
    """What was seen or said, in one sentence."""
    evidence: tuple[str, ...]
    """Ids of observations, events or changes it rests on."""
    ratings: Mapping[str, Rating] = field(default_factory=dict)
    """By hypothesis; neutral where nothing stands."""
    grade: str = ""
    """Admiralty grade given to the fact itself; empty: that of its sources."""
    rated_by: str = ""
    """Who stands behind the ratings; empty: a proposal nobody has signed."""
    note: str = ""

    def rating(self, hypothesis: str) -> Rating:
        """How the fact sits with a hypothesis."""
        return self.ratings.get(hypothesis, Rating.NEUTRAL)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Hypotheses and the ratings entered so far. Raises InputError for an unknown hypothesis or an unsigned rating."""

    hypotheses: tuple[Hypothesis, ...]
    entries: tuple[Entry, ...] = ()
    rows: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        known = [h.id for h in self.hypotheses]
        missing = [h for h in ALWAYS if h not in known]
        if missing:
            raise InputError(f"hypotheses lack {', '.join(missing)}; a report always lists them, so add them back")
        for entry in self.entries:
            if entry.hypothesis not in known:
                raise InputError(f"a rating names hypothesis {entry.hypothesis!r}; known are {', '.join(known)}")
            if not entry.rated_by.strip():
                raise InputError(
                    f"the rating of {entry.claim!r} under {entry.hypothesis!r} is unsigned; name the rater"
                )

        for row in self.rows:
            for name in row.ratings:
                if name not in known:
                    raise InputError(f"row {row.id!r} rates hypothesis {name!r}; known are {', '.join(known)}")

    @property
    def signed(self) -> bool:
        """Whether a person stands behind every rating."""
        return bool(self.rows or self.entries) and all(row.rated_by.strip() for row in self.rows)

    def tally(self, hypothesis: str) -> dict[Rating, int]:
        """How many ratings of each sort a hypothesis has."""
        mine = [entry.rating for entry in self.entries if entry.hypothesis == hypothesis]
        mine += [row.rating(hypothesis) for row in self.rows]
        return {rating: mine.count(rating) for rating in Rating}


SEEDED = (
    Hypothesis(
        id="transfer-out",
        title="Goods are being moved out over the border",
        expects="Loaded cars facing the border, the same sets seen later on the other side, stacks that shrink.",
        against="Cars that stay in place, arrive loaded, or leave inland.",
    ),
    Hypothesis(
        id="transfer-in",
        title="Goods are being moved in over the border",
        expects="Sets of cars first seen on the other side, unloaded cargo beside the tracks, cars leaving inland.",
        against="Loading seen at this yard, stacks that shrink as cars fill.",
    ),
    Hypothesis(
        id="ordinary-trade",
        title="Ordinary trade is resuming",
        expects="A rise at sibling crossings too, mixed types of car, timetables or customs figures that agree.",
        against="A rise at this yard alone, unusual covers or guarding.",
    ),
    Hypothesis(
        id="bulk",
        title="Bulk coal, ore or oil is passing",
        expects="Mostly open, hopper or tank cars in long uniform sets.",
        against="Containers, boxcars or mixed cargo under covers.",
    ),
    Hypothesis(
        id="storage",
        title="Cars are being stored, without transit",
        expects="The same cars in the same places over many looks.",
        against="Sets that change from look to look.",
    ),
    Hypothesis(
        id="deception",
        title="Deception or display",
        expects="Cars placed where satellites look, covers without loads, changes timed to known passes.",
        against="Movement that agrees with sources that could not have been staged.",
    ),
    Hypothesis(
        id="nothing-unusual",
        title="Nothing unusual: the looks happened to catch a busy day",
        expects="A record with few or irregular looks, neighbouring looks near the usual number.",
        against="A raised number in several looks in a row.",
    ),
)


def seeded(rows: Sequence[Row] = (), own: Sequence[Hypothesis] = ()) -> Matrix:
    """The matrix every report starts from: all hypotheses, with those of the site's own beside them or in their place.

    Nothing is picked. Raises InputError for a rating of an unknown hypothesis.
    """
    named = {hypothesis.id: hypothesis for hypothesis in (*SEEDED, *own)}
    return Matrix(hypotheses=tuple(named.values()), rows=tuple(rows))
