"""Found vehicles against true ones: one to one by overlap along the track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yardwatch.model import Car

IOU = 0.5
"""Overlap ÷ union from which a found vehicle is a true one; two finds cannot both reach it but at exactly one half."""


@dataclass(frozen=True)
class Interval:
    """A true vehicle: a stretch of one track, ground metres."""

    track: str
    start_m: float
    end_m: float


@dataclass(frozen=True, kw_only=True)
class Score:
    """Vehicles found, missed and false; scores add up."""

    found: int = 0
    missed: int = 0
    false: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(found=self.found + other.found, missed=self.missed + other.missed, false=self.false + other.false)

    @property
    def precision(self) -> float | None:
        """Found ÷ all that were drawn."""
        return _share(self.found, self.found + self.false)

    @property
    def recall(self) -> float | None:
        """Found ÷ all that are true."""
        return _share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float | None:
        """2 found ÷ (2 found + missed + false)."""
        return _share(2 * self.found, 2 * self.found + self.missed + self.false)


def score(drawn: Sequence[Car], true: Sequence[Interval], ignored: Sequence[Interval] = ()) -> Score:
    """Best overlaps first, each vehicle once. A drawn one that lies half on an ignored vehicle counts neither way."""
    pairs = sorted(
        ((iou(car, one), i, j) for i, car in enumerate(drawn) for j, one in enumerate(true) if iou(car, one) >= IOU),
        reverse=True,
    )
    cars, ones = set(), set()
    for _, i, j in pairs:
        if i not in cars and j not in ones:
            cars.add(i)
            ones.add(j)
    rest = [car for i, car in enumerate(drawn) if i not in cars]
    false = [car for car in rest if not any(overlap(car, one) >= 0.5 * car.length_m for one in ignored)]
    return Score(found=len(ones), missed=len(true) - len(ones), false=len(false))


def overlap(car: Car, one: Interval) -> float:
    """Metres two vehicles share; 0 on different tracks."""
    if car.track != one.track:
        return 0.0
    return max(0.0, min(car.end_m, one.end_m) - max(car.start_m, one.start_m))


def iou(car: Car, one: Interval) -> float:
    """Overlap ÷ union along the track."""
    shared = overlap(car, one)
    return shared / (car.length_m + one.end_m - one.start_m - shared) if shared else 0.0


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
