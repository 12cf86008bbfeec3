"""Selection: which rows of a record answer a question, and what each of them may be used for.

- *observed*: the newest look of the zone and unit, with a value, inside the window and not after the as-of day;
- *earlier*: the looks of the same zone and unit before it in the window; nothing else is its baseline;
- *bounds*: published bounds of the zone and unit whose span overlaps the window and begins before it.

Class, cross-check, context and no-look rows never become any of these; nor do rows counted in another version of
the zone. A look whose days straddle the observed day or the as-of day cannot be ordered and is set aside, said so.
A look whose days straddle the window's first day is kept: leaving it out could only raise the finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yardwatch.errors import InputError, SiteError
from yardwatch.history.assessment import Question
from yardwatch.history.days import span_words
from yardwatch.history.note import Note
from yardwatch.history.quantity import CARS, METRES, known
from yardwatch.model import DateSpan, Observation, Role, Site

Looks = tuple[Observation, ...]

NOT_FREIGHT = ("locomotive", "maintenance", "passenger", "coach")
"""How the class names of vehicles begin that are never freight cars."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Rows of a record, sorted by use; each in order of date."""

    observed: Observation | None
    same_day: Looks
    """Other looks of the observed date; kept, never in the baseline."""
    earlier: Looks
    bounds: Looks
    parts: Looks
    """Class rows of the observed date, freight kinds only."""
    cross_checks: Looks
    no_looks: tuple[DateSpan, ...]
    outside: Looks
    """Statements in the same unit from before the window, from other places too (role *context*)."""
    ever: Looks
    """Every look of the zone and unit on any date, also after the as-of day."""
    family: Looks
    """Looks of the zone and its child zones in cars or metres of train, window's first to observed day."""
    set_aside: tuple[Note, ...]
    """What was not used, and why."""


def select(site: Site, question: Question, own: Sequence[Observation] = ()) -> Selection:
    """The rows that answer a question.

    Raises InputError for a zone the site does not have, SiteError for a synthetic row in the record of a real site.
    """
    rows = _checked(site, question, own)
    newest = {zone.id: site.zone(zone.id).version for zone in site.zones}
    current = [row for row in rows if row.zone_version in {None, newest.get(row.zone, row.zone_version)}]
    zones = frozenset((question.zone, *site.children(question.zone)))
    here = [row for row in current if row.zone == question.zone and row.unit == question.unit]
    looks = [row for row in here if row.role is Role.OBSERVATION and row.value is not None]
    until = min(question.as_of, question.window.last)
    inside = [look for look in looks if look.when.latest >= question.window.first and look.when.latest <= until]
    observed = max(
        (x for x in inside if question.window.holds(x.when)),
        key=lambda x: (x.when.latest, x.own, known(x)),
        default=None,
    )
    earlier = [x for x in inside if observed and x.when.latest < observed.when.earliest]
    same_day = [x for x in inside if observed and x is not observed and x.when == observed.when]
    used = {x.id for x in (*earlier, *same_day, observed) if x}
    unordered = [x for x in looks if x.id not in used and _straddles(x, question, until)]
    return Selection(
        observed=observed,
        same_day=_dated(same_day),
        earlier=_dated(earlier),
        bounds=_dated(x for x in here if _bounds(x, question, observed, until)),
        parts=_dated(x for x in here if _is_part(x, observed)),
        cross_checks=_dated(_inside(current, question, until, lambda x: _is_cross_check(x, zones, question))),
        no_looks=tuple(x.when for x in _dated(_inside(current, question, until, lambda x: _no_look(x, question)))),
        outside=_dated(x for x in current if _is_outside(x, question)),
        ever=_dated(looks),
        family=_dated(_inside(current, question, until, lambda x: _is_family(x, zones, observed))),
        set_aside=(*_old_versions(rows, current, question), *_unordered(unordered)),
    )


def _checked(site: Site, question: Question, own: Sequence[Observation]) -> list[Observation]:
    if question.zone not in {zone.id for zone in site.zones}:
        have = ", ".join(sorted({zone.id for zone in site.zones}))
        raise InputError(f"site {site.id} has no zone {question.zone!r}; choose one of: {have}")
    rows = list({row.id: row for row in (*site.record, *own)}.values())
    synthetic = next((row.id for row in rows if row.synthetic), None)
    if synthetic is not None and not site.fictional:
        raise SiteError(f"observation {synthetic} is synthetic and site {site.id} is real; take it out of the record")
    return rows


def _bounds(row: Observation, question: Question, observed: Observation | None, until: date) -> bool:
    before = observed.when.earliest if observed else until
    return row.role is Role.BOUND and row.when.latest >= question.window.first and row.when.earliest < before


def _is_part(row: Observation, observed: Observation | None) -> bool:
    if observed is None or row.role is not Role.CLASS or row.when != observed.when or row.value is None:
        return False
    return row.kind is not None and not row.kind.lower().startswith(NOT_FREIGHT)


def _is_cross_check(row: Observation, zones: frozenset[str], question: Question) -> bool:
    return row.role is Role.CROSS_CHECK and row.zone in zones and row.unit == question.unit and row.value is not None


def _no_look(row: Observation, question: Question) -> bool:
    return row.role is Role.NO_LOOK and row.zone == question.zone


def _is_outside(row: Observation, question: Question) -> bool:
    elsewhere = row.role is Role.CONTEXT and row.value is not None
    here = row.zone == question.zone and row.role in {Role.OBSERVATION, Role.BOUND}
    stated = any(x is not None for x in (row.value, row.lower, row.upper))
    return (elsewhere or here) and stated and row.unit == question.unit and row.when.latest < question.window.first


def _is_family(row: Observation, zones: frozenset[str], observed: Observation | None) -> bool:
    look = row.role is Role.OBSERVATION and row.value is not None and row.unit in {CARS, METRES}
    return look and row.zone in zones and observed is not None and row.when.latest <= observed.when.latest


def _inside(
    rows: Iterable[Observation], question: Question, until: date, wanted: Callable[[Observation], bool]
) -> Iterable[Observation]:
    first = question.window.first
    return (row for row in rows if row.when.latest >= first and row.when.latest <= until and wanted(row))


def _straddles(look: Observation, question: Question, until: date) -> bool:
    return look.when.earliest <= until and look.when.latest >= question.window.first


def _dated(rows: Iterable[Observation]) -> Looks:
    return tuple(sorted(rows, key=lambda row: (row.when.latest, row.when.earliest, row.id)))


def _old_versions(rows: Sequence[Observation], current: Sequence[Observation], question: Question) -> tuple[Note, ...]:
    old = len([x for x in rows if x.zone == question.zone]) - len([x for x in current if x.zone == question.zone])
    if old == 0:
        return ()
    text = f"{old} rows of zone {question.zone} belong to another version of the zone and are not used."
    return (Note(id="old-versions", text=text),)


def _unordered(looks: Sequence[Observation]) -> tuple[Note, ...]:
    if not looks:
        return ()
    days = ", ".join(span_words(x.when) for x in looks)
    text = f"Not used, because their days cannot be ordered against the observed or the as-of day: looks of {days}."
    return (Note(id="unordered", text=text, days=tuple(x.when for x in looks)),)
