"""Download: the window of a remote image over a site, as a file, whatever happens on the way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import shapely

from yardwatch.errors import UnavailableError
from yardwatch.imagery.fetching.addresses import plain, resolved, shown
from yardwatch.imagery.fetching.answers import ChangedError
from yardwatch.imagery.fetching.partial import Version, discard
from yardwatch.imagery.fetching.remote import Remote, Report, silent
from yardwatch.imagery.fetching.web import RefusedAddressError, Web
from yardwatch.imagery.fetching.window import cut, opened_remote, plan
from yardwatch.imagery.info import RasterInfo


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A window to fetch."""

    href: str
    """Of the image; `http` or `https`."""
    over: shapely.Polygon
    """Lon/lat ground it shall cover."""
    name: str
    """What the user knows it by."""
    renew: Callable[[], str] | None = None
    """Gives the address signed anew, where addresses expire."""

    @property
    def key(self) -> str:
        """The same window of the same file, however its address is signed."""
        return hashlib.sha256(f"{plain(self.href)}|{self.over.wkt}".encode()).hexdigest()[:16]

    @property
    def file(self) -> str:
        """The name as one that any file may have."""
        return f"{re.sub('[^A-Za-z0-9_-]+', '-', self.name)[:60].strip('-') or 'window'}.tif"


@dataclass(frozen=True, kw_only=True)
class Downloaded:
    """A window that is here."""

    path: Path
    version: Version
    """Of the whole remote file."""
    fetched_bytes: int
    """By this process."""
    taken_up_bytes: int
    """By earlier ones that were interrupted."""
    window: tuple[int, int, int, int]
    """Column, row, width and height in the remote file."""
    info: RasterInfo
    """Of the remote file."""


def download(wanted: Wanted, folder: Path, web: Web, report: Report = silent) -> Downloaded:
    """Fetch a window into `folder/<key>/<name>.tif`.

    An interrupted download goes on where it stopped; one of a file that has changed in the meantime begins anew,
    once. Raises SceneError for a file that cannot be used and UnavailableError for one that cannot be had; what was
    fetched stays for the next time.
    """
    place = folder / wanted.key
    href = resolved(wanted.href)
    for last in (False, True):
        try:
            return _download(wanted, href, place, web, report)
        except ChangedError as error:
            discard(place)
            if last:
                raise UnavailableError(
                    f"{shown(href)}: changes while it is read; wait until its provider is done, then run again"
                ) from error
        except RefusedAddressError:
            if last or wanted.renew is None:
                raise
            href = resolved(wanted.renew())
    raise AssertionError("unreachable")


def _download(wanted: Wanted, href: str, place: Path, web: Web, report: Report) -> Downloaded:
    remote = Remote(web, href, place)
    try:
        taken_up = sum(after - first for first, after in remote.partial.taken_up)
        with opened_remote(remote, shown(href)) as dataset:
            planned = plan(dataset, wanted.over, shown(href))
            remote.need(planned.spans, f"{wanted.name}, kB", report)
            cut(dataset, planned.window, place / wanted.file, shown(href))
    finally:
        remote.close()
    window = planned.window
    return Downloaded(
        path=place / wanted.file,
        version=remote.version,
        fetched_bytes=remote.fetched_bytes,
        taken_up_bytes=taken_up,
        window=(int(window.col_off), int(window.row_off), int(window.width), int(window.height)),
        info=planned.info,
    )
