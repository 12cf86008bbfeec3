"""Reading: what a count along five kilometres of track reads of an image of a gigapixel, and the memory it takes.

The image is made in a temporary folder, counted in processes of their own, and removed. Pixels are counted twice,
over a web server with range requests that counts what it hands out, and from the file by what the process itself
reads; the scene's hash, which is of every byte, is kept apart.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks.gigapixel import CORNER, CRS, GSD_M, SIDE_PX, write_gigapixel
from benchmarks.ranges import served
from benchmarks.results import Cell, Table, show, write
from yardwatch.ground import Frame, reproject_geometry
from yardwatch.imagery.describe import bare_scene
from yardwatch.sites.tracks import read_tracks
from yardwatch.steps.bare import count_bare
from yardwatch.steps.counting import Tracked, count_scene
from yardwatch.steps.strips import cut_strips, ground_tracks
from yardwatch.steps.weights import load_network

KILOMETRES = 5.0
MOST_SHARE, MOST_MB = 0.05, 700
"""What a count of five kilometres may read of the file, and the memory it may take."""


def measure() -> Table:
    """Make the image, count in it three ways, and say what each read."""
    with tempfile.TemporaryDirectory() as folder:
        image, tracks = Path(folder) / "gigapixel.tif", Path(folder) / "tracks.geojson"
        write_gigapixel(image)
        write_track(tracks, SIDE_PX)
        size = image.stat().st_size
        rows = [
            _row("whole command, from the file (hash and pixels)", size, _alone("whole", image, tracks)),
            _row("pixels, from the file", size, _alone("pixels", image, tracks)),
        ]
        with served(image) as count:
            found = _alone("pixels", image, tracks, count.url)
            rows.append(_row("pixels, over HTTP ranges", size, found | {"read": count.bytes_sent}))
    return Table(
        name="reading",
        title=f"Reading, {KILOMETRES:g} km of track in {SIDE_PX} × {SIDE_PX} × 3 at {GSD_M} m",
        data="none",
        rows=tuple(rows),
        notes=(
            f"noise, JPEG, tiles of 512; the file has {size / 1e6:.0f} MB",
            f"asked: pixels at most {MOST_SHARE:.0%} of the file, peak memory at most {MOST_MB} MB",
            "the hash is of every byte, so it reads the whole file once; it is not among the pixels",
        ),
    )


def write_track(path: Path, side_px: int, kilometres: float = KILOMETRES) -> None:
    """One track that bends across the middle of the image, as GeoJSON."""
    along = np.linspace(-kilometres * 500, kilometres * 500, 60)
    half = side_px * GSD_M / 2
    bend = 200 * np.sin(along / 900)
    turn = np.deg2rad(33)
    x = CORNER[0] + half + along * np.cos(turn) - bend * np.sin(turn)
    y = CORNER[1] - half + along * np.sin(turn) + bend * np.cos(turn)
    line = reproject_geometry(shapely.LineString(np.stack([x, y], axis=1)), CRS, "EPSG:4326")
    feature = {
        "type": "Feature",
        "id": "main",
        "properties": {"id": "main"},
        "geometry": shapely.geometry.mapping(line),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def whole(image: Path, tracks: Path) -> dict[str, Any]:
    """The public way, from the file to the answer: hash, pixels, network, decoder."""
    return _spent(lambda: count_bare(image, tracks))


def pixels(image: Path, tracks: Path, href: str | None) -> dict[str, Any]:
    """The same steps for a scene whose hash is known; `href` stands in for where its pixels are."""
    scene = bare_scene(image)
    scene = replace(scene, href=href or scene.href)
    frame, network = Frame.around(scene.footprint), load_network()
    lines = ground_tracks(read_tracks(tracks), frame)

    def count() -> object:
        strips = cut_strips(scene, lines, frame)
        empties = (None,) * len(strips)
        return count_scene(
            Tracked(scene=scene, tracks=lines, strips=strips, empties=empties, network=network), {"image": None}
        )

    return _spent(count)


def _spent(task: Callable[[], object]) -> dict[str, Any]:
    before, begun = _read_so_far(), time.process_time()
    task()
    return {"read": _read_so_far() - before, "seconds": time.process_time() - begun, "peak_mb": _peak_mb()}


def _read_so_far() -> int:
    """Bytes this process has asked of files, cached or not; Linux counts them."""
    return int(dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())["rchar"])


def _peak_mb() -> float:
    """The most memory this process ever held; `getrusage` would count its parent's at the fork."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def _alone(way: str, *arguments: object) -> dict[str, Any]:
    """One way in a process of its own, on one thread."""
    command = [sys.executable, "-m", "benchmarks.reading", way, *map(str, arguments)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _row(name: str, size: int, found: dict[str, Any]) -> dict[str, Cell]:
    return {
        "": name,
        "MB read": round(found["read"] / 1e6, 1),
        "of the file, %": round(100 * found["read"] / size, 2),
        "peak MB": round(found["peak_mb"]),
        "seconds": round(found["seconds"], 2),
    }


def main() -> int:
    """Print and write the table; or, in a process of its own, one way's figures as JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.reading", description=__doc__)
    parser.add_argument("way", nargs="?", choices=("whole", "pixels"), help="used by the benchmark itself")
    parser.add_argument("paths", nargs="*", help="image, tracks and, for pixels, an address")
    given = parser.parse_args()
    if given.way is None:
        table = measure()
        show(table)
        print(f"  → {write(table)}")
        return 0
    image, tracks = (Path(path) for path in given.paths[:2])
    href = given.paths[2] if len(given.paths) > 2 else None
    print(json.dumps(whole(image, tracks) if given.way == "whole" else pixels(image, tracks, href)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
