"""Series: the looks of one zone in one unit as arrays, for the back-test; suspect zeros and blind looks left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yardwatch.history.backtest import Series
from yardwatch.history.quantity import CARS, METRES, in_cars, known, one_a_day
from yardwatch.history.suspect import suspect_zeros
from yardwatch.model import Break, Observation, Role, Site


def suspects(looks: Sequence[Observation]) -> tuple[Observation, ...]:
    """The looks of one zone and unit whose zero reads like a missing value, in order of date."""
    days = one_a_day(looks)
    day = np.array([look.when.latest.toordinal() for look in days], dtype=np.int64)
    flagged = suspect_zeros(day, np.array([known(look) for look in days], float))
    return tuple(look for look, bad in zip(days, flagged, strict=True) if bad)


def series_name(site: str, zone: str, unit: str) -> str:
    """How a zone's series is called in a calibration table."""
    return f"{site}/{zone}/{unit}"


def record_series(site: Site, zone: str, unit: str, own: Sequence[Observation] = ()) -> Series | None:
    """The series of a zone, cars or car equivalents; None where it has no look in such a unit."""
    rows = [x for x in {x.id: x for x in (*site.record, *own)}.values() if x.zone == zone and x.unit == unit]
    newest = site.zone(zone).version if zone in {z.id for z in site.zones} else None
    looks = [x for x in rows if _usable(x) and x.zone_version in {None, newest}]
    if unit not in {CARS, METRES} or not looks:
        return None
    return looks_series(series_name(site.id, zone, unit), looks, site.breaks)


def looks_series(name: str, looks: Sequence[Observation], breaks: Sequence[Break]) -> Series:
    """Looks with values as a series, one a day, without the suspect zeros."""
    bad = {look.id for look in suspects(looks)}
    days = {x.when.latest: x for x in one_a_day(looks) if _usable(x) and x.id not in bad}
    kept = [days[day] for day in sorted(days)]
    return Series(
        id=name,
        day=np.array([x.when.latest.toordinal() for x in kept], dtype=np.int64),
        counts=np.array([in_cars(known(x), x.unit) for x in kept], float),
        visible=np.array([1.0 if x.visible_fraction is None else x.visible_fraction for x in kept], float),
        stratum=np.array([_stratum(x, breaks) for x in kept], dtype=np.int64),
    )


def siblings(site: Site, zone: str, unit: str, own: Sequence[Observation] = ()) -> tuple[Series, ...]:
    """Series of the site's other zones in a unit, those inside it and around it left out: they hold the same cars."""
    inside = {zone, *site.children(zone)}
    around = {z.id for z in site.zones if zone in site.children(z.id)}
    others = sorted({z.id for z in site.zones} - inside - around)
    return tuple(found for other in others if (found := record_series(site, other, unit, own)))


def site_series(site: Site, unit: str, own: Sequence[Observation] = ()) -> tuple[Series, ...]:
    """Series by which a site may calibrate another: its default zone and the zones that hold other cars."""
    default = record_series(site, site.default_zone, unit, own)
    return (*([default] if default else []), *siblings(site, site.default_zone, unit, own))


def _usable(look: Observation) -> bool:
    sees = look.visible_fraction is None or look.visible_fraction > 0
    return look.role is Role.OBSERVATION and look.value is not None and sees


def _stratum(look: Observation, breaks: Sequence[Break]) -> int:
    return next((i for i, gap in enumerate(breaks, start=1) if gap.first <= look.when.latest <= gap.last), 0)
