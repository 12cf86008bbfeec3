"""Catalogue: a site of ten thousand scenes listed, and searched by date and zone; the window of a remote gigapixel.

The scenes are items as `scenes add` writes them, with dates over twenty years and footprints around a yard; all share
one file of pixels. Everything is made in a temporary folder and removed.
"""

from __future__ import annotations

import copy
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from affine import Affine

from benchmarks.results import Table, show, write
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.index import Sieve
from yardwatch.imagery.receive import Details, receive
from yardwatch.pipeline import list_scenes
from yardwatch.sites.folder import open_site
from yardwatch.sites.init import create

SCENES = 10_000
MOST_S = 0.3
REPEATS = 5
FIRST = datetime(2004, 1, 1, tzinfo=UTC)
ZONE = shapely.box(-123.408, -48.842, -123.404, -48.840)


def measure(count: int = SCENES) -> Table:
    """Make the catalogue and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        site = Path(folder) / "yard"
        create(site, name="Yard", zone=ZONE)
        make_scenes(site, count)
        zone = open_site(site).site.zones[0].polygon
        sieve = Sieve(first=date(2014, 3, 1), last=date(2014, 5, 31), over=zone)
        asked: list[tuple[str, Callable[[], Any]]] = [
            ("list all, the first time (index made)", lambda: list_scenes(site)),
            ("list all", lambda: list_scenes(site)),
            ("search three months and a zone", lambda: Catalogue(site / "scenes").search(sieve)),
            ("look for a hash", lambda: Catalogue(site / "scenes").by_hash("0" * 64)),
        ]
        rows = [_row(name, task, 1 if "first time" in name else REPEATS) for name, task in asked]
        touch(site)
        rows.append(_row("list all after 10 items were edited", lambda: list_scenes(site), 1))
    return Table(
        name="catalogue",
        title=f"Catalogue of {count:,} scenes",
        data="none",
        rows=tuple(rows),
        notes=(
            (
                f"asked: list, and search by date and zone, at most {MOST_S} s each once the index is there; "
                f"median of {REPEATS}, every item's file looked at for changes each time"
            ),
            "CPU s is what the process itself needed: on a machine shared with others it waits for its turn besides",
            "without the start of the program and without printing",
        ),
    )


def make_scenes(site: Path, count: int) -> None:
    """Receive one small image, and put its item down again and again with another day and another place."""
    image = site / "one.tif"
    data = np.random.default_rng(5).integers(1, 250, (3, 64, 64), dtype=np.uint8)
    profile = {"driver": "GTiff", "width": 64, "height": 64, "count": 3, "dtype": "uint8", "crs": "EPSG:32710"}
    with rasterio.open(image, "w", transform=Affine(8, 0, 470_000, 0, -8, 4_590_000), **profile) as out:
        out.write(data)
    details = Details(acquired="2004-01-01T02:00Z", sensor="Bench", licence="cc0-1.0")
    scene = receive(image, site, details, now=datetime.now(UTC), over=None).scene
    folder = site / "scenes" / scene.id
    document = json.loads((folder / f"{scene.id}.json").read_text(encoding="utf-8"))
    rng = np.random.default_rng(7)
    for number in range(count - 1):
        _put(site / "scenes", document, number, rng, folder / f"{scene.id}.tif")


def _put(scenes: Path, document: dict[str, Any], number: int, rng: np.random.Generator, pixels: Path) -> None:
    at = FIRST + timedelta(hours=17.5 * number)
    digest = f"{int(rng.integers(2**63)):064x}"
    name = f"{at.date()}-{digest[-8:]}-{number}"
    item = copy.deepcopy(document)
    east, north = rng.uniform(-0.02, 0.02, 2)
    item["id"] = name
    item["properties"] |= {"datetime": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "yardwatch:sha256": digest}
    ring = item["geometry"]["coordinates"][0]
    item["geometry"]["coordinates"] = [[[x + east, y + north] for x, y in ring]]
    item["assets"]["image"]["href"] = f"./{name}.tif"
    (scenes / name).mkdir()
    (scenes / name / f"{name}.json").write_text(json.dumps(item, indent=2), encoding="utf-8")
    (scenes / name / f"{name}.tif").hardlink_to(pixels)


def touch(site: Path) -> None:
    """Edit ten items."""
    for path in sorted((site / "scenes").glob("*/*.json"))[:10]:
        path.write_text(path.read_text(encoding="utf-8").replace("Bench", "Edited"), encoding="utf-8")


def _row(name: str, task: Callable[[], Any], repeats: int) -> dict[str, str | int | float | None]:
    passed, spent, found = [], [], 0
    for _ in range(repeats):
        begun, used = time.perf_counter(), time.process_time()
        answer = task()
        passed.append(time.perf_counter() - begun)
        spent.append(time.process_time() - used)
        found = len(answer) if answer is not None else 0
    half = len(passed) // 2
    return {
        "": name,
        "scenes": found,
        "seconds": round(sorted(passed)[half], 3),
        "CPU s": round(sorted(spent)[half], 3),
    }


def main() -> int:
    """Print and write the table."""
    table = measure()
    show(table)
    print(f"  → {write(table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
