"""Strips: a straight, a curve and a kinked line against hand-worked places."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from yardwatch.cars.strips import cut, plan
from yardwatch.model import Track


def track(*points: tuple[float, float]) -> Track:
    return Track(id="T", line=shapely.LineString(points))


def test_a_line_to_the_east_by_hand() -> None:
    """Step 0.5: middles at 100.25, 100.75 …; 33 rows from −8 m (right, south) to +8 m (left, north)."""
    made = plan(track((100, 50), (160, 50)), 0.5)
    assert made.points.shape == (33, 120, 2)
    np.testing.assert_allclose(made.points[16, 0], [100.25, 50])
    np.testing.assert_allclose(made.points[0, 0], [100.25, 42])
    np.testing.assert_allclose(made.points[32, 119], [159.75, 58])


@pytest.mark.parametrize(("gsd_m", "step_m"), [(0.1, 0.25), (0.31, 0.31), (0.5, 0.5), (3.0, 1.0)])
def test_the_step_follows_the_gsd_within_bounds(gsd_m, step_m) -> None:
    assert plan(track((0, 0), (50, 0)), gsd_m).step_m == step_m


def test_rows_of_a_curve_keep_their_distance_from_its_centre() -> None:
    """Quarter of a circle of 200 m turned left: row t lies at radius 200 − t."""
    angle = np.linspace(0, np.pi / 2, 400)
    line = np.stack([200 * np.sin(angle), -200 * np.cos(angle)], axis=1)
    made = plan(Track(id="T", line=shapely.LineString(line)), 0.5)
    radius = np.linalg.norm(made.points, axis=-1)
    offsets = np.linspace(-8, 8, 33)
    assert np.abs(radius[:, 20:-20] - (200 - offsets)[:, None]).max() < 0.05


def test_a_kink_folds_no_row() -> None:
    """A corner of 10°: neighbouring samples of every row stay apart and in order."""
    made = plan(track((0, 0), (60, 0), (120, 60 * np.tan(np.deg2rad(10)))), 0.5)
    steps = np.linalg.norm(np.diff(made.points, axis=1), axis=-1)
    assert steps.min() > 0.3
    assert steps.max() < 0.75


def test_a_short_track_still_has_a_step() -> None:
    assert plan(track((0, 0), (0.2, 0)), 0.5).points.shape[1] == 1


def test_a_gsd_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="track T: GSD 0 m"):
        plan(track((0, 0), (50, 0)), 0)


def test_cut_blanks_what_is_not_visible_and_refuses_a_misfit() -> None:
    made = plan(track((0, 0), (50, 0)), 1.0)
    data = np.full((3, *made.points.shape[:2]), 0.5, np.float32)
    visible = np.ones(made.points.shape[:2], bool)
    visible[:, :10] = False
    strip = cut(made, data, visible, 1.0)
    assert strip.data[:, :, :10].max() == 0
    assert strip.data[:, :, 10:].min() == 0.5
    assert (strip.track, strip.step_m, strip.gsd_m) == ("T", 1.0, 1.0)
    with pytest.raises(ValueError, match="track T: read"):
        cut(made, data[:, :-1], visible, 1.0)
