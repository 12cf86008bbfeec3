"""A simulated yard as both counters are scored on it: all rail vehicles, along the track each counter's cars lie on."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from training.simulated import on_line

from benchmarks.peer.boxes import Box
from benchmarks.peer.carrying import carried
from benchmarks.peer.counters import THRESHOLDS, at_least
from benchmarks.scoring import Score, Vehicle, score
from benchmarks.tracing import picture_of
from benchmarks.yards import HALF_CAR_M
from yardwatch.model import Track
from yardwatch.simulate.anywhere import AnyScene


def standing(scene: AnyScene, tracks: tuple[Track, ...]) -> dict[str, tuple[Vehicle, ...]]:
    """Vehicles by track, in metres along these lines of the same names; cut ones count when enough of them shows."""
    outline = picture_of(scene).outline
    true, lines = ({track.id: track.line for track in some} for some in (scene.tracks, tracks))
    found: dict[str, list[Vehicle]] = {track.id: [] for track in tracks}
    for car in scene.truth:
        line = true[car.track]
        body = shapely.LineString([line.interpolate(car.start_m), line.interpolate(car.end_m)])
        shown = body.intersection(outline).length
        seen = 1.0 if shown > 0.99 * body.length or shown >= HALF_CAR_M else 0.0
        found[car.track].append(Vehicle(*on_line(car, line, lines[car.track]), seen, car.id))
    return {name: tuple(sorted(vehicles)) for name, vehicles in found.items()}


def score_boxes(scene: AnyScene, boxes: Sequence[Box]) -> Score:
    """Boxes of one yard, carried over to its true tracks."""
    found, true = carried(boxes, ~scene.transform, scene.tracks), standing(scene, scene.tracks)
    return sum((score(found[name], ones)[0] for name, ones in true.items()), Score())


def by_threshold(scene: AnyScene, boxes: Sequence[Box]) -> dict[float, Score]:
    """The same from every score on."""
    return {least: score_boxes(scene, at_least(boxes, least)) for least in THRESHOLDS}
