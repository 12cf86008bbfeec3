"""Strips to vehicles: evidence, segmentation and kinds of every stretch asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.cars.against import held_against
from yardwatch.cars.capability import FREIGHT_GSD_M
from yardwatch.cars.coarse import COARSE_GSD_M, paced
from yardwatch.cars.doubt import doubted
from yardwatch.cars.footprint import footprint
from yardwatch.cars.kinds import Told, freight_only, kinds_of, tell
from yardwatch.cars.light import Light, light
from yardwatch.cars.network import Network
from yardwatch.cars.overlap import duplicates
from yardwatch.cars.readers import habits_of, speak
from yardwatch.cars.segment import Segmentation, decode_many
from yardwatch.model import Evidence, Scene, Strip, Track
from yardwatch.steps.stretches import Stretch, cut_evidence


@dataclass(frozen=True, kw_only=True, eq=False)
class Tracked:
    """A scene cut along its tracks: ground tracks, their strips and, where known, each track when empty."""

    scene: Scene
    tracks: tuple[Track, ...]
    strips: tuple[Strip, ...]
    empties: tuple[Strip | None, ...]
    network: Network
    vouched: tuple[float, ...] | None = None
    """Of traced lines, how sure a track is near each (`cars.doubt`); None of given tracks."""

    def empty(self, track: int) -> Strip | None:
        """The track when empty, where the image can be held against it."""
        strip, empty = self.strips[track], self.empties[track]
        if empty is None or empty.data.shape != strip.data.shape or self.scene.gsd_m > COARSE_GSD_M:
            return None
        return empty

    @property
    def known(self) -> bool:
        """Whether this is one look of a site whose tracks have been seen empty."""
        return any(empty is not None for empty in self.empties)

    @cached_property
    def days(self) -> tuple[Light | None, ...]:
        """The day's light along each track, where its empty look tells it."""
        pairs = [(strip, self.empty(track)) for track, strip in enumerate(self.strips)]
        return tuple(None if empty is None else light(strip, empty) for strip, empty in pairs)

    @cached_property
    def snowy(self) -> bool:
        """Whether snow lies beside at least half of the tracks known empty; where none is, nobody can tell."""
        whitened = [day.snow is not None for day in self.days if day is not None]
        return bool(whitened) and sum(whitened) >= len(whitened) / 2


@dataclass(frozen=True, eq=False)
class Read:
    """What was made of one stretch."""

    told: tuple[Told, ...]
    """Every vehicle, metres along the whole track."""
    pmf: NDArray[np.float64]
    """Chance of 0, 1, … vehicles of any kind."""


def read(tracked: Tracked, parts: set[Stretch]) -> dict[Stretch, Read]:
    """The vehicles of each stretch. The draws are seeded by the scene's hash: the same scene gives the same cars."""
    rng = np.random.default_rng(int(tracked.scene.sha256[:16], 16))
    ordered = sorted(parts, key=lambda part: (part.track, part.start_m, part.end_m))
    used = sorted({part.track for part in ordered})
    shown = {track: _shown(tracked, track) for track in used}
    habits = habits_of(tracked.network, tracked.scene.gsd_m)
    found = decode_many([cut_evidence(shown[part.track], part) for part in ordered], rng=rng, habits=habits)
    return {
        part: Read(_told(_moved(one, part.start_m, shown[part.track]), tracked.strips[part.track], tracked), one.pmf)
        for part, one in zip(ordered, found, strict=True)
    }


def freight_pmfs(reads: Sequence[Read], lines: Mapping[str, shapely.LineString]) -> list[NDArray[np.float64]]:
    """The pmf of freight cars of each stretch: less what is no freight, and less what another track shows better."""
    told = [one for each in reads for one in each.told]
    twice = _twice(told, lines)
    chances = [0.0 if k in twice else one.freight for k, one in enumerate(told)]
    bounds = np.cumsum([0, *(len(each.told) for each in reads)])
    return [
        freight_only(each.pmf, chances[first:last])
        for each, first, last in zip(reads, bounds[:-1], bounds[1:], strict=True)
    ]


def vehicles(reads: Sequence[Read], lines: Mapping[str, shapely.LineString]) -> list[Told]:
    """Every vehicle once."""
    told = [one for each in reads for one in each.told]
    twice = _twice(told, lines)
    return [one for k, one in enumerate(told) if k not in twice]


def _twice(told: Sequence[Told], lines: Mapping[str, shapely.LineString]) -> set[int]:
    grounds = [footprint(one.car, lines[one.car.track]) for one in told]
    return duplicates(grounds, [one.car.track for one in told], [one.car.probability for one in told])


def _told(found: Segmentation, strip: Strip, tracked: Tracked) -> tuple[Told, ...]:
    """Kinds where the weights tell them and the image carries them; else every vehicle is freight of unknown kind."""
    return tell(found.cars, strip, None if tracked.scene.gsd_m > FREIGHT_GSD_M else kinds_of(tracked.network))


def _shown(tracked: Tracked, track: int) -> Evidence:
    """By the network; doubted where a traced line is; held against the empty look where one is and no snow hides it."""
    strip, empty, day = tracked.strips[track], tracked.empty(track), tracked.days[track]
    said = speak(strip, tracked.network)
    if tracked.vouched is not None:
        said = doubted(said, tracked.vouched[track])
    return said if empty is None or day is None or tracked.snowy else held_against(said, strip, empty, day)


def _moved(found: Segmentation, by_m: float, shown: Evidence) -> Segmentation:
    """The cars along the whole track, not along the stretch; in a coarse image with their trains' pitch."""
    cars = tuple(replace(car, start_m=car.start_m + by_m, end_m=car.end_m + by_m) for car in found.cars)
    return replace(found, cars=paced(cars, shown))
