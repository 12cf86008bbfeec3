"""Drawn strips of unseen seeds: cars, kinds and covers against exact truth. No real pixel is in them.

They come from the generator the network was trained with (drawn ground, drawn vehicles, other seeds), so they say how
well it learnt that world, not how it does in ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from training.compose import Parts, composite
from training.layout import BODY, KINDS, ROW_M, SEEN_STEPS, STEP_M, Labelled
from training.stock import draw
from training.texture import ground

from benchmarks.scoring import Score, Vehicle, score
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import Network, look, with_kinds
from yardwatch.cars.segment import decode
from yardwatch.model import Car, Strip
from yardwatch.model.counting import FREIGHT_KINDS

Floats = NDArray[np.float32]

BLUR = 0.4
HALF_M = 6.0
NOISE = 0.008


@dataclass(frozen=True, eq=False)
class Truth:
    """A drawn vehicle."""

    vehicle: Vehicle
    kind: str
    covered: bool | None


def drawn_parts(seed: int) -> Parts:
    """Grounds and vehicles of a seed; no real pixels."""
    rng = np.random.default_rng(seed)
    grounds = [ground(rng, SEEN_STEPS) for _ in range(40)]
    vehicles = [draw(rng) for _ in range(600)]
    return Parts(real=grounds, drawn=grounds, carless=grounds, sprites=vehicles, vehicles=vehicles)


def truth_of(strip: Labelled) -> list[Truth]:
    """Vehicles of a labelled strip."""
    body = np.concatenate([[0], (strip.state == BODY).astype(int), [0]])
    edges = np.flatnonzero(np.diff(body)).reshape(-1, 2)
    found = []
    for first, last in edges:
        kind, cover = strip.kind[(first + last) // 2], strip.cover[(first + last) // 2]
        whole = first > 0 and last < len(strip.state)
        vehicle = Vehicle(first * STEP_M, last * STEP_M, 1.0 if whole else 0.4, f"{first}")
        found.append(Truth(vehicle, KINDS[kind], None if cover < 0 else bool(cover)))
    return found


def sensed(strip: Labelled, gsd_m: float, rng: np.random.Generator) -> Strip:
    """The strip at a GSD, as a scene read along its track."""
    blur = np.hypot(BLUR, 0.29) * gsd_m
    blurred = np.stack([gaussian_filter(band, (blur / ROW_M, blur / STEP_M)) for band in strip.data])
    step = float(np.clip(gsd_m, 0.25, 1.0))
    across = np.arange(-round(HALF_M / step), round(HALF_M / step) + 1) * step
    along = (np.arange(int(strip.data.shape[2] * STEP_M / step)) + 0.5) * step
    row = np.clip(np.round(across / ROW_M + (strip.data.shape[1] - 1) / 2).astype(int), 0, strip.data.shape[1] - 1)
    column = np.clip((along / STEP_M).astype(int), 0, strip.data.shape[2] - 1)
    data = blurred[:, row][:, :, column] + rng.normal(0, NOISE, (3, len(row), len(column)))
    data = np.clip(data, 0, 1).astype(np.float32)
    return Strip(track="S", step_m=step, data=data, visible=np.ones(data.shape[1:], bool), gsd_m=gsd_m)


def measure(network: Network, gsd_m: float, strips: int, seed: int) -> dict[str, float]:
    """F1 of cars, error of the count, macro F1 of freight kinds, F1 of covers."""
    parts, rng = drawn_parts(seed), np.random.default_rng([seed, 1])
    total, errors, trues, kinds, covers = Score(), 0.0, 0, [], []
    for _ in range(strips):
        strip = composite(parts, rng)
        truth, seen = truth_of(strip), look(sensed(strip, gsd_m, rng), network)
        found = decode(seen.evidence, rng=rng, samples=1, habits=ANYWHERE)
        cars = with_kinds(found.cars, seen, network)
        total += score(cars, tuple(one.vehicle for one in truth))[0]
        errors += abs(len(cars) - sum(_shows_half(one) for one in truth))
        trues += sum(_shows_half(one) for one in truth)
        for car in cars:
            for one in truth:
                if _same(car, one.vehicle):
                    kinds.append((one.kind, car.kind))
                    if one.covered is not None and car.covered is not None:
                        covers.append((one.covered, car.covered))
    return {
        "f1": round(total.f1, 3),
        "count_error": round(float(errors) / max(int(trues), 1), 3),
        "kinds_macro_f1": round(macro_f1(kinds), 3),
        "covered_f1": round(_f1(covers, True), 3),
        "vehicles": int(trues),
    }


def _shows_half(one: Truth) -> bool:
    """Cut ones count from 6.4 m on, as in the decoder."""
    return one.vehicle.visible == 1.0 or one.vehicle.end_m - one.vehicle.start_m > 6.4


def _same(car: Car, vehicle: Vehicle) -> bool:
    common = min(car.end_m, vehicle.end_m) - max(car.start_m, vehicle.start_m)
    return common > 0.5 * (max(car.end_m, vehicle.end_m) - min(car.start_m, vehicle.start_m))


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    """Mean F1 of the freight kinds that occur; pairs of (true, said)."""
    present = sorted({true for true, _ in pairs} & set(FREIGHT_KINDS))
    return float(np.mean([_f1(pairs, kind) for kind in present])) if present else 0.0


def _f1(pairs: list[tuple], wanted: object) -> float:
    both = sum(true == wanted and said == wanted for true, said in pairs)
    either = sum(true == wanted for true, _ in pairs) + sum(said == wanted for _, said in pairs)
    return 2 * both / either if either else 0.0
