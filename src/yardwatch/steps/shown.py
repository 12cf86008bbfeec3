"""What the scenes of a site show of it and what not: zones outside every scene, scenes kept out and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from yardwatch.model import Scene
from yardwatch.steps.place import Place
from yardwatch.store.protocol import Store
from yardwatch.store.rows import LookRow

OUTSIDE = (
    "no usable scene shows any zone: each zone lies outside every footprint; redraw zones.geojson over the images, "
    "or add images of the place"
)


def shown_ground(place: Place, scenes: Sequence[Scene]) -> shapely.Geometry | None:
    """The part of the zones that scenes show, ground metres; None where they show nothing.

    A zone drawn far away by mistake must not stretch the grid until its pixels are kilometres wide.
    """
    footprints = place.frame.to_ground(shapely.union_all([scene.footprint for scene in scenes]))
    zones = shapely.union_all(list(place.ground_zones.values()))
    common = shapely.make_valid(footprints).intersection(zones)
    return common if common.area > 0 else None


def unseen_zones(place: Place, scenes: Sequence[Scene]) -> tuple[str, ...]:
    """Zones that no scene shows, a line each."""
    footprints = shapely.union_all([scene.footprint for scene in scenes])
    return tuple(
        f"zone {name} lies outside every usable scene: nothing there was looked at"
        for name, zone in place.zones.items()
        if not shapely.intersects(footprints, zone.polygon)
    )


def kept_out(place: Place, store: Store) -> list[dict[str, Any]]:
    """Scenes that took no part in the search for changes, each with the reason."""
    rows = {row.id: row for row in store.looks()}
    told = [(scene, _why_not(rows.get(place.look_id(scene)))) for scene in place.scenes]
    return [
        {"scene": scene.id, "date": scene.acquired.date().isoformat() if scene.acquired else None, "reason": why}
        for scene, why in told
        if why is not None
    ]


def _why_not(row: LookRow | None) -> str | None:
    if row is None:
        return "not counted yet: run again"
    if not row.aligned:
        return row.reason or "not aligned to the reference scene"
    if not row.usable:
        return row.reason or "not usable"
    return "no date" if row.acquired is None else None
