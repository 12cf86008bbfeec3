"""Window: what fetching a window of a remote gigapixel costs, beside rasterio reading the very same blocks over HTTP.

The server is on this machine, so time is the client's own work and the number of its questions; a real network adds
its delay to each question. Like is held against like: both ways end with the window's pixels in memory, though the
fetch has checked every answer and kept every byte for a resume. The last column is the whole of a download, which
besides writes the window as a compressed file.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.windows import Window

from benchmarks.gigapixel import CORNER, CRS, GSD_M, SIDE_PX, write_gigapixel
from benchmarks.ranges import served
from benchmarks.results import Cell, Table, show, write
from yardwatch.ground import reproject_geometry
from yardwatch.imagery.fetching.download import Wanted, download
from yardwatch.imagery.fetching.remote import Remote
from yardwatch.imagery.fetching.web import Web
from yardwatch.imagery.fetching.window import opened_remote, plan

SIDES_M = (500, 1500, 4000)
REPEATS = 5
MOST_RATIO = 1.3


def measure(side_px: int = SIDE_PX, image: Path | None = None) -> Table:
    """Make the image and take windows of three sizes out of it, both ways in turn."""
    with tempfile.TemporaryDirectory() as folder:
        made = image or Path(folder) / "gigapixel.tif"
        if image is None:
            write_gigapixel(made, side_px)
        rows = [_row(made, side_m, side_px, Path(folder)) for side_m in SIDES_M if side_m < side_px * GSD_M]
        size = made.stat().st_size
    return Table(
        name="window",
        title=f"Window of a remote COG of {side_px} × {side_px} × 3 over HTTP ranges",
        data="none",
        rows=tuple(rows),
        notes=(
            f"asked: bytes and time at most {MOST_RATIO} × rasterio's; medians of {REPEATS}, taken in turn",
            f"noise, JPEG, tiles of 512; the file has {size / 1e6:.0f} MB; server on this machine",
            "rasterio: /vsicurl by default; fetch: each answer checked and kept for a resume; both into memory",
            "and written: the whole download, which also writes the window as a compressed file",
        ),
    )


def _row(image: Path, side_m: int, side_px: int, folder: Path) -> dict[str, Cell]:
    middle = (CORNER[0] + side_px * GSD_M / 2 + 77, CORNER[1] - side_px * GSD_M / 2 - 33)
    square = shapely.box(*(v - side_m / 2 for v in middle), *(v + side_m / 2 for v in middle))
    over = reproject_geometry(square, CRS, "EPSG:4326")
    ways: dict[str, list[tuple[float, int]]] = {"theirs": [], "ours": [], "file": []}
    for _ in range(REPEATS):
        *whole, window = _downloaded(image, over, folder / "parts")
        ways["file"].append((whole[0], whole[1]))
        ways["theirs"].append(_read(image, window))
        ways["ours"].append(_fetched(image, over, folder / "parts"))
    seconds, sent = ({name: float(np.median([one[i] for one in way])) for name, way in ways.items()} for i in (0, 1))
    return {
        "window": f"{side_m} m",
        "rasterio MB": round(sent["theirs"] / 1e6, 2),
        "fetch MB": round(sent["ours"] / 1e6, 2),
        "bytes ×": round(sent["ours"] / sent["theirs"], 2),
        "rasterio s": round(seconds["theirs"], 2),
        "fetch s": round(seconds["ours"], 2),
        "time ×": round(seconds["ours"] / seconds["theirs"], 2),
        "and written s": round(seconds["file"], 2),
    }


def _fetched(image: Path, over: shapely.Polygon, folder: Path) -> tuple[float, int]:
    """The window's pixels in memory, our way."""
    with served(image) as count, Web(private=True) as web:
        begun = time.perf_counter()
        remote = Remote(web, count.url, folder)
        with opened_remote(remote, "window") as dataset:
            planned = plan(dataset, over, "window")
            remote.need(planned.spans)
            dataset.read(window=planned.window)
        seconds = time.perf_counter() - begun
        remote.close()
    shutil.rmtree(folder)
    return seconds, count.bytes_sent


def _downloaded(image: Path, over: shapely.Polygon, folder: Path) -> tuple[float, int, Window]:
    """A whole download."""
    with served(image) as count, Web(private=True) as web:
        begun = time.perf_counter()
        got = download(Wanted(href=count.url, over=over, name="window"), folder, web)
        seconds = time.perf_counter() - begun
    shutil.rmtree(folder)
    return seconds, count.bytes_sent, Window(*got.window)


def _read(image: Path, window: Window) -> tuple[float, int]:
    """Another port each time, so GDAL remembers nothing."""
    with served(image) as count:
        begun = time.perf_counter()
        environment = rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", CPL_VSIL_CURL_ALLOWED_EXTENSIONS=".tif")
        with environment, rasterio.open(f"/vsicurl/{count.url}") as dataset:
            dataset.read(window=window)
        return time.perf_counter() - begun, count.bytes_sent


def main() -> int:
    """Print and write the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.window", description=__doc__)
    parser.add_argument("--image", type=Path, help="a gigapixel made before by benchmarks.gigapixel")
    given = parser.parse_args()
    os.environ["NO_PROXY"] = "127.0.0.1"
    table = measure(image=given.image)
    show(table)
    print(f"  → {write(table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
