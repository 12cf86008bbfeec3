"""Images on offer into a site: the window over its zones fetched, then received like any other image."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely

from yardwatch.errors import InputError, SceneError, UnavailableError, YardwatchError
from yardwatch.imagery.fetching.addresses import plain
from yardwatch.imagery.fetching.download import Downloaded, Wanted, download
from yardwatch.imagery.fetching.partial import discard
from yardwatch.imagery.receive import Details, Received, receive
from yardwatch.imagery.search.assets import Asset, chosen
from yardwatch.model import Scene
from yardwatch.progress import Report, silent
from yardwatch.sites.folder import SiteFolder
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.custody import adopt, intake_of
from yardwatch.steps.searching import Offer, Session
from yardwatch.store.lock import site_lock

INCOMING = ".incoming"
"""Below the catalogue's folder: what is on its way; no scene begins with a dot."""
MARGIN_M = 200.0
"""Ground taken around the zones: alignment looks for its windows beside the tracks."""
GSD_TOLERANCE = 0.25


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one offer."""

    item: str
    scene: Scene | None = None
    """None when it failed."""
    already: bool = False
    fetched_bytes: int = 0
    notes: tuple[str, ...] = ()
    error: YardwatchError | None = None

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "id": self.item,
            "scene": self.scene.id if self.scene else None,
            "already": self.already,
            "fetched_bytes": self.fetched_bytes,
            "notes": list(self.notes),
            "error": str(self.error) if self.error else None,
        }


@dataclass(frozen=True, kw_only=True)
class Take:
    """How offers are taken."""

    now: datetime
    margin_m: float = MARGIN_M
    asset: str | None = None
    report: Report = silent


def take(session: Session, offers: Sequence[Offer], how: Take) -> list[Taken]:
    """Fetch and receive offers one by one; one that fails is told and does not hold up the next.

    One process fetches into a site at a time; another waits, and then finds what the first has brought.
    """
    session.folder.require_writable()
    over = window_over(session.folder, how.margin_m)
    incoming = session.folder.scenes_path / INCOMING
    try:
        incoming.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(incoming, error) from error
    taken = []
    with site_lock(incoming):
        for offer in offers:
            try:
                taken.append(_take_one(session, offer, over, how))
            except YardwatchError as error:
                taken.append(Taken(item=offer.item.id, error=error))
    return taken


def window_over(folder: SiteFolder, margin_m: float) -> shapely.Polygon:
    """Lon/lat rectangle around all zones of a site, with a margin in ground metres."""
    if not 0 <= margin_m <= 20_000:
        raise InputError(f"--margin {margin_m:g} is outside 0 to 20000 m")
    frame = folder.site.frame
    ground = frame.to_ground(shapely.union_all([zone.polygon for zone in folder.site.zones]))
    west, south, east, north = ground.bounds
    box = shapely.box(west - margin_m, south - margin_m, east + margin_m, north + margin_m)
    return shapely.set_precision(frame.to_lonlat(box), 1e-7)


def _take_one(session: Session, offer: Offer, over: shapely.Polygon, how: Take) -> Taken:
    item = offer.item
    if item.acquired is None:
        raise SceneError(f"{item.id}: {', '.join(item.notes) or 'has no date'}; download it and add it with --acquired")
    wanted_asset = how.asset or offer.asset
    asset = chosen(item.assets, wanted_asset, item.id)
    renew = _signer(session, asset)
    wanted = Wanted(href=asset.href, over=over, name=item.id, renew=renew)
    catalogue = catalogue_of(session.folder)
    before = catalogue.by_origin(wanted.key)
    if before is not None:
        with site_lock(session.folder.path):
            catalogue.ensure_listed(before.id)
            adopt(session.folder, before)
        discard(session.folder.scenes_path / INCOMING / wanted.key)
        return Taken(item=item.id, scene=before, already=True, notes=(f"received before as {before.id}",))
    if renew is not None:
        wanted = Wanted(href=renew(), over=over, name=item.id, renew=renew)
    incoming = session.folder.scenes_path / INCOMING
    try:
        got = download(wanted, incoming, session.web, how.report)
        received = _receive(session, got, _details(session, offer, asset, got, wanted.key), how.now)
    except SceneError:  # no use to come back for it
        discard(incoming / wanted.key)
        raise
    discard(incoming / wanted.key)
    notes = _contradictions(asset, got)
    return Taken(
        item=item.id,
        scene=received.scene,
        already=received.already,
        fetched_bytes=got.fetched_bytes,
        notes=(*notes, *received.notes),
    )


def _receive(session: Session, got: Downloaded, details: Details, now: datetime) -> Received:
    folder = session.folder
    whole = shapely.union_all([zone.polygon for zone in folder.site.zones])
    with site_lock(folder.path):
        return receive(got.path, intake_of(folder), details, now=now, over=whole, fictional=folder.site.fictional)


def _details(session: Session, offer: Offer, asset: Asset, got: Downloaded, key: str) -> Details:
    item, at = offer.item, offer.item.acquired
    origin = {
        "key": key,
        "api": plain(session.api.url),
        "collection": item.collection or "",
        "item": item.id,
        "item_href": plain(item.href) if item.href else "",
        "asset": asset.name,
        "href": plain(asset.href),
        "etag": (got.version.etag or "")[:200],
        "file_bytes": str(got.version.size),
        "window": " ".join(map(str, got.window)),
    }
    return Details(
        acquired=at.at if at and at.precision == "instant" else at.text if at else None,
        sensor=item.sensor,
        licence=None if offer.licence.name == "not stated" else offer.licence.name,
        attribution=offer.licence.attribution or None,
        off_nadir_deg=item.off_nadir_deg,
        sun_azimuth_deg=item.sun_azimuth_deg,
        sun_elevation_deg=item.sun_elevation_deg,
        origin={name: value for name, value in origin.items() if value},
    )


def _contradictions(asset: Asset, got: Downloaded) -> list[str]:
    """Where the file says other than its item; the file is what counts."""
    notes = []
    if asset.crs and got.info.crs.startswith("EPSG:") and asset.crs != got.info.crs:
        notes.append(f"its item says {asset.crs}, the file says {got.info.crs}; the file's is used")
    if asset.gsd_m and abs(got.info.gsd_m / asset.gsd_m - 1) > GSD_TOLERANCE:
        notes.append(
            f"its item says {asset.gsd_m:g} m a pixel, the file has {got.info.gsd_m:.3g} m; the file's is used"
        )
    return notes


def _signer(session: Session, asset: Asset) -> Callable[[], str] | None:
    """What signs the asset's address, where the API's preset names a service for it."""
    template = session.api.sign
    if template is None:
        return None

    def sign() -> str:
        text = session.web.text("GET", template.replace("{href}", quote(asset.href, safe="")))
        try:
            signed = json.loads(text)["href"]
        except (ValueError, KeyError, TypeError) as error:
            raise SceneError(f"{plain(template)}: gives no signed address; try again later") from error
        return str(signed)

    return sign


def _unwritable(folder: Path, error: OSError) -> YardwatchError:
    return UnavailableError(f"{folder}: cannot be written ({error.strerror}); is there room, and may you?")
