"""Catalogue: the scenes of a site, a static STAC catalogue on disk.

    scenes/catalog.json                      for other tools, made anew from the folders below
    scenes/<id>/<id>.json                    the item
    scenes/<id>/<id>.tif                     the COG

A scene is in the catalogue when its folder is: folders are put in place by one rename, so a reader sees all of a
scene or nothing of it, and a process killed half-way leaves only a hidden `.part` folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.imagery.describe import sha256
from yardwatch.imagery.index import Index, Sieve, opened, stamps
from yardwatch.imagery.item import ASSET, as_scene, checked_id
from yardwatch.model import Scene

CATALOG = "catalog.json"
LARGEST_ITEM_BYTES = 1_000_000


class Catalogue:
    """The scenes below one folder (a site's `scenes/`); a folder that is not there holds none."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def scenes(self) -> tuple[Scene, ...]:
        """All scenes, oldest first. Raises SceneError for an item that is broken or points elsewhere."""
        with self._index() as index:
            if index is not None:
                return tuple(index.scenes(Sieve()))
        return tuple(sorted((self._read(path) for path in self._items()), key=lambda s: (str(s.acquired), s.id)))

    def search(self, sieve: Sieve) -> tuple[Scene, ...]:
        """The scenes of some days over some ground, oldest first. Raises SceneError as `scenes` does."""
        with self._index() as index:
            if index is not None:
                return tuple(index.scenes(sieve))
        return tuple(filter(sieve.keeps, self.scenes()))

    def scene(self, scene_id: str) -> Scene:
        """One scene. Raises SceneError when the catalogue has none of that id."""
        path = self._item(checked_id(scene_id, str(self.folder)))
        if not path.is_file():
            raise SceneError(f"{self.folder}: no scene {scene_id!r}; list them with `yardwatch scenes list`")
        return self._read(path)

    def by_hash(self, digest: str) -> Scene | None:
        """The scene made of an original with this SHA-256."""
        with self._index() as index:
            if index is not None:
                return index.by("sha256", digest)
        return next((scene for scene in self.scenes() if scene.sha256 == digest), None)

    def by_origin(self, key: str) -> Scene | None:
        """The scene fetched as this window of this remote file."""
        with self._index() as index:
            if index is not None:
                return index.by("origin", key)
        found = (path for path in self._items() if _origin(self._document(path)) == key)
        return next((self._read(path) for path in found), None)

    def unchanged(self, scene_id: str) -> bool:
        """Whether a scene's COG is, byte for byte, what was written at receipt."""
        scene = self.scene(scene_id)
        stated = self._document(self._item(scene_id))["assets"][ASSET].get("file:checksum", "")
        return Path(scene.href).is_file() and str(stated)[4:] == sha256(Path(scene.href))

    def document(self, scene_id: str) -> dict[str, Any]:
        """The STAC item of a scene, as it stands. Raises SceneError when there is none of that id."""
        self.scene(scene_id)
        return self._document(self._item(scene_id))

    def put_item(self, scene_id: str, document: dict[str, Any]) -> None:
        """Put an item in the place of the one of this id; a reader sees the old or the new."""
        write_json(self._item(checked_id(scene_id, str(self.folder))), document)

    def place(self, scene_id: str, ready: Path) -> None:
        """Put a finished folder in as a scene, by one rename, and list it."""
        target = self.folder / checked_id(scene_id, str(self.folder))
        if not target.exists():
            ready.rename(target)
        self.write_index()

    def ensure_listed(self, scene_id: str) -> None:
        """List a scene that a process killed just after placing it had no time to list."""
        try:
            listed = f'"./{scene_id}/{scene_id}.json"' in (self.folder / CATALOG).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            listed = False
        if not listed:
            self.write_index()

    def write_index(self) -> None:
        """Make catalog.json anew, for other tools."""
        names = [path.relative_to(self.folder).as_posix() for path in self._items()]
        write_json(self.folder / CATALOG, self._index_document(names))

    @staticmethod
    def _index_document(names: list[str]) -> dict[str, Any]:
        links: list[dict[str, str]] = [{"rel": "root", "href": f"./{CATALOG}", "type": "application/json"}]
        links += [{"rel": "item", "href": f"./{name}", "type": "application/geo+json"} for name in names]
        return {
            "type": "Catalog",
            "id": "scenes",
            "stac_version": "1.0.0",
            "description": "Scenes of one site, as received by Yardwatch",
            "links": links,
        }

    @contextmanager
    def _index(self) -> Iterator[Index | None]:
        """The index of a large catalogue; None for a small one, and where none can be kept."""
        kept = opened(self.folder, stamps(self.folder), self._by_name) if self.folder.is_dir() else None
        if kept is None:
            yield None
            return
        with kept as index:
            yield index

    def _by_name(self, name: str) -> tuple[Scene, str | None]:
        path = self._item(name)
        document = self._document(path)
        return self._scene(path, document), _origin(document)

    def _items(self) -> Iterator[Path]:
        if not self.folder.is_dir():
            return
        for folder in sorted(self.folder.iterdir()):
            if folder.is_dir() and not folder.name.startswith(".") and (path := self._item(folder.name)).is_file():
                yield path

    def _item(self, scene_id: str) -> Path:
        return self.folder / scene_id / f"{scene_id}.json"

    def _read(self, path: Path) -> Scene:
        return self._scene(path, self._document(path))

    def _scene(self, path: Path, document: dict[str, Any]) -> Scene:
        scene = as_scene(document, path.parent, str(path))
        if scene.id != path.stem:
            raise SceneError(f"{path}: says it is scene {scene.id!r}; its id and its file's name must be one")
        return scene

    def _document(self, path: Path) -> dict[str, Any]:
        if path.stat().st_size > LARGEST_ITEM_BYTES or not path.resolve().is_relative_to(self.folder.resolve()):
            raise SceneError(f"{path}: is no STAC item (too large, or a link to elsewhere); take it out")
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise SceneError(f"{path}: is not JSON ({error}); take it out or receive the image again") from error
        if not isinstance(document, dict):
            raise SceneError(f"{path}: is no STAC item; take it out or receive the image again")
        return document


def _origin(document: dict[str, Any]) -> str | None:
    """The key of the remote window an item was fetched as, where it was."""
    properties = document.get("properties")
    origin = properties.get("yardwatch:origin") if isinstance(properties, dict) else None
    return str(origin.get("key")) if isinstance(origin, dict) else None


def as_text(document: dict[str, Any]) -> str:
    """A document as it is written: the same content gives the same bytes."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write JSON so that a reader sees the old file or the new one, never half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(as_text(document), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UnavailableError(f"{path}: cannot be written ({error}); is there room on the disk?") from error
