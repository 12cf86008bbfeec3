"""Tracks beside sure ones: laid out by hand, found where they are, not where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from yardwatch.cars.tracing.abreast import abreast, stretch
from yardwatch.cars.tracing.ridges import Ridge, joined

LENGTH_M = 120.0
SURE = shapely.LineString([(0, 0), (LENGTH_M, 0)])


def row(y: float, share: float, *, slope: float = 0.0, turned: float = 0.0, every: float = 1.0) -> Ridge:
    """Ridge points along x at a height y, of one heat, running a little askew."""
    x = np.arange(0.5, LENGTH_M, every)
    return Ridge(np.stack([x, y + slope * (x - LENGTH_M / 2)], axis=1), np.full(len(x), turned), np.full(len(x), share))


def test_a_faint_row_beside_a_sure_line_is_a_line() -> None:
    (found,) = abreast([SURE], row(4.6, 0.5))
    assert np.abs(found.xy[:, 1] - 4.6).max() < 0.15
    assert found.xy[0, 0] == pytest.approx(0, abs=2)
    assert found.xy[-1, 0] == pytest.approx(LENGTH_M, abs=2)
    assert found.share.mean() == pytest.approx(0.5, abs=0.06)


def test_one_leads_to_the_next() -> None:
    found = abreast([SURE], joined([row(4.6, 0.5), row(9.4, 0.5), row(-5.0, 0.5)]))
    assert sorted(round(float(path.xy[:, 1].mean())) for path in found) == [-5, 5, 9]


def test_neighbours_may_diverge_a_little() -> None:
    (found,) = abreast([SURE], row(5.0, 0.6, slope=0.01, turned=0.01))
    assert found.xy[-1, 1] - found.xy[0, 1] == pytest.approx(1.2, abs=0.4)


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(row(4.6, 0.25), id="too cold"),
        pytest.param(row(2.0, 0.9), id="nearer than tracks are built"),
        pytest.param(row(8.0, 0.9), id="farther than the next track"),
        pytest.param(row(4.6, 0.9, turned=0.3), id="runs another way"),
        pytest.param(row(4.6, 0.9, every=6.0), id="three steps of nothing between any two points"),
        pytest.param(row(4.6, 0.9).chosen(np.arange(30)), id="shorter than three wagons"),
        pytest.param(Ridge.none(), id="nothing"),
    ],
)
def test_what_is_no_track_beside(points: Ridge) -> None:
    assert abreast([SURE], points) == []


def test_a_course_that_a_sure_line_holds_is_not_found_again() -> None:
    other = shapely.LineString([(0, 4.8), (LENGTH_M, 4.8)])
    assert abreast([SURE, other], row(4.6, 0.9)) == []


def test_the_best_stretch_leaves_cold_ends_out() -> None:
    assert stretch(np.array([-1, -1, 2, 1, -1, 3, -5, 1.0])) == slice(2, 6)
    assert stretch(np.array([-1.0, -2.0])) == slice(0, 0)
