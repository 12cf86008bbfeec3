"""A small STAC API on loopback, written by hand from the STAC API specification 1.0.0; no recording of any service.

It knows the landing page, `/collections/{id}` and `/search` (GET and POST, bbox, datetime, collections, limit, pages).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.warp import transform_bounds
from tests.imagery.misbehaving import Served

CONFORMS = [
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/item-search",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
]
UTM = "EPSG:32710"
WEST, NORTH = 470_000.0, 4_590_000.0


def item(name: str, box: Sequence[float], **properties: Any) -> dict[str, Any]:
    """A STAC item; `assets`, `geometry`, `bbox`, `collection` may be given among the properties."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    special = {key: properties.pop(key) for key in ("assets", "geometry", "bbox", "collection") if key in properties}
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": name,
        "collection": "aerial",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": list(box),
        "properties": {"datetime": None, **properties},
        "links": [],
        "assets": {},
        **special,
    }


def serve_items(served: Served, items: Sequence[Mapping[str, Any]], page: int = 10) -> str:
    """Offer the items at the server's `/stac`; gives the API's address. Hrefs may be relative to it."""
    root = f"{served.url}/stac"

    def landing(_handler, _body) -> object:
        links = [
            {"rel": "self", "href": root, "type": "application/json"},
            {"rel": "root", "href": root, "type": "application/json"},
            {"rel": "data", "href": f"{root}/collections", "type": "application/json"},
            {"rel": "search", "href": f"{root}/search", "type": "application/geo+json", "method": "GET"},
            {"rel": "search", "href": f"{root}/search", "type": "application/geo+json", "method": "POST"},
        ]
        return {
            "type": "Catalog",
            "stac_version": "1.0.0",
            "id": "local",
            "description": "written by hand",
            "conformsTo": CONFORMS,
            "links": links,
        }

    def search(handler, body) -> object:
        asked = json.loads(body) if handler.command == "POST" else _from_query(handler.path)
        found = [one for one in items if _fits(one, asked)]
        first = int(asked.get("token", 0))
        shown = found[first : first + min(page, int(asked.get("limit", page)))]
        links = []
        if first + len(shown) < len(found):
            then = {**asked, "token": first + len(shown)}
            links.append({"rel": "next", "href": f"{root}/search", "method": "POST", "body": then})
        own = [{**one, "links": [{"rel": "self", "href": f"{root}/items/{one.get('id')}"}]} for one in shown]
        return {"type": "FeatureCollection", "features": own, "links": links}

    served.json["/stac"] = landing
    served.json["/stac/"] = landing
    served.json["/stac/search"] = search
    served.json["/stac/collections/aerial"] = collection("aerial")
    return root


def collection(name: str, licence: str = "CC-BY-4.0") -> Callable[..., object]:
    """A collection's document."""
    providers = [
        {"name": "Office of Nowhere", "roles": ["producer", "licensor"]},
        {"name": "A host", "roles": ["host"]},
    ]
    return lambda *_: {
        "type": "Collection",
        "stac_version": "1.0.0",
        "id": name,
        "description": "written by hand",
        "license": licence,
        "providers": providers,
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}},
        "links": [],
    }


def write_image(path: Path, side: int = 1200, seed: int = 1, gsd: float = 0.5, **options: Any) -> list[float]:
    """A COG of blobs at the corner of the fictional ocean site; gives its lon/lat bounds."""
    rng = np.random.default_rng(seed)
    data = rng.integers(1, 255, (3, side, side), dtype=np.uint8)
    profile = {"driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8", "crs": UTM} | options
    between = path.with_suffix(".between.tif")
    transform = Affine(gsd, 0, WEST, 0, -gsd, NORTH)
    with rasterio.open(between, "w", transform=transform, **profile) as out:
        out.write(data)
        bounds = transform_bounds(out.crs, "EPSG:4326", *out.bounds)
    rasterio.shutil.copy(between, path, driver="COG", compress="deflate", blocksize=256)
    between.unlink()
    return list(bounds)


def _from_query(path: str) -> dict[str, Any]:
    query = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
    asked: dict[str, Any] = dict(query)
    if "bbox" in query:
        asked["bbox"] = [float(one) for one in query["bbox"].split(",")]
    if "collections" in query:
        asked["collections"] = query["collections"].split(",")
    return asked


def _fits(one: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Bounding boxes that meet, days inside the interval; an item that says neither fits always."""
    if asked.get("collections") and one.get("collection") not in asked["collections"]:
        return False
    box, bbox = asked.get("bbox"), one.get("bbox")
    plain = box and isinstance(bbox, list) and len(bbox) == 4 and bbox[0] <= bbox[2]
    if plain and (bbox[2] < box[0] or bbox[0] > box[2] or bbox[3] < box[1] or bbox[1] > box[3]):
        return False
    when = (one.get("properties") or {}).get("datetime")
    start, _, end = str(asked.get("datetime", "../..")).partition("/")
    if isinstance(when, str) and when[:4].isdecimal():
        at = datetime.fromisoformat(when)
        return (start in ("..", "") or at >= datetime.fromisoformat(start)) and (
            end in ("..", "") or at <= datetime.fromisoformat(end)
        )
    return True
