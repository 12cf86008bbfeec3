"""Index: what the items of a large catalogue say, kept so that thousands of files need not be read again.

The items stay the truth. An entry counts only while its item's file is the very one that was read (size, inode, times
of change to the nanosecond); any other is read anew, and entries without an item are dropped. The index lies in the
user's cache folder and not beside the scenes: site folders come from strangers, an index from nobody but ourselves.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely

from yardwatch import __version__
from yardwatch.imagery.dates import Moment
from yardwatch.imagery.licences import licence
from yardwatch.model import Licence, Scene

log = logging.getLogger(__name__)

FEWEST = 100
"""Scenes from which an index pays; fewer are read as they are."""
FORM = f"5/{__version__}"
"""An index of another form or version is thrown away."""
_SAID = (
    "file, sha256, acquired, gsd_m, crs, sensor, off_nadir, sun_azimuth, sun_elevation, licence, attribution, "
    "expires, synthetic, precision, footprint"
)
"""What a scene is made of; its folder follows from where the catalogue lies, its rights from the licence's name."""
_COLUMNS = f"id, stamp, sorted_by, first, last, west, south, east, north, origin, {_SAID}"
_TABLES = f"""
CREATE TABLE form (form TEXT);
CREATE TABLE scene ({_COLUMNS}, PRIMARY KEY (sorted_by, id)) WITHOUT ROWID;
CREATE UNIQUE INDEX by_id ON scene (id);
CREATE INDEX by_stamp ON scene (id, stamp);
CREATE INDEX by_day ON scene (last, first);
CREATE INDEX by_sha256 ON scene (sha256);
CREATE INDEX by_origin ON scene (origin);
"""
LicenceOf = Callable[[str, str, str | None], Licence]
Read = Callable[[str], tuple[Scene, str | None]]
"""Reads one item: the scene, and the key of where it was fetched."""


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """Which scenes are wanted; None: all."""

    first: date | None = None
    last: date | None = None
    """Days (UTC), both included; a scene dated to a month or year counts when it may lie between them."""
    over: shapely.Geometry | None = None
    """Lon/lat ground its footprint must touch."""

    def keeps(self, scene: Scene) -> bool:
        """Whether a scene is wanted."""
        earliest, latest = days(scene)
        if (self.first and latest < self.first) or (self.last and earliest > self.last):
            return False
        return self.over is None or bool(shapely.intersects(scene.footprint, self.over))


def days(scene: Scene) -> tuple[date, date]:
    """The days a scene can be of."""
    if scene.acquired is None:
        return date.min, date.max
    span = Moment(at=scene.acquired, precision=scene.date_precision).span
    return span.earliest, span.latest


def stamps(folder: Path) -> dict[str, str | None]:
    """Each scene folder and the stamp of its item; None for one that is not a plain file in a plain folder."""
    found: dict[str, str | None] = {}
    with os.scandir(folder) as entries:
        names = [(entry.name, entry.is_symlink()) for entry in entries if entry.name[0] != "." and entry.is_dir()]
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name, linked in names:
            item = _status(f"{name}/{name}.json", here)
            if item is None:
                continue
            pixels = _status(f"{name}/{name}.tif", here)
            plain = not linked and stat.S_ISREG(item.st_mode) and not (pixels and stat.S_ISLNK(pixels.st_mode))
            found[name] = f"{item.st_size}.{item.st_ino}.{item.st_mtime_ns}.{item.st_ctime_ns}" if plain else None
    finally:
        os.close(here)
    return found


def _status(path: str, folder: int) -> os.stat_result | None:
    try:
        return os.lstat(path, dir_fd=folder)
    except OSError:
        return None


