"""Trains: rows of coupled vehicles, their length over couplers, and how much of it one car takes.

    pitch(scene) = (Σ_i l_i over the middle half of the cars seen + PRIOR_CARS · PITCH_M) ÷ (cars in it + PRIOR_CARS)
    pitch(train) = the same of the train's own cars, with SCENE_CARS · pitch(scene)

l_i is a drawn body over its couplers. Bodies shorter or longer than any wagon (two merged, half of one) are left out,
and the middle half is what a few wrongly split or merged cars cannot move (in trains of four and more; shorter ones
lean on the scene's pitch): cars missed do not matter at all. So the pitch stays apart from the number of cars found.
Wagons of one train are alike, those of one scene are not: a train of long flats beside one of short tanks has a pitch
of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yardwatch.cars import lengths
from yardwatch.model import Car

PITCH_M = 13.92
"""Metres over couplers of the gondola 12-132, the commonest wagon of the case."""
PRIOR_CARS = 4
"""Cars whose weight the usual pitch has against what is measured."""
SCENE_CARS = 2
"""Cars whose weight the scene's pitch has against a train's own."""
COUPLED_M = lengths.EMPTY_SHORTEST_M
"""Bodies closer than this belong to one train."""


@dataclass(frozen=True, kw_only=True)
class PacedCar(Car):
    """A vehicle of a coarse image, where single cars are guesses: it carries what its whole train tells."""

    pitch_m: float
    """Metres of its train, over couplers, to a freight car; beyond any car's length where few are freight."""


def trains(cars: Sequence[Car]) -> list[list[Car]]:
    """The vehicles in order of track and metres, a list for each row of coupled ones."""
    found: list[list[Car]] = []
    for car in sorted(cars, key=lambda car: (car.track, car.start_m)):
        if found and found[-1][0].track == car.track and car.start_m - end_of(found[-1]) < COUPLED_M:
            found[-1].append(car)
        else:
            found.append([car])
    return found


def end_of(train: Sequence[Car]) -> float:
    """Where the last body ends, metres along the track."""
    return max(car.end_m for car in train)


def over_couplers(train: Sequence[Car]) -> float:
    """Metres from the first body's start to the last one's end, and half a coupling gap at either end."""
    return end_of(train) - train[0].start_m + lengths.GAP_MEAN_M


def pitch_of(train: Sequence[Car], scene_m: float) -> float:
    """Metres to a car: what the image told of the train, else by its own bodies, held towards the scene's pitch."""
    first = train[0]
    return first.pitch_m if isinstance(first, PacedCar) else _middle(train, scene_m, SCENE_CARS)


def measured_pitch(cars: Sequence[Car]) -> float:
    """The scene's pitch from the bodies that were drawn, held towards the usual one where they are few."""
    return _middle(cars, PITCH_M, PRIOR_CARS)


def _middle(cars: Sequence[Car], usual_m: float, weight: int) -> float:
    shortest, longest = lengths.OTHER_M
    own = np.sort([car.length_m + lengths.GAP_MEAN_M for car in cars if shortest <= car.length_m <= longest])
    middle = own[len(own) // 4 : len(own) - len(own) // 4]
    return float((middle.sum() + weight * usual_m) / (len(middle) + weight))
