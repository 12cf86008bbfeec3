"""Boxes carried over onto tracks, so that one rule scores both counters: middle within `CARRIED_M` of a track.

A box becomes a car of its length round the nearest point of its nearest track; what lies on no track counts neither
way, which is kind to the detector (traced lines are charged for theirs). Beyond a track's ends nothing is kept, as
labelled vehicles are cut there too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from affine import Affine

from benchmarks.peer.boxes import Box
from benchmarks.peer.detect import on_ground
from benchmarks.tracing import CARRIED_M
from yardwatch.model import Car, Track

LEAST_M = 1.0
"""A car of which a track's end leaves less is dropped."""


def carried(boxes: Sequence[Box], to_pixel: Affine, tracks: Sequence[Track]) -> dict[str, tuple[Car, ...]]:
    """Cars by track; every track is there."""
    found: dict[str, list[Car]] = {track.id: [] for track in tracks}
    for number, box in enumerate(boxes, 1):
        middle = shapely.Point(on_ground(np.array([[box.x_m, box.y_m]]), to_pixel)[0])
        track = min(tracks, key=lambda one: one.line.distance(middle))
        if track.line.distance(middle) > CARRIED_M:
            continue
        at = track.line.project(middle)
        start, end = max(0.0, at - box.length_m / 2), min(track.line.length, at + box.length_m / 2)
        if end - start >= LEAST_M:
            found[track.id].append(
                Car(id=f"box-{number}", track=track.id, start_m=start, end_m=end, probability=box.score)
            )
    return {name: tuple(cars) for name, cars in found.items()}
