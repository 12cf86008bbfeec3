"""Yards whose every vehicle is drawn for itself, all kinds alike: thirty looks a scene, not three trains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from yardwatch.model import Car
from yardwatch.simulate.anywhere import AnyScene, AnyYard, draw_yard, render_yard
from yardwatch.simulate.anywhere.fleet import draw_load, draw_model, draw_wagon
from yardwatch.simulate.anywhere.rakes import Standing
from yardwatch.simulate.anywhere.tracks import rooms

Rng = np.random.Generator

FINEST_M, COARSEST_M = 0.25, 1.1
"""GSDs, evenly over their logarithm."""
SHARES = {
    "open": 0.20, "covered": 0.14, "tank": 0.09, "hopper": 0.12, "flat": 0.17, "container": 0.14, "locomotive": 0.06,
    "coach": 0.08,
}  # fmt: skip
"""Of the vehicles drawn: more of what is mistaken for something else, and open wagons to be told covered or not."""
PRIOR = {
    "open": 0.16, "covered": 0.15, "tank": 0.15, "hopper": 0.15, "flat": 0.15, "container": 0.15, "locomotive": 0.04,
    "coach": 0.05,
}  # fmt: skip
"""What the network is to expect before it looks: freight kinds alike, a locomotive a train."""
COVERED_PRIOR = 0.38
"""Of open wagons, those under a sheet."""
ALONE = 0.2
"""Of vehicles that stand apart."""
LIKE_BEFORE = 0.3
"""Of vehicles that are of the type and rake of the one before."""
STOP_M = 2.5


def mixed_scene(rng: Rng) -> AnyScene:
    """A yard full of single vehicles at a random GSD."""
    yard = draw_yard(rng)
    gsd_m = float(np.exp(rng.uniform(np.log(FINEST_M), np.log(COARSEST_M))))
    return render_yard(replace(yard, stock=tuple(_stock(rng, yard))), gsd_m=gsd_m)


def _stock(rng: Rng, yard: AnyYard) -> list[Standing]:
    lines = dict(yard.fan.lines)
    stops = shapely.union_all([shapely.Point(lines[name].coords[-1]).buffer(STOP_M) for name, _ in yard.fan.stops])
    found: list[Standing] = []
    for track, spans in rooms(yard.tracks, stops).items():
        for start, end in spans:
            here = start + rng.uniform(0, 12)
            while here < end - 7 and (new := _next(rng, track, here, found)).car.end_m < end:
                found.append(new)
                here = new.car.end_m + (rng.uniform(2.5, 25) if rng.random() < ALONE else rng.uniform(0.7, 1.6))
    return found


def _next(rng: Rng, track: str, start_m: float, before: list[Standing]) -> Standing:
    if before and rng.random() < LIKE_BEFORE:
        last = before[-1]
        own = int(rng.integers(1 << 12))
        wagon = replace(last.wagon, seed=(last.wagon.seed >> 12 << 12) + own)
        return replace(last, wagon=wagon, car=_car(track, start_m, last.car, len(before)))
    kind = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    model = draw_model(rng, kind)
    wagon = draw_wagon(rng, model, int(rng.integers(1 << 30)), draw_load(rng, model))
    stock = wagon.stock
    car = Car(
        id="", track=track, start_m=start_m, end_m=start_m + stock.body_m, kind=stock.kind, probability=1.0,
        width_m=stock.width_m, covered=wagon.covered if stock.kind == "open" else None,
    )  # fmt: skip
    return Standing(car=replace(car, id=f"{track}-{len(before)}"), wagon=wagon, paint=model.paint)


def _car(track: str, start_m: float, like: Car, number: int) -> Car:
    return replace(like, id=f"{track}-{number}", track=track, start_m=start_m, end_m=start_m + like.length_m)
