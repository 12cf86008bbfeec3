"""What the looks cannot tell: a sensor that changed when the ground did, and years without a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yardwatch.construction.kind import CHANGED, RIGHT_ANGLES
from yardwatch.construction.levelled import Levelled
from yardwatch.construction.search import Found

GAP_DAYS = 730
"""An interval of first sight longer than this is said to be one."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A sentence, and whether it is about the sensor."""

    text: str
    sensor: bool


def doubt_of(found: Found, days: Sequence[date], sensors: Sequence[str | None]) -> Doubt | None:
    """What remains in doubt of an object; None when nothing does."""
    dates = found.dates
    before = {s for day, s in zip(days, sensors, strict=True) if s and day < dates.before}
    after = {s for day, s in zip(days, sensors, strict=True) if s and day >= dates.before}
    if before and after and not before & after:
        return Doubt(
            text=f"all looks before are by {_names(before)} and all since by {_names(after)}: a change of colour "
            "cannot be told from the change of sensor",
            sensor=True,
        )
    if dates.after is not None and (dates.before - dates.after).days > GAP_DAYS:
        years = (dates.before - dates.after).days / 365.25
        return Doubt(text=f"no clear look for {years:.1f} years between {dates.after} and {dates.before}", sensor=False)
    return None


def settled_by_shape(found: Found) -> bool:
    """Whether edges or corners tell it, which no sensor makes: a line, or a structure that came or went."""
    return found.line is not None or (found.measured.kind != CHANGED and found.measured.right_angles >= RIGHT_ANGLES)


def site_notes(looks: Levelled, offered: int, withheld: int) -> tuple[str, ...]:
    """Sentences about the whole search."""
    notes = []
    unused = offered - len(looks.indices)
    if unused:
        notes.append(
            f"{unused} of {offered} looks could not be brought to one brightness (snow, cloud) and were not used"
        )
    if withheld:
        notes.append(
            f"{withheld} objects of colour alone are withheld: they appear with a change of sensor and may be only that"
        )
    switch = _switch(looks)
    if switch is not None:
        notes.append(
            f"the sensor changed for good by {switch}: a change of colour then cannot be told from the change "
            "of sensor; edges and shadows can"
        )
    gaps = [(a, b) for a, b in zip(looks.days, looks.days[1:], strict=False) if (b - a).days > GAP_DAYS]
    notes += [f"no clear look for {(b - a).days / 365.25:.1f} years between {a} and {b}" for a, b in gaps]
    return tuple(notes)


def _switch(looks: Levelled) -> date | None:
    """The first day of sensors that share nothing with those before; None when they overlap or are not known."""
    for index in range(1, len(looks.days)):
        before, after = set(looks.sensors[:index]), set(looks.sensors[index:])
        if None not in before | after and not before & after:
            return looks.days[index]
    return None


def _names(sensors: set[str]) -> str:
    return " and ".join(sorted(sensors))
