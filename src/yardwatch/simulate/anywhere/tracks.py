"""The tracks of any yard: parallel ones, a ladder, a crossover, a dead end; and the same as a map would have them.

Neighbours lie 4.3–6.5 m apart, or farther where a road runs between. A ladder's tracks leave their neighbour one after
the other along smoothsteps. A smoothstep that moves d metres over w has the least radius w² / 6d.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops

from yardwatch.model import Track
from yardwatch.simulate.anywhere.course import Course, Floats

CLOSEST_M, FARTHEST_M = 4.3, 6.5
LADDER_RADIUS_M, CROSSOVER_RADIUS_M = 400.0, 210.0
"""Of one smoothstep; where those of a ladder overlap, its curve is up to 1.8 times tighter."""
BEYOND_M = 14.0
"""Tracks are followed so far past the picture's edge, so that cut cars have both ends."""
SHORTEST_M = 40.0
CLEARANCE_M = 3.7
"""Cars stand no nearer to another track's centre line."""
WORST_OFFSET_M = 1.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Fan:
    """Tracks in the making."""

    across: Floats
    """(n,): where the parallel tracks lie, metres left of the course, rising."""
    lines: tuple[tuple[str, shapely.LineString], ...]
    """Track id and ground line, whole."""
    stops: tuple[tuple[str, bool], ...]
    """Tracks that end in the picture, and whether the line's last point is the end."""


def draw_fan(rng: np.random.Generator, course: Course, most: int = 7) -> Fan:
    """Two to `most` tracks along a course."""
    number = int(rng.integers(2, most + 1, 2).max())
    across = _across(rng, number)
    profiles = {f"track-{i + 1}": np.full_like(course.at, d) for i, d in enumerate(across)}
    if course.straight and number > 2 and rng.random() < 0.5:
        profiles = _ladder(rng, course, across)
    lines = []
    for name, profile in profiles.items():
        held = np.isfinite(profile)
        if held.sum() > SHORTEST_M:
            lines.append((name, course.line(course.at[held], profile[held])))
    if course.straight and len(profiles) == number and rng.random() < 0.25:
        lines.append(("crossover", _crossover(rng, course, across)))
    stops: tuple[tuple[str, bool], ...] = ()
    if rng.random() < 0.2:
        name, line = lines[0]
        lines[0] = (name, _cut(line, line.length * rng.uniform(0.4, 0.62)))
        stops = ((name, True),)
    return Fan(across=across, lines=tuple(lines), stops=stops)


def within(fan: Fan, picture: shapely.Polygon, rng: np.random.Generator) -> tuple[Track, ...]:
    """The tracks near a picture, cut `BEYOND_M` past its edge and simplified; some run the other way."""
    box, found = picture.buffer(BEYOND_M, join_style="mitre"), []
    for name, line in fan.lines:
        parts = [part for part in shapely.get_parts(line.intersection(box)) if part.geom_type == "LineString"]
        longest = max(parts, key=lambda part: part.length, default=shapely.LineString())
        back = rng.random() < 0.3
        if longest.intersection(picture).length >= SHORTEST_M:
            kept = longest.simplify(0.012)
            found.append(Track(id=name, line=kept.reverse() if back else kept))
    return tuple(found)


def rooms(tracks: tuple[Track, ...], ends: shapely.Geometry) -> dict[str, list[tuple[float, float]]]:
    """Track id to the stretches (start, end, metres along it) where cars clear all neighbours and buffer stops."""
    found = {}
    for track in tracks:
        others = [shapely.buffer(t.line, CLEARANCE_M) for t in tracks if t is not track]
        free = track.line.difference(shapely.union_all([*others, ends]))
        parts = [part for part in shapely.get_parts(free) if part.geom_type == "LineString" and part.length > 8]
        spans = [sorted(track.line.project(shapely.Point(part.coords[i])) for i in (0, -1)) for part in parts]
        found[track.id] = sorted((span[0], span[1]) for span in spans)
    return found


def misset(tracks: tuple[Track, ...], rng: np.random.Generator) -> tuple[Track, ...]:
    """The tracks as a map has them: off by one bias for all, one for each, and a slow wave; at most 1.5 m."""
    spread = rng.uniform(0, 0.6)
    common = rng.normal(0, spread, 2)
    found = []
    for track in tracks:
        own, wave, phase, long = (
            rng.normal(0, spread * 0.5),
            rng.normal(0, 0.25),
            rng.uniform(0, 6.3),
            rng.uniform(60, 250),
        )
        line = shapely.segmentize(track.line, 8.0)
        corners = np.array(line.coords)
        run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        forward = np.gradient(corners, axis=0)
        forward /= np.hypot(*forward.T)[:, None]
        left = np.stack([-forward[:, 1], forward[:, 0]], axis=-1)
        off = left @ common + own + wave * np.sin(2 * np.pi * run / long + phase)
        off = WORST_OFFSET_M * np.tanh(off / WORST_OFFSET_M)
        found.append(Track(id=track.id, line=shapely.LineString(corners + off[:, None] * left)))
    return tuple(found)


def _across(rng: np.random.Generator, number: int) -> Floats:
    usual = rng.uniform(CLOSEST_M + 0.1, 5.6 if rng.random() < 0.8 else FARTHEST_M)
    steps = np.clip(usual + rng.normal(0, 0.15, number - 1), CLOSEST_M, FARTHEST_M)
    wide = rng.random(number - 1) < 0.12
    steps = np.where(wide, rng.uniform(6.5, 13.0, number - 1), steps)
    across = np.concatenate([[0], np.cumsum(steps)])
    return np.asarray(across - across.mean() + rng.uniform(-8, 8))


def _ladder(rng: np.random.Generator, course: Course, across: Floats) -> dict[str, Floats]:
    """Profiles of tracks that leave their neighbour one by one; NaN where a track is not yet its own."""
    way, apart = rng.choice([-1, 1]), rng.uniform(26, 46)
    first = rng.uniform(-150, -10) - apart * (len(across) - 3) / 2
    found: dict[str, Floats] = {}
    order = range(len(across)) if rng.random() < 0.5 else range(len(across) - 1, -1, -1)
    before = np.full_like(course.at, across[order[0]])
    for rank, i in enumerate(order):
        depth = across[i] - across[order[0]] if rank == 0 else across[i] - across[order[rank - 1]]
        start = first + apart * rank
        if rank:
            before = before + depth * _smooth((way * course.at - start) / np.sqrt(6 * abs(depth) * LADDER_RADIUS_M))
        found[f"track-{i + 1}"] = np.where((rank == 0) | (way * course.at > start + 4), before, np.nan)
    return found


def _crossover(rng: np.random.Generator, course: Course, across: Floats) -> shapely.LineString:
    i, way, start = int(rng.integers(len(across) - 1)), rng.choice([-1, 1]), rng.uniform(-100, 20)
    depth = across[i + 1] - across[i]
    long = np.sqrt(6 * depth * CROSSOVER_RADIUS_M)
    along = np.linspace(start, start + long, 60)
    return course.line(along, across[i] + depth * _smooth(way * (along - start) / long + (way < 0)))


def _smooth(part: Floats) -> Floats:
    u = np.clip(part, 0, 1)
    return u * u * (3 - 2 * u)


def _cut(line: shapely.LineString, at: float) -> shapely.LineString:
    return shapely.ops.substring(line, 0, at)
