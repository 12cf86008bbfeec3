"""Network: a piece of yard out of a gigapixel over HTTP and S3, beside rasterio reading exactly the same blocks.

Each reading is a process of its own, so that nothing is cached; bytes are those that come back through a relay. What
is compared: our reader, on a window of the image, on a ground grid of 400 × 300 m and along a kilometre of track, and
plain rasterio told which blocks of the file those are. The S3 server is moto's: `make bench-network` starts it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import rasterio
from rasterio.windows import Window

from benchmarks.counted import Counted, relayed
from benchmarks.gigapixel import CORNER, CRS, GSD_M, SIDE_PX, write_gigapixel
from benchmarks.ranges import served
from benchmarks.results import Cell, Table, show, write
from yardwatch.ground import Frame, reproject
from yardwatch.imagery import bands
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Grid

TIMES = 3
MOST = 1.3
"""What ours may take of rasterio's time and bytes."""
KINDS = {"window": "800 × 600 pixels", "grid": "400 × 300 m of ground", "track": "1 km along a track"}
FAR_S = 0.04
"""A server on the same continent."""
CASES = (("window", 0.0), ("window", FAR_S), ("grid", FAR_S), ("track", FAR_S))
BUCKET = "gigapixel"


@dataclass(frozen=True)
class Case:
    """One row: what is read, from where."""

    way: str
    kind: str
    delay_s: float
    url: str
    counted: Counted
    environment: dict[str, str]

    @property
    def name(self) -> str:
        """As the table says it."""
        line = f"{1000 * self.delay_s:.0f} ms away" if self.delay_s else "loopback"
        return f"{self.way}, {line}: {KINDS[self.kind]}"


