"""Distance and smoothing on numbers worked by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from yardwatch.construction.distance import Reference, distance
from yardwatch.construction.looks import Look, smoothed
from yardwatch.ground import Frame
from yardwatch.model import Grid, Pixels


def looks(values, visible=None, start=date(2020, 1, 1), every=30):
    """Looks from (look, band, y, x)."""
    values = np.asarray(values, np.float32)
    visible = np.ones((len(values), *values.shape[2:]), bool) if visible is None else visible
    grid = Grid(frame=Frame(0, 0), west=0, north=0, step_m=1.0, width=values.shape[3], height=values.shape[2])
    return [
        Look(day=start + timedelta(days=every * i), pixels=Pixels(grid=grid, data=data, visible=seen))
        for i, (data, seen) in enumerate(zip(values, visible, strict=True))
    ]


def test_distance_worked_by_hand():
    shape = (2, 1, 3)
    reference = Reference(
        median=np.full(shape, 0.3, np.float32),
        spread=np.full(shape, 0.03, np.float32),
        low=np.full(shape, 0.2, np.float32),
        high=np.full(shape, 0.4, np.float32),
        looks=np.full((1, 3), 5),
    )
    values = np.array([[[0.3, 0.6, 0.1]], [[0.4, 0.4, 0.05]]], np.float32)
    found = distance(values, reference, np.array([0.04, 0.04], np.float32))
    # σ = 0.05; pixel 1: (0.2/0.05)² = 16 and 0, mean 8; pixel 2: (0.1/0.05)² = 4 and (0.15/0.05)² = 9, mean 6.5
    np.testing.assert_allclose(found[0], [0, np.sqrt(8), np.sqrt(6.5)], rtol=1e-5)


def test_smoothing_is_a_mean_of_nine_and_takes_the_rim_of_nodata():
    data = np.zeros((1, 1, 9, 9), np.float32)
    data[0, 0, 4, 4] = 0.9
    visible = np.ones((1, 9, 9), bool)
    visible[0, :, 0] = False
    one = smoothed(looks(data, visible)[0].pixels)
    np.testing.assert_allclose(one.data[0, 3:6, 3:6], 0.1, rtol=1e-5)
    assert one.data[0, 2, 4] == pytest.approx(0, abs=1e-6)
    assert not one.visible[:, :3].any()
    assert one.visible[:, 3:].all()
