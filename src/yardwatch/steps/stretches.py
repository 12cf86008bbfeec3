"""Stretches: the parts of the tracks that lie in a zone, as intervals of metres along each track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from yardwatch.model import Evidence, Strip, Track

SHORTEST_M = 6.0
"""Below the shortest wagon met a stretch cannot hold a car."""
BODY_HALF_WIDTH_M = 1.6
"""Half the widest loading gauge; visibility is judged on the metres a car would cover."""


@dataclass(frozen=True)
class Stretch:
    """Metres `start_m`..`end_m` of the track with this place in the list of tracks."""

    track: int
    start_m: float
    end_m: float


def stretches(tracks: Sequence[Track], zone: shapely.Geometry | None) -> tuple[Stretch, ...]:
    """The parts of the tracks (ground lines) inside a zone (ground); the whole tracks without one."""
    if zone is None:
        return tuple(Stretch(k, 0.0, track.line.length) for k, track in enumerate(tracks))
    return tuple(
        Stretch(k, start, end)
        for k, track in enumerate(tracks)
        for start, end in _inside(track.line, zone)
        if end - start >= SHORTEST_M
    )


def _inside(line: shapely.LineString, zone: shapely.Geometry) -> list[tuple[float, float]]:
    """Intervals along the line; the line is cut at the zone's edge, so each piece lies wholly in or out."""
    marks = {0.0, line.length}
    crossing = line.intersection(zone.boundary)
    for part in shapely.get_parts(crossing):
        marks |= {line.project(shapely.Point(xy)) for xy in shapely.get_coordinates(part)}
    ordered = sorted(marks)
    pieces: list[tuple[float, float]] = []
    for start, end in pairwise(ordered):
        if not zone.intersects(line.interpolate((start + end) / 2)):
            continue
        if pieces and pieces[-1][1] == start:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return pieces


def cut_evidence(evidence: Evidence, stretch: Stretch) -> Evidence:
    """The part of a track's evidence that lies on the stretch."""
    steps = _steps(stretch, evidence.step_m, len(evidence.visible))
    return Evidence(
        track=evidence.track,
        step_m=evidence.step_m,
        log_prob=evidence.log_prob[steps],
        visible=evidence.visible[steps],
    )


def visible_fraction(strips: Sequence[Strip], parts: Sequence[Stretch]) -> float:
    """Share of the metres a car would cover, on these stretches, that the image shows; 0 without any."""
    seen = total = 0.0
    for part in parts:
        strip = strips[part.track]
        core = strip.visible[np.abs(strip.offsets_m) <= BODY_HALF_WIDTH_M]
        shown = core[:, _steps(part, strip.step_m, core.shape[1])]
        seen, total = seen + float(shown.sum()), total + shown.size
    return seen / total if total else 0.0


def _steps(stretch: Stretch, step_m: float, n: int) -> slice:
    first = round(stretch.start_m / step_m)
    return slice(min(first, n), min(max(round(stretch.end_m / step_m), first + 1), n))