class Index:
    """The index of one catalogue folder, brought up to date when it is opened."""

    def __init__(self, folder: Path, listing: Mapping[str, str], read: Read) -> None:
        """Open and refresh; `listing`: ids and stamps.

        Raises sqlite3.OperationalError or OSError where it cannot be kept.
        """
        self.folder = folder.resolve()
        self._path = _path(self.folder)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._db = self._opened()
        self._refresh(listing, read)

    def scenes(self, sieve: Sieve, where: str = "1", values: Iterable[Any] = ()) -> list[Scene]:
        """The scenes that are wanted, oldest first."""
        clauses, given = [where], list(values)
        if sieve.first:
            clauses, given = [*clauses, "last >= ?"], [*given, sieve.first.isoformat()]
        if sieve.last:
            clauses, given = [*clauses, "first <= ?"], [*given, sieve.last.isoformat()]
        if sieve.over is not None:
            west, south, east, north = sieve.over.bounds
            clauses.append("east >= ? AND west <= ? AND north >= ? AND south <= ?")
            given += [west, east, south, north]
        text = f"SELECT id, {_SAID} FROM scene WHERE {' AND '.join(clauses)} ORDER BY sorted_by, id"  # noqa: S608
        rows = self._db.execute(text, given).fetchall()
        footprints = shapely.from_wkb([row[-1] for row in rows])
        if sieve.over is not None:
            shapely.prepare(sieve.over)
            touched = shapely.intersects(sieve.over, footprints)
            rows = [row for row, is_in in zip(rows, touched, strict=True) if is_in]
            footprints = footprints[touched]
        root = str(self.folder)
        licence_of = lru_cache(maxsize=None)(_licence)  # for this answer alone: rights end with a day
        return [_scene(row, footprint, root, licence_of) for row, footprint in zip(rows, footprints, strict=True)]

    def by(self, column: str, value: str) -> Scene | None:
        """The scene whose `sha256` or `origin` is this."""
        return next(iter(self.scenes(Sieve(), f"{column} = ?", [value])), None)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=5.0)
        try:
            form = database.execute("SELECT form FROM form").fetchone()
        except sqlite3.DatabaseError:
            form = None
        if form == (FORM,):
            return database
        database.close()
        self._path.unlink(missing_ok=True)
        database = sqlite3.connect(self._path, timeout=5.0)
        with database:
            database.executescript(_TABLES)
            database.execute("INSERT INTO form VALUES (?)", [FORM])
        return database

    def _refresh(self, listing: Mapping[str, str], read: Read) -> None:
        known = dict(self._db.execute("SELECT id, stamp FROM scene"))
        stale = [name for name, stamp in listing.items() if known.get(name) != stamp]
        gone = [(name,) for name in known if name not in listing]
        if stale or gone:
            rows = [_row(name, listing[name], *read(name)) for name in stale]
            with self._db:
                self._db.executemany("DELETE FROM scene WHERE id = ?", gone)
                marks = ", ".join("?" * len(_COLUMNS.split(",")))
                self._db.executemany(f"INSERT OR REPLACE INTO scene ({_COLUMNS}) VALUES ({marks})", rows)  # noqa: S608


def opened(folder: Path, listing: Mapping[str, str | None], read: Read) -> closing[Index] | None:
    """An index, where one pays and can be kept: many scenes, all plain files, a cache folder that can be written."""
    plain = {name: stamp for name, stamp in listing.items() if stamp is not None}
    if len(listing) < FEWEST or len(plain) < len(listing):
        return None
    try:
        return closing(Index(folder, plain, read))
    except (sqlite3.OperationalError, OSError) as error:  # locked, full or read-only: the items are read instead
        log.info("no index of %s: %s", folder, error)
        return None


def _path(folder: Path) -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    cache = Path(home) if home else Path("~/.cache").expanduser()
    return cache / "yardwatch" / "catalogues" / f"{hashlib.sha256(str(folder).encode()).hexdigest()[:24]}.sqlite"


def _row(name: str, stamp: str, scene: Scene, origin: str | None) -> tuple[Any, ...]:
    earliest, latest = days(scene)
    found = (str(scene.acquired), earliest.isoformat(), latest.isoformat(), *scene.footprint.bounds, origin)
    acquired = scene.acquired.isoformat() if scene.acquired else None
    angles = (scene.off_nadir_deg, scene.sun_azimuth_deg, scene.sun_elevation_deg)
    expires = scene.licence.expires.isoformat() if scene.licence.expires else None
    terms = (scene.licence.name, scene.licence.attribution, expires, scene.synthetic, scene.date_precision)
    measures = (Path(scene.href).name, scene.sha256, acquired, scene.gsd_m, scene.crs, scene.sensor)
    return name, stamp, *found, *measures, *angles, *terms, shapely.to_wkb(scene.footprint)


def _scene(row: tuple[Any, ...], footprint: shapely.Polygon, root: str, licence_of: LicenceOf) -> Scene:
    name, file, sha256, acquired, gsd_m, crs, sensor, off_nadir, azimuth, elevation, *terms, synthetic, precision, _ = (
        row
    )
    return Scene(
        id=name,
        href=f"{root}/{name}/{file}",
        sha256=sha256,
        acquired=datetime.fromisoformat(acquired) if acquired else None,
        gsd_m=gsd_m,
        crs=crs,
        footprint=footprint,
        sensor=sensor,
        off_nadir_deg=off_nadir,
        sun_azimuth_deg=azimuth,
        sun_elevation_deg=elevation,
        licence=licence_of(*terms),
        synthetic=bool(synthetic),
        date_precision=precision,
    )


def _licence(name: str, attribution: str, expires: str | None) -> Licence:
    return licence(name, attribution, date.fromisoformat(expires) if expires else None)
