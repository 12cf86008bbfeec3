"""pgstac: a site's catalogue in a PostgreSQL database that stac-fastapi serves, for a house with many sites.

The site's own catalogue stays the truth; this is a copy that is made anew: one collection a site, named after it, all
or nothing, and items that are no longer in the catalogue go. The database has pgstac in it (`pypgstac migrate`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import errors

from yardwatch.errors import InputError
from yardwatch.store.server import checked_address, connection_settings, label, told

Document = Mapping[str, Any]


def put_catalogue(address: str, collection: Document, items: Sequence[Document]) -> int:
    """Make these the collection and all its items; gives how many went because they are no longer there.

    Raises InputError for an address with a password in it and for a database without pgstac, UnavailableError for one
    out of reach.
    """
    name = label(address)
    with told(name), psycopg.connect(checked_address(address), **connection_settings()) as connection:
        try:
            connection.execute("SET search_path TO pgstac, public")
            connection.execute("SELECT upsert_collection(%s::jsonb)", (json.dumps(collection),))
        except (errors.UndefinedFunction, errors.InvalidSchemaName) as error:
            raise InputError(f"{name} has no pgstac; run `pypgstac migrate` on it once") from error
        wanted = {str(item["id"]) for item in items}
        rows = connection.execute("SELECT id FROM items WHERE collection = %s", (collection["id"],)).fetchall()
        gone = sorted({str(row[0]) for row in rows} - wanted)
        for item in gone:
            connection.execute("SELECT delete_item(%s, %s)", (item, collection["id"]))
        if items:
            connection.execute("SELECT upsert_items(%s::jsonb)", (json.dumps(list(items)),))
    return len(gone)


def collection_of(site: str, name: str, items: Iterable[Document]) -> dict[str, Any]:
    """A STAC collection whose extent is that of its items."""
    known = list(items)
    boxes = [item["bbox"] for item in known] or [[-180.0, -90.0, 180.0, 90.0]]
    box = [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
    days = sorted(str(item["properties"]["datetime"]) for item in known)
    return {
        "type": "Collection",
        "id": site,
        "stac_version": "1.0.0",
        "title": name,
        "description": f"Scenes of {name}, as received by Yardwatch",
        "license": "other",
        "links": [],
        "extent": {
            "spatial": {"bbox": [box]},
            "temporal": {"interval": [[days[0], days[-1]] if days else [None, None]]},
        },
    }
