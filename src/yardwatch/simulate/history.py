"""Five and a half years of looks at the fictional yard: trains come and go, a building rises, a surge at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from yardwatch.simulate.sun import sun_angles
from yardwatch.simulate.trains import Placed, Traffic, place, place_outside
from yardwatch.simulate.yard import LAT, LON, ZONE_ID, Yard

LOOKS = 30
UNUSABLE = 3
CLOUDED_IN_PART = 2
SURGE_LOOKS = 2
FIRST_DAY, LAST_DAY = date(2019, 4, 9), date(2024, 10, 8)
SURGE_SPACING_DAYS = 11
PASS_UTC_HOUR = 18.8
"""About 10:35 local mean time at 123.4° W, when sun-synchronous imagers pass."""
EARLIER_MEAN, EARLIER_SHAPE = 12.0, 5.0
"""Cars of an ordinary look: negative binomial, overdispersed as traffic is."""
EARLIER_LEAST, EARLIER_MOST = 3, 20
SURGE_CARS = ((62, 68), (71, 76))
"""Least and most cars of the last two looks; at least three times the earlier maximum."""
CLEARED, RISING, ROOFED = 10, 9, 8
"""The building's stages begin so many looks before the end."""
CLOUDED_OUT = 0.5
"""Above this cover a look is of no use."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One pass over the yard: when, under which light and weather, and what stood there."""

    id: str
    acquired: datetime
    sun_azimuth_deg: float
    sun_elevation_deg: float
    off_nadir_deg: float
    view_azimuth_deg: float
    """Direction from the ground to the sensor, clockwise from north."""
    green: float
    """Vegetation: 0 dry, 1 lush."""
    snow: float
    """0 none, 1 everything flat is white."""
    haze: float
    """Share of the light that comes from the air, 0..1."""
    cloud_cover: float
    gain: float
    """The delivered picture's stretch, about 1."""
    misplacement_m: tuple[float, float]
    """The content of ground point p is delivered at p + (dx, dy)."""
    building: str | None
    """`cleared`, `rising`, `roofed`, or None before."""
    stock: tuple[Placed, ...]
    seed: int
    """Of clouds, sensor noise and the pixel grid's phase."""

    @property
    def day(self) -> date:
        """Of acquisition, UTC."""
        return self.acquired.date()

    @property
    def usable(self) -> bool:
        """False for a look that shows nothing: it is no look, never a zero."""
        return self.cloud_cover < CLOUDED_OUT

    def freight_in_zone(self, yard: Yard, zone: str = ZONE_ID) -> int:
        """True number of freight cars whose middle stands in the zone."""
        return sum(
            placed.car.freight and zone in yard.zones_of(placed.car.track, (placed.car.start_m + placed.car.end_m) / 2)
            for placed in self.stock
        )


def schedule(yard: Yard, rng: np.random.Generator) -> tuple[Look, ...]:
    """All looks, oldest first; the same yard and generator state give the same looks."""
    days = _days(rng)
    cars = _cars(rng)
    clouded = _clouds(rng)
    return tuple(_look(yard, day, i, (int(cars[i]), float(clouded[i])), rng) for i, day in enumerate(days))


def _days(rng: np.random.Generator) -> list[date]:
    last = LAST_DAY - timedelta(days=SURGE_SPACING_DAYS)
    spread = np.linspace(0, (last - FIRST_DAY).days, LOOKS - 1)
    jitter = np.concatenate([[0], rng.uniform(-20, 20, LOOKS - 3), [0]])
    return [*(FIRST_DAY + timedelta(days=int(d)) for d in spread + jitter), LAST_DAY]


def _cars(rng: np.random.Generator) -> NDArray[np.int64]:
    drawn = rng.poisson(rng.gamma(EARLIER_SHAPE, EARLIER_MEAN / EARLIER_SHAPE, 20 * LOOKS))
    earlier = drawn[(drawn >= EARLIER_LEAST) & (drawn <= EARLIER_MOST)][: LOOKS - SURGE_LOOKS]
    surge = [int(rng.integers(low, high + 1)) for low, high in SURGE_CARS]
    return np.concatenate([earlier, surge])


def _clouds(rng: np.random.Generator) -> NDArray[np.float64]:
    """Cover of each look; clouded-out looks lie apart from each other, from the building's rise and from the surge."""
    cover = np.zeros(LOOKS)
    early = rng.permutation(np.arange(2, LOOKS - CLEARED - 1, 3))
    cover[early[: UNUSABLE - 1]] = rng.uniform(0.9, 1.0, UNUSABLE - 1)
    cover[early[UNUSABLE - 1 : UNUSABLE - 1 + CLOUDED_IN_PART]] = rng.uniform(0.08, 0.22, CLOUDED_IN_PART)
    cover[LOOKS - SURGE_LOOKS - 3] = rng.uniform(0.9, 1.0)
    return cover


def _look(yard: Yard, day: date, index: int, drawn: tuple[int, float], rng: np.random.Generator) -> Look:
    freight, cover = drawn
    acquired = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
        hours=PASS_UTC_HOUR + float(rng.uniform(-0.4, 0.4))
    )
    acquired = acquired.replace(microsecond=0)
    azimuth, elevation = sun_angles(acquired, LON, LAT)
    green, snow = _season(day, rng)
    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 2.9) if index else 0.0
    name = f"sim-{day.isoformat()}"
    return Look(
        id=name,
        acquired=acquired,
        sun_azimuth_deg=azimuth,
        sun_elevation_deg=elevation,
        off_nadir_deg=float(rng.uniform(2, 14)),
        view_azimuth_deg=float(rng.choice([95.0, 275.0]) + rng.uniform(-25, 25)),
        green=green,
        snow=snow,
        haze=float(np.clip(rng.gamma(2.0, 0.05), 0.01, 0.35)),
        cloud_cover=cover,
        gain=float(rng.uniform(0.9, 1.12)),
        misplacement_m=(float(reach * np.cos(angle)), float(reach * np.sin(angle))),
        building=_stage(index),
        stock=_traffic(yard, freight, name, rng),
        seed=int(rng.integers(2**31)),
    )


def _season(day: date, rng: np.random.Generator) -> tuple[float, float]:
    """Greenness and snow of a southern year: lush about New Year, snow between June and September."""
    phase = 2 * np.pi * (day.timetuple().tm_yday - 10) / 365.25
    green = float(np.clip(0.5 + 0.5 * np.cos(phase) + rng.normal(0, 0.08), 0, 1))
    snowy = day.month in (6, 7, 8) and rng.random() < 0.75
    return green, float(rng.uniform(0.35, 0.95)) if snowy else 0.0


def _stage(index: int) -> str | None:
    before_end = LOOKS - index
    if before_end <= ROOFED:
        return "roofed"
    return {RISING: "rising", CLEARED: "cleared"}.get(before_end)


def _traffic(yard: Yard, freight: int, name: str, rng: np.random.Generator) -> tuple[Placed, ...]:
    surge = freight > EARLIER_MOST
    locomotives = int(rng.integers(1, 3)) if surge else int(rng.random() < 0.45)
    inside = place(yard, Traffic(freight=freight, longest=16 if surge else 8, locomotives=locomotives), rng, name)
    return inside + (place_outside(yard, rng, f"{name}-outside") if rng.random() < 0.25 else ())
