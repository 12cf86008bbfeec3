"""Simulated yards under cloud, snow and haze, each another yard, with the truth of what cloud hides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.ground import Frame
from yardwatch.model import Grid, Pixels
from yardwatch.simulate.anywhere.scene import AnyScene, render_yard
from yardwatch.simulate.anywhere.yard import draw_yard

GSD_M = 0.5
SIZE_M = (220.0, 110.0)
FULL = 1.0
BELT_M = 4.0
SKIES = ("clear", "snow", "cloud in part", "snow, cloud in part", "overcast", "snow, overcast")


@dataclass(frozen=True, kw_only=True, eq=False)
class WeatherScene:
    """One simulated look and what is true of its sky."""

    sky: str
    pixels: Pixels
    hidden: NDArray[np.bool_]
    """(y, x): under cloud."""
    belt: NDArray[np.bool_]
    """(y, x): within `BELT_M` of a track."""


def weather_scene(seed: int, index: int, gsd_m: float = GSD_M) -> WeatherScene:
    """Skies in turn; cover, snow depth and haze by lot."""
    rng = np.random.default_rng([seed, index])
    sky = SKIES[index % len(SKIES)]
    yard = draw_yard(rng, SIZE_M)
    snow = float(rng.uniform(0.4, 1.0)) if "snow" in sky else 0.0
    cover = {"part": float(rng.uniform(0.1, 0.95)), "overcast": FULL}.get(sky.rsplit(maxsplit=1)[-1], 0.0)
    day = replace(yard.day, snow=snow, green=yard.day.green * (snow == 0), haze=float(0.3 * rng.beta(1, 3)))
    scene = render_yard(replace(yard, day=day), gsd_m=gsd_m, cloud=cover)
    data = scene.data.astype(np.float32) / 255
    visible = np.ones(data.shape[1:], bool)
    grid = Grid(frame=Frame(0, 0), west=0, north=0, step_m=gsd_m, width=visible.shape[1], height=visible.shape[0])
    hidden = scene.cloud if scene.cloud.size else ~visible
    return WeatherScene(sky=sky, pixels=Pixels(grid=grid, data=data, visible=visible), hidden=hidden, belt=_belt(scene))


def _belt(scene: AnyScene) -> NDArray[np.bool_]:
    rows, columns = np.indices(scene.data.shape[1:])
    x, y = scene.transform * (columns + 0.5, rows + 0.5)
    belt = shapely.union_all([track.line for track in scene.tracks]).buffer(BELT_M)
    shapely.prepare(belt)
    return np.asarray(shapely.contains_xy(belt, x, y))
