"""Sites for the change benchmark: simulated places over years, and real pixels misplaced and lit anew."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from yardwatch.construction.looks import Look
from yardwatch.ground import Frame
from yardwatch.model import Grid, Pixels
from yardwatch.simulate.works.day import draw_days
from yardwatch.simulate.works.drawing import draw_plan
from yardwatch.simulate.works.plan import SIDE_M, Plan
from yardwatch.simulate.works.render import GSD_M, see

FRAME = Frame(-123.4, -48.9)
TRACK_BELT_M, STACK_BELT_M = 3.4, 3.0
"""Beyond the ballast and the marked stacking ground, as `steps/changing` marks them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Site:
    """Looks of one place and what is true of it."""

    name: str
    plan: Plan | None
    looks: tuple[Look, ...]
    avoid: NDArray[np.bool_]

    @property
    def years(self) -> float:
        """From the first to the last look."""
        return (self.looks[-1].day - self.looks[0].day).days / 365.25


def simulated(seed: int, build: bool = True, kinds: tuple[str, ...] = ()) -> Site:
    """The place of a seed, rendered; `kinds` of works are asked for, or drawn."""
    plan = draw_plan(seed, build, kinds)
    size = round(SIDE_M / GSD_M)
    grid = Grid(frame=FRAME, west=0.0, north=SIDE_M, step_m=GSD_M, width=size, height=size)
    looks = []
    for day in draw_days(plan):
        seen = see(plan, day)
        data = np.where(seen.visible, seen.data.astype(np.float32) / 255, np.float32(0))
        pixels = Pixels(grid=grid, data=data, visible=seen.visible)
        looks.append(Look(day=day.day, pixels=pixels, sensor=day.sensor.name))
    belt = shapely.union_all(
        [track.polygon.buffer(TRACK_BELT_M) for track in plan.tracks]
        + [block.polygon.buffer(STACK_BELT_M) for block in plan.stacking]
    )
    return Site(name=f"seed {seed}", plan=plan, looks=tuple(looks), avoid=inside(belt, grid))


def data_folder() -> Path | None:
    """The real pixels, `$YARDWATCH_DATA` or `../shared/data`; None, and said, where they are not at hand."""
    folder = Path(os.environ.get("YARDWATCH_DATA", "../shared/data"))
    if not (folder / "negatives").is_dir():
        print(f"real pixels left out: {folder} is not there; set YARDWATCH_DATA")
        return None
    return folder


def inside(area: shapely.Geometry, grid: Grid) -> NDArray[np.bool_]:
    """(y, x): pixel centres in an area."""
    shapely.prepare(area)
    centres = grid.centres()
    return np.asarray(shapely.contains_xy(area, centres[..., 0], centres[..., 1]))


def real_pixels(path: Path, step_m: float, part: tuple[float, float]) -> NDArray[np.float32]:
    """(3, y, x) 0..1 of a real picture at about a step; `part` of its width, from and to, as shares."""
    import rasterio

    with rasterio.open(path) as raster:
        own = raster.res[0] * (0.68 if raster.crs.to_epsg() == 3857 else 1.0)
        scale = own / step_m
        shape = (3, round(raster.height * scale), round(raster.width * scale))
        data = raster.read((1, 2, 3), out_shape=shape, resampling=rasterio.enums.Resampling.average)
    first, last = (round(share * data.shape[2]) for share in part)
    return data[:, :, first:last].astype(np.float32) / 255


def relit(picture: NDArray[np.float32], day: date, rng: np.random.Generator, most_shift: float = 1.0) -> Look:
    """A look at a real picture as another sensor on another day might give it: shifted by up to a pixel, lit anew."""
    angle, reach = rng.uniform(0, 2 * np.pi), most_shift * np.sqrt(rng.random())
    shift = reach * np.sin(angle), reach * np.cos(angle)
    mixing = np.diag(rng.uniform(0.85, 1.15, 3)) + rng.normal(0, 0.03, (3, 3))
    haze, gamma = rng.uniform(0, 0.3), rng.uniform(0.8, 1.25)
    mixed = np.tensordot(mixing, np.clip(picture, 1e-3, 1) ** gamma, axes=1) * (1 - haze) + 0.7 * haze
    rows, columns = picture.shape[1:]
    slope = (
        1 + rng.normal(0, 0.04) * np.linspace(-1, 1, rows)[:, None] + rng.normal(0, 0.04) * np.linspace(-1, 1, columns)
    )
    bands = [
        ndimage.gaussian_filter(ndimage.shift(band * slope, shift, order=1, mode="nearest"), rng.uniform(0.3, 0.8))
        for band in mixed
    ]
    noisy = np.stack(bands) + rng.normal(0, 0.012, picture.shape)
    data = (np.clip(np.rint(noisy * 235), 1, 255) / 255).astype(np.float32)
    grid = Grid(frame=FRAME, west=0.0, north=rows * GSD_M, step_m=GSD_M, width=columns, height=rows)
    return Look(day=day, pixels=Pixels(grid=grid, data=data, visible=np.ones((rows, columns), bool)))


def relit_site(path: Path, seed: int, part: tuple[float, float]) -> Site:
    """Fourteen to thirty looks over three to six years at one real picture, at which nothing is built."""
    rng = np.random.default_rng([seed, 41])
    picture = real_pixels(path, GSD_M, part)
    count, years = int(rng.integers(14, 31)), rng.uniform(3, 6)
    at = np.sort(rng.choice(int(365 * years), count, replace=False))
    looks = tuple(relit(picture, date(2018, 1, 1) + timedelta(days=int(day)), rng) for day in at)
    return Site(name=f"{path.stem} {seed}", plan=None, looks=looks, avoid=np.zeros(picture.shape[1:], bool))


def moved(look: Look, day: date) -> Look:
    """The same look on another day."""
    return replace(look, day=day)
