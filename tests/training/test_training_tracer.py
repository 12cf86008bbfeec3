"""What the track network is taught: the centre line of a view is where the canvas has it."""

from __future__ import annotations

import numpy as np
import pytest
import training.tracer.views as seen
from training.tracer.canvas import Canvas, along_profile
from training.tracer.views import CELLS, _carried, _positions, _targets, view


@pytest.mark.parametrize("curve", [1e-9, 1 / 300, -1 / 170])
@pytest.mark.parametrize("turn", [0.0, 0.7, 4.0])
def test_points_carried_into_a_view_lie_where_its_cells_look(curve, turn):
    frame = (np.array([80.0, 70.0]), curve, turn, 1.03)
    points = np.array([[80.0, 70, 0], [92, 62, 0.1], [66, 82, -0.1]], np.float32)
    inside = _carried(points, frame)
    place = _positions(CELLS, 1.0, frame)
    for (x, y, _), (u, v, _) in zip(points, inside, strict=True):
        row, column = v + (CELLS[0] - 1) / 2, u + (CELLS[1] - 1) / 2
        corner = place[:, int(row) : int(row) + 2, int(column) : int(column) + 2]
        down, right = row % 1, column % 1
        upper, lower = (corner[:, k] @ [1 - right, right] for k in (0, 1))
        assert (1 - down) * upper + down * lower == pytest.approx((x, y), abs=0.02)


def test_a_direction_turns_with_the_view():
    ahead = np.array([[90.0, 70, 0], [91, 70, 0]], np.float32)
    a, b = _carried(ahead, (np.array([80.0, 70.0]), 1 / 200, 0.4, 1.0))
    assert np.arctan2(b[1] - a[1], b[0] - a[0]) == pytest.approx((a[2] + b[2]) / 2, abs=0.01)


def test_heat_lies_on_the_track_that_is_seen():
    """A white line on grey, as wide as a track: where heat is high the view is bright."""
    rng = np.random.default_rng(5)
    data = np.full((3, 480, 640), 0.3, np.float32)
    data[:, 236:244] = 0.9
    canvas = Canvas.bare(data)
    canvas.points = along_profile(np.full(640, 60.0), 0, 640)
    shown = 0
    for _ in range(8):
        one = view(canvas, rng, bend=True)
        grey = one.x.mean(axis=0).reshape(CELLS[0], 2, CELLS[1]).mean(axis=1)
        near, far = (one.heat > 0.8) & (one.weight > 0), (one.heat < 0.02) & (one.weight > 0)
        if near.sum() > 40:
            shown += 1
            assert grey[near].mean() > grey[far].mean() + 1
    assert shown >= 4


def test_only_tracks_that_run_along_the_rows_are_sought():
    along = np.column_stack([np.arange(-40, 40, 0.5), np.zeros(160), np.full(160, 0.1)]).astype(np.float32)
    heat, _, weight = _targets(along)
    assert heat.max() > 0.8
    aslant = along.copy()
    aslant[:, 2] = np.deg2rad(19)
    heat, _, weight = _targets(aslant)
    assert heat.max() == 0
    assert (weight == 0).sum() > 300
    aslant[:, 2] = np.deg2rad(50)
    heat, _, weight = _targets(aslant)
    assert heat.max() == 0
    assert weight.min() == 1


def test_what_is_not_known_carries_no_weight():
    canvas = Canvas.bare(np.full((3, 480, 640), 0.3, np.float32))
    canvas.known = np.zeros((480, 640), bool)
    assert view(canvas, np.random.default_rng(1), bend=False).weight.max() == 0


def test_a_view_is_the_size_the_network_halves_three_times():
    assert seen.SEEN[0] % 8 == seen.SEEN[1] % 8 == 0
    assert (2 * CELLS[0], 2 * CELLS[1]) == seen.SEEN
