"""The circumstances of one look: sensor, sun, view, weather, misplacement, and what stands about that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yardwatch.simulate.light import Sun
from yardwatch.simulate.works.plan import SIDE_M, Block, House, Plan

LATITUDE_DEG = 42.0
TILT_DEG = 23.4
MOST_OFF_NADIR_DEG = 25.0
MISPLACED_M = 0.5
"""One pixel."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sensor:
    """How one satellite sees colour and sharpness."""

    name: str
    mixing: NDArray[np.float32]
    """(3, 3): what of each true band goes into each delivered one."""
    offset: NDArray[np.float32]
    sharpness: float
    """Standard deviation of its blur, pixels."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Day:
    """One look's circumstances."""

    day: date
    sensor: Sensor
    sun: Sun
    off_nadir_deg: float
    view_azimuth_deg: float
    haze: float
    snow: float
    green: float
    exposure: float
    shift_m: tuple[float, float]
    cloud_cover: float
    goods: tuple[House, ...]
    """Stacks, lorries, cars of trains: there today, elsewhere tomorrow."""
    seed: int


def draw_sensors(rng: np.random.Generator) -> tuple[Sensor, ...]:
    """Three satellites with their own colours."""
    return tuple(
        Sensor(
            name=f"sensor-{letter}",
            mixing=(np.diag(rng.uniform(0.85, 1.15, 3)) + rng.normal(0, 0.03, (3, 3))).astype(np.float32),
            offset=rng.uniform(-0.02, 0.05, 3).astype(np.float32),
            sharpness=float(rng.uniform(0.3, 0.9)),
        )
        for letter in "ABC"
    )


def draw_days(plan: Plan) -> tuple[Day, ...]:
    """One for each day of the plan, oldest first."""
    rng = np.random.default_rng([plan.seed, 23])
    sensors = draw_sensors(rng)
    lingering = _stray(rng, 2)
    found = []
    for index, day in enumerate(plan.days):
        lingering = lingering if rng.random() < 0.4 else _stray(rng, int(rng.integers(0, 4)))
        found.append(_day(plan, day, (sensors, lingering), np.random.default_rng([plan.seed, 29, index])))
    return tuple(found)


def _day(plan: Plan, day: date, given: tuple[tuple[Sensor, ...], tuple[House, ...]], rng: np.random.Generator) -> Day:
    sensors, lingering = given
    year_day = day.timetuple().tm_yday
    declination = -TILT_DEG * np.cos(2 * np.pi * (year_day + 10) / 365)
    summer = 0.5 - 0.5 * np.cos(2 * np.pi * (year_day - 15) / 365)
    angle, reach = rng.uniform(0, 2 * np.pi), MISPLACED_M * np.sqrt(rng.random())
    winter = day.month in {12, 1, 2}
    return Day(
        day=day,
        sensor=sensors[int(rng.integers(len(sensors)))],
        sun=Sun(azimuth_deg=float(rng.uniform(145, 175)), elevation_deg=float(90 - LATITUDE_DEG + declination - 4)),
        off_nadir_deg=float(rng.uniform(0, MOST_OFF_NADIR_DEG)),
        view_azimuth_deg=float(rng.choice([80, 100, 260, 280]) + rng.uniform(-25, 25)),
        haze=float(rng.choice([0.0, rng.uniform(0, 0.15), rng.uniform(0.15, 0.4)], p=[0.3, 0.5, 0.2])),
        snow=float(rng.uniform(0.1, 0.6)) if winter and rng.random() < 0.4 else 0.0,
        green=float(np.clip(summer**1.5 * rng.uniform(0.5, 1.0), 0, 0.9)),
        exposure=float(rng.uniform(0.9, 1.2)),
        shift_m=(float(reach * np.cos(angle)), float(reach * np.sin(angle))),
        cloud_cover=float(rng.uniform(0.05, 0.3)) if rng.random() < 0.2 else 0.0,
        goods=(*lingering, *_stacks(plan, rng), *_trains(plan, rng)),
        seed=int(rng.integers(2**31)),
    )


def _stray(rng: np.random.Generator, count: int) -> tuple[House, ...]:
    """Lorries, containers and heaps on ground that nobody marked."""
    return tuple(
        _goods(rng, tuple(rng.uniform(15, SIDE_M - 15, 2)), (rng.uniform(6, 16), rng.uniform(2.5, 7)))
        for _ in range(count)
    )


def _stacks(plan: Plan, rng: np.random.Generator) -> list[House]:
    """Some of the marked stacking ground is full."""
    found = []
    for block in plan.stacking:
        for _ in range(int(rng.integers(0, 5))):
            along, across = rng.uniform(-0.4, 0.4, 2) * (block.length, block.width)
            cos, sin = np.cos(block.turn_rad), np.sin(block.turn_rad)
            at = (block.centre[0] + along * cos - across * sin, block.centre[1] + along * sin + across * cos)
            found.append(_goods(rng, at, (rng.uniform(5, 10), rng.uniform(2.4, 5)), block.turn_rad))
    return found


def _trains(plan: Plan, rng: np.random.Generator) -> list[House]:
    """Strings of cars of 14 m on the tracks."""
    found = []
    for track in plan.tracks:
        if rng.random() < 0.3:
            continue
        first, count = rng.uniform(-170, 80), int(rng.integers(3, 14))
        colour = rng.uniform(0.15, 0.55) * np.array([1.0, rng.uniform(0.75, 1), rng.uniform(0.65, 1)])
        for car in range(count):
            along = first + 14.2 * car
            at = (track.centre[0] + along * np.cos(track.turn_rad), track.centre[1] + along * np.sin(track.turn_rad))
            block = Block(centre=at, length=13.2, width=3.1, turn_rad=track.turn_rad)
            shown = colour * rng.uniform(0.85, 1.15)
            found.append(House(block=block, height=3.5, colour=(shown[0], shown[1], shown[2]), ridged=False))
    return found


def _goods(
    rng: np.random.Generator, at: tuple[float, ...], size: tuple[float, float], turn: float | None = None
) -> House:
    turned = float(rng.uniform(0, np.pi)) if turn is None else turn
    block = Block(centre=(at[0], at[1]), length=float(size[0]), width=float(size[1]), turn_rad=turned)
    colour = rng.uniform(0.2, 0.7, 3)
    return House(
        block=block, height=float(rng.uniform(1.5, 3.5)), colour=(colour[0], colour[1], colour[2]), ridged=False
    )
