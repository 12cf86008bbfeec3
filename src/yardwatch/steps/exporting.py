"""The store to a file others can open."""

from __future__ import annotations

from pathlib import Path

from yardwatch.errors import InputError
from yardwatch.sites.folder import open_site
from yardwatch.store.export import export as write
from yardwatch.store.geopackage import GeoPackageStore

FORMATS = ("csv", "geojson", "gpkg")


def export(where: str | Path, fmt: str, out: Path) -> None:
    """Write the observations (csv), the cars (geojson) or everything (gpkg)."""
    if fmt not in FORMATS:
        raise InputError(f"--format {fmt!r} is unknown; choose one of {', '.join(FORMATS)}")
    folder = open_site(where)
    if not folder.store_path.is_file():
        raise InputError(f"{folder.path}: nothing counted yet; run `yardwatch run {folder.path}` first")
    with GeoPackageStore(folder.store_path) as store:
        write(store, fmt, out)
