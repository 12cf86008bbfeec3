"""Precedent: whether "unprecedented" may be said, what beats the observed look, what it takes back.

The word needs four parts: window, zone, unit and n. `holds` is
- False when an earlier look, a look at a part of the zone, or a published bound in the window reaches as high, or
  when any other look of the record, older than the window or later than the as-of day, beats it;
- None when it cannot be said: n unknown, fewer than ten earlier looks, or intervals that overlap;
- True when n ≥ 10 earlier looks are known and the observed lower end lies above every earlier upper end.

Looks are compared in one zone, one version of it, and one unit.
"""

from __future__ import annotations

from bisect import bisect_left

from yardwatch.history.assessment import Question, Unprecedented, Withdrawn
from yardwatch.history.baseline import bound_value
from yardwatch.history.days import span_words
from yardwatch.history.note import Dated
from yardwatch.history.quantity import at_least, ends, highest, known, lower_end, one_a_day, upper_end
from yardwatch.history.selection import Selection
from yardwatch.history.wording import said
from yardwatch.model import Observation, Window

MIN_LOOKS = 10
"""With n earlier looks alike in kind the newest is the highest with chance 1/(n + 1): below ten, more than 1 in 11."""


def unprecedented(selection: Selection, question: Question, n: int | None) -> Unprecedented:
    """The checked statement, with the reason for what it says."""
    holds, why = _judge(selection, n)
    return Unprecedented(
        holds=holds,
        reason=why.text,
        window=question.window,
        zone=question.zone,
        unit=question.unit,
        n=n,
        outside=selection.outside,
        reason_days=why.days,
    )


def superseded_by(selection: Selection) -> Observation | None:
    """The highest look of the whole record, also after the as-of day, that beats the observed one; or None."""
    observed = selection.observed
    if observed is None:
        return None
    return highest([x for x in selection.ever if x.when != observed.when and known(x) > known(observed)])


def withdrawn(selection: Selection, question: Question) -> tuple[Withdrawn, ...]:
    """Looks of the window that stood as the highest of their own window, and no longer do by the as-of day.

    Only those that could be quoted as such: the lower end above every earlier upper end, with a published bound or at
    least ten looks among those. `by` is the first later look that beats it, else the highest older one.
    """
    until = min(question.as_of, question.window.last)
    past = [x for x in selection.ever if x.when.latest <= until]
    days = [x.when.latest for x in past]
    found = []
    highest_so_far = -1.0
    for look in past[bisect_left(days, question.window.first) :]:
        if look is selection.observed or known(look) <= highest_so_far:
            continue
        highest_so_far = known(look)
        by = _beaten_by(look, past)
        if by is not None and _stood(look, past, selection, question.window):
            found.append(Withdrawn(observation=look, by=by))
    return tuple(found)


def _judge(selection: Selection, n: int | None) -> tuple[bool | None, Dated]:
    observed = selection.observed
    if observed is None:
        return None, Dated("there is no observed look")
    as_high = _as_high(selection, observed)
    if as_high is not None:
        return False, as_high
    if n is None:
        text = (
            f"the number of images behind the published maximum ({_bounds_said(selection)}) was not published, "
            "so n is unknown"
        )
        return None, Dated(text, tuple(bound.when for bound in selection.bounds))
    beaten = superseded_by(selection)
    if beaten is not None:
        return False, Dated(f"superseded by {_on(beaten)}", (beaten.when,))
    return _by_looks(selection, observed, n)


def _by_looks(selection: Selection, observed: Observation, n: int) -> tuple[bool | None, Dated]:
    if n < MIN_LOOKS:
        return None, Dated(f"too few earlier looks: n = {n}, at least {MIN_LOOKS} are needed")
    top = highest(selection.earlier)
    most, days = ("nothing", ()) if top is None else (_on(top), (top.when,))
    if lower_end(observed) <= max(upper_end(x) for x in selection.earlier):
        return None, Dated(f"the intervals overlap: {said(observed)} cannot be told from {most}", days)
    bare = any(None in ends(x) for x in (observed, *selection.earlier))
    taken = "; values without an interval are taken as they stand" if bare else ""
    return True, Dated(f"above each of n = {n} earlier looks, at most {most}{taken}", days)


def _as_high(selection: Selection, observed: Observation) -> Dated | None:
    value = known(observed)
    top = highest(selection.earlier)
    if top is not None and known(top) >= value:
        return Dated(f"{_on(top)} is as high or higher", (top.when,))
    for bound in selection.bounds:
        if bound_value(bound) >= value:
            return Dated(f"a maximum of {said(bound)} was published for {span_words(bound.when)}", (bound.when,))
    for part in selection.family:
        least = at_least(part, observed.unit)
        inside = part.zone != observed.zone and part.when.latest < observed.when.earliest
        if inside and least is not None and least >= value:
            return Dated(f"zone {part.zone}, a part of {observed.zone}, alone held {_on(part)}", (part.when,))
    return None


def _beaten_by(look: Observation, past: list[Observation]) -> Observation | None:
    higher = [x for x in past if x.when != look.when and known(x) > known(look)]
    later = [x for x in higher if x.when.latest > look.when.latest]
    return later[0] if later else highest(higher)


def _stood(look: Observation, past: list[Observation], selection: Selection, window: Window) -> bool:
    own = Window(look.when.latest - (window.last - window.first), look.when.latest)
    earlier = [x for x in past if x.when.latest < look.when.earliest and x.when.latest >= own.first]
    bounds = [x for x in selection.bounds if x.when.earliest < look.when.earliest and x.when.latest >= own.first]
    rivals = [upper_end(x) for x in earlier] + [bound_value(x) for x in bounds]
    enough = bool(bounds) or len(one_a_day(earlier)) >= MIN_LOOKS
    return enough and lower_end(look) > max(rivals)


def _bounds_said(selection: Selection) -> str:
    return "; ".join(f"{said(bound)} for {span_words(bound.when)}" for bound in selection.bounds)


def _on(look: Observation) -> str:
    return f"{said(look)} on {span_words(look.when)}"
