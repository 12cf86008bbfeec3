"""The answer of `changes --json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from yardwatch.model import Change


def as_json(changes: Sequence[Change]) -> dict[str, Any]:
    """The contract's fields and those added since; polygons as given, which is lon/lat for a file that others read."""
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
        "score": _rounded(change.score),
        "rectangularity": _rounded(change.rectangularity),
        "straight_edges": _rounded(change.straight_edges),
        "length_m": _rounded(change.length_m),
        "doubt": change.doubt,
        "geometry": shapely.geometry.mapping(change.polygon),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
