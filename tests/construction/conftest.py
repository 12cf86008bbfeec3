"""Small scenes made on the fly: textured ground, roads, tracks, a building, seasons. Own, not from `simulate`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import ndimage

from yardwatch.construction.looks import Look
from yardwatch.ground import Frame
from yardwatch.model import Grid, Pixels

HEIGHT, WIDTH, STEP = 240, 320, 0.5
FRAME = Frame(-123.4, -48.9)
GRID = Grid(frame=FRAME, west=100.0, north=900.0, step_m=STEP, width=WIDTH, height=HEIGHT)
BUILDING = (slice(60, 96), slice(200, 280))
"""Rows and columns of the building: 36 × 80 pixels, 18 × 40 m, 720 m²; ground x 200–240, y 852–870."""
TRACKS = (slice(150, 170), slice(0, WIDTH))


def ground(seed: int = 1) -> np.ndarray:
    """(3, y, x): patches of field and gravel, a bright road, fine texture; a fresh copy."""
    return _ground(seed).copy()


@cache
def _ground(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    broad = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), 14)
    fine = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), 0.8)
    grey = 0.35 + 0.07 * broad / broad.std() + 0.015 * fine / fine.std()
    grey[110:122] = 0.5
    colour = np.array([1.0, 0.95, 0.8])[:, None, None] * grey
    patches = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), 20)
    colour[1] += 0.03 * patches / patches.std()
    return colour.astype(np.float32)


def avoid() -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[TRACKS] = True
    return mask


def build(scene: np.ndarray, where=BUILDING, colour=(0.62, 0.6, 0.6), shadow: int = 6) -> None:
    """A flat roof, and a shadow of so many pixels to its north (up)."""
    rows, columns = where
    if shadow:
        scene[:, max(rows.start - shadow, 0) : rows.start, columns] *= 0.45
    scene[(slice(None), *where)] = np.array(colour, np.float32)[:, None, None]


def days(count: int, start: date = date(2018, 1, 20), every: int = 76) -> list[date]:
    return [start + timedelta(days=every * i) for i in range(count)]


def look(day: date, scene: np.ndarray, rng: np.random.Generator, *, shift=(0, 0), visible=None, noise=0.01) -> Look:
    """Seen on a day: own gain and offset, green in summer, noise, a shift in whole pixels."""
    gain, offset = rng.uniform(0.75, 1.25), rng.uniform(-0.04, 0.06)
    summer = 0.5 - 0.5 * np.cos(2 * np.pi * day.timetuple().tm_yday / 365)
    tint = np.array([1 - 0.06 * summer, 1 + 0.08 * summer, 1 - 0.04 * summer])[:, None, None]
    data = np.roll(scene, shift, axis=(1, 2)) * tint * gain + offset
    data = (data + rng.normal(0, noise, scene.shape)).astype(np.float32)
    visible = np.ones(scene.shape[1:], bool) if visible is None else visible
    return Look(day=day, pixels=Pixels(grid=GRID, data=np.where(visible, data, np.float32(0)), visible=visible))


def trains(scene: np.ndarray, rng: np.random.Generator) -> None:
    """Cars on the tracks, others every time."""
    start = int(rng.integers(0, WIDTH - 120))
    scene[:, 156:162, start : start + 110] = rng.uniform(0.1, 0.8, 3)[:, None, None]


def history(count=12, built_at: int | None = 6, seed=3, where=BUILDING, **drawn) -> list[Look]:
    """Looks every 76 days; the building stands from look `built_at` on, with a shadow that changes its length."""
    rng = np.random.default_rng(seed)
    found = []
    for index, day in enumerate(days(count)):
        scene = ground()
        if built_at is not None and index >= built_at:
            build(scene, where, shadow=int(4 + 5 * abs(np.cos(np.pi * day.timetuple().tm_yday / 365))))
        trains(scene, rng)
        found.append(look(day, scene, rng, **drawn))
    return found


@pytest.fixture(scope="session")
def scenes() -> SimpleNamespace:
    """All of the above, by name."""
    return SimpleNamespace(
        grid=GRID,
        building=BUILDING,
        ground=ground,
        avoid=avoid,
        build=build,
        days=days,
        look=look,
        trains=trains,
        history=history,
    )
