"""What a STAC API offers of a site: asked, read with distrust, sieved, and held against the zones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import shapely

from yardwatch.errors import InputError
from yardwatch.imagery.fetching.addresses import is_private
from yardwatch.imagery.fetching.patience import Patience
from yardwatch.imagery.fetching.web import Web
from yardwatch.imagery.licences import licence
from yardwatch.imagery.search.asking import Answered, Query, ask
from yardwatch.imagery.search.assets import chosen
from yardwatch.imagery.search.found import Found, found
from yardwatch.imagery.search.places import covered
from yardwatch.imagery.search.presets import Api, api_of, presets
from yardwatch.model import Licence
from yardwatch.sites.folder import SiteFolder, open_site

LEAST_COVER = 0.001
"""Of some zone; what touches none is not listed."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What the user looks for."""

    api: str
    """A preset's name or an address."""
    first: date | None = None
    last: date | None = None
    collections: tuple[str, ...] = ()
    max_cloud: float | None = None
    """Percent."""
    max_gsd: float | None = None
    """Metres."""
    max_off_nadir: float | None = None
    """Degrees."""
    asset: str | None = None
    most: int = 100

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise InputError(f"--from {self.first} is after --to {self.last}; swap them")
        limits = {"--max-cloud": self.max_cloud, "--max-gsd": self.max_gsd, "--max-off-nadir": self.max_off_nadir}
        for option, value in limits.items():
            if value is not None and not 0 <= value <= 10_000:
                raise InputError(f"{option} {value:g} makes no sense; give percent, metres or degrees from 0 up")
        if not 1 <= self.most <= 10_000:
            raise InputError(f"--limit {self.most} is outside 1 to 10000")

    @property
    def when(self) -> str:
        """As STAC writes an interval; days are whole, UTC."""
        start = f"{self.first}T00:00:00Z" if self.first else ".."
        end = f"{self.last}T23:59:59Z" if self.last else ".."
        return "1972-01-01T00:00:00Z/.." if (start, end) == ("..", "..") else f"{start}/{end}"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One image on offer, with what it means for this site."""

    item: Found
    coverage: Mapping[str, float | None]
    """Share of each zone, by id; None where the item does not say where it lies."""
    licence: Licence
    asset: str | None
    """The one that would be taken."""
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        item = self.item
        return {
            "id": item.id,
            "collection": item.collection,
            "acquired": item.when,
            "sensor": item.sensor,
            "gsd_m": item.gsd_m,
            "cloud_percent": item.cloud_percent,
            "off_nadir_deg": item.off_nadir_deg,
            "sun_elevation_deg": item.sun_elevation_deg,
            "licence": self.licence.name,
            "may_publish_pixels": self.licence.may_publish_pixels,
            "coverage": {zone: None if share is None else round(share, 4) for zone, share in self.coverage.items()},
            "asset": self.asset,
            "assets": [asset.name for asset in item.assets],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, kw_only=True)
class Offers:
    """The answer to a search."""

    site: str
    api: Api
    sought: Sought
    offers: tuple[Offer, ...]
    """Oldest first."""
    left_out: tuple[tuple[str, str], ...]
    """Ids and why."""
    more: bool
    """The API would have had more than was asked for."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "site": self.site,
            "api": {"name": self.api.name, "url": self.api.url, "tried": self.api.tried, "note": self.api.note or None},
            "interval": self.sought.when,
            "found": [offer.as_json() for offer in self.offers],
            "left_out": [{"id": name, "why": why} for name, why in self.left_out],
            "more": self.more,
        }


@dataclass(frozen=True, kw_only=True)
class Session:
    """A site, an API and the line between them."""

    folder: SiteFolder
    api: Api
    web: Web = field(repr=False)


def session(where: str, api: str, patience: Patience | None = None) -> Session:
    """Open a site and get ready to ask. Raises for a site or an API that is none, and a key that is missing."""
    folder, known = open_site(where), api_of(api)
    private = is_private(urlsplit(known.url).hostname or "")
    return Session(folder=folder, api=known, web=Web(patience=patience or Patience(), key=known.key(), private=private))