def measure(side_px: int) -> Table:
    """Make the image, put it on both servers, read it both ways."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "gigapixel.tif"
        write_gigapixel(image, side_px)
        blocks = {kind: _read("ours", kind, str(image), side_px, {})["blocks"] for kind in KINDS}
        rows = []
        with served(image) as plain, relayed("127.0.0.1", urlsplit(plain.url).port or 0) as counted:
            url = f"http://127.0.0.1:{counted.port}/{image.name}"
            rows += [_row(Case("HTTP", *one, url, counted, {}), blocks[one[0]], side_px) for one in CASES]
        with _in_s3(image) as (url, counted, environment):
            rows += [_row(Case("S3", *one, url, counted, environment), blocks[one[0]], side_px) for one in CASES]
        size = image.stat().st_size
    return Table(
        name="network",
        title=f"A window out of {side_px} × {side_px} × 3 over the network, beside rasterio reading the same blocks",
        data="none",
        rows=tuple(rows),
        notes=(
            f"noise, JPEG, tiles of 512; the file has {size / 1e6:.0f} MB; median of {TIMES} processes each, in turn",
            f"asked: time and bytes at most {MOST} times rasterio's",
            "seconds are from opening to pixels in memory, the imports left out",
            "ours also tells what is visible; grid and track are resampled to the ground, rasterio's blocks are not",
        ),
    )


def ours(kind: str, href: str, side_px: int) -> dict[str, Any]:
    """The reader of the package; also says which blocks of the file it touched."""
    asked: list[Window] = []
    stored = bands.BandReader.stored

    def noted(self: Any, window: Window, shape: Any = None) -> Any:  # noqa: ANN401
        asked.append(window)
        return stored(self, window, shape)

    bands.BandReader.stored = noted  # type: ignore[method-assign]
    frame, middle = _middle(side_px)
    begun = time.perf_counter()
    with open_raster(href) as raster:
        if kind == "window":
            raster.reader.read(Window(side_px // 2 - 400, side_px // 2 - 300, 800, 600))
        elif kind == "grid":
            grid = Grid(frame=frame, west=middle[0] - 200, north=middle[1] + 150, step_m=GSD_M, width=800, height=600)
            raster.read_grid(grid)
        else:
            raster.read_points(_track(middle), frame, GSD_M)
        seconds = time.perf_counter() - begun
        blocks = _blocks(asked, raster.reader.dataset.block_shapes[0])
    return {"seconds": seconds, "blocks": blocks}


def theirs(href: str, blocks: list[list[int]]) -> dict[str, Any]:
    """Plain rasterio, told which blocks."""
    path = href.replace("s3://", "/vsis3/") if href.startswith("s3://") else f"/vsicurl/{href}"
    begun = time.perf_counter()
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), rasterio.open(path) as dataset:
        for left, top, width, height in blocks:
            dataset.read(window=Window(left, top, width, height))
    return {"seconds": time.perf_counter() - begun}


def _blocks(asked: list[Window], shape: tuple[int, int]) -> list[list[int]]:
    """The blocks under windows, once each, in rows."""
    high, wide = shape
    touched = {
        (row, column)
        for window in asked
        for row in range(int(window.row_off) // high, int(window.row_off + window.height - 1) // high + 1)
        for column in range(int(window.col_off) // wide, int(window.col_off + window.width - 1) // wide + 1)
    }
    return [[column * wide, row * high, wide, high] for row, column in sorted(touched)]


def _middle(side_px: int) -> tuple[Frame, tuple[float, float]]:
    half = side_px * GSD_M / 2
    (lon, lat), *_ = reproject(np.array([[CORNER[0] + half, CORNER[1] - half]]), CRS, "EPSG:4326")
    frame = Frame(float(lon), float(lat))
    (x, y), *_ = reproject(np.array([[lon, lat]]), "EPSG:4326", frame.crs)
    return frame, (float(x), float(y))


def _track(middle: tuple[float, float]) -> np.ndarray:
    """(t, s, 2): a kilometre at 30° across the middle, 16 m wide."""
    along, across = np.meshgrid(np.arange(-500, 500, GSD_M), np.arange(-8, 8, GSD_M))
    turn = np.deg2rad(30)
    x = middle[0] + along * np.cos(turn) - across * np.sin(turn)
    y = middle[1] + along * np.sin(turn) + across * np.cos(turn)
    return np.stack([x, y], axis=-1)


@contextmanager
def _in_s3(image: Path) -> Iterator[tuple[str, Counted, dict[str, str]]]:
    endpoint = urlsplit(os.environ["YARDWATCH_TEST_S3"])
    with httpx.Client(trust_env=False, base_url=endpoint.geturl(), timeout=600) as client:
        client.put(f"/{BUCKET}").raise_for_status()
        with image.open("rb") as file:
            client.put(f"/{BUCKET}/{image.name}", content=file.read()).raise_for_status()
        with relayed(endpoint.hostname or "", endpoint.port or 0) as counted:
            keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "us-east-1"}
            theirs_too = {"AWS_S3_ENDPOINT": f"127.0.0.1:{counted.port}", "AWS_HTTPS": "NO"}
            theirs_too |= {"AWS_VIRTUAL_HOSTING": "FALSE", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{counted.port}"}
            yield f"s3://{BUCKET}/{image.name}", counted, keys | theirs_too
        client.post("/moto-api/reset").raise_for_status()


def _row(case: Case, blocks: list[list[int]], side_px: int) -> dict[str, Cell]:
    figures: dict[str, list[tuple[float, int]]] = {"ours": [], "theirs": []}
    case.counted.delay_s = case.delay_s
    for _ in range(TIMES):  # in turn, so that what else the machine does falls on both
        for who, said in (("ours", side_px), ("theirs", blocks)):
            before = case.counted.bytes_back
            found = _read(who, case.kind, case.url, said, case.environment)
            figures[who].append((found["seconds"], case.counted.bytes_back - before))
    seconds, size = ({who: statistics.median(one[k] for one in figures[who]) for who in figures} for k in (0, 1))
    return {
        "": case.name,
        "blocks": len(blocks),
        "MB": round(size["ours"] / 1e6, 2),
        "rasterio MB": round(size["theirs"] / 1e6, 2),
        "bytes, ratio": round(size["ours"] / size["theirs"], 2),
        "ms": round(1000 * seconds["ours"]),
        "rasterio ms": round(1000 * seconds["theirs"]),
        "time, ratio": round(seconds["ours"] / seconds["theirs"], 2),
    }


def _read(who: str, kind: str, url: str, said: object, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.network", who, kind, url, json.dumps(said)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"} | environment
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(words: list[str]) -> None:
    """Without words the whole table; with them one reading, for a process of its own."""
    if words[:1] == ["ours"]:
        print(json.dumps(ours(words[1], words[2], json.loads(words[3]))))
    elif words[:1] == ["theirs"]:
        print(json.dumps(theirs(words[2], json.loads(words[3]))))
    else:
        table = measure(int(words[0]) if words else SIDE_PX)
        show(table)
        print(f"written to {write(table)}")


if __name__ == "__main__":
    main(sys.argv[1:])
