"""Plan: what it would have taken to catch the surge of a record in time, and which image to look at next.

Joins what other files work out: the chance of being in time (`planning`), the chance that one look raises the alarm
(`power`), the worth of a day or a scene for the onset and the weights of a review (`next_look`). Where the record gives
no model, every usable look is taken to raise the alarm, and `power_basis` says so: the plan is then the most hopeful.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yardwatch.history.assessment import Assessment, GapChance, Onset, Question
from yardwatch.history.effect import ALARM_P
from yardwatch.history.next_look import Offer, Worth, review_chances, worth_buying
from yardwatch.history.planning import (
    DAYS_A_MONTH,
    MOST_PASSES,
    WANTED,
    Cadence,
    Needed,
    caught,
    delay,
    needed,
)
from yardwatch.history.power import power_table
from yardwatch.history.wording import number
from yardwatch.model.refuse import refuse

CLOUD = 0.6
"""Share of images that show too little: assumed where none is given. Four usable of ten, as worked in the docs."""
DELAY_DAYS = 14.0
"""A freight surge at a border lasts weeks; an alarm after two of them can still be looked into."""
LONGEST_DELAY_DAYS = 366.0
SPELLS = 0.5
"""Correlation of the sky from one day to the next, for the second answer: weather comes in spells of days."""
OTHERWISE = 3.0
"""The rise planned for where the record holds none: the largest of the power table."""
LEAST_BITS = 1e-3
"""A thousandth of a yes or no: an image worth less tells nothing."""
EXAMPLES = (1.0, 2.0, 4.0, 10.0, 30.0)
"""Images a month shown beside the answer: monthly, fortnightly, weekly, every third day, daily."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the user plans with. Raises ValueError for shares and numbers that cannot be."""

    per_month: float | None = None
    """Images a month, usable or not; None: what is needed is worked out alone."""
    cloud: float = CLOUD
    """Share of images that show too little."""
    delay_days: float = DELAY_DAYS
    """From the beginning of the surge to the alarm, at most."""

    def __post_init__(self) -> None:
        most = MOST_PASSES * DAYS_A_MONTH
        refuse(not 0 <= self.cloud < 1, f"a cloud share of {self.cloud:g} lies outside 0 to below 1")
        refuse(
            not 0 < self.delay_days <= LONGEST_DELAY_DAYS,
            f"a delay of {self.delay_days:g} days; give more than 0, at most {LONGEST_DELAY_DAYS:g}",
        )
        if self.per_month is not None:
            refuse(
                not 0 < self.per_month <= most,
                f"{self.per_month:g} images a month; give more than 0, at most {most:.0f}",
            )


@dataclass(frozen=True, kw_only=True)
class OnHand:
    """A scene the site already has."""

    id: str
    day: date
    usable: float
    """Share of the ground it shows."""
    cars: float | None
    """Expected number in the zone; None where it was not counted."""
    observation: str | None = None
    """Id of the own observation made of it."""
    reviewed: bool = False


@dataclass(frozen=True, kw_only=True)
class Chance:
    """What a cadence would do."""

    passes_a_month: float
    looks_a_month: float
    caught: float
    """Chance of an alarm within the delay."""
    days: float | None
    """Within which the alarm is raised with the wanted chance; None: not within a year."""


@dataclass(frozen=True, kw_only=True)
class BestDay:
    """The day of which an image would tell most about the onset."""

    day: date
    bits: float
    first: date
    """First and last day worth at least half as much."""
    last: date


@dataclass(frozen=True, kw_only=True)
class ToReview:
    """A counted scene nobody has reviewed."""

    scene: OnHand
    chance: float
    """Of it in one draw: its weight."""
    role: str
    """What of the finding rests on it; empty for nothing."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The answer."""

    site: str
    question: Question
    wish: Wish
    onset: Onset | None
    why_no_surge: str | None
    """None where the record holds one."""
    seen_after: tuple[int, int] | None
    """Days from the onset to the observed look, least and most."""
    factor: float | None
    """Size of the rise planned for; None where power is assumed."""
    power: float
    power_basis: str
    needed: Needed | None
    """None: no number of images would do."""
    needed_in_spells: Needed | None
    chances: tuple[Chance, ...]
    """Of the cadence asked about, or of some examples."""
    best_day: BestDay | None
    uncounted: tuple[Worth, ...]
    """Scenes at hand near the onset that gave no count, the most telling first."""
    review: tuple[ToReview, ...]
    """Most weight first."""


def plan(assessment: Assessment, wish: Wish, scenes: Sequence[OnHand] = ()) -> Plan:
    """The plan for the surge of an assessment, or for a rise of three times where it has none."""
    onset, why = _surge(assessment)
    factor, power, basis = _power(assessment, rise=why is None)
    cadence = Cadence(every_days=1.0, clear=1 - wish.cloud, power=power)
    spells = Cadence(every_days=1.0, clear=1 - wish.cloud, power=power, persistence=SPELLS)
    until = [scene for scene in scenes if scene.day <= assessment.question.as_of]
    gaps = gaps_of(onset) if onset else ()
    return Plan(
        site=assessment.site,
        question=assessment.question,
        wish=wish,
        onset=onset,
        why_no_surge=why,
        seen_after=_seen_after(assessment, onset),
        factor=factor,
        power=power,
        power_basis=basis,
        needed=needed(cadence, wish.delay_days),
        needed_in_spells=needed(spells, wish.delay_days),
        chances=tuple(_chance(n, cadence, wish) for n in ((wish.per_month,) if wish.per_month else EXAMPLES)),
        best_day=best_day(gaps, power, frozenset(x.day for x in until if x.cars is not None)) if gaps else None,
        uncounted=_uncounted(until, gaps, power) if gaps else (),
        review=_review([x for x in until if assessment.question.window.first <= x.day], assessment),
    )