def search(open_session: Session, sought: Sought) -> Offers:
    """Ask and sieve. Raises UnavailableError where the API cannot be reached."""
    folder, api = open_session.folder, open_session.api
    zones = {name: folder.site.zone(name).polygon for name in sorted({zone.id for zone in folder.site.zones})}
    whole = shapely.union_all(list(zones.values()))
    query = Query(
        bbox=tuple(round(float(edge), 6) for edge in whole.bounds),  # type: ignore[arg-type]
        when=sought.when,
        collections=sought.collections or api.collections,
        most=sought.most,
    )
    answered = ask(api, query, open_session.web)
    offers, left_out = [], []
    for document in answered.items:
        item = found(document, api.url, api.date_precision)
        shares = {name: covered(item.footprint, zone, folder.site.frame) for name, zone in zones.items()}
        offer = _offer(item, shares, _licence(document, answered, api), sought, api)
        why = _unwanted(offer, sought)
        if why is None:
            offers.append(offer)
        else:
            left_out.append((item.id, why))
    return Offers(
        site=folder.site.id,
        api=api,
        sought=sought,
        offers=tuple(sorted(offers, key=lambda offer: (offer.item.when, offer.item.id))),
        left_out=tuple(left_out),
        more=answered.more,
    )


def _offer(item: Found, shares: Mapping[str, float | None], terms: Licence, sought: Sought, api: Api) -> Offer:
    asset, notes = None, list(item.notes)
    names = [one.name for one in item.assets]
    wanted = sought.asset or (api.asset if api.asset in names else None)
    if item.assets:
        try:
            asset = chosen(item.assets, wanted, item.id).name
        except InputError:
            notes.append(f"has no image asset {wanted!r}")
    stated = {"cloud": (sought.max_cloud, item.cloud_percent), "GSD": (sought.max_gsd, item.gsd_m)}
    stated["off-nadir angle"] = (sought.max_off_nadir, item.off_nadir_deg)
    notes += [
        f"does not state its {name}" for name, (limit, value) in stated.items() if limit is not None and value is None
    ]
    return Offer(item=item, coverage=shares, licence=terms, asset=asset, notes=tuple(notes))


def _unwanted(offer: Offer, sought: Sought) -> str | None:
    """Why an offer is not listed; what an item does not state is no reason."""
    item = offer.item
    known = [share for share in offer.coverage.values() if share is not None]
    if known and max(known) < LEAST_COVER:
        return "covers no zone"
    gates: list[tuple[float | None, float | None, Callable[[float], str]]] = [
        (item.cloud_percent, sought.max_cloud, lambda value: f"cloud {value:g} %"),
        (item.gsd_m, sought.max_gsd, lambda value: f"GSD {value:g} m"),
        (item.off_nadir_deg, sought.max_off_nadir, lambda value: f"off nadir {value:g}°"),
    ]
    return next(
        (say(value) for value, most, say in gates if value is not None and most is not None and value > most), None
    )


def _licence(document: Mapping[str, Any], answered: Answered, api: Api) -> Licence:
    """The preset's, else the item's, else its collection's; attribution: the preset's, else its providers' names."""
    properties = document.get("properties")
    own = properties if isinstance(properties, Mapping) else {}
    collection = answered.collections.get(str(document.get("collection")), {})
    stated = next((text for text in (own.get("license"), collection.get("license")) if isinstance(text, str)), None)
    name = api.licence or stated
    attribution = api.attribution or _providers(own) or _providers(collection)
    return licence(_plain(name), attribution)


def _providers(document: Mapping[str, Any]) -> str | None:
    listed = document.get("providers")
    named = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    owners = [one for one in named if {"licensor", "producer"} & set(map(str, one.get("roles") or []))] or named[:1]
    names = [_plain(one.get("name")) for one in owners]
    return ", ".join(name for name in names if name) or None


def _plain(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    return "".join(letter for letter in text if letter.isprintable())[:120].strip() or None


def list_apis() -> list[dict[str, Any]]:
    """The APIs known by name; of a key only the name of its variable."""
    return [
        {
            "name": api.name,
            "title": api.title,
            "url": api.url,
            "collections": list(api.collections),
            "licence": api.licence,
            "key_env": api.key_env,
            "tried": api.tried,
            "note": api.note or None,
        }
        for api in sorted(presets().values(), key=lambda api: api.name)
    ]
