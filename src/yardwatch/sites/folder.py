"""A site folder, opened: its configuration and the site read from it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import shapely

from yardwatch.errors import SiteError, UnavailableError
from yardwatch.model import Event, Observation, Site, Track, Zone
from yardwatch.sites.config import SCENES, STORE, SiteConfig, read_config
from yardwatch.sites.events import read_events
from yardwatch.sites.files import label
from yardwatch.sites.location import CONFIG, bundled_sites, locate
from yardwatch.sites.record import read_record
from yardwatch.sites.sources import read_sources, with_sources
from yardwatch.sites.tracks import read_tracks
from yardwatch.sites.values import shown
from yardwatch.sites.zones import read_zones

ZONES, TRACKS, RECORD, EVENTS = "zones.geojson", "tracks.geojson", "record.csv", "events.csv"
SOURCES = "sources.toml"

__all__ = [
    "CONFIG",
    "EVENTS",
    "RECORD",
    "SOURCES",
    "TRACKS",
    "ZONES",
    "SiteFolder",
    "bundled_sites",
    "copy_bundled",
    "open_site",
]


@dataclass(frozen=True)
class SiteFolder:
    """One watched place on disk."""

    path: Path
    config: SiteConfig
    bundled: bool = False
    """Comes with Yardwatch and was opened by name: nothing is ever written into it."""

    @cached_property
    def site(self) -> Site:
        """The site, read once. Raises SiteError for whatever is wrong in the folder's files."""
        return _read_site(self.path, self.config)

    @property
    def scenes_path(self) -> Path:
        """Folder of the scene catalogue."""
        return self.path / SCENES

    @property
    def scenes_address(self) -> str | None:
        """`s3://bucket/prefix` where the scenes are in a bucket; None where they are in the folder."""
        return None if self.config.scenes == SCENES else self.config.scenes

    @property
    def store_address(self) -> str | None:
        """`postgresql://…` where the store is on a server; None where it is in the folder."""
        return None if self.config.store == STORE else self.config.store

    @property
    def store_path(self) -> Path:
        """The store's file."""
        return self.path / STORE

    @property
    def reports_path(self) -> Path:
        """Folder of the reports; for a bundled site one in the working folder."""
        return Path("reports", self.config.id) if self.bundled else self.path / "reports"

    def file(self, name: str) -> Path | None:
        """A file people may keep beside `site.yaml`; None where there is none. Raises SiteError for a link out."""
        found = _inside(self.path, name)
        return found if found.is_file() else None

    def require_writable(self) -> None:
        """Raise SiteError for a bundled site: copy it first."""
        if self.bundled:
            name = self.config.id
            raise SiteError(f"{name} is bundled and never written to; make a copy (copy_bundled) and open that")

    def beside(self) -> tuple[SiteFolder, ...]:
        """The sites named in `beside`: folders next to this one, else bundled ones. Raises SiteError."""
        return tuple(self._neighbour(name) for name in self.config.beside)

    def _neighbour(self, name: str) -> SiteFolder:
        folder = self.path.resolve().parent / name
        return open_site(folder if not self.bundled and (folder / CONFIG).is_file() else name)


def open_site(where: str | Path) -> SiteFolder:
    """Open a site folder, or a bundled site (`tumangang`, `khasan`) by its name; a folder of that name goes first.

    Raises SiteError for what is neither, and for anything wrong in the folder's files.
    """
    folder, bundled = locate(where)
    opened = SiteFolder(folder, read_config(_inside(folder, CONFIG)), bundled=bundled)
    _ = opened.site  # read now, so that a fault is told where the site is opened
    return opened


def copy_bundled(name: str, folder: Path) -> SiteFolder:
    """Copy a bundled site to a folder of one's own, and open that. Raises SiteError rather than overwrite."""
    source = bundled_sites().get(name)
    if source is None:
        raise SiteError(f"no bundled site {shown(name)}; bundled: {', '.join(bundled_sites()) or 'none'}")
    if folder.exists():
        raise SiteError(f"{shown(folder)} is there already; name a folder that is not")
    try:
        shutil.copytree(source, folder)
    except OSError as error:
        raise UnavailableError(f"{label(folder)} cannot be written: {error.strerror or error}") from None
    return open_site(folder)


def _read_site(path: Path, config: SiteConfig) -> Site:
    zones = read_zones(_inside(path, ZONES))
    _check_default_zone(path, config, zones)
    tracks_file = _inside(path, TRACKS)
    tracks = read_tracks(tracks_file, none_yet=True) if tracks_file.is_file() else ()
    _check_place(path, tracks, zones)
    record, events = _record_and_events(path, zones)
    return Site(
        id=config.id,
        name=config.name,
        fictional=config.fictional,
        zones=zones,
        tracks=tracks,
        default_zone=config.default_zone,
        default_unit=config.default_unit,
        breaks=tuple(item.value() for item in config.breaks),
        record=record,
        events=events,
        note=config.note,
    )


def _record_and_events(path: Path, zones: tuple[Zone, ...]) -> tuple[tuple[Observation, ...], tuple[Event, ...]]:
    record_file, events_file, sources_file = (_inside(path, name) for name in (RECORD, EVENTS, SOURCES))
    record = read_record(record_file, zones) if record_file.is_file() else ()
    events = read_events(events_file) if events_file.is_file() else ()
    return with_sources(record, events, read_sources(sources_file)) if sources_file.is_file() else (record, events)


def _inside(folder: Path, name: str) -> Path:
    """The file in the folder; a link that leads out of it is refused, since folders come from strangers."""
    file = folder / name
    if not file.resolve().is_relative_to(folder.resolve()):
        raise SiteError(f"{label(file)} is a link that leaves the site folder; put the file itself there")
    return file


def _check_default_zone(path: Path, config: SiteConfig, zones: tuple[Zone, ...]) -> None:
    known = sorted({zone.id for zone in zones})
    if config.default_zone not in known:
        file = label(path / CONFIG)
        raise SiteError(f"{file}: default_zone {config.default_zone!r} is no zone; known: {', '.join(known)}")


def _check_place(path: Path, tracks: tuple[Track, ...], zones: tuple[Zone, ...]) -> None:
    """Tracks that touch no zone are useless; say so, and say when they would fit with lat/lon swapped."""
    lines = shapely.union_all([track.line for track in tracks])
    area = shapely.union_all([zone.polygon for zone in zones])
    if lines.is_empty or lines.intersects(area):
        return
    swapped = shapely.transform(lines, lambda xy: xy[:, ::-1]).intersects(area)
    why = "latitude and longitude look swapped" if swapped else "check that both are of the same place"
    raise SiteError(f"{label(path / TRACKS)}: no track lies in any zone; {why}")
