"""Licences of scenes: changed by whoever holds the contract, and each change written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from yardwatch.imagery.catalogue import as_text
from yardwatch.imagery.item import relicensed
from yardwatch.imagery.licences import described, known, licence
from yardwatch.model import Licence
from yardwatch.sites.folder import open_site
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.custody import SCENES, deed, licence_said
from yardwatch.store import custody
from yardwatch.store.lock import site_lock


@dataclass(frozen=True, kw_only=True)
class Relicensed:
    """A scene's licence before and now."""

    scene: str
    before: Licence
    now: Licence

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {"scene": self.scene, "before": licence_said(self.before), "now": licence_said(self.now)}


def relicense(
    where: str | Path, scene_id: str, name: str, attribution: str | None = None, expires: date | None = None
) -> Relicensed:
    """Put a scene under another licence; the log is told first, so that no change goes without its line.

    Attribution is kept where none is given. Raises SceneError for a scene that is not there.
    """
    folder = open_site(where)
    folder.require_writable()
    catalogue = catalogue_of(folder)
    with site_lock(folder.path):
        before = catalogue.scene(scene_id).licence
        now = licence(name, attribution if attribution is not None else _own(before), expires)
        document = relicensed(catalogue.document(scene_id), now)
        item = f"{SCENES}{scene_id}/{scene_id}.json"
        digest = sha256(as_text(document).encode()).hexdigest()
        about = {"scene": scene_id, "before": licence_said(before), "now": licence_said(now)}
        custody.append(folder.path, deed("licence", files={item: digest}, about=about))
        catalogue.put_item(scene_id, document)
    return Relicensed(scene=scene_id, before=before, now=now)


def licences() -> list[Mapping[str, Any]]:
    """Every licence that is known, the user's own among them."""
    return [described(name, terms) for name, terms in sorted(known().items())]


def _own(before: Licence) -> str | None:
    """The image's own attribution; that of its old licence's table goes with the licence."""
    return None if before.attribution == licence(before.name).attribution else before.attribution
