"""Beside: two sites on the same days and in the same unit; what the one explains of the other, and what it does not.

Looks of both zones, and of their parts on days without one of the whole, are paired where their days are at most
three apart; what has no partner is said. From pairs and onsets follow statements of five kinds, none of which says
where cars came from or went:

- both held cars on one day: the sum stood there, unless cars crossed between two images of that day (a record keeps
  days, not hours);
- both held cars one to three days apart: some or all may be the same cars, seen twice;
- a rise here and a fall there between the same two pairs: cars may have moved, at most as many as fell;
- a rise at both: what happened touched the whole line, or each on its own; the two looks alone do not tell;
- a rise here and no look there near it: nothing can be said of the other site then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yardwatch.history.assessment import Assessment
from yardwatch.history.days import span_words
from yardwatch.history.quantity import known, one_a_day
from yardwatch.history.wording import number, said
from yardwatch.model import DateSpan, Observation, Role, Site

NEAR_DAYS = 3
"""Looks farther apart are of different trains: a freight train leaves a border yard within days."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two looks at two sites, at most three days apart."""

    here: Observation
    there: Observation
    days_apart: int
    """Least; 0 on one day."""

    @property
    def ratio(self) -> float | None:
        """Here ÷ there; None where nothing stood there."""
        return known(self.here) / known(self.there) if known(self.there) else None


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What two records say of each other."""

    here: str
    there: str
    """Site ids."""
    zones: tuple[str, str]
    unit: str
    pairs: tuple[Pair, ...]
    only_here: tuple[Observation, ...]
    only_there: tuple[Observation, ...]
    explains: tuple[str, ...]
    """What the other site's record shows of this one's."""
    leaves_open: tuple[str, ...]
    """What it cannot."""
    note: str = ""
    """What the other site says of itself."""


def beside(site: Site, asked: Assessment, other: Site, answer: Assessment) -> Beside:
    """Two assessments of two sites side by side, in one unit; looks of the window up to the as-of day.

    Raises ValueError where the units differ: cars and metres of train are not held against each other.
    """
    if asked.question.unit != answer.question.unit:
        units = f"{asked.question.unit!r} and {answer.question.unit!r}"
        raise ValueError(f"{site.id} and {other.id} are asked about in {units}; ask both in one unit")
    ours, theirs = _looks(site, asked), _looks(other, answer)
    pairs = _pairs(ours, theirs)
    used = {pair.here.id for pair in pairs} | {pair.there.id for pair in pairs}
    return Beside(
        here=site.id,
        there=other.id,
        zones=(asked.question.zone, answer.question.zone),
        unit=asked.question.unit,
        pairs=pairs,
        only_here=tuple(x for x in ours if x.id not in used),
        only_there=tuple(x for x in theirs if x.id not in used),
        explains=(*_at_once(pairs, site, other), *_moved(pairs, site, other)),
        leaves_open=(*_unseen(asked, theirs, other), *_direction(pairs, site, other)),
        note=other.note,
    )


def as_json(found: Beside) -> dict[str, object]:
    """The comparison, ready for `json.dumps`."""
    return {
        "here": found.here,
        "there": found.there,
        "zones": list(found.zones),
        "unit": found.unit,
        "pairs": [
            {"here": _row(p.here), "there": _row(p.there), "days_apart": p.days_apart, "ratio": p.ratio}
            for p in found.pairs
        ],
        "only_here": [_row(x) for x in found.only_here],
        "only_there": [_row(x) for x in found.only_there],
        "explains": list(found.explains),
        "leaves_open": list(found.leaves_open),
        "note": found.note,
    }


def _row(look: Observation) -> dict[str, object]:
    return {"id": look.id, "date": str(look.when), "zone": look.zone, "value": known(look)}


def _looks(site: Site, asked: Assessment) -> tuple[Observation, ...]:
    """Looks at the zone, one a day, and at its parts on days it has none itself."""
    whole = _of_zone(site, asked, asked.question.zone)
    days = {look.when for look in whole}
    parts = [x for child in site.children(asked.question.zone) for x in _of_zone(site, asked, child)]
    return tuple(sorted((*whole, *(x for x in parts if x.when not in days)), key=lambda x: (x.when, x.id)))


def _of_zone(site: Site, asked: Assessment, zone: str) -> tuple[Observation, ...]:
    question, newest = asked.question, site.zone(zone).version
    until = min(question.as_of, question.window.last)
    rows = [x for x in site.record if x.role is Role.OBSERVATION and x.value is not None]
    rows = [x for x in rows if (x.zone, x.unit) == (zone, question.unit) and x.zone_version in {None, newest}]
    return one_a_day([x for x in rows if x.when.latest >= question.window.first and x.when.latest <= until])


def _pairs(ours: Sequence[Observation], theirs: Sequence[Observation]) -> tuple[Pair, ...]:
    """Nearest first, each look once, in order of date."""
    near = sorted(
        (Pair(here=a, there=b, days_apart=apart) for a in ours for b in theirs if (apart := _apart(a, b)) <= NEAR_DAYS),
        key=lambda pair: (pair.days_apart, pair.here.when, pair.here.id, pair.there.id),
    )
    taken: set[str] = set()
    kept = []
    for pair in near:
        if not {f"here {pair.here.id}", f"there {pair.there.id}"} & taken:
            kept.append(pair)
            taken |= {f"here {pair.here.id}", f"there {pair.there.id}"}
    return tuple(sorted(kept, key=lambda pair: (pair.here.when, pair.there.when)))


def _apart(a: Observation, b: Observation) -> int:
    return max((b.when.earliest - a.when.latest).days, (a.when.earliest - b.when.latest).days, 0)


def _at_once(pairs: Sequence[Pair], site: Site, other: Site) -> list[str]:
    found = []
    for pair in pairs:
        ours, theirs = _held(pair.here, site), _held(pair.there, other)
        both = number(known(pair.here) + known(pair.there))
        if not (known(pair.here) and known(pair.there)):
            continue
        if pair.days_apart == 0:
            found.append(f"{ours} and {theirs}: {both} together, unless cars crossed between two images of that day.")
        else:
            found.append(f"{ours} and {theirs}: some or all may be the same cars, seen twice.")
    return [text[:1].upper() + text[1:] for text in found]


def _held(look: Observation, site: Site) -> str:
    part = "" if look.zone == site.default_zone else f" (zone {look.zone})"
    return f"{said(look, unit=True)} at {site.name}{part} on {span_words(look.when)}"


def _moved(pairs: Sequence[Pair], site: Site, other: Site) -> list[str]:
    found = []
    for old, new in pairwise(pairs):
        if (old.here.zone, old.there.zone) != (new.here.zone, new.there.zone):
            continue
        ours, theirs = known(new.here) - known(old.here), known(new.there) - known(old.there)
        span = f"Between {span_words(old.here.when)} and {span_words(new.here.when)}"
        if ours * theirs < 0:
            up, down = (site, other) if ours > 0 else (other, site)
            found.append(
                f"{span} the number rose at {up.name} by {number(max(ours, theirs))} and fell at {down.name} by "
                f"{number(-min(ours, theirs))}: at most {number(min(abs(ours), abs(theirs)))} of the rise could be "
                "cars moved from the one to the other."
            )
        elif ours > 0:
            found.append(
                f"{span} the number rose at both, by {number(ours)} at {site.name} and {number(theirs)} at "
                f"{other.name}: neither rise is a fall of the other."
            )
    return found


def _unseen(asked: Assessment, elsewhere: Sequence[Observation], other: Site) -> list[str]:
    found = []
    if asked.observed is not None and all(_apart(asked.observed, x) > NEAR_DAYS for x in elsewhere):
        found.append(_no_look(other, asked.observed.when, "the observed look"))
    if asked.onset is not None:
        span = DateSpan(asked.onset.earliest, asked.onset.latest)
        if not [x for x in elsewhere if x.when.latest >= span.earliest and x.when.earliest <= span.latest]:
            found.append(_no_look(other, span, "the onset"))
    return found


def _no_look(other: Site, when: DateSpan, what: str) -> str:
    return (
        f"{other.name} has no look of the same kind near {span_words(when)} ({what}): whether its number rose, fell or "
        "stayed then is not known."
    )


def _direction(pairs: Sequence[Pair], site: Site, other: Site) -> list[str]:
    if not pairs:
        return [f"No look at {site.name} and {other.name} falls on the same days; neither explains the other."]
    return ["Numbers on the same days do not tell which way trains ran, nor what they carried."]
