"""Simulated yards as coarse images have them: one yard is painted once and delivered at several GSDs."""

from __future__ import annotations

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from training.coarse.grid import Known, known
from training.layout import STEP_M
from training.simulated import labelled
from yardwatch.simulate.anywhere import AnyScene, draw_yard
from yardwatch.simulate.anywhere.camera import expose
from yardwatch.simulate.anywhere.frame import border, canvas_over
from yardwatch.simulate.anywhere.scene import _cropped, _lit, _painted, _seen
from yardwatch.simulate.anywhere.tracks import misset
from yardwatch.simulate.anywhere.yard import AnyYard
from yardwatch.simulate.sensor import average
from yardwatch.simulate.weather import haze_over

Floats = NDArray[np.float32]
Rng = np.random.Generator

GSDS_M = (1.0, 4.2)
"""Of the deliveries, evenly over their logarithm."""
PAINTED_M = (0.8, 1.0)
"""GSDs a yard is painted for: fine pixels of 0.2 to 0.25 m."""
DELIVERIES = 4
"""Of each yard; painting takes twenty times as long as delivering."""
STREAM = 4417
"""The benchmarks' yards come from other streams, so none of theirs is seen here."""
SHORTEST_M = 30.0


def strips_of(seed: int, number: int) -> list[Known]:
    """Strips of one yard at `DELIVERIES` GSDs."""
    rng = np.random.default_rng([seed, number, STREAM])
    scenes = deliveries(draw_yard(rng), rng)
    strips = [labelled(scene, k) for scene in scenes for k in range(len(scene.tracks))]
    return [known(strip) for strip in strips if strip.data.shape[2] * STEP_M > SHORTEST_M]


def deliveries(yard: AnyYard, rng: Rng) -> list[AnyScene]:
    """The yard at `DELIVERIES` GSDs, each with a camera, a pixel phase and mis-set lines of its own."""
    canvas = canvas_over(yard.extent, float(rng.uniform(*PAINTED_M)))
    layers = _painted(yard, canvas, ())
    fine = _cropped(_lit(yard, layers), canvas)
    truth, vehicle = _seen(yard.stock, layers)
    edge = border(canvas) * canvas.oversampled * canvas.fine_m
    found = []
    for _ in range(DELIVERIES):
        each = int(np.rint(np.exp(rng.uniform(*np.log(GSDS_M))) / canvas.fine_m))
        rows, columns = fine.shape[1] // each - 1, fine.shape[2] // each - 1
        down, right = (int(n) for n in rng.integers(0, each, 2))
        picture = average(fine[:, down : down + rows * each, right : right + columns * each].copy(), each)
        haze_over(picture, yard.day.haze)
        gsd_m = each * canvas.fine_m
        west, north = canvas.west + edge + right * canvas.fine_m, canvas.north - edge - down * canvas.fine_m
        found.append(
            AnyScene(
                data=expose(picture, rng, 8), transform=Affine(gsd_m, 0, west, 0, -gsd_m, north), gsd_m=gsd_m,
                tracks=yard.tracks, given=misset(yard.tracks, rng), truth=truth, vehicle=vehicle, day=yard.day,
            )
        )  # fmt: skip
    return found
