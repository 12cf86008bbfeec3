"""The fictional yard as a site: what a pipeline writes into a site folder to run it like a real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yardwatch.model import Break, DateSpan, Event, Source, Track, Zone
from yardwatch.simulate.yard import ZONE_ID, Yard

SITE_ID = "fictional-yard"
NAME = "Fictional yard (simulated)"
NOTE = (
    "Simulated. This yard exists nowhere: its coordinates lie in open ocean, and every picture of it was computed. "
    "Nothing counted here says anything about a real place, nor how well a real place would be counted."
)


@dataclass(frozen=True, kw_only=True)
class FictionalSite:
    """Everything of the site that is not a scene."""

    id: str
    name: str
    note: str
    fictional: bool
    default_zone: str
    default_unit: str
    time_zone: str
    zones: tuple[Zone, ...]
    tracks: tuple[Track, ...]
    """Lon/lat."""
    breaks: tuple[Break, ...]
    events: tuple[Event, ...]


def fictional_site_values(yard: Yard) -> FictionalSite:
    """The site of a yard: one zone, the tracks, two invented events, no breaks."""
    return FictionalSite(
        id=SITE_ID, name=NAME, note=NOTE, fictional=True, default_zone=ZONE_ID, default_unit="cars", time_zone="UTC",
        zones=yard.zones, tracks=yard.tracks, breaks=(), events=fictional_events(),
    )  # fmt: skip


def fictional_events() -> tuple[Event, ...]:
    """Two invented happenings before the surge: one known at once, one disclosed a month after it."""
    invented = Source(publisher="Invented for the simulation")
    return (
        Event(
            id="fictional-agreement", when=DateSpan.on(date(2024, 8, 30)), disclosed=DateSpan.on(date(2024, 8, 30)),
            title="Invented: an agreement on freight is announced", kind="agreement", source=invented,
        ),
        Event(
            id="fictional-voyages", when=DateSpan.on(date(2024, 8, 12)), disclosed=DateSpan.on(date(2024, 11, 4)),
            title="Invented: ships begin to call at a port nearby", kind="transport", source=invented,
        ),
    )  # fmt: skip
