"""Bucket: scenes kept in S3 instead of a folder, read in place by ranges.

    s3://bucket/prefix/<id>/<id>.tif, <id>/<id>.json, <id>/original/<name>, catalog.json

A bucket has no rename. A scene is in the catalogue when its item is, which is put last and in one piece, so a reader
sees all of a scene or nothing of it, and a process killed half-way leaves objects that the next receipt overwrites.
Keys, region and endpoint come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`,
`AWS_ENDPOINT_URL` for other services than Amazon's); none is written anywhere or shown.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.imagery.catalogue import CATALOG, LARGEST_ITEM_BYTES, Catalogue, as_text
from yardwatch.imagery.index import Index
from yardwatch.imagery.item import ASSET, as_scene, checked_id
from yardwatch.model import Scene

AT_ONCE = 8
"""Items fetched side by side."""
LARGEST_LISTING_BYTES = 50_000_000
CHUNK_BYTES = 8 * 2**20


class Bucket:
    """The objects below one prefix of a bucket.

    Args:
        address: `s3://bucket/prefix`.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        name, _, prefix = self.address.removeprefix("s3://").partition("/")
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        with self._told():
            self._store = S3Store(
                name,
                prefix=prefix or None,
                **({"endpoint": endpoint} if endpoint else {}),  # type: ignore[arg-type]
                client_options={
                    "allow_http": bool(endpoint and endpoint.startswith("http://")),
                    "connect_timeout": timedelta(seconds=10),
                    "timeout": timedelta(seconds=60),
                },
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
            )

    def href(self, name: str) -> str:
        """Where an object is read."""
        return f"{self.address}/{name}"

    def names(self) -> tuple[str, ...]:
        """Every object, relative, sorted, but for the index."""
        with self._told():
            found = [str(meta["path"]) for chunk in self._store.list() for meta in chunk]
        return tuple(sorted(name for name in found if name != CATALOG))

    def get(self, name: str, most_bytes: int) -> bytes | None:
        """An object's bytes; None where it is not there. Raises SceneError for one that is larger."""
        with self._told():
            try:
                found = self._store.get(name)
            except (NotFoundError, FileNotFoundError):
                return None
            if found.meta["size"] > most_bytes:
                raise SceneError(f"{self.href(name)}: is larger than {most_bytes:,} bytes; take it out")
            return bytes(found.bytes())

    def digest(self, name: str) -> str | None:
        """SHA-256 of an object, None where it is not there."""
        digest = hashlib.sha256()
        with self._told():
            try:
                for chunk in self._store.get(name).stream(min_chunk_size=CHUNK_BYTES):
                    digest.update(bytes(chunk))
            except (NotFoundError, FileNotFoundError):
                return None
        return digest.hexdigest()

    def put(self, name: str, content: Path | bytes) -> None:
        """Put an object in one piece."""
        with self._told():
            self._store.put(name, content)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, PermissionError, OSError) as error:
            why = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise UnavailableError(
                f"{self.address}: cannot be used ({why}); is the bucket there, and are AWS_ACCESS_KEY_ID, "
                "AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL right?"
            ) from error


class BucketCatalogue(Catalogue):
    """The scenes of a bucket; what is on its way in is made ready in a folder.

    Args:
        bucket: where the scenes are.
        folder: where they are made ready, on this machine.
    """

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        super().__init__(folder)
        self.bucket = bucket

    def scenes(self) -> tuple[Scene, ...]:
        """See `Catalogue`."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(self._read, self._items()))
        return tuple(sorted(found, key=lambda scene: (str(scene.acquired), scene.id)))

    def scene(self, scene_id: str) -> Scene:
        """See `Catalogue`."""
        return self._read(self._item(checked_id(scene_id, self.bucket.address)))

    def unchanged(self, scene_id: str) -> bool:
        """See `Catalogue`."""
        asset = self._document(self._item(checked_id(scene_id, self.bucket.address)))["assets"][ASSET]
        return str(asset.get("file:checksum", ""))[4:] == self.bucket.digest(f"{scene_id}/{scene_id}.tif")

    def place(self, scene_id: str, ready: Path) -> None:
        """See `Catalogue`; the item goes last."""
        item = self._item(checked_id(scene_id, self.bucket.address)).as_posix()
        if self.bucket.get(item, LARGEST_ITEM_BYTES) is None:
            names = {f"{scene_id}/{path.relative_to(ready).as_posix()}": path for path in sorted(ready.rglob("*"))}
            for name in sorted((name for name in names if names[name].is_file()), key=lambda name: name == item):
                self.bucket.put(name, names[name])
        self.write_index()

    def ensure_listed(self, scene_id: str) -> None:
        """See `Catalogue`."""
        listed = self.bucket.get(CATALOG, LARGEST_LISTING_BYTES) or b""
        if f'"./{scene_id}/{scene_id}.json"'.encode() not in listed:
            self.write_index()

    def put_item(self, scene_id: str, document: dict[str, Any]) -> None:
        """See `Catalogue`."""
        item = self._item(checked_id(scene_id, self.bucket.address))
        self.bucket.put(item.as_posix(), as_text(document).encode())

    def write_index(self) -> None:
        """See `Catalogue`."""
        self.bucket.put(CATALOG, as_text(self._index_document([path.as_posix() for path in self._items()])).encode())

    @contextmanager
    def _index(self) -> Iterator[Index | None]:
        """None is kept of a bucket; what may still lie in the folder beside it does not count."""
        yield None

    def _items(self) -> Iterator[Path]:
        for name in self.bucket.names():
            path = Path(name)
            if len(path.parts) == 2 and path.suffix == ".json" and path.stem == path.parts[0]:
                yield path

    def _item(self, scene_id: str) -> Path:
        return Path(scene_id) / f"{scene_id}.json"

    def _scene(self, path: Path, document: dict[str, Any]) -> Scene:
        name = self.bucket.href(path.as_posix())
        scene = as_scene(document, Path("/", path.parent), name)
        if scene.id != path.stem:
            raise SceneError(f"{name}: says it is scene {scene.id!r}; its id and its object's name must be one")
        relative = Path(scene.href).relative_to("/")
        return replace(scene, href=self.bucket.href(relative.as_posix()))

    def _document(self, path: Path) -> dict[str, Any]:
        name = self.bucket.href(path.as_posix())
        raw = self.bucket.get(path.as_posix(), LARGEST_ITEM_BYTES)
        if raw is None:
            raise SceneError(f"{self.bucket.address}: no scene {path.stem!r}; list them with `yardwatch scenes list`")
        try:
            document = json.loads(raw)
        except ValueError as error:
            raise SceneError(f"{name}: is not JSON ({error}); take it out or receive the image again") from error
        if not isinstance(document, dict):
            raise SceneError(f"{name}: is no STAC item; take it out or receive the image again")
        return document
