"""Chronolocation: the side on which cars' shadows fall, under the true sun, the opposite one and one by lot."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import map_coordinates

from benchmarks.results import Cell, Table
from yardwatch.cars.shadow_side import LEAST_CARS, SURE, ShadowSide, shadow_side
from yardwatch.cars.strips import cut, plan
from yardwatch.model import Strip
from yardwatch.simulate.anywhere import AnyScene, any_scene

SEED = 701
GSD_M = 0.5


def simulated_suns(scenes: int) -> Table:
    """Simulated yards without snow; true vehicles, so that the count's own errors stay out."""
    said: dict[str, list[ShadowSide]] = {"true": [], "opposite": [], "by lot": []}
    for i in range(scenes):
        scene = any_scene(np.random.default_rng([SEED, i]), gsd_m=GSD_M)
        strips = [_strip(scene, k) for k in range(len(scene.tracks))]
        true = scene.day.sun_azimuth_deg
        lot = float(np.random.default_rng([SEED, i, 1]).uniform(0, 360))
        for name, azimuth in (("true", true), ("opposite", true + 180), ("by lot", lot)):
            said[name].append(shadow_side(scene.truth, strips, scene.tracks, azimuth))
    return Table(
        name="quality-sun",
        title="Chronolocation: shadows of cars against the sun, 0.5 m",
        data="simulated",
        rows=tuple(_row(name, some) for name, some in said.items()),
        notes=(
            f"silent: fewer than {LEAST_CARS} cars with a shadow to one side, or a t value below {SURE:g}",
            "half-planes only: a wrong hour in the same half of the sky passes; elevation is not measured",
        ),
    )


def _strip(scene: AnyScene, k: int) -> Strip:
    planned = plan(scene.tracks[k], GSD_M)
    points = planned.points
    column, row = ~scene.transform * (points[..., 0], points[..., 1])
    inside = (column > 0) & (row > 0) & (column < scene.data.shape[2]) & (row < scene.data.shape[1])
    data = np.stack(
        [map_coordinates(band / 255, [row - 0.5, column - 0.5], order=1) for band in scene.data.astype(float)]
    )
    return cut(planned, data.astype(np.float32), inside, GSD_M)


def _row(name: str, said: list[ShadowSide]) -> dict[str, Cell]:
    return {
        "sun": name,
        "scenes": len(said),
        "agree": sum(one.agrees is True for one in said),
        "flagged": sum(one.agrees is False for one in said),
        "silent": sum(one.agrees is None for one in said),
    }
