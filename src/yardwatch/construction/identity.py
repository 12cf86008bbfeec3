"""A name for a change that its content makes, so that the same inputs give the same id."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import shapely

from yardwatch.ground import Frame

PLACE_M = 10.0
"""Centroids are rounded to this: a look more moves an outline by a pixel or two, not an object by ten metres."""


def change_id(frame: Frame, polygon: shapely.Polygon, before: date | None) -> str:
    """16 hex digits of the SHA-256 of frame, rounded place (ground metres) and the first look that shows it.

    The same object keeps it while looks arrive, unless its centroid lies at the edge of two rounded places or an
    older look is added.
    """
    centre = polygon.centroid
    content = {
        "frame": [frame.lon, frame.lat],
        "place": [round(centre.x / PLACE_M), round(centre.y / PLACE_M)],
        "before": before.isoformat() if before else None,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
