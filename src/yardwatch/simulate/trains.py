"""Trains: strings of coupled cars stood on free stretches of track until a stated number is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yardwatch.model import Car
from yardwatch.simulate.stock import LOCOMOTIVE, Wagon, draw_string, draw_wagon
from yardwatch.simulate.yard import Yard

APART_M = 9.0
"""Two strings on one track stand at least this far apart, so that they are two."""
TRIES = 400


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One vehicle on the ground: what is true of it and how it looks."""

    car: Car
    """Body, not couplers; metres along the track's ground line."""
    wagon: Wagon


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """What is to stand in the zone."""

    freight: int
    longest: int
    """Most cars in one string."""
    locomotives: int


def place(yard: Yard, traffic: Traffic, rng: np.random.Generator, prefix: str) -> tuple[Placed, ...]:
    """Vehicles on the yard's tracks, by track and position; exactly `traffic.freight` freight cars.

    Raises ValueError when they do not fit.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in yard.standing_room}
    placed: list[tuple[str, float, Wagon]] = []
    left, locomotives = traffic.freight, traffic.locomotives
    for _ in range(TRIES):
        if left == 0 and locomotives == 0:
            return _as_cars(placed, prefix)
        number = min(left, int(rng.integers(1, traffic.longest + 1)))
        string = draw_string(rng, number)
        if locomotives and (left == 0 or rng.random() < 0.6):
            string.insert(0 if rng.random() < 0.5 else len(string), draw_wagon(rng, LOCOMOTIVE))
        stood = _stand(yard, taken, string, rng)
        placed += stood
        gone = sum(wagon.stock is LOCOMOTIVE for _, _, wagon in stood)
        left, locomotives = left - (len(stood) - gone), locomotives - gone
    raise ValueError(f"{traffic.freight} cars do not fit on the tracks of the yard")


def place_outside(yard: Yard, rng: np.random.Generator, prefix: str) -> tuple[Placed, ...]:
    """Two coupled cars on the main line beyond the zone: rail vehicles that no count of the zone may hold."""
    line = yard.ground_lines["main"]
    return _as_cars(_couple("main", line.length - 2.0 - 33.5, draw_string(rng, 2), rng), prefix)


def _stand(
    yard: Yard, taken: dict[str, list[tuple[float, float]]], string: list[Wagon], rng: np.random.Generator
) -> list[tuple[str, float, Wagon]]:
    length = sum(wagon.stock.over_couplers_m + 0.3 for wagon in string)
    names = list(yard.standing_room)
    rooms = np.array([end - start for start, end in yard.standing_room.values()])
    name = names[int(rng.choice(len(names), p=rooms / rooms.sum()))]
    start, end = yard.standing_room[name]
    if end - start <= length:
        return []
    at = float(rng.uniform(start, end - length))
    if any(at < b + APART_M and a < at + length + APART_M for a, b in taken[name]):
        return []
    taken[name].append((at, at + length))
    return _couple(name, at, string, rng)


def _couple(name: str, at: float, string: list[Wagon], rng: np.random.Generator) -> list[tuple[str, float, Wagon]]:
    """Starts of bodies one behind the other; slack and buffers move each gap a little within 0.7–1.4 m."""
    found, here = [], at
    for wagon, after in zip(string, [*string[1:], None], strict=True):
        found.append((name, here, wagon))
        if after is not None:
            gap = (wagon.stock.gap_m + after.stock.gap_m) / 2 + rng.normal(0, 0.06)
            here += wagon.stock.body_m + float(np.clip(gap, 0.7, 1.4))
    return found


def _as_cars(placed: list[tuple[str, float, Wagon]], prefix: str) -> tuple[Placed, ...]:
    ordered = sorted(placed, key=lambda item: (item[0], item[1]))
    return tuple(
        Placed(wagon=wagon, car=_car(f"{prefix}-{i + 1:03d}", track, start, wagon))
        for i, (track, start, wagon) in enumerate(ordered)
    )


def _car(name: str, track: str, start: float, wagon: Wagon) -> Car:
    stock = wagon.stock
    return Car(
        id=name, track=track, start_m=start, end_m=start + stock.body_m, kind=stock.kind, probability=1.0,
        width_m=stock.width_m, covered=wagon.covered,
    )  # fmt: skip
