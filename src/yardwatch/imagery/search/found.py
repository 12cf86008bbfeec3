"""Found: an item of a strange catalogue as a value, with a note for all that is missing or odd in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import shapely

from yardwatch.errors import SceneError
from yardwatch.imagery.dates import Moment, Precision, coarsened, moment
from yardwatch.imagery.metadata import angle
from yardwatch.imagery.search.assets import Asset, images
from yardwatch.imagery.search.places import footprint

ONE_PASS = timedelta(minutes=15)
"""A range this short is one overflight, and its start as good as an instant."""
_RESOLUTIONS: tuple[tuple[Precision, str], ...] = (("day", "%Y-%m-%d"), ("month", "%Y-%m"), ("year", "%Y"))


_When = tuple[Moment | None, tuple[datetime, datetime] | None, list[str]]


@dataclass(frozen=True, kw_only=True)
class Found:
    """One image on offer. Fields are None where the item does not say them, or says nonsense."""

    id: str
    """Of the provider; printable, never a path."""
    collection: str | None
    href: str | None
    """Of the item itself."""
    acquired: Moment | None
    """None also for an item over a longer range than a year, which is no one look."""
    range: tuple[datetime, datetime] | None
    """Of an item without one instant."""
    footprint: shapely.Geometry | None
    """Lon/lat, cut at the antimeridian."""
    sensor: str | None
    gsd_m: float | None
    cloud_percent: float | None
    off_nadir_deg: float | None
    sun_azimuth_deg: float | None
    sun_elevation_deg: float | None
    assets: tuple[Asset, ...]
    """Images that can be read, best first."""
    notes: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """`2023-10-05`, `2023-10`, a range, or `unknown`."""
        if self.acquired is not None:
            return self.acquired.text
        return "unknown" if self.range is None else "/".join(end.date().isoformat() for end in self.range)


def found(item: Mapping[str, Any], base: str, precision: str | None = None) -> Found:
    """Read an item; `base` is the address relative hrefs start from. Nothing in it raises.

    `precision`: day, month or year where a provider is known to write no more into `datetime` than that.
    """
    stated = item.get("properties")
    said: Mapping[str, Any] = stated if isinstance(stated, Mapping) else {}
    own = _self(item)
    acquired, span, notes = _when(said, precision)
    outline, odd = footprint(item)
    assets = images(item, own or base)
    notes += odd + ([] if assets else ["no image in it can be read"])
    stated_gsd = [one for one in (said.get("gsd"), said.get("eo:gsd")) if one is not None]
    gsd = assets[0].gsd_m if assets else None
    notes += ["its gsd makes no sense"] if stated_gsd and gsd is None and assets else []
    elevation, azimuth = said.get("view:sun_elevation"), said.get("view:sun_azimuth")
    return Found(
        id=_printable(item.get("id"), "(no id)"),
        collection=_printable(item.get("collection"), None),
        href=own,
        acquired=acquired,
        range=span,
        footprint=outline,
        sensor=_sensor(said),
        gsd_m=gsd,
        cloud_percent=_percent(said.get("eo:cloud_cover")),
        off_nadir_deg=_angle(said.get("view:off_nadir"), "off_nadir_deg"),
        sun_azimuth_deg=_angle(azimuth, "sun_azimuth_deg"),
        sun_elevation_deg=_angle(elevation, "sun_elevation_deg"),
        assets=assets,
        notes=tuple(notes),
    )


def _when(said: Mapping[str, Any], precision: str | None) -> _When:
    """The instant, else the day, month or year a range lies in, else only the range."""
    at = _instant(said.get("datetime"))
    if at is not None:
        known = coarsened(Moment(at=at, precision="instant"), precision)
        return known, None, [] if known.precision == "instant" else [f"its date is known to the {known.precision}"]
    start, end = _instant(said.get("start_datetime")), _instant(said.get("end_datetime"))
    if start is None or end is None or end < start:
        return None, None, ["it does not say when it was taken"]
    if end - start <= ONE_PASS:
        return Moment(at=start, precision="instant"), None, []
    for resolution, form in _RESOLUTIONS:
        if start.strftime(form) == end.strftime(form):
            first = moment(start.strftime(form), "item")
            known = Moment(at=first.at, precision=resolution)
            return known, (start, end), [f"its date is known to the {resolution}"]
    return None, (start, end), ["it spans more than a year and is no one look"]


def _instant(value: object) -> datetime | None:
    try:
        at = moment(value, "item").at if isinstance(value, str) else None
    except SceneError:
        return None
    return at if at is not None and datetime(1900, 1, 1, tzinfo=UTC) < at < datetime(2200, 1, 1, tzinfo=UTC) else None


def _sensor(said: Mapping[str, Any]) -> str | None:
    instruments = said.get("instruments")
    first = instruments[0] if isinstance(instruments, list) and instruments else None
    return next(
        (name for one in (said.get("platform"), said.get("constellation"), first) if (name := _printable(one, None))),
        None,
    )


def _percent(value: object) -> float | None:
    right = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100
    return float(value) if right else None  # type: ignore[arg-type]


def _angle(value: object, name: str) -> float | None:
    return angle(value, name) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _self(item: Mapping[str, Any]) -> str | None:
    links = item.get("links")
    hrefs = (
        [link.get("href") for link in links if isinstance(link, Mapping) and link.get("rel") == "self"]
        if isinstance(links, list)
        else []
    )
    return next((one for one in hrefs if isinstance(one, str) and one.startswith(("https://", "http://"))), None)


def _printable(value: object, otherwise: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, str) or not value.strip():
        return otherwise
    return "".join(letter if letter.isprintable() else "?" for letter in value.strip())[:120]