def gaps_of(onset: Onset) -> tuple[GapChance, ...]:
    """Where the onset lies: the likeliest gap with its chance, the rest of the interval evenly; one gap by the rule."""
    best = onset.likeliest
    if best is None or onset.level is None:
        return (GapChance(earliest=onset.earliest, latest=onset.latest, probability=1.0),)
    sides = [(onset.earliest, best.earliest), (best.latest, onset.latest)]
    sides = [(first, last) for first, last in sides if first < last]
    days, rest = sum((last - first).days for first, last in sides), max(onset.level - best.probability, 0.0)
    around = [
        GapChance(earliest=first, latest=last, probability=rest * (last - first).days / days) for first, last in sides
    ]
    return tuple(sorted((best, *around), key=lambda gap: gap.earliest))


def best_day(gaps: Sequence[GapChance], power: float, seen: frozenset[date] = frozenset()) -> BestDay | None:
    """The most telling day strictly inside the gaps, days of looks at hand left out; None where there is none."""
    first, last = gaps[0].earliest, gaps[-1].latest
    inside = [first + timedelta(days=i) for i in range(1, (last - first).days)]
    offers = [Offer(id=day.isoformat(), day=day) for day in inside if day not in seen]
    found = worth_buying(offers, gaps, power=power, false_alarm=ALARM_P) if offers else ()
    if not found or found[0].bits < LEAST_BITS:
        return None
    good = [item.offer.day for item in found if item.bits >= found[0].bits / 2]
    return BestDay(day=found[0].offer.day, bits=found[0].bits, first=min(good), last=max(good))


def _surge(assessment: Assessment) -> tuple[Onset | None, str | None]:
    if assessment.observed is None:
        return None, assessment.reason or "there is no observed look"
    if assessment.onset is None:
        return None, assessment.why_null.get("onset") or "the record shows no rise"
    size = assessment.surge.effect if assessment.surge else None
    if size is not None and size.value <= 1:
        return assessment.onset, f"the observed look is ×{size.value:.2g} of what is expected, no rise"
    return assessment.onset, None


def _seen_after(assessment: Assessment, onset: Onset | None) -> tuple[int, int] | None:
    if onset is None or assessment.observed is None:
        return None
    when = assessment.observed.when
    return max((when.earliest - onset.latest).days, 0), (when.latest - onset.earliest).days


def _power(assessment: Assessment, *, rise: bool) -> tuple[float | None, float, str]:
    test = assessment.surge
    if test is None or test.effect is None or test.spread is None:
        why = "assumed: the record has too few looks for a model, so every usable look is taken to raise the alarm"
        return None, 1.0, why
    size, looks = test.effect, len(assessment.baseline.fitted)
    factor = size.value if rise else OTHERWISE
    (row,) = power_table(size.expected, test.spread, looks=(looks,), factors=(factor,))
    least = f"alarm from {row.least} cars, p ≤ {ALARM_P:g}"
    basis = (
        f"a rise of ×{factor:.2g} over about {number(size.expected)} cars, {looks} looks fitted, {least} by the model"
    )
    return factor, row.power[0], basis


def _chance(passes: float, cadence: Cadence, wish: Wish) -> Chance:
    kept = Cadence(every_days=DAYS_A_MONTH / passes, clear=cadence.clear, power=cadence.power)
    return Chance(
        passes_a_month=passes,
        looks_a_month=kept.looks_a_month,
        caught=caught(kept, wish.delay_days),
        days=delay(kept, WANTED),
    )


def _uncounted(scenes: Sequence[OnHand], gaps: Sequence[GapChance], power: float) -> tuple[Worth, ...]:
    first, last = gaps[0].earliest, gaps[-1].latest
    offers = [
        Offer(id=x.id, day=x.day, usable=min(max(x.usable, 0.0), 1.0))
        for x in scenes
        if x.cars is None and first <= x.day <= last
    ]
    return worth_buying(offers, gaps, power=power, false_alarm=ALARM_P)


def _review(scenes: Sequence[OnHand], assessment: Assessment) -> tuple[ToReview, ...]:
    open_ones = {x.id: x for x in scenes if x.cars is not None and not x.reviewed}
    if not open_ones:
        return ()
    chances = review_chances({name: x.cars or 0.0 for name, x in open_ones.items()})
    found = [ToReview(scene=x, chance=chances[name], role=_role(x, assessment)) for name, x in open_ones.items()]
    return tuple(sorted(found, key=lambda item: (-item.chance, item.scene.day, item.scene.id)))


def _role(scene: OnHand, assessment: Assessment) -> str:
    seen, onset = assessment.observed, assessment.onset
    if seen is not None and scene.observation == seen.id:
        return "the observed look"
    if onset is not None and scene.observation in onset.observations:
        return "an end of the onset"
    return ""
