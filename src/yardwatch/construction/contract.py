"""The answer of `changes --json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from yardwatch.model import Change


def as_json(changes: Sequence[Change]) -> dict[str, Any]:
    """Exactly the contract's fields; polygons as given, which is lon/lat for a file that others read."""
    return {"changes": [_entry(change) for change in changes]}


def _entry(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind,
        "area_m2": round(change.area_m2, 1),
        "first_seen": {
            "after": change.after.isoformat() if change.after else None,
            "before": change.before.isoformat() if change.before else None,
        },
        "persistence": change.persistence,
        "probability": change.probability,
        "stage": change.stage,
        "geometry": shapely.geometry.mapping(change.polygon),
    }
