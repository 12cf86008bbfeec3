"""Trains on any yard's tracks: blocks of one type, mixed rakes, uncoupled gaps, engines, coaches, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yardwatch.model import Car
from yardwatch.simulate.anywhere.brush import Painter
from yardwatch.simulate.anywhere.fleet import SHARES, Model, draw_load, draw_model, draw_wagon
from yardwatch.simulate.stock import Wagon

EMPTY_SHARE = 0.12
"""Of scenes that hold no vehicle at all."""
LEAST_GAP_M, MOST_GAP_M = 0.7, 1.6
UNCOUPLED_M = (2.0, 6.0)
Rooms = dict[str, list[tuple[float, float]]]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One vehicle where it stands and how it looks."""

    car: Car
    wagon: Wagon
    paint: Painter


def fill(rng: np.random.Generator, rooms: Rooms) -> tuple[Standing, ...]:
    """Vehicles in the free stretches of tracks, by track and position."""
    if rng.random() < EMPTY_SHARE:
        return ()
    fullness = rng.uniform(0.1, 1.0)
    found: list[Standing] = []
    for track, spans in rooms.items():
        if rng.random() < 0.55 * (1 - fullness):
            continue
        for span in spans:
            found += _along(rng, track, span, fullness)
    return tuple(found)


def _along(rng: np.random.Generator, track: str, span: tuple[float, float], fullness: float) -> list[Standing]:
    start, end = span
    found: list[Standing] = []
    here = start + rng.uniform(0, 12) + _space(rng, fullness) * (rng.random() < 0.6)
    while here < end - 7:
        rake = _rake(rng)
        for i, (model, wagon) in enumerate(rake):
            if here + wagon.stock.body_m > end:
                return found
            found.append(Standing(car=_car(track, here, wagon, len(found)), wagon=wagon, paint=model.paint))
            here += wagon.stock.body_m
            if i + 1 < len(rake):
                here += _gap(rng, wagon, rake[i + 1][1])
        here += float(rng.uniform(*UNCOUPLED_M)) if rng.random() < 0.5 * fullness else 6.0 + _space(rng, fullness)
    return found


def _space(rng: np.random.Generator, fullness: float) -> float:
    return float(rng.exponential(8 + 70 * (1 - fullness) ** 2))


def _gap(rng: np.random.Generator, wagon: Wagon, after: Wagon) -> float:
    """Between two bodies of a rake: their types' gaps and some slack; now and then they are uncoupled."""
    if rng.random() < 0.025:
        return float(rng.uniform(*UNCOUPLED_M))
    return float(np.clip((wagon.stock.gap_m + after.stock.gap_m) / 2 + rng.normal(0, 0.08), LEAST_GAP_M, MOST_GAP_M))


def _rake(rng: np.random.Generator) -> list[tuple[Model, Wagon]]:
    """One to about twenty vehicles; engines at an end of some."""
    kinds, number = list(SHARES), 1 + int(rng.geometric(0.14 if rng.random() < 0.75 else 0.5))
    if rng.random() < 0.06:
        string = _block(rng, "coach", min(number, 8))
    elif rng.random() < 0.25:
        string = [_block(rng, str(rng.choice(kinds, p=list(SHARES.values()))), 1)[0] for _ in range(min(number, 14))]
    else:
        string = _block(rng, str(rng.choice(kinds, p=list(SHARES.values()))), min(number, 22))
    if rng.random() < 0.13:
        string = [*_block(rng, "locomotive", int(rng.choice([1, 1, 2]))), *string]
    elif rng.random() < 0.03:
        string = _block(rng, "locomotive", int(rng.integers(1, 4)))
    return string[::-1] if rng.random() < 0.5 else string


def _block(rng: np.random.Generator, kind: str, number: int) -> list[tuple[Model, Wagon]]:
    """A block of one kind: one type and family of colour, or several types; loads mostly alike."""
    model, seed, several = draw_model(rng, kind), int(rng.integers(1 << 30)), rng.random() < 0.2
    if model.stock.name == "half":
        number += number % 2
    load, liveried = draw_load(rng, model), rng.random() < 0.6
    colour = model.stock.colours[int(rng.integers(len(model.stock.colours)))] if liveried else None
    found = []
    for _ in range(number):
        if several and model.stock.name != "half" and rng.random() < 0.5:
            other = draw_model(rng, kind)
            found.append((other, draw_wagon(rng, other, int(rng.integers(1 << 30)), draw_load(rng, other))))
            continue
        own = load if rng.random() < 0.85 else draw_load(rng, model)
        found.append((model, draw_wagon(rng, model, seed, own, colour)))
    return found


def _car(track: str, start: float, wagon: Wagon, number: int) -> Car:
    stock = wagon.stock
    covered = wagon.covered if stock.kind == "open" else None
    return Car(
        id=f"{track}-{start:.2f}-{number}", track=track, start_m=start, end_m=start + stock.body_m, kind=stock.kind,
        probability=1.0, width_m=stock.width_m, covered=covered,
    )  # fmt: skip
