"""A fictional yard with many looks, for what a report takes: real files and rows, made in minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from scipy.stats import poisson

from yardwatch import pipeline
from yardwatch.imagery.writing import write_simulated
from yardwatch.simulate.history import Look
from yardwatch.simulate.render import render
from yardwatch.sites.folder import open_site
from yardwatch.steps.aligning import common_ground, read_window
from yardwatch.steps.fictional import LICENCE, SENSOR, Simulated, make_site, simulate
from yardwatch.steps.looking import look, sight
from yardwatch.steps.observing import observe
from yardwatch.steps.place import Place
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ids import count_id
from yardwatch.store.rows import CountRow, LookRow

SCENES = 200
FIRST, STEP = datetime(2019, 1, 6, 18, 48, tzinfo=UTC), timedelta(days=10)
AS_OF = (FIRST + (SCENES - 1) * STEP).date()
SEED = 7
USUAL, SURGE = 12.0, 60


def large_site(folder: Path, now: datetime) -> Path:
    """Make the site: `SCENES` images received, and a row for each in the store. The last look is the surge."""
    whole = simulate()
    fullest = max((one for one in whole.looks if one.usable and one.cloud_cover == 0), key=lambda one: len(one.stock))
    make_site(folder, whole)
    images = _delivered(folder / "delivered", whole, fullest)
    pipeline.add_scenes(folder, images, pipeline.Stated(licence=LICENCE), now=now)
    _fill(folder)
    return folder


def _delivered(folder: Path, whole: Simulated, shown: Look) -> Sequence[Path]:
    """One rendered look under many dates; each file differs in its tags, as deliveries do."""
    folder.mkdir(parents=True)
    scene = render(whole.yard, shown, np.random.default_rng([shown.seed, 1]))
    paths = []
    for i in range(SCENES):
        path = folder / f"look-{i:03d}.tif"
        tags = {
            "ACQUISITIONDATETIME": (FIRST + i * STEP).isoformat(),
            "SENSOR": SENSOR,
            "ATTRIBUTION": "Simulated by Yardwatch; shows no real place",
            "OFF_NADIR_DEG": f"{shown.off_nadir_deg:.2f}",
            "SUN_ELEVATION_DEG": f"{shown.sun_elevation_deg:.2f}",
        }
        write_simulated(path, scene.data, scene.transform, scene.crs, tags)
        paths.append(path)
    return paths


def _fill(folder: Path) -> None:
    """Count one scene, and give every other one a row like its, with a number drawn for it."""
    place = Place(open_site(folder))
    common = common_ground(place.frame, tuple(place.ground_zones.values()), place.tracks, place.reference.gsd_m)
    seen = sight(place.reference, place, read_window(place.reference, common.grid), common)
    first = look(seen, place, (None,) * len(place.tracks))
    drawn = np.random.default_rng(SEED).negative_binomial(5, 5 / (5 + USUAL), SCENES)
    drawn[-1] = SURGE
    with GeoPackageStore(folder / "site.gpkg") as store:
        for scene, cars in zip(place.scenes, drawn, strict=True):
            row = replace(
                first.row, id=place.look_id(scene), scene=scene.id, scene_sha256=scene.sha256, acquired=scene.acquired
            )
            counts = [_count(one, row, int(cars)) for one in first.counts]
            store.put_look(row, counts, [replace(car, look=row.id) for car in first.cars[: int(cars)]])
        store.replace_observations(observe(place, store))


def _count(like: CountRow, row: LookRow, cars: int) -> CountRow:
    """A count like another, of so many cars, about a sixth uncertain."""
    pmf = poisson(max(cars, 1)).pmf(np.arange(3 * cars + 12))
    named = count_id(look=row.id, zone=like.zone, zone_version=like.zone_version)
    return replace(like, id=named, look=row.id, pmf=tuple(pmf / pmf.sum()))
