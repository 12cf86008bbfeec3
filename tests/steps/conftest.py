"""A small fictional site in which a building is put up, made from arrays: looks are put into the store as counted."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from affine import Affine
from scipy import ndimage

from yardwatch import pipeline
from yardwatch.imagery.writing import write_simulated
from yardwatch.model import Capability, Track
from yardwatch.sites.folder import open_site
from yardwatch.sites.init import create
from yardwatch.sites.tracks import write_tracks
from yardwatch.steps.changing import site_changes
from yardwatch.steps.place import Place
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ids import canonical_json
from yardwatch.store.rows import LookRow

HEIGHT, WIDTH, STEP = 200, 260, 0.5
BUILDING = (slice(50, 86), slice(150, 230))
"""Rows and columns: 18 × 40 m."""
CRS, WEST, NORTH = "EPSG:32709", 500_000.0, 4_600_000.0
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LOOKS, BUILT = 10, 6
OPEN, CLOSED = "cc0-1.0", "all rights reserved"


def days(count=LOOKS):
    return [date(2019, 1, 20) + timedelta(days=76 * i) for i in range(count)]


def ground():
    rng = np.random.default_rng(1)
    broad, fine = (ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), s) for s in (14, 0.8))
    grey = 0.35 + 0.07 * broad / broad.std() + 0.015 * fine / fine.std()
    return (np.array([1.0, 0.95, 0.8])[:, None, None] * grey).astype(np.float32)


def image(number, *, built=True, where=BUILDING):
    """(3, y, x) 8 bit: the ground on one day, a bright roof with a shadow to its north once it is built."""
    rng = np.random.default_rng(number)
    scene = ground()
    if built:
        rows, columns = where
        scene[:, rows.start - 7 : rows.start, columns] *= 0.45
        scene[(slice(None), *where)] = 0.62
    scene = scene * rng.uniform(0.85, 1.15) + rng.normal(0, 0.008, scene.shape)
    return np.clip(np.round(scene * 255), 1, 255).astype(np.uint8)


def write(path, number, day, **drawn):
    tags = {"ACQUISITIONDATETIME": f"{day}T03:00:00+00:00", "SENSOR": "drawn", "ATTRIBUTION": "Drawn by a test"}
    transform = Affine(STEP, 0, WEST, 0, -STEP, NORTH)
    write_simulated(path, image(number, **drawn), transform, CRS, tags)
    return path


def count(place, **last):
    """Put a look at every scene that has none, as a count would; what is given holds for the last one."""
    with GeoPackageStore(place.folder.store_path) as store:
        for scene in place.scenes:
            facts = {
                "id": place.look_id(scene), "scene": scene.id, "scene_sha256": scene.sha256, "acquired": scene.acquired,
                "code_version": "0", "parameters": canonical_json(place.parameters), "capability": Capability.CARS,
                "tracks_sha256": place.tracks_sha256, "capability_reason": "0.5 m", "usable": True, "reason": None,
                "visible_fraction": 1.0, "aligned": True, "synthetic": True,
            }  # fmt: skip
            store.put_look(LookRow(**facts | (last if scene == place.scenes[-1] else {})), [], [])


def search(folder):
    """Look for changes, as a run does after counting."""
    place = Place(open_site(folder))
    with GeoPackageStore(place.folder.store_path) as store:
        return site_changes(place, store)


def corners(west, north, east, south):
    """A polygon in lon/lat from pixel edges of the images."""
    from yardwatch.ground import reproject_geometry

    box = shapely.box(WEST + west * STEP, NORTH - south * STEP, WEST + east * STEP, NORTH - north * STEP)
    return reproject_geometry(box, CRS, "EPSG:4326")


@pytest.fixture(scope="session")
def small():
    """All of the above, by name."""
    return SimpleNamespace(
        BUILT=BUILT, CLOSED=CLOSED, LOOKS=LOOKS, NOW=NOW, OPEN=OPEN, WIDTH=WIDTH, HEIGHT=HEIGHT, STEP=STEP, days=days,
        write=write, count=count, search=search, corners=corners, building=corners(150, 50, 230, 86),
    )  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """The site with ten looks counted, changes not looked for. Copy before you write."""
    base = tmp_path_factory.mktemp("small")
    zone = corners(5, 5, WIDTH - 5, HEIGHT - 5)
    create(base / "site", name="Drawn yard", zone=zone, fictional=True)
    west, south, east, north = zone.bounds
    line = shapely.LineString([(west, south + 0.1 * (north - south)), (east, south + 0.1 * (north - south))])
    write_tracks(base / "site" / "tracks.geojson", [Track(id="t1", line=line)])
    files = [write(base / f"{k}.tif", k, day, built=k >= BUILT) for k, day in enumerate(days())]
    pipeline.add_scenes(base / "site", files, pipeline.Stated(licence=OPEN), now=NOW)
    count(Place(open_site(base / "site")))
    return base / "site"


@pytest.fixture(scope="session")
def searched(made, tmp_path_factory) -> Path:
    """The site after a search for changes, made once: searching it again is told from the store."""
    folder = Path(shutil.copytree(made, tmp_path_factory.mktemp("searched") / "site"))
    search(folder)
    return folder


@pytest.fixture
def counted(made, tmp_path) -> Path:
    """A copy of the counted site."""
    return Path(shutil.copytree(made, tmp_path / "counted"))


@pytest.fixture
def site(searched, tmp_path) -> Path:
    """A copy of the searched site."""
    return Path(shutil.copytree(searched, tmp_path / "site"))
