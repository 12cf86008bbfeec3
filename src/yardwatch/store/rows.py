"""What the store keeps, one value a row. Rows are never edited: a new look at the same scene is a new row.

Instants are UTC and kept to the millisecond, the finest a GeoPackage holds. Numbers are finite.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
import shapely

from yardwatch.model import Capability, Car, Count, LengthCount
from yardwatch.model.refuse import refuse

RunState = Literal["running", "done", "failed", "interrupted"]
RUN_STATES = ("running", "done", "failed", "interrupted")


@dataclass(frozen=True, kw_only=True)
class LookRow:
    """One scene looked at once: with which code, parameters and tracks, and how far it could be used."""

    id: str
    """`ids.look_id` of what its counts follow from."""
    scene: str
    scene_sha256: str
    """Of the original file."""
    acquired: datetime | None
    """UTC."""
    code_version: str
    parameters: str
    """Canonical JSON."""
    tracks_sha256: str
    capability: Capability
    capability_reason: str
    usable: bool
    """False: a no-look, never a zero."""
    reason: str | None
    """Why it is not usable."""
    visible_fraction: float
    """Of the site's tracks, 0..1."""
    shift_x_m: float = 0.0
    shift_y_m: float = 0.0
    """Content of ground point p lies in the scene at p + shift; ground metres."""
    align_residual_m: float | None = None
    align_windows: int = 0
    """Windows that agreed on the shift."""
    aligned: bool
    synthetic: bool

    def __post_init__(self) -> None:
        _refuse_not_finite(self)
        refuse(not self.usable and not self.reason, f"look {self.id}: not usable, and no reason given")
        refuse(not 0 <= self.visible_fraction <= 1, f"look {self.id}: visible fraction {self.visible_fraction}")
        refuse(not _is_json(self.parameters), f"look {self.id}: parameters are not JSON")
        _keep_milliseconds(self, "acquired")


@dataclass(frozen=True, kw_only=True)
class CountRow:
    """Freight cars of one zone in one look, with the second count beside it."""

    id: str
    """`ids.count_id` of look, zone and zone version."""
    look: str
    zone: str
    zone_version: int
    pmf: tuple[float, ...]
    """Chance of 0, 1, … cars."""
    level: float = 0.9
    calibrated: bool = False
    length_mean: float
    length_lower: float
    length_upper: float
    """Occupied length ÷ wagon pitch, in cars, and its interval."""
    occupied_m: float
    visible_fraction: float
    """Of the track inside the zone, 0..1."""
    not_freight: int = 0
    """Vehicles found that are no freight cars."""

    def __post_init__(self) -> None:
        _refuse_not_finite(self)
        object.__setattr__(self, "pmf", tuple(float(p) for p in self.pmf))
        refuse(not 0 <= self.visible_fraction <= 1, f"count {self.id}: visible fraction {self.visible_fraction}")
        refuse(self.count.pmf.size == 0, f"count {self.id}: empty")

    @property
    def count(self) -> Count:
        """The count as a distribution."""
        return Count(np.asarray(self.pmf, float), level=self.level, calibrated=self.calibrated)

    @property
    def length_count(self) -> LengthCount:
        """The second, independent count."""
        return LengthCount(
            mean=self.length_mean, lower=self.length_lower, upper=self.length_upper, occupied_m=self.occupied_m
        )


@dataclass(frozen=True, kw_only=True)
class CarRow:
    """One vehicle found, or left standing by a reviewer, in one look."""

    look: str
    car: Car
    polygon: shapely.Polygon
    """The body's footprint, lon/lat."""
    zones: tuple[str, ...] = ()
    """Ids of the zones it is counted in."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "zones", tuple(self.zones))
        refuse(self.polygon.is_empty, f"car {self.car.id}: empty footprint")
        west, south, east, north = self.polygon.bounds
        refuse(
            not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90),
            f"car {self.car.id}: footprint is not lon/lat",
        )


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """One person's corrections of one look; the cars left standing are kept beside it."""

    id: str
    scene_sha256: str
    look: str
    reviewer: str
    added: int
    """Cars the count had missed."""
    removed: int
    """Counted cars that are none."""
    kept: int
    unsure: int = 0
    """Of the kept, those the reviewer could not decide."""
    note: str = ""
    reviewed_on: date

    def __post_init__(self) -> None:
        numbers = (self.added, self.removed, self.kept, self.unsure)
        refuse(min(numbers) < 0, f"review {self.id}: a negative number of cars")
        refuse(self.unsure > self.kept + self.added, f"review {self.id}: more cars unsure than there are")


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One command that worked in the site."""

    id: str
    command: str
    started: datetime
    """UTC."""
    finished: datetime | None = None
    """UTC; None while running, and for ever when it was killed."""
    code_version: str
    parameters: str
    """Canonical JSON."""
    state: RunState = "running"

    def __post_init__(self) -> None:
        refuse(self.state not in RUN_STATES, f"run {self.id}: unknown state {self.state!r}")
        refuse(not _is_json(self.parameters), f"run {self.id}: parameters are not JSON")
        _keep_milliseconds(self, "started", "finished")


def newest(looks: Sequence[LookRow]) -> tuple[LookRow, ...]:
    """The look put last of each scene, in the order given; earlier looks had other code, parameters or tracks."""
    last = {look.scene_sha256: look for look in looks}
    return tuple(look for look in looks if last[look.scene_sha256] is look)


def _refuse_not_finite(row: LookRow | CountRow) -> None:
    for field in fields(row):
        value = getattr(row, field.name)
        refuse(isinstance(value, float) and not np.isfinite(value), f"{row.id}: {field.name} is not finite")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _keep_milliseconds(row: LookRow | RunRow, *names: str) -> None:
    for name in names:
        value = getattr(row, name)
        if value is not None:
            refuse(value.tzinfo is None, f"{row.id}: {name} has no time zone")
            utc = value.astimezone(UTC)
            object.__setattr__(row, name, utc.replace(microsecond=utc.microsecond // 1000 * 1000))
