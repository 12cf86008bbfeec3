"""Speed beside a yardstick: a numpy FFT run just before and after, so that a busy or slow machine shows in both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from time import process_time
from typing import Any

import numpy as np
import shapely
from scipy import ndimage

from benchmarks.results import Cell, Table
from yardwatch.cars.against import held_against
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.light import light
from yardwatch.cars.network import Network
from yardwatch.cars.readers import speak
from yardwatch.cars.segment import decode
from yardwatch.cars.strips import cut, plan
from yardwatch.construction.changes import find_changes
from yardwatch.construction.looks import Look
from yardwatch.construction.options import Options
from yardwatch.ground import Frame
from yardwatch.model import Change, Grid, Pixels, Strip, Track
from yardwatch.steps.weights import load_network

SEED = 905
REPEATS = 5
FFT_SIDE = 1024
GSD_M = 0.5
LOOKS, HEIGHT, WIDTH = 26, 500, 1400


def measure() -> Table:
    """Seconds of one core, and how many transforms of the yardstick fit in them."""
    rng = np.random.default_rng(SEED)
    strip, empty, network = kilometre(rng), kilometre(rng, cars=False), load_network()
    looks = window_of_many_dates(rng)
    return Table(
        name="speed",
        title="Speed, one core",
        data="none",
        rows=(
            _row("1 km of track at 0.5 m, strip to pmf, network", REPEATS, lambda: count_by_network(strip, network)),
            _row("the same, held against its empty look", REPEATS, lambda: count_against(strip, empty, network)),
            _row(f"changes, {LOOKS} looks of {WIDTH} × {HEIGHT} × 3", 1, lambda: changes(looks)),
        ),
        notes=(
            f"seconds: least of the runs, processor; FFT: np.fft.fft2 of {FFT_SIDE}² complex numbers, run beside each",
            "ratio: seconds ÷ FFT, median over the runs; pixels are in memory, reading is not included",
            f"random pixels with cars drawn in, seed {SEED}",
        ),
    )


def kilometre(rng: np.random.Generator, cars: bool = True) -> Strip:
    """A straight kilometre of track, with or without rows of cars, gaps of a metre between them."""
    track = Track(id="km", line=shapely.LineString([(0, 0), (1000, 0)]))
    planned = plan(track, GSD_M)
    shape = planned.points.shape[:2]
    data = 0.4 + rng.normal(0, 0.02, (3, *shape))
    offset = planned.points[:, 0, 1]
    body = np.abs(offset) < 1.55
    for start in range(50, 900 if cars else 50, 15):
        if start % 150 > 30:
            along = slice(int(start / planned.step_m), int((start + 14) / planned.step_m))
            data[:, body, along] = rng.uniform(0.15, 0.7, 3)[:, None, None]
    return cut(planned, data.astype(np.float32), np.ones(shape, bool), GSD_M)


def count_by_network(strip: Strip, network: Network) -> np.ndarray[Any, Any]:
    """Pixels in memory to the pmf of the number of cars, as a bare image is counted."""
    return decode(speak(strip, network), rng=np.random.default_rng(SEED), habits=ANYWHERE).pmf


def count_against(strip: Strip, empty: Strip, network: Network) -> np.ndarray[Any, Any]:
    """The same as an image of a site is counted."""
    said = held_against(speak(strip, network), strip, empty, light(strip, empty))
    return decode(said, rng=np.random.default_rng(SEED), habits=ANYWHERE).pmf


def changes(looks: list[Look]) -> tuple[Change, ...]:
    """Windows in memory to objects."""
    return find_changes(looks, np.zeros((HEIGHT, WIDTH), bool), Options())


def window_of_many_dates(rng: np.random.Generator) -> list[Look]:
    """Textured ground in changing light; a building from the middle on."""
    grid = Grid(frame=Frame(-123.4, -48.9), west=0, north=0, step_m=GSD_M, width=WIDTH, height=HEIGHT)
    texture = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), 10)
    ground = np.repeat((0.35 + 0.07 * texture / texture.std())[None], 3, axis=0)
    looks = []
    for index in range(LOOKS):
        scene = ground.copy()
        if index >= LOOKS // 2:
            scene[:, 100:136, 300:380] = 0.7
        scene = scene * rng.uniform(0.8, 1.2) + rng.normal(0, 0.01, scene.shape)
        pixels = Pixels(grid=grid, data=scene.astype(np.float32), visible=np.ones((HEIGHT, WIDTH), bool))
        looks.append(Look(day=date(2019, 1, 1) + timedelta(days=75 * index), pixels=pixels))
    return looks


def _row(name: str, repeats: int, task: Callable[[], object]) -> dict[str, Cell]:
    numbers = np.random.default_rng(SEED).normal(size=(FFT_SIDE, FFT_SIDE)) + 0j
    task()
    seconds, yardstick = [], []
    for _ in range(repeats):
        before = _seconds(lambda: np.fft.fft2(numbers))
        seconds.append(_seconds(task))
        yardstick.append((before + _seconds(lambda: np.fft.fft2(numbers))) / 2)
    ratios = np.array(seconds) / np.array(yardstick)
    return {
        "": name,
        "runs": repeats,
        "seconds": round(min(seconds), 3),
        "FFT, seconds": round(min(yardstick), 4),
        "ratio": round(float(np.median(ratios)), 1),
    }


def _seconds(task: Callable[[], object]) -> float:
    start = process_time()
    task()
    return process_time() - start
