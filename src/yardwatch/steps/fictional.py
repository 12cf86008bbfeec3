"""The fictional yard as files: a site folder and the images a provider might deliver, with what is true of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from yardwatch import scale
from yardwatch.imagery.writing import write_simulated
from yardwatch.model import Observation, Role
from yardwatch.progress import Report, silent, tracked
from yardwatch.report.content import TruthRow
from yardwatch.simulate.fictional import fictional_site_values
from yardwatch.simulate.history import Look, schedule
from yardwatch.simulate.render import render
from yardwatch.simulate.yard import Yard, fictional_yard
from yardwatch.sites.events import write_events
from yardwatch.sites.folder import SiteFolder
from yardwatch.sites.init import create
from yardwatch.sites.tracks import write_tracks
from yardwatch.sites.zones import write_zones

SEED = 20231005
SENSOR = "simulated, 0.5 m"
LICENCE = "cc0-1.0"
"""Rendered by this software from nothing: nobody's rights are touched."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What is true of one simulated scene."""

    day: date
    freight: int
    usable: bool


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """The yard and its looks."""

    yard: Yard
    looks: tuple[Look, ...]

    @property
    def truth(self) -> Mapping[date, Truth]:
        """By day; there is one look a day at most."""
        return {
            look.acquired.date(): Truth(
                day=look.acquired.date(), freight=look.freight_in_zone(self.yard), usable=look.usable
            )
            for look in self.looks
        }


def simulate(seed: int = SEED) -> Simulated:
    """The yard and its five and a half years."""
    yard = fictional_yard(seed)
    return Simulated(yard=yard, looks=schedule(yard, np.random.default_rng(seed)))


def make_site(folder: Path, simulated: Simulated) -> SiteFolder:
    """Make the site folder, marked as fictional."""
    values = fictional_site_values(simulated.yard)
    made = create(folder, name=values.name, fictional=True)
    write_zones(folder / "zones.geojson", values.zones)
    write_tracks(folder / "tracks.geojson", values.tracks)
    write_events(folder / "events.csv", values.events)
    return made


def deliver(folder: Path, simulated: Simulated, workers: int = 2, report: Report = silent) -> Sequence[Path]:
    """Render every look into a folder, as GeoTIFFs with date, angles, sensor and the mark in their tags."""
    folder.mkdir(parents=True, exist_ok=True)
    done = tracked(_rendered(folder, simulated, workers), "rendering the yard", report, len(simulated.looks))
    return list(done)


def _rendered(folder: Path, simulated: Simulated, workers: int) -> Iterator[Path]:
    def one(look: Look) -> Path:
        path = folder / f"{look.id}.tif"
        scene = render(simulated.yard, look, np.random.default_rng([look.seed, 1]))
        write_simulated(path, scene.data, scene.transform, scene.crs, _tags(look))
        return path

    for result in scale.run(one, simulated.looks, workers=workers, how="threads"):
        yield result.get()


def _tags(look: Look) -> dict[str, str]:
    return {
        "ACQUISITIONDATETIME": look.acquired.isoformat(),
        "SENSOR": SENSOR,
        "ATTRIBUTION": "Simulated by Yardwatch; shows no real place",
        "OFF_NADIR_DEG": f"{look.off_nadir_deg:.2f}",
        "SUN_AZIMUTH_DEG": f"{look.sun_azimuth_deg:.2f}",
        "SUN_ELEVATION_DEG": f"{look.sun_elevation_deg:.2f}",
    }


def truth_rows(simulated: Simulated, own: Sequence[Observation]) -> tuple[TruthRow, ...]:
    """Counted beside true, by day; a no-look has no row."""
    counted = [one for one in own if one.role is Role.OBSERVATION and one.pmf is not None]
    return tuple(
        TruthRow(
            day=one.when.earliest,
            mean=float(np.arange(len(one.pmf or ())) @ np.asarray(one.pmf)),
            lower=one.lower or 0.0,
            upper=one.upper or 0.0,
            true=simulated.truth[one.when.earliest].freight,
            observation=one.id,
        )
        for one in counted
    )
