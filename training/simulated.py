"""Strips of simulated yards: whole scenes with real geometry, read along mis-set tracks as the product reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat

import numpy as np
import shapely
from numpy.typing import NDArray

from training.layout import EMPTY, KINDS, SEEN_STEPS, STEP_M, UNKNOWN, Labelled, label_states
from yardwatch.cars.network import resampled
from yardwatch.cars.strips import cut, plan
from yardwatch.imagery.sampling import bilinear
from yardwatch.model import Car, Strip, Track
from yardwatch.simulate.anywhere import AnyScene, any_scene

Floats = NDArray[np.float32]
Rng = np.random.Generator

SCENES = 700
"""Yards, some five tracks each."""
STREAM = 3
"""Keeps the training's yards apart from those of any benchmark."""
FINE_SHARE = 0.9
FINE_M, COARSE_M = (0.25, 1.05), (1.05, 1.6)
"""GSDs of the scenes, evenly over their logarithm."""
EVERY, MOST = 0.3, 4.0
"""What each strip is weighed beside its loss, and the bound of that: strips on which nobody could see a wagon must not
take the place of those that can be learnt."""


def corpus(seed: int, scenes: int, spread: Callable[..., Iterator] = map) -> list[Labelled]:
    """Strips of so many scenes, each at least one window long; every scene from a generator of its own.

    `spread` is `map`, or that of a pool of processes.
    """
    return [strip for strips in spread(strips_of, repeat(seed), range(scenes)) for strip in strips]


def strips_of(seed: int, k: int) -> list[Labelled]:
    """The strips of one scene."""
    rng = np.random.default_rng([STREAM, seed, k])
    low, high = FINE_M if rng.random() < FINE_SHARE else COARSE_M
    scene = any_scene(rng, gsd_m=float(np.exp(rng.uniform(np.log(low), np.log(high)))))
    found = [labelled(scene, track) for track in range(len(scene.tracks))]
    return [strip for strip in found if strip.data.shape[2] >= SEEN_STEPS]


def strip_of(scene: AnyScene, line: Track) -> Strip:
    """The scene along one line, cut as the product cuts it."""
    planned = plan(line, scene.gsd_m)
    column, row = ~scene.transform * (planned.points[..., 0], planned.points[..., 1])
    top = np.iinfo(scene.data.dtype).max
    data = scene.data.astype(np.float32) / top
    values, seen = bilinear(data, np.ones(data.shape[1:], bool), column - 0.5, row - 0.5)
    return cut(planned, values, seen, scene.gsd_m)


def on_line(car: Car, true: shapely.LineString, line: shapely.LineString) -> tuple[float, float]:
    """A car's ends (metres along its track) in metres along another line."""
    ends = sorted(line.project(true.interpolate(at)) for at in (car.start_m, car.end_m))
    return ends[0], ends[1]


def labelled(scene: AnyScene, k: int) -> Labelled:
    """The k-th given track's strip on the network's grid, with what stands on it."""
    true, given = scene.tracks[k], scene.given[k]
    data, visible = resampled(strip_of(scene, given))
    cars = sorted((*on_line(car, true.line, given.line), car.id) for car in scene.truth if car.track == true.id)
    by_id = {car.id: car for car in scene.truth}
    state = label_states([(a, b) for a, b, _ in cars], data.shape[2])
    kind, cover = np.full((2, len(state)), UNKNOWN, np.int64)
    for start, end, name in cars:
        steps = slice(max(0, round(start / STEP_M)), max(0, round(end / STEP_M)))
        kind[steps] = KINDS.index(by_id[name].kind)
        covered = by_id[name].covered
        cover[steps] = UNKNOWN if covered is None else int(covered)
    kind[state == EMPTY] = cover[state == EMPTY] = UNKNOWN
    return Labelled(data, visible, state, kind, cover)


def window(strip: Labelled, rng: Rng) -> Labelled:
    """A piece as long as a training strip, a new one."""
    first = 2 * int(rng.integers(0, (strip.data.shape[2] - SEEN_STEPS) // 2 + 1))
    part = slice(first, first + SEEN_STEPS)
    return replace(
        strip, data=strip.data[:, :, part].copy(), visible=strip.visible[:, part].copy(), state=strip.state[part],
        kind=strip.kind[part], cover=strip.cover[part],
    )  # fmt: skip


def weighed(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances (n,) of strips to be drawn, ∝ EVERY + min(loss ÷ mean loss, MOST)."""
    wanted = EVERY + np.minimum(losses / max(float(losses.mean()), 1e-9), MOST)
    return np.asarray(wanted / wanted.sum())
