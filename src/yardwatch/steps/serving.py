"""A site's catalogue handed to a STAC server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yardwatch.errors import InputError
from yardwatch.imagery.item import ASSET
from yardwatch.model import Scene
from yardwatch.sites.folder import open_site
from yardwatch.steps.cataloguing import catalogue_of


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a database now holds of a site."""

    collection: str
    items: int
    gone: int
    """Items taken out, whose scenes are no longer in the catalogue."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {"collection": self.collection, "items": self.items, "gone": self.gone}


def to_pgstac(where: str | Path, address: str) -> Served:
    """Copy a site's catalogue into pgstac; the pixels stay where they are, and items say where."""
    try:
        from yardwatch.store.pgstac import collection_of, put_catalogue
    except ImportError:
        raise InputError("psycopg is not installed; pip install 'yardwatch[postgis]'") from None
    folder = open_site(where)
    catalogue = catalogue_of(folder)
    items = [_absolute(catalogue.document(scene.id), scene, folder.config.id) for scene in catalogue.scenes()]
    gone = put_catalogue(address, collection_of(folder.config.id, folder.config.name, items), items)
    return Served(collection=folder.config.id, items=len(items), gone=gone)


def _absolute(document: dict[str, Any], scene: Scene, collection: str) -> dict[str, Any]:
    """The item of a scene away from its catalogue: its asset by address, no links into the folder."""
    href = scene.href if "://" in scene.href else Path(scene.href).resolve().as_uri()
    assets = {**document["assets"], ASSET: {**document["assets"][ASSET], "href": href}}
    return {**document, "collection": collection, "assets": assets, "links": []}
