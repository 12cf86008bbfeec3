"""Onset: the rise to the observed look began between two looks.

A look at the zone or at one of its child zones is *raised* when the least it can stand for exceeds the highest value
of the reference: a child's count is a lower bound for its parent, metres of train ÷ 16.44 m (the longest common
wagon) are the least number of cars. It is *quiet* when its value, or metres of train ÷ 12.02 m (the shortest), does
not exceed it; a look that may be either says nothing. In each zone the last look must be raised; its rise
began after the last quiet look and by the first raised one after it. Of these intervals the shortest is taken, the
later of two equals; a quiet look of the asked zone itself narrows it.

Reference: the highest of the bounds and of the looks older than 26 weeks before the observed one, so that the first
looks of a rise do not hide it; with neither a bound nor three such looks, the baseline's maximum.

`% filled`, cross-checks, class rows and context never enter. This is the rule; `onset_views.py` sets a change-point
posterior and PELT beside it, and dates the onset by the posterior where the zone has looks enough. The rule: own.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from yardwatch.history.assessment import Baseline, Onset, Question
from yardwatch.history.baseline import LEFT_OUT, MIN_FIT_LOOKS, bound_value
from yardwatch.history.days import day_words, ends_of, span_words
from yardwatch.history.note import About, Dated, Note
from yardwatch.history.onset_views import POSTERIOR, viewed
from yardwatch.history.quantity import CARS, METRES, about, at_least, known
from yardwatch.history.selection import Selection
from yardwatch.history.wording import number, said
from yardwatch.model import DateSpan, Observation, Role

UNSURE = 0.8
"""Posterior chance of a change below which the reader is told of it ("likely" ends here)."""
NO_QUIET_LOOK = "no quiet look in the zone or its child zones comes before the rise, so its beginning is open"


class _State(Enum):
    QUIET = "quiet"
    RAISED = "raised"


class _Rise(NamedTuple):
    quiet: Observation
    raised: Observation
    zones: tuple[str, ...]

    @property
    def days(self) -> int:
        return (self.raised.when.latest - self.quiet.when.earliest).days


def onset(selection: Selection, question: Question, base: Baseline) -> tuple[Onset | None, str | None]:
    """The interval, or None with the reason."""
    observed = selection.observed
    if observed is None:
        return None, "there is no observed look"
    if observed.unit not in {CARS, METRES}:
        return None, f"an onset is sought in {CARS} and {METRES} only, not in {observed.unit}"
    threshold = reference(selection, base)
    if threshold is None:
        return None, "there is nothing earlier to rise from"
    if (at_least(observed, observed.unit) or 0.0) <= threshold:
        return None, "the observed look is not above the highest earlier value, so there is no rise to date"
    rises = _rises(selection, question, threshold)
    if not rises:
        return None, NO_QUIET_LOOK
    rise = min(rises, key=lambda rise: (rise.days, -rise.raised.when.latest.toordinal()))
    span = (rise.quiet.when.earliest, rise.raised.when.latest)
    ids = (rise.quiet.id, rise.raised.id)
    by_rule = Onset(earliest=span[0], latest=span[1], zones=rise.zones, observations=ids)
    looks = [x for x in selection.family if (x.zone, x.unit) == (rise.raised.zone, rise.raised.unit)]
    return viewed(by_rule, looks, bounded=bool(selection.bounds)), None


def reference(selection: Selection, base: Baseline) -> float | None:
    """The value a look must exceed to be raised, in the unit asked; None where nothing came before."""
    if selection.observed is None:
        return None
    before = selection.observed.when.earliest - LEFT_OUT
    old = [known(x) for x in selection.earlier if x.when.latest <= before]
    bounds = [bound_value(x) for x in selection.bounds]
    if bounds or len(old) >= MIN_FIT_LOOKS:
        return max(old + bounds)
    return base.max


def told(rise: Onset, selection: Selection, question: Question, base: Baseline) -> Note:
    """What the onset is an onset of."""
    parts = [zone for zone in rise.zones if zone != question.zone]
    seen = f", seen in zone {' and '.join(parts)}, a part of {question.zone}" if parts else ""
    what = f"the rise above {_reference_said(selection, base, question.unit)}"
    if rise.method == POSTERIOR:
        what = "the last rise of the level of the record"
    views = _told_views(rise)
    text = f"The onset is that of {what}{seen}.{views.text}"
    return Note(id="onset", about=About.ONSET, text=text, days=views.days)


def _reference_said(selection: Selection, base: Baseline, unit: str) -> str:
    level = reference(selection, base) or 0.0
    rows = [x for x in (*selection.bounds, *selection.earlier) if not x.own]
    top = next((x for x in rows if level == (bound_value(x) if x.role is Role.BOUND else x.value)), None)
    return f"about {number(level)} {unit}" if top is None else said(top, unit=True)


def _told_views(rise: Onset) -> Dated:
    """What the posterior and PELT say beside the interval."""
    text, days = "", list[DateSpan]()
    if rise.method == POSTERIOR and rise.level is not None and rise.likeliest is not None:
        best = rise.likeliest
        days += ends_of(best)
        text += (
            f" The interval holds {round(100 * rise.level)} % of the change-point posterior; its likeliest gap, "
            f"{day_words(best.earliest)} to {day_words(best.latest)}, holds {round(100 * best.probability)} %."
        )
    if rise.change is not None and rise.change < UNSURE:
        text += f" That the level changed at all has a posterior chance of {round(100 * rise.change)} % only."
    if rise.second is not None and not (rise.earliest <= rise.second.latest and rise.second.earliest <= rise.latest):
        text += f" The second view (PELT) dates the rise otherwise: {span_words(rise.second)}."
        days.append(rise.second)
    return Dated(text, tuple(days))


def _rises(selection: Selection, question: Question, threshold: float) -> list[_Rise]:
    zones = dict.fromkeys(look.zone for look in selection.family)
    states = {zone: _states(selection, question, zone, threshold) for zone in zones}
    own_quiet = next((x for x, state in reversed(states.get(question.zone, [])) if state is _State.QUIET), None)
    rises = [_last_rise(states[zone]) for zone in zones]
    return [kept for rise in rises if rise and (kept := _after(rise, own_quiet))]


def _states(selection: Selection, question: Question, zone: str, threshold: float) -> list[tuple[Observation, _State]]:
    """The looks of a zone in order of date, raised or quiet; looks that may be either are left out."""
    found: dict[DateSpan, tuple[Observation, _State]] = {}
    for look in selection.family:
        least, most = at_least(look, question.unit), about(look, question.unit)
        if look.zone != zone or least is None or most is None:
            continue
        if least > threshold:
            found[look.when] = (look, _State.RAISED)
        elif most <= threshold and look.when not in found:
            found[look.when] = (look, _State.QUIET)
    return list(found.values())


def _last_rise(states: list[tuple[Observation, _State]]) -> _Rise | None:
    """The last quiet look and the first raised one after it, when the last look is raised."""
    raised = None
    for look, state in reversed(states):
        if state is _State.QUIET:
            return _Rise(look, raised, (raised.zone,)) if raised else None
        raised = look
    return None


def _after(rise: _Rise, own_quiet: Observation | None) -> _Rise | None:
    """The rise as it stands beside the asked zone's last quiet look: narrowed by it, or ruled out."""
    if own_quiet is None or own_quiet.when.earliest <= rise.quiet.when.earliest:
        return rise
    if own_quiet.when.latest >= rise.raised.when.earliest:
        return None
    return _Rise(own_quiet, rise.raised, (*rise.zones, own_quiet.zone))
