"""The store to a file others can open."""

from __future__ import annotations

from pathlib import Path

from yardwatch.errors import InputError
from yardwatch.sites.folder import CONFIG, EVENTS, RECORD, TRACKS, ZONES, SiteFolder, open_site
from yardwatch.steps.custody import record_files
from yardwatch.steps.storing import has_store, open_store
from yardwatch.store.export import export as write

FORMATS = ("csv", "geojson", "gpkg")
OWN_FILES = (CONFIG, ZONES, TRACKS, RECORD, EVENTS)
"""Made by hand: an export written over one of them would lose it."""


def export(where: str | Path, fmt: str, out: Path) -> None:
    """Write the observations (csv), the cars (geojson) or everything (gpkg)."""
    if fmt not in FORMATS:
        raise InputError(f"--format {fmt!r} is unknown; choose one of {', '.join(FORMATS)}")
    folder = open_site(where)
    if not has_store(folder):
        raise InputError(f"{folder.path}: nothing counted yet; run `yardwatch run {folder.path}` first")
    refuse_own_files(folder, out)
    with open_store(folder) as store:
        write(store, fmt, out)
        record_files(folder, "exported", [out], [row.scene_sha256 for row in store.looks()], format=fmt)


def refuse_own_files(folder: SiteFolder, out: Path) -> None:
    """Raise InputError where a file to be written is one of the site's own, its store or one of its images."""
    target = out.resolve()
    own = {(folder.path / name).resolve() for name in OWN_FILES} | {folder.store_path.resolve()}
    if target in own or target.is_relative_to(folder.scenes_path.resolve()):
        raise InputError(f"{out}: belongs to the site, and an export would overwrite it; name another file")
