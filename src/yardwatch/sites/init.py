"""A new site folder: a commented `site.yaml` and empty files with their headers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import shapely

from yardwatch.errors import SiteError
from yardwatch.model import Zone
from yardwatch.sites import events, record
from yardwatch.sites.config import read_config
from yardwatch.sites.files import label, write_text
from yardwatch.sites.folder import CONFIG, EVENTS, RECORD, TRACKS, ZONES, SiteFolder
from yardwatch.sites.geojson import write_features
from yardwatch.sites.table import write_table
from yardwatch.sites.values import shown
from yardwatch.sites.zones import write_zones

FIRST_ZONE = "yard"

_TEMPLATE = """\
# A Yardwatch site. Keys that are not known are refused; lines that begin with # are remarks.
id: {id}
name: {name}
# true only for a yard that exists nowhere: synthetic scenes are taken in then, and nowhere else
fictional: {fictional}
note: ""
# the zone and unit that are meant when none is named
default_zone: {zone}
default_unit: cars
# days that are not normal traffic, both ends included:
# breaks:
#   - id: closure
#     from: 2020-02-01
#     to: 2022-10-31
#     note: the link was shut
breaks: []
# for local times beside UTC:
# time_zone: Asia/Pyongyang
# where scenes and store are; two lines move both off this machine (keys and passwords from the environment only):
# scenes: s3://bucket/prefix
# store: postgresql://user@host/database
scenes: scenes
store: site.gpkg
# sites shown beside this one (folders next to it, or bundled):
# beside: [khasan]
"""


def create(folder: Path, *, name: str, zone: shapely.Polygon | None = None, fictional: bool = False) -> SiteFolder:
    """Make a site in a folder, which may hold other files; `zone` is its first zone (lon/lat, marked approximate).

    Without a zone `zones.geojson` is empty, and the site opens once a zone with the id `yard` is drawn in it.
    Raises SiteError rather than overwrite anything, and for a name that is not one line of plain text.
    """
    if not name.strip() or not name.strip().isprintable():
        raise SiteError(f"site name {shown(name)} is empty or holds control characters; write plain text")
    _refuse_overwriting(folder)
    shown_name = json.dumps(name.strip(), ensure_ascii=False)
    text = _TEMPLATE.format(id=slug(name), name=shown_name, zone=FIRST_ZONE, fictional=str(fictional).lower())
    zones = [] if zone is None else [Zone(id=FIRST_ZONE, version=1, polygon=zone, approximate=True)]
    write_zones(folder / ZONES, zones, {FIRST_ZONE: "a first outline; edit it in QGIS"})
    write_features(folder / TRACKS, [])
    write_table(folder / RECORD, record.COLUMNS, [])
    write_table(folder / EVENTS, events.COLUMNS, [])
    (folder / "scenes").mkdir(exist_ok=True)
    write_text(folder / CONFIG, text)
    return SiteFolder(folder, read_config(folder / CONFIG))


def slug(name: str) -> str:
    """An id from a name: lower case letters, digits and dashes; `site` where nothing of it is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-") or "site"


def _refuse_overwriting(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{label(folder)} is a file; name a folder")
    for name in (CONFIG, ZONES, TRACKS, RECORD, EVENTS):
        if (folder / name).exists():
            raise SiteError(f"{label(folder / name)} is there already; nothing was written, choose another folder")
