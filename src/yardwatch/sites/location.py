"""Where a site lies on disk: a folder, or a bundled site's name. Loads nothing heavy: commands ask here first."""

from __future__ import annotations

from pathlib import Path

import yardwatch
from yardwatch.errors import SiteError
from yardwatch.sites.values import shown

CONFIG = "site.yaml"


def locate(where: str | Path) -> tuple[Path, bool]:
    """The site's folder, and whether it is a bundled one; a folder of that name goes first. Raises SiteError."""
    folder = Path(where)
    if (folder / CONFIG).is_file():
        return folder, False
    if str(where) in bundled_sites():
        return bundled_sites()[str(where)], True
    if folder.is_dir():
        raise SiteError(f"{shown(folder)} holds no {CONFIG}; make a site there with: yardwatch init {folder.name}")
    known = ", ".join(bundled_sites()) or "none"
    raise SiteError(f"{shown(where)} is no site folder and no bundled site (bundled: {known}); check the path")


def require_images(where: str | Path) -> None:
    """Raise SiteError for a bundled site, which has a record and no images: no ground there can be compared."""
    folder, bundled = locate(where)
    if bundled:
        raise SiteError(
            f"{folder.name} is bundled with its published record alone and has no images, so no ground can be "
            "compared; name a site with images, or two of your own: yardwatch changes --before A.tif --after B.tif"
        )


def bundled_sites() -> dict[str, Path]:
    """Folders of the sites that come with Yardwatch, by name: in an installed package, or in a checkout."""
    package = Path(yardwatch.__file__).resolve().parent
    for home in (package / "bundled", package.parents[1] / "sites"):
        found = {folder.name: folder for folder in sorted(home.glob("*")) if (folder / CONFIG).is_file()}
        if found:
            return found
    return {}
