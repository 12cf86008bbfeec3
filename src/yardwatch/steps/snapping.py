"""Tracks of a site brought onto the rails of its reference scene, once; all other scenes are aligned to that one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from yardwatch.cars.tracing.offset import SNAP_M
from yardwatch.cars.tracing.packed import tracer_of
from yardwatch.errors import SiteError
from yardwatch.sites.files import write_bytes
from yardwatch.sites.folder import TRACKS
from yardwatch.sites.tracks import write_tracks
from yardwatch.steps.offset import shift_of
from yardwatch.steps.place import place_to_count
from yardwatch.steps.weights import load_network
from yardwatch.store.lock import site_lock

KEPT = "tracks.before-snap.geojson"


def snap_tracks(where: str | Path) -> dict[str, Any]:
    """Move all tracks sideways together where the reference scene is sure of it; the file as it was is kept beside.

    Raises SiteError where they surely lie farther off than they may be moved: nothing is written then.
    """
    place = place_to_count(where)
    shift = shift_of(place.reference, place.tracks, place.frame, tracer_of(load_network(None)))
    verdict = "not checked" if shift is None else shift.verdict
    if shift is not None and verdict == "off":
        raise SiteError(
            f"{place.folder.path}: the tracks lie {abs(shift.metres):.1f} m beside the rails of {place.reference.id}, "
            f"more than the {SNAP_M:.1f} m they may be moved; draw them anew over that image in QGIS"
        )
    if shift is not None and verdict == "snap":
        path = place.folder.path / TRACKS
        moved = [replace(track, line=place.frame.to_lonlat(shift.moved(track.line))) for track in place.tracks]
        with site_lock(place.folder.path):
            write_bytes(path.with_name(KEPT), path.read_bytes())
            write_tracks(path, moved)
    return {
        "reference_scene": place.reference.id,
        "verdict": verdict,
        "metres": None if shift is None else round(shift.metres, 2),
        "margin": None if shift is None else round(shift.margin, 3),
        "moved": verdict == "snap",
    }
