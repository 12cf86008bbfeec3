"""What a chart of the record shows, sorted by how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from yardwatch.history.assessment import Assessment, EventLead, Onset, Question
from yardwatch.history.levels import Levels
from yardwatch.history.quantity import CARS, METRES, WAGON_PITCH_M
from yardwatch.model import Break, DateSpan, Observation, Role, Site, Window

SECOND_UNITS = (CARS, METRES, "% filled")
"""Units a second axis may be in, the one nearest to cars first."""


@dataclass(frozen=True, kw_only=True)
class RecordChart:
    """One zone's record in one unit, with what stands beside it."""

    zone: str
    unit: str
    window: Window
    as_of: date
    looks: tuple[Observation, ...]
    """Looks at the zone itself, own and published."""
    children: tuple[Observation, ...] = ()
    """Looks at zones inside it: lower bounds for it."""
    bounds: tuple[Observation, ...] = ()
    cross_checks: tuple[Observation, ...] = ()
    no_looks: tuple[DateSpan, ...] = ()
    breaks: tuple[Break, ...] = ()
    events: tuple[tuple[int, EventLead], ...] = ()
    """With the number each carries in the table."""
    onset: Onset | None = None
    observed: str | None = None
    """Id of the look that is held against the rest."""
    band: tuple[float, float] | None = None
    """Central 90 % of what the baseline expects of a look."""
    median: float | None = None
    levels: Levels | None = None
    other: tuple[Observation, ...] = ()
    """Looks of the zone and its parts in one other unit, for the second axis."""
    other_unit: str | None = None
    elsewhere: tuple[str, ...] = ()
    """Units that have looks too, and no axis."""

    @property
    def shown(self) -> tuple[Observation, ...]:
        """Every observation drawn."""
        return (*self.looks, *self.children, *self.bounds, *self.cross_checks)

    @property
    def pitch(self) -> float | None:
        """Of the other unit, what stands for one of the first; None where stock's lengths do not join the two."""
        if {self.unit, self.other_unit} != {CARS, METRES}:
            return None
        return WAGON_PITCH_M if self.unit == CARS else 1 / WAGON_PITCH_M

    def bound_until(self, bound: Observation) -> date:
        """Last day a bound is drawn to: read as of images before the observed look, and before any that breaks it."""
        low, high = bound.lower or 0.0, float("inf") if bound.upper is None else bound.upper
        after = [seen for seen in self.looks if seen.when.earliest >= bound.when.earliest and seen.value is not None]
        broken = [seen.when.earliest for seen in after if not low <= (seen.value or 0.0) <= high]
        told = [seen.when.earliest for seen in self.looks if seen.id == self.observed]
        return min([bound.when.latest, *told, *broken])

    @property
    def after(self) -> bool:
        """Whether looks of after the window are shown, too."""
        return any(seen.when.earliest > self.window.last for seen in self.looks)

    @property
    def extent(self) -> tuple[date, date]:
        """First and last day of the axis: the window, the as-of day, and whatever was seen after them."""
        ends = [self.as_of, *(seen.when.latest for seen in self.looks)]
        pad = timedelta(days=max(20, (max(ends) - self.window.first).days // 40))
        return self.window.first, max(ends) + pad


def record_chart_of(site: Site, assessment: Assessment, record: tuple[Observation, ...]) -> RecordChart:
    """The chart of an assessment's question, from the whole record of its site."""
    question = assessment.question
    inside = set(site.children(question.zone))
    window = question.window

    def of(role: Role, zones: set[str]) -> tuple[Observation, ...]:
        return tuple(
            seen
            for seen in record
            if seen.role is role
            and seen.zone in zones
            and seen.unit == question.unit
            and seen.when.latest >= window.first
        )

    other, elsewhere = _other_units(record, {question.zone} | inside, question)
    return RecordChart(
        zone=question.zone,
        unit=question.unit,
        window=window,
        as_of=question.as_of,
        looks=of(Role.OBSERVATION, {question.zone}),
        children=of(Role.OBSERVATION, inside),
        bounds=of(Role.BOUND, {question.zone}),
        cross_checks=of(Role.CROSS_CHECK, {question.zone} | inside),
        no_looks=assessment.no_looks,
        breaks=tuple(part for part in site.breaks if part.last >= window.first),
        events=tuple(enumerate(assessment.events, 1)),
        onset=assessment.onset,
        observed=assessment.observed.id if assessment.observed else None,
        band=assessment.baseline.band,
        median=assessment.baseline.median if assessment.baseline.band else None,
        levels=assessment.levels,
        other=other,
        other_unit=other[0].unit if other else None,
        elsewhere=elsewhere,
    )


def _other_units(
    record: tuple[Observation, ...], zones: set[str], question: Question
) -> tuple[tuple[Observation, ...], tuple[str, ...]]:
    """Looks in the unit that gets the second axis, metres of train before % filled, and the units that get none."""
    found: dict[str, list[Observation]] = {}
    for seen in record:
        there = seen.role is Role.OBSERVATION and seen.zone in zones and seen.value is not None
        if (
            there
            and seen.unit != question.unit
            and seen.unit in SECOND_UNITS
            and seen.when.latest >= question.window.first
        ):
            found.setdefault(seen.unit, []).append(seen)
    first = next((unit for unit in SECOND_UNITS if unit in found), None)
    if first is None:
        return (), ()
    return tuple(found[first]), tuple(unit for unit in SECOND_UNITS if unit in found and unit != first)
