"""Simulated yards of unseen seeds by both counters, each yard by both pairs of weights. No real pixel is in them.

The strip counter reads along the given lines, mis-set by up to 1.5 m; the peer's boxes are carried over to the true
ones, which spares it misses that are the lines' fault. Each is matched along the lines it is carried to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from benchmarks.peer.counters import SEED, STRIP, WAYS, Peer, Spent, difference, hindsight, timed
from benchmarks.peer.yards import by_threshold, score_boxes, standing
from benchmarks.scoring import Score, bootstrap, score
from benchmarks.tracing import cars_along, picture_of
from yardwatch.cars.network import Network
from yardwatch.model import Car
from yardwatch.simulate.anywhere import AnyScene, any_scene

YARDS = 40
FIRST_YARD = 31_000_000
"""No training draws from these seeds, nor does any other benchmark."""
GSD_M = 0.5


@dataclass(eq=False)
class Counted:
    """What one counter made of all yards."""

    parts: list[Score] = field(default_factory=list)
    """By yard and pair of weights."""
    yards: list[Score] = field(default_factory=list)
    """By yard: what is drawn anew for an interval."""
    spent: Spent = field(default_factory=Spent)
    tried: list[dict[float, Score]] = field(default_factory=list)
    """By pair of weights."""

    def as_row(self) -> dict[str, object]:
        """F1, error of the count a yard, time."""
        total = sum(self.parts, Score())
        true = [one.hit + one.missed for one in self.parts]
        drawn = [one.hit + one.false for one in self.parts]
        low, high = bootstrap(self.yards, np.random.default_rng(SEED))
        return {
            "f1": round(total.f1, 3), "interval_90": [round(low, 3), round(high, 3)],
            "hit": total.hit, "false": total.false, "missed": total.missed,
            "count_error": round(float(np.abs(np.subtract(drawn, true)).sum() / sum(true)), 3),
            "total_error": round(sum(drawn) / sum(true) - 1, 3),
        } | self.spent.as_row()  # fmt: skip

    def add(self, number: int, one: Score, spent: Spent) -> None:
        """One yard counted with one pair of weights."""
        self.parts.append(one)
        self.spent += spent
        if number == 0:
            self.yards.append(Score())
        self.yards[-1] += one

    def tries(self, number: int, scores: dict[float, Score]) -> None:
        """What every threshold would have given for one yard with one pair of weights."""
        while len(self.tried) <= number:
            self.tried.append(dict.fromkeys(scores, Score()))
        self.tried[number] = {least: one + scores[least] for least, one in self.tried[number].items()}


def simulated_table(weights: Sequence[tuple[Network, Peer]], yards: int = YARDS) -> dict[str, dict[str, object]]:
    """Every counter at `GSD_M`."""
    counted = {counter: Counted() for counter in (STRIP, *WAYS)}
    for seed in range(FIRST_YARD, FIRST_YARD + yards):
        scene = any_scene(np.random.default_rng([seed, SEED]), gsd_m=GSD_M)
        for number, both in enumerate(weights):
            _count(scene, both, counted, number)
    ours = counted[STRIP].yards
    return {
        f"{GSD_M:.2f} m, {counter}": one.as_row() | ({} if counter == STRIP else {
            "in_hindsight": hindsight(one.tried), "strip_counter_better_by": difference(ours, one.yards),
        })
        for counter, one in counted.items()
    }  # fmt: skip


def _count(scene: AnyScene, both: tuple[Network, Peer], counted: dict[str, Counted], number: int) -> None:
    """One yard by every counter, one after the other."""
    picture, (network, peer) = picture_of(scene), both
    size = sum(track.line.length for track in scene.given) / 1000, picture.data[0].size / 1e6
    cars, seconds = timed(partial(cars_along, picture, scene.given, network))
    counted[STRIP].add(number, _along_given(scene, cars), Spent(seconds, *size))
    for way in WAYS:
        boxes, seconds = timed(partial(peer.boxes, picture, way))
        counted[way].add(number, score_boxes(scene, peer.sure(boxes, way)), Spent(seconds, *size))
        counted[way].tries(number, by_threshold(scene, boxes))


def _along_given(scene: AnyScene, cars: list[Car]) -> Score:
    true = standing(scene, scene.given)
    parts = (score(tuple(car for car in cars if car.track == name), ones)[0] for name, ones in true.items())
    return sum(parts, Score())
