"""Cadence: when a site was looked at, by month and sensor, and when an image showed too little.

A scene is a *look* when its newest count could use it, a *no-look* when it could not, and *not counted* as long as
nobody has tried. A scene dated to a month stands in that month; one dated to a year only, in none.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from yardwatch.errors import InputError, UnavailableError
from yardwatch.imagery.index import Sieve, days
from yardwatch.model import Scene
from yardwatch.report.chart_cadence import Bars, Monthly, cadence_chart
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.storing import has_store, open_store

State = Literal["looks", "no_looks", "not_counted"]
STATES: tuple[State, ...] = ("looks", "no_looks", "not_counted")
UNNAMED = "sensor not stated"


@dataclass(frozen=True, kw_only=True)
class Sighted:
    """One scene in the cadence."""

    scene: Scene
    state: State
    synthetic: bool

    @property
    def sensor(self) -> str:
        """As reports print it."""
        return self.scene.sensor or UNNAMED

    @property
    def month(self) -> str | None:
        """`2023-10`; None where only the year is known."""
        earliest, latest = days(self.scene)
        same = (earliest.year, earliest.month) == (latest.year, latest.month)
        return earliest.strftime("%Y-%m") if same else None


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """All looks of a site."""

    site: str
    sighted: tuple[Sighted, ...]
    """Oldest first."""

    @property
    def sensors(self) -> tuple[str, ...]:
        """By the number of scenes, most first."""
        names = [one.sensor for one in self.sighted]
        return tuple(sorted(set(names), key=lambda name: (-names.count(name), name)))

    @property
    def months(self) -> tuple[str, ...]:
        """Every month from the first to the last, also those without a scene."""
        there = [month for one in self.sighted if (month := one.month)]
        return tuple(_months(min(there), max(there))) if there else ()

    @property
    def undated(self) -> int:
        """Scenes of which only the year is known; they stand in no month."""
        return sum(one.month is None for one in self.sighted)

    def count(self, state: State) -> int:
        """Scenes in that state."""
        return sum(one.state == state for one in self.sighted)

    def longest_gap(self) -> tuple[date, date] | None:
        """The two looks furthest apart with no look between them."""
        looks = [days(one.scene)[0] for one in self.sighted if one.state == "looks" and one.month is not None]
        pairs = list(itertools.pairwise(looks))
        return max(pairs, key=lambda pair: pair[1] - pair[0]) if pairs else None

    def table(self) -> dict[tuple[str, str], dict[State, int]]:
        """Scenes by (month, sensor) and state."""
        cells: dict[tuple[str, str], dict[State, int]] = {}
        for one in self.sighted:
            if one.month is not None:
                cell = cells.setdefault((one.month, one.sensor), dict.fromkeys(STATES, 0))
                cell[one.state] += 1
        return cells

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        cells, gap = self.table(), self.longest_gap()
        return {
            "site": self.site,
            "sensors": list(self.sensors),
            "looks": self.count("looks"),
            "no_looks": self.count("no_looks"),
            "not_counted": self.count("not_counted"),
            "year_only": self.undated,
            "synthetic": any(one.synthetic for one in self.sighted),
            "longest_gap": None
            if gap is None
            else {"after": gap[0].isoformat(), "before": gap[1].isoformat(), "days": (gap[1] - gap[0]).days},
            "months": [
                {"month": month, "by_sensor": {s: cells[month, s] for s in self.sensors if (month, s) in cells}}
                for month in self.months
            ],
        }


def cadence(where: str | Path, first: date | None = None, last: date | None = None) -> Cadence:
    """The cadence of a site between two days."""
    folder = open_site(where)
    scenes = catalogue_of(folder).search(Sieve(first=first, last=last))
    usable = _usable(folder)
    sighted = (Sighted(scene=one, state=_state(usable.get(one.sha256)), synthetic=one.synthetic) for one in scenes)
    return Cadence(site=folder.site.name, sighted=tuple(sighted))


def draw_cadence(found: Cadence, path: Path) -> None:
    """The cadence as SVG or PNG, by the file's ending. The same looks give the same bytes."""
    kind = path.suffix.lower()
    if kind not in (".svg", ".png"):
        raise InputError(f"--out {path.name}: is neither .svg nor .png; name one of them")
    if not found.months:
        raise InputError(f"{found.site}: has no dated scenes to draw; add some first")
    cells = found.table()
    rows = tuple(
        Monthly(sensor=sensor, bars=tuple(_bars(month, cells.get((month, sensor))) for month in found.months))
        for sensor in found.sensors
        if any((month, sensor) in cells for month in found.months)
    )
    picture = cadence_chart(rows, found.site, kind.removeprefix("."), synthetic=any(s.synthetic for s in found.sighted))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(picture)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UnavailableError(f"{path}: cannot be written ({error.strerror}); choose another folder") from error


def _bars(month: str, cell: dict[State, int] | None) -> Bars:
    known = cell or dict.fromkeys(STATES, 0)
    return Bars(month=month, looks=known["looks"], no_looks=known["no_looks"], not_counted=known["not_counted"])


def _usable(folder: SiteFolder) -> dict[str, bool]:
    """By a scene's hash, whether its newest look could use it."""
    if not has_store(folder):
        return {}
    with open_store(folder) as store:
        return {row.scene_sha256: row.usable for row in store.looks()}


def _state(usable: bool | None) -> State:
    return "not_counted" if usable is None else "looks" if usable else "no_looks"


def _months(first: str, last: str) -> Iterable[str]:
    year, month = map(int, first.split("-"))
    while f"{year}-{month:02d}" <= last:
        yield f"{year}-{month:02d}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
