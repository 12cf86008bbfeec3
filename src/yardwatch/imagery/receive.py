"""Receive: a stranger's image into a site, once, whole, and hashed.

hash → seen before? → date, place and origin in order? → the original kept as it came → COG (every pixel read) → STAC
item → sealed in the custody log → into place by a rename. What is refused leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import shapely

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.imagery.catalogue import Catalogue, write_json
from yardwatch.imagery.cog import write_cog
from yardwatch.imagery.dates import Moment, refuse_future
from yardwatch.imagery.describe import Described, describe, sha256
from yardwatch.imagery.item import ASSET, Making, as_item, scene_id
from yardwatch.imagery.metadata import PRECISION_TAG, SYNTHETIC_TAG, Details
from yardwatch.imagery.preparing import how, is_plain, letters, prepared, sources
from yardwatch.model import Scene

__all__ = ["Details", "Intake", "Received", "Sealed", "receive"]

SCENES = "scenes"
ORIGINAL = "original"
"""Folder beside the COG that holds the file as it came, never written to."""
UNSURE_TAG = "tag TIFFTAG_DATETIME"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A scene in its site."""

    scene: Scene
    already: bool
    """True when the same bytes had been received before; nothing was written."""
    notes: tuple[str, ...] = ()
    """What the user should know: pixels may not be published, the date is a guess of the file's."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What is about to be put in place, for the custody log."""

    scene: Scene
    files: Mapping[str, str]
    """File, relative to the catalogue → SHA-256."""
    parents: Mapping[str, tuple[str, ...]]
    """File → SHA-256 of what it was made of."""
    originals: tuple[Mapping[str, str | int | bool], ...]
    """Of each file as it came: name, SHA-256, bytes, and whether it is kept."""


def _unsealed(_: Sealed) -> None:
    """For a catalogue without a custody log."""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Where images go, and who is told before they are there."""

    catalogue: Catalogue
    seal: Callable[[Sealed], None] = _unsealed
    """Called with everything ready and nothing in place: a scene without its line cannot come to be."""
    keep_original: bool = True


def receive(
    original: Path,
    into: Path | Intake,
    details: Details,
    *,
    now: datetime,
    over: shapely.Polygon | shapely.MultiPolygon | None,
    fictional: bool = False,
) -> Received:
    """Take an image into a site folder, as `scenes/<id>/<id>.tif` with its STAC item and the original beside it.

    `into`: a site folder, or where else images go. `over`: lon/lat ground the image must touch. Raises SceneError for
    an image that cannot be used, has no date or one to come, lies elsewhere, shows nothing, or is synthetic where the
    site is not fictional.
    """
    original = Path(original)
    intake = into if isinstance(into, Intake) else Intake(catalogue=Catalogue(Path(into) / SCENES))
    with _pixels(original, details, intake) as pixels:
        described = describe(original, details, pixels)
        before = intake.catalogue.by_hash(described.scene.sha256)
        if before is not None:
            intake.catalogue.ensure_listed(before.id)
            return Received(scene=before, already=True, notes=(f"received before as {before.id}; nothing changed",))
        at = _checked(described, now, over, fictional)
        named = replace(described, scene=replace(described.scene, id=scene_id(at, described.scene.sha256)))
        _store(named, at, intake, details, pixels)
        return Received(scene=intake.catalogue.scene(named.scene.id), already=False, notes=_notes(named))


@contextmanager
def _pixels(original: Path, details: Details, intake: Intake) -> Iterator[Path]:
    if is_plain(details):
        yield original
        return
    with _staging(intake.catalogue.folder, "preparing") as part, prepared(original, details, part) as pixels:
        yield pixels


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


def _store(described: Described, at: Moment, intake: Intake, details: Details, pixels: Path) -> None:
    scene, came = described.scene, sources(Path(described.scene.href), details)
    digests = (scene.sha256, *map(sha256, came[1:]))
    with _staging(intake.catalogue.folder, scene.id) as part:
        files = {}
        if intake.keep_original:
            kept = [_kept(file, part, digest) for file, digest in zip(came, digests, strict=True)]
            files = {f"{scene.id}/{ORIGINAL}/{copy.name}": digest for copy, digest in zip(kept, digests, strict=True)}
            pixels = kept[0] if is_plain(details) else pixels
        cog, item = part / f"{scene.id}.tif", part / f"{scene.id}.json"
        write_cog(pixels, described.info, cog, _tags(scene, at), letters(details))
        write_json(item, as_item(described, at, cog, Making(parents=digests, how=how(details))))
        originals = [_original(file, digest, intake) for file, digest in zip(came, digests, strict=True)]
        intake.seal(_sealed(scene, part, files, originals))
        intake.catalogue.place(scene.id, part)


def _kept(original: Path, part: Path, digest: str) -> Path:
    """A copy of the original that nobody may write to; everything after is made of it."""
    folder = part / ORIGINAL
    folder.mkdir(exist_ok=True)
    copy = folder / original.name
    while copy.exists():
        copy = copy.with_name(f"other-{copy.name}")
    shutil.copyfile(original, copy)
    copy.chmod(0o444)
    if sha256(copy) != digest:
        raise SceneError(f"{original}: changed while it was read; add it again once it is written whole")
    return copy


def _original(file: Path, digest: str, intake: Intake) -> dict[str, str | int | bool]:
    return {"name": file.name, "sha256": digest, "bytes": file.stat().st_size, "kept": intake.keep_original}


def _sealed(
    scene: Scene, part: Path, kept: Mapping[str, str], originals: Sequence[Mapping[str, str | int | bool]]
) -> Sealed:
    cog, item = f"{scene.id}/{scene.id}.tif", f"{scene.id}/{scene.id}.json"
    document = json.loads((part / f"{scene.id}.json").read_bytes())
    asset = document["assets"][ASSET]
    return Sealed(
        scene=scene,
        files={cog: asset["file:checksum"][4:], item: sha256(part / f"{scene.id}.json"), **kept},
        parents=dict.fromkeys((cog, item), tuple(asset["yardwatch:parents"])),
        originals=tuple(originals),
    )


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
