"""Simulated yards counted the product's way, scene by scene, against exact truth. No real pixel is in them.

Every yard is drawn from its own seed, along tracks mis-set by up to 1.5 m. The training sees yards of other seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import shapely
from training.simulated import on_line, strip_of

from benchmarks.scoring import Score, Vehicle, score
from yardwatch.cars.calibration import Calibration
from yardwatch.cars.count import added, length_count
from yardwatch.cars.network import Network
from yardwatch.model import Car, Count, Scene
from yardwatch.simulate.anywhere import AnyScene, any_scene
from yardwatch.steps.reading import Tracked, freight_pmfs, read, vehicles
from yardwatch.steps.stretches import stretches
from yardwatch.steps.weights import load_network

HALF_CAR_M = 6.4
"""A vehicle cut by the image's edge counts when so much of it shows, as the decoder does."""
LEVEL = 0.9
"""Of the intervals that are fitted on such yards."""
SEEN_CARS = 0.5
"""Mean count from which a yard is none where nothing was seen."""
NOWHERE = shapely.box(-123.41, -48.91, -123.39, -48.89)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One yard, counted."""

    seed: int
    gsd_m: float
    true: int
    """Freight cars at least half seen."""
    pmf: tuple[float, ...]
    """Of the freight cars, before calibration."""
    length: float
    """The second count."""
    score: Score
    """Of all rail vehicles."""
    kinds: tuple[tuple[str, str], ...] = field(default=())
    """(true, said) of matched vehicles."""
    covers: tuple[tuple[bool, bool | None], ...] = field(default=())
    """(true, said) of matched open wagons; None where no open wagon was seen."""

    @property
    def mean(self) -> float:
        """Of the pmf."""
        return float(np.dot(self.pmf, np.arange(len(self.pmf))))

    def counted(self, errors: Calibration) -> Count:
        """As a report gives it, with the errors of a GSD's class; what it calls the count is the `map`."""
        return Count(errors.widened(np.array(self.pmf)), level=LEVEL)


def count_yard(seed: int, gsd_m: float, network: Network) -> Outcome:
    """Draw, count and score one yard."""
    scene = any_scene(np.random.default_rng([seed, 20240617]), gsd_m=gsd_m)
    lines = {track.id: track.line for track in scene.given}
    tracked = tracked_yard(scene, seed, network)
    reads = list(read(tracked, set(stretches(scene.given, None))).values())
    told = vehicles(reads, lines)
    cars = [one.car for one in told]
    true = true_vehicles(scene)
    scores, pairs = Score(), []
    for track in lines:
        own = [(car, vehicle) for car, vehicle in true if car.track == track]
        found = [car for car in cars if car.track == track]
        scores += score(tuple(found), tuple(vehicle for _, vehicle in own))[0]
        pairs += [(car, said) for car, vehicle in own for said in found if _same(said, vehicle)]
    return Outcome(
        seed=seed, gsd_m=gsd_m, true=sum(car.freight and one.visible >= 0.5 for car, one in true),
        pmf=tuple(added(freight_pmfs(reads, lines)).tolist()),
        length=length_count([car for car in cars if car.freight]).mean, score=scores,
        kinds=tuple((car.kind, said.kind) for car, said in pairs),
        covers=tuple((bool(car.covered), said.covered) for car, said in pairs if car.covered is not None),
    )  # fmt: skip


def tracked_yard(scene: AnyScene, seed: int, network: Network) -> Tracked:
    """A yard as the product holds it: cut along its given lines."""
    described = Scene(
        id=f"simulated {seed}", href="", sha256=f"{seed:064x}", acquired=None, gsd_m=scene.gsd_m, crs="",
        footprint=NOWHERE, synthetic=True,
    )  # fmt: skip
    strips = tuple(strip_of(scene, line) for line in scene.given)
    return Tracked(scene=described, tracks=scene.given, strips=strips, empties=(None,) * len(strips), network=network)


def true_vehicles(scene: AnyScene) -> list[tuple[Car, Vehicle]]:
    """Every vehicle along its given line; one cut short by the image counts as seen when enough of it shows."""
    height, width = scene.data.shape[1:]
    corners = [scene.transform * xy for xy in ((0, 0), (width, 0), (width, height), (0, height))]
    image = shapely.Polygon(corners)
    given = {track.id: track.line for track in scene.given}
    lines = {track.id: track.line for track in scene.tracks}
    found = []
    for car in scene.truth:
        line = lines[car.track]
        body = shapely.LineString([line.interpolate(car.start_m), line.interpolate(car.end_m)])
        shown = body.intersection(image).length
        seen = 1.0 if shown > 0.99 * body.length or shown >= HALF_CAR_M else 0.0
        start, end = on_line(car, line, given[car.track])
        found.append((car, Vehicle(start, end, seen, car.id)))
    return found


def _same(car: Car, vehicle: Vehicle) -> bool:
    common = min(car.end_m, vehicle.end_m) - max(car.start_m, vehicle.start_m)
    return common > 0.5 * (max(car.end_m, vehicle.end_m) - min(car.start_m, vehicle.start_m))


def count_yards(seeds: Sequence[int], gsds_m: Sequence[float], weights: bytes, workers: int = 2) -> list[Outcome]:
    """Many yards, in order, on several processes."""
    task = partial(_one, weights=weights)
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(task, seeds, gsds_m, chunksize=8))


def _one(seed: int, gsd_m: float, weights: bytes) -> Outcome:
    return count_yard(seed, gsd_m, _network(weights))


_KNOWN: dict[int, Network] = {}


def _network(weights: bytes) -> Network:
    """Loaded once a process."""
    key = hash(weights)
    if key not in _KNOWN:
        _KNOWN[key] = Network.from_bytes(weights) if weights else load_network()
    return _KNOWN[key]
