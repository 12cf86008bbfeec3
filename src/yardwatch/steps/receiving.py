"""Files into a site folder: make it, receive images, take tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely

from yardwatch.errors import InputError
from yardwatch.imagery.describe import bare_scene
from yardwatch.imagery.index import Sieve
from yardwatch.imagery.manifest import read_manifest
from yardwatch.imagery.receive import Details, Intake, Received, receive
from yardwatch.model import Track, Zone
from yardwatch.progress import Report, silent, tracked
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.sites.init import create
from yardwatch.sites.osm import import_tracks as read_osm
from yardwatch.sites.tracks import write_tracks
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.custody import adopt, intake_of
from yardwatch.store.lock import site_lock


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What the user says of the images, where they do not say it themselves."""

    acquired: str | None = None
    sensor: str | None = None
    licence: str | None = None
    crs: str | None = None
    attribution: str | None = None
    expires: date | None = None
    """Last day of the licence."""
    bands: str | None = None
    height_m: float | None = None
    colour: Path | None = None
    follow: bool = False
    keep_original: bool = True
    """Copy the file as it came into the site; else only its hash is kept."""


def create_site(folder: Path, name: str, images: Sequence[Path]) -> SiteFolder:
    """Make a site folder; images, where given, lend the first zone their common footprint."""
    zone = None
    for image in images:
        footprint = bare_scene(image).footprint
        zone = footprint if zone is None else zone.intersection(footprint)
        if zone.area == 0:  # apart, or sharing an edge only
            raise InputError(f"{image.name} does not overlap the images before it; a site is one place")
    return create(folder, name=name, zone=zone)


def add_scenes(
    where: Path,
    files: Sequence[Path],
    stated: Stated,
    *,
    now: datetime,
    manifest: Path | None = None,
    report: Report = silent,
) -> list[tuple[Path, Received]]:
    """Receive images one by one; each is in place before the next is touched, so an interruption loses none."""
    wanted = [(file, _details(stated)) for file in files]
    wanted += read_manifest(manifest) if manifest is not None else []
    if not wanted:
        raise InputError("no images given; name files, or pass --manifest FILE.csv")
    folder = open_site(where)
    folder.require_writable()
    over = shapely.union_all([zone.polygon for zone in folder.site.zones])
    intake = intake_of(folder, keep_original=stated.keep_original)
    with site_lock(folder.path):
        return [
            (file, _receive(file, details, folder, intake, (now, over)))
            for file, details in tracked(wanted, "receiving images", report)
        ]


def _receive(
    file: Path, details: Details, folder: SiteFolder, intake: Intake, place: tuple[datetime, shapely.Geometry]
) -> Received:
    now, over = place
    received = receive(file, intake, details, now=now, over=over, fictional=folder.site.fictional)
    if received.already and adopt(folder, received.scene):
        note = "it was received before the custody log began; a line was added now"
        return replace(received, notes=(*received.notes, note))
    return received


def _details(stated: Stated) -> Details:
    return Details(
        acquired=stated.acquired,
        sensor=stated.sensor,
        licence=stated.licence,
        attribution=stated.attribution,
        expires=stated.expires,
        crs=stated.crs,
        bands=stated.bands,
        height_m=stated.height_m,
        colour=stated.colour,
        follow=stated.follow,
    )


def list_scenes(
    where: str | Path, first: date | None = None, last: date | None = None, zone: str | None = None
) -> list[dict[str, Any]]:
    """What the catalogue holds, oldest first: all, or what is of some days and over a zone."""
    folder = open_site(where)
    over = _zone(folder, zone).polygon if zone is not None else None
    return [
        {
            "id": scene.id,
            "acquired": scene.acquired.isoformat() if scene.acquired else None,
            "date_precision": scene.date_precision,
            "sensor": scene.sensor,
            "gsd_m": round(scene.gsd_m, 3),
            "licence": scene.licence.name,
            "attribution": scene.licence.attribution,
            "may_publish_pixels": scene.licence.may_publish_pixels,
            "may_train": scene.licence.may_train,
            "licence_expires": scene.licence.expires.isoformat() if scene.licence.expires else None,
            "synthetic": scene.synthetic,
            "sha256": scene.sha256,
        }
        for scene in catalogue_of(folder).search(Sieve(first=first, last=last, over=over))
    ]


def _zone(folder: SiteFolder, name: str) -> Zone:
    known = sorted({zone.id for zone in folder.site.zones})
    if name not in known:
        raise InputError(f"--zone {name!r} is no zone of {folder.site.id}; zones: {', '.join(known)}")
    return folder.site.zone(name)


def import_tracks(where: Path, osm: Path) -> tuple[Track, ...]:
    """Tracks of an OpenStreetMap extract inside the zones, written to the site's tracks.geojson."""
    folder = open_site(where)
    folder.require_writable()
    tracks = read_osm(osm, folder.site.zones)
    if not tracks:
        raise InputError(f"{osm.name}: no railway=rail inside the site's zones; check the extract and zones.geojson")
    with site_lock(folder.path):
        write_tracks(folder.path / "tracks.geojson", tracks)
    return tracks
