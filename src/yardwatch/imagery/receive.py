"""Receive: a stranger's image into a site, once, whole, and hashed.

hash → seen before? → date, place and origin in order? → COG (every pixel read) → STAC item → into place by a rename.
What is refused leaves nothing behind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import shapely

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.imagery.catalogue import Catalogue, write_json
from yardwatch.imagery.cog import write_cog
from yardwatch.imagery.dates import Moment, refuse_future
from yardwatch.imagery.describe import Described, describe
from yardwatch.imagery.item import as_item, scene_id
from yardwatch.imagery.metadata import PRECISION_TAG, SYNTHETIC_TAG, Details
from yardwatch.model import Scene

__all__ = ["Details", "Received", "receive"]

SCENES = "scenes"
UNSURE_TAG = "tag TIFFTAG_DATETIME"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A scene in its site."""

    scene: Scene
    already: bool
    """True when the same bytes had been received before; nothing was written."""
    notes: tuple[str, ...] = ()
    """What the user should know: pixels may not be published, the date is a guess of the file's."""


def receive(
    original: Path,
    folder: Path,
    details: Details,
    *,
    now: datetime,
    over: shapely.Polygon | shapely.MultiPolygon | None,
    fictional: bool = False,
) -> Received:
    """Take an image into a site folder, as `scenes/<id>/<id>.tif` with its STAC item.

    `over`: lon/lat ground the image must touch. Raises SceneError for an image that cannot be used, has no date or
    one to come, lies elsewhere, shows nothing, or is synthetic where the site is not fictional.
    """
    described = describe(Path(original), details)
    catalogue = Catalogue(Path(folder) / SCENES)
    before = catalogue.by_hash(described.scene.sha256)
    if before is not None:
        catalogue.ensure_listed(before.id)
        return Received(scene=before, already=True, notes=(f"received before as {before.id}; nothing changed",))
    at = _checked(described, now, over, fictional)
    named = replace(described, scene=replace(described.scene, id=scene_id(at, described.scene.sha256)))
    _store(named, at, catalogue)
    return Received(scene=catalogue.scene(named.scene.id), already=False, notes=_notes(named))


def _checked(described: Described, now: datetime, over: shapely.Geometry | None, fictional: bool) -> Moment:
    scene, at = described.scene, described.metadata.acquired
    if at is None:
        raise SceneError(f"{scene.href}: does not say when it was taken; pass --acquired 2023-10-05 (UTC)")
    refuse_future(at, now, scene.href)
    if scene.synthetic and not fictional:
        raise SceneError(f"{scene.href}: is synthetic, and never enters a real site's record; use a fictional site")
    if over is not None and not shapely.intersects(scene.footprint, over):
        raise SceneError(
            f"{scene.href}: is not over the site (image {_box(scene.footprint)}, site {_box(over)}); "
            "check the file and --crs"
        )
    return at


def _store(described: Described, at: Moment, catalogue: Catalogue) -> None:
    scene = described.scene
    with _staging(catalogue.folder, scene.id) as part:
        cog = part / f"{scene.id}.tif"
        write_cog(Path(scene.href), described.info, cog, _tags(scene, at))
        write_json(part / f"{scene.id}.json", as_item(described, at, cog))
        catalogue.place(scene.id, part)


@contextmanager
def _staging(scenes: Path, name: str) -> Iterator[Path]:
    part = scenes / f".{name}.{os.getpid()}.part"
    try:
        _sweep(scenes)
        part.mkdir(parents=True)
        yield part
    except OSError as error:
        raise UnavailableError(f"{scenes}: cannot be written ({error}); is there room, and may you?") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sweep(scenes: Path) -> None:
    """Take away what processes that were killed half-way have left."""
    for part in scenes.glob(".*.part"):
        owner = part.name.split(".")[-2]
        if part.is_dir() and owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(part, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _tags(scene: Scene, at: Moment) -> dict[str, str]:
    tags = {"TIFFTAG_DATETIME": at.at.strftime("%Y:%m:%d %H:%M:%S"), PRECISION_TAG: at.precision}
    if scene.licence.attribution:
        tags["ATTRIBUTION"] = scene.licence.attribution
    return tags | ({SYNTHETIC_TAG: "true"} if scene.synthetic else {})


def _notes(described: Described) -> tuple[str, ...]:
    notes = []
    if described.metadata.date_from == UNSURE_TAG and not described.scene.synthetic:
        notes.append("its date is TIFFTAG_DATETIME, which some programs set to the day the file was written")
    if not described.scene.licence.may_publish_pixels:
        notes.append(f"licence {described.scene.licence.name!r}: its pixels may not be published")
    return tuple(notes)


def _box(geometry: shapely.Geometry) -> str:
    west, south, east, north = geometry.bounds
    return f"lon {west:.3f} to {east:.3f}, lat {south:.3f} to {north:.3f}"
