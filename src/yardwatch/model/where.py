"""Where: zones, tracks, and the site that holds them."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from yardwatch.ground import Frame
from yardwatch.model.record import Break, Event, Observation
from yardwatch.model.refuse import refuse


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A named, versioned polygon in which things are counted. A count without its zone has no meaning."""

    id: str
    version: int
    polygon: shapely.Polygon | shapely.MultiPolygon
    """Lon/lat."""
    parent: str | None = None
    """Zone that contains this one; a child's count is a lower bound for it."""
    aliases: tuple[str, ...] = ()
    """Names sources use for the same ground."""
    approximate: bool = False
    """True while nobody has drawn it on an image."""

    def __post_init__(self) -> None:
        refuse(not self.id, "a zone needs an id")
        refuse(self.version < 1, f"zone {self.id}: version {self.version} is below 1")
        refuse(self.polygon.is_empty or not self.polygon.is_valid, f"zone {self.id}: empty or self-crossing polygon")


@dataclass(frozen=True, kw_only=True)
class Track:
    """The centre line of one track; `s` runs along it, `t` across it, positive to the left."""

    id: str
    line: shapely.LineString
    """Lon/lat, or ground metres where a function says so."""
    gauge_mm: int | None = None
    service: str | None = None
    """OpenStreetMap's `service` value (yard, siding, spur, crossover), None on a main line."""

    def __post_init__(self) -> None:
        refuse(self.line.is_empty or self.line.length == 0, f"track {self.id}: no length")


@dataclass(frozen=True, kw_only=True)
class Site:
    """A watched place, as read from its folder."""

    id: str
    name: str
    fictional: bool
    zones: tuple[Zone, ...]
    tracks: tuple[Track, ...]
    default_zone: str
    default_unit: str
    breaks: tuple[Break, ...]
    record: tuple[Observation, ...]
    events: tuple[Event, ...]
    note: str = ""

    @property
    def frame(self) -> Frame:
        """Ground frame of the site, centred on its zones."""
        return Frame.around(shapely.union_all([zone.polygon for zone in self.zones]))

    def zone(self, zone_id: str) -> Zone:
        """The newest version of a zone. Raises KeyError."""
        versions = [zone for zone in self.zones if zone.id == zone_id]
        if not versions:
            raise KeyError(zone_id)
        return max(versions, key=lambda zone: zone.version)

    def children(self, zone_id: str) -> tuple[str, ...]:
        """Ids of the zones directly or indirectly inside a zone."""
        direct = sorted({z.id for z in self.zones if z.parent == zone_id})
        return tuple(direct) + tuple(below for child in direct for below in self.children(child))
