"""What `history` answers: one observation held against its baseline, with everything a reader may ask of it.

The fields are those of the `assess --json` contract, in its order; `contract.py` writes them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

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
class EventLead:
    """One dated outside event against the onset."""

    event: Event
    known: bool
    """Disclosed by the as-of day."""
    lead_days: tuple[int, int] | None
    """Days from event to onset, least and most; negative: the event came after. None without an onset."""


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
    notes: tuple[str, ...] = ()
    """Plain sentences a reader must have: the bound spans the closure, no interval was published, …"""
    why_null: dict[str, str] = field(default_factory=dict)
    """Why a figure is None, by its field name: `n`, `ratio`, `p_model`, `p_calibrated`, `p_record`, `onset`."""
    verdict: str
    """One hedged sentence."""
    reason: str | None = None
    """Why nothing could be computed; None when something was."""
