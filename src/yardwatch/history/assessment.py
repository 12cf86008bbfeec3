"""What `history` answers: one observation held against its baseline, with everything a reader may ask of it.

The fields are those of the `assess --json` contract, in its order; `contract.py` writes them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yardwatch.history.levels import Levels
from yardwatch.history.note import Days, Note
from yardwatch.history.quantity import highest
from yardwatch.history.surge import Surge
from yardwatch.model import DateSpan, Event, Observation, Window


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of the record."""

    zone: str
    unit: str
    as_of: date
    window: Window


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What the record leads us to expect in the window, before the observed look."""

    max: float | None
    """Highest earlier value or published bound in the window."""
    max_is_bound: bool
    """True when no earlier look reaches as high as a published bound, so the maximum is the bound."""
    median: float | None
    mean: float | None
    """Of the negative-binomial predictive distribution, per fully visible look; None with fewer than 3 looks."""
    band: tuple[float, float] | None
    """Central 90 % of the predictive distribution."""
    looks: tuple[str, ...]
    """Ids of the observations it rests on."""
    bounds: tuple[str, ...]
    """Ids of the published bounds it takes in."""
    fitted: tuple[str, ...] = ()
    """Ids of those looks the predictive distribution was fitted to; a subset of `looks`."""

    def top_look(self, known: Mapping[str, Observation]) -> Observation | None:
        """The look that holds the maximum; None where a bound does, or where it is not among `known`, by id."""
        found = [known[i] for i in self.looks if i in known]
        return None if self.max_is_bound else highest([x for x in found if x.value is not None and x.value == self.max])


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """Observed ÷ baseline maximum; ends are None where no interval was published."""

    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class Unprecedented:
    """Whether the word may be used, with the parts without which it means nothing."""

    holds: bool | None
    """None: cannot be said, `reason` says why (n unknown, no earlier look, …)."""
    reason: str
    window: Window
    zone: str
    unit: str
    n: int | None
    outside: tuple[Observation, ...] = ()
    """Comparable statements from outside the window."""
    reason_days: Days = ()
    """Days the reason names."""


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """An earlier highest value that a later or an older observation beats."""

    observation: Observation
    by: Observation


@dataclass(frozen=True, kw_only=True)
class GapChance:
    """A gap between two neighbouring looks and the chance that the onset lies in it."""

    earliest: date
    latest: date
    probability: float


@dataclass(frozen=True, kw_only=True)
class Onset:
    """The rise began between two looks."""

    earliest: date
    latest: date
    zones: tuple[str, ...]
    observations: tuple[str, ...]
    """Ids of the looks at its two ends."""
    method: str = "last quiet and first raised look"
    """How the interval was found; the other is `change-point posterior`."""
    level: float | None = None
    """Share of the posterior the interval holds; None by the rule, which attaches no probability."""
    likeliest: GapChance | None = None
    """The single gap the posterior gives most; None by the rule."""
    change: float | None = None
    """Posterior chance that the level of the zone changed at all among its looks; None with fewer than nine."""
    rule: DateSpan | None = None
    """What the rule says, also where the posterior dates the onset."""
    second: DateSpan | None = None
    """The last rise by PELT, the second view; None where it sees none."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How a window was looked at, up to the observed look."""

    dates: int
    """With a look, the observed one included."""
    months: int
    """Calendar months the window touches, up to the observed look."""
    months_seen: int
    longest_gap: tuple[date, date] | None
    """The longest time without a look, window's first day and observed day taken as ends; None without a look."""
    unusable: int
    """Images that could not be used."""
    sensors: dict[str, int] = field(default_factory=dict)
    """Looks by sensor as their sources name it, most first."""
    strata: dict[str, int] = field(default_factory=dict)
    """Dates with a look in each declared break, and outside any."""

    @property
    def gap_days(self) -> int | None:
        """Length of the longest gap."""
        return None if self.longest_gap is None else (self.longest_gap[1] - self.longest_gap[0]).days


@dataclass(frozen=True, kw_only=True)
class EventLead:
    """One dated outside event against the onset."""

    event: Event
    known: bool
    """Disclosed by the as-of day."""
    lead_days: tuple[int, int] | None
    """Days from event to onset, least and most; negative: the event came after. None without an onset."""
    chance: float | None = None
    """That one random day of the window lies as near; None without an onset and for reports of the rise itself."""
    chance_of_any: float | None = None
    """That one of as many random days as events are listed does."""
    grade: str | None = None
    """Of its source (Admiralty, A1 to F6); None where nobody graded it."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The answer."""

    site: str
    question: Question
    n: int | None
    """Comparable earlier looks in the window; None when a published bound of unknown n is among them."""
    observed: Observation | None
    by_kind: dict[str, float] = field(default_factory=dict)
    baseline: Baseline
    ratio: Ratio
    p_model: float | None
    p_calibrated: float | None
    p_record: float | None
    unprecedented: Unprecedented
    superseded_by: Observation | None
    withdrawn: tuple[Withdrawn, ...]
    cross_checks: tuple[Observation, ...]
    onset: Onset | None
    events: tuple[EventLead, ...]
    no_looks: tuple[DateSpan, ...] = ()
    notes: tuple[Note, ...] = ()
    """Plain sentences a reader must have: the bound spans the closure, no interval was published, …"""
    why_null: dict[str, str] = field(default_factory=dict)
    """Why a figure is None, by its field name: `n`, `ratio`, `p_model`, `p_calibrated`, `p_record`, `onset`."""
    surge: Surge | None = None
    """The test behind the p: model, back-test, effect, alarm, power; None where nothing was observed."""
    verdict: str
    """One hedged sentence."""
    verdict_days: Days = ()
    """Days it names."""
    reason: str | None = None
    """Why nothing could be computed; None when something was."""
    coverage: Coverage | None = None
    levels: Levels | None = None
    """The record of the window cut into levels, up to the as-of day: shifts, surges and their ends."""
