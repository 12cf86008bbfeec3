"""Asking: one search over a STAC API, page by page, by pystac-client over our own connection.

Only JSON documents are taken from it, and only from the web: a `next` link that leads to a local file, in circles or
on for ever ends the search with a clear word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pystac
from pystac_client import Client
from pystac_client.errors import ClientTypeError
from pystac_client.exceptions import APIError
from pystac_client.stac_api_io import StacApiIO

from yardwatch.errors import InputError, UnavailableError
from yardwatch.imagery.fetching.addresses import shown
from yardwatch.imagery.fetching.web import Web
from yardwatch.imagery.search.presets import Api

MOST_PAGES = 200
PAGE_ITEMS = 100


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is asked for."""

    bbox: tuple[float, float, float, float]
    """Lon/lat, west, south, east, north."""
    when: str
    """RFC 3339 interval, `2019-01-01T00:00:00Z/2023-12-31T23:59:59Z`; `..` for an open end."""
    collections: tuple[str, ...] = ()
    most: int = 500


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came back."""

    items: tuple[Mapping[str, Any], ...]
    """As sent; nothing in them is checked yet."""
    collections: Mapping[str, Mapping[str, Any]]
    """Documents of the items' collections, where the API gives them."""
    more: bool
    """Whether there would have been more than was asked for."""


def ask(api: Api, query: Query, web: Web) -> Answered:
    """Search. Raises UnavailableError where the API cannot be reached, InputError where it is no STAC API."""
    try:
        client = Client.open(api.url, stac_io=_Asking(web))
        if not any(link.rel == "search" for link in client.links):
            raise InputError(f"--api {shown(api.url)}: is a STAC catalogue without search; give a STAC API's address")
        if not client.conforms_to("ITEM_SEARCH"):
            client.add_conforms_to("ITEM_SEARCH")  # some serve it and do not say so; the search link decides
        search = client.search(
            bbox=query.bbox,
            datetime=query.when,
            collections=list(query.collections) or None,
            limit=min(PAGE_ITEMS, query.most + 1),
        )
        items = _collect(search.pages_as_dicts(), query.most + 1, api)
    except (
        APIError,
        ClientTypeError,
        pystac.STACError,
        NotImplementedError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise InputError(
            f"--api {shown(api.url)}: does not answer as a STAC API does ({_brief(error)}); check the address"
        ) from error
    names = {str(item.get("collection")) for item in items if item.get("collection")}
    documents = {name: _collection(api, name, web) for name in sorted(names)[:20]}
    return Answered(items=tuple(items[: query.most]), collections=documents, more=len(items) > query.most)


def _collect(pages: Any, most: int, api: Api) -> list[Mapping[str, Any]]:  # noqa: ANN401 - pystac-client's iterator
    items: list[Mapping[str, Any]] = []
    for number, page in enumerate(pages, start=1):
        features = page.get("features") if isinstance(page, dict) else None
        if not isinstance(features, list):
            raise InputError(f"--api {shown(api.url)}: sends no list of items; is it a STAC API?")
        items += [feature for feature in features if isinstance(feature, dict)]
        if len(items) >= most:
            break
        if number >= MOST_PAGES:
            raise UnavailableError(
                f"{shown(api.url)}: sends page after page ({MOST_PAGES} with {len(items)} items); ask for fewer dates"
            )
    return items[:most]


def _collection(api: Api, name: str, web: Web) -> Mapping[str, Any]:
    """A collection's document, for its licence and providers; empty where it cannot be had."""
    if not all(letter.isalnum() or letter in "._-" for letter in name) or name.startswith("."):
        return {}
    try:
        document = json.loads(web.text("GET", f"{api.url.rstrip('/')}/collections/{name}"))
    except (UnavailableError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


class _Asking(StacApiIO):
    """pystac-client's way out, through `Web`."""

    def __init__(self, web: Web) -> None:
        super().__init__(max_retries=None)
        self._web = web

    def read_text(self, source: Any, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as in pystac
        if isinstance(source, pystac.Link):
            return str(super().read_text(source, *args, **kwargs))
        return self.request(str(source), *args, **kwargs)  # never a local file

    def request(
        self,
        href: str,
        method: str | None = None,
        headers: dict[str, str] | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> str:
        content: dict[str, Any] = {"headers": {k: str(v) for k, v in (headers or {}).items()}}
        if method == "POST":
            content["json"] = parameters or {}
        elif parameters:
            content["params"] = {k: v if isinstance(v, str) else _flat(v) for k, v in parameters.items()}
        return self._web.text("POST" if method == "POST" else "GET", href, **content)


def _flat(value: Any) -> str:  # noqa: ANN401
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
