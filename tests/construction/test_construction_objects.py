"""Pieces, outlines, angles, dates, kinds, ids and the contract."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.construction.contract import as_json
from yardwatch.construction.identity import change_id
from yardwatch.construction.kind import Signs, edge_ratio, kind_of, shaded_rim, stage_of
from yardwatch.construction.options import Options
from yardwatch.construction.outline import outline, rectangularity, right_angles
from yardwatch.construction.pieces import Piece, at_half_height, cut_pieces, opened
from yardwatch.construction.shade import darkened, in_both_halves, same_half
from yardwatch.construction.shown import State, first_seen
from yardwatch.ground import Frame
from yardwatch.model import Change, Grid

GRID = Grid(frame=Frame(-123.4, -48.9), west=1000.0, north=500.0, step_m=0.5, width=200, height=160)


def painted(polygon):
    """Pixels whose centres lie in a polygon of ground metres."""
    centres = GRID.centres()
    return shapely.contains_xy(polygon, centres[..., 0], centres[..., 1])


def test_an_outline_worked_by_hand():
    mask = np.zeros((160, 200), bool)
    mask[20:40, 30:70] = True
    (piece,) = cut_pieces(mask, 0.5, Options())
    polygon = outline(piece, GRID)
    assert polygon.equals(shapely.box(1015, 480, 1035, 490))  # 20 × 10 m
    assert rectangularity(polygon) == pytest.approx(1)
    assert right_angles(polygon, 0.5) == 4


@settings(max_examples=25, deadline=None)
@given(st.floats(10, 30), st.floats(10, 30), st.floats(0, 90))
def test_any_turned_rectangle_keeps_its_area_shape_and_angles(length, width, angle):
    upright = shapely.box(1050 - length / 2, 460 - width / 2, 1050 + length / 2, 460 + width / 2)
    truth = shapely.affinity.rotate(upright, angle)
    (piece,) = cut_pieces(painted(truth), 0.5, Options())
    polygon = outline(piece, GRID)
    assert polygon.is_valid
    assert polygon.area == pytest.approx(truth.area, rel=0.12)
    assert polygon.intersection(truth).area / polygon.union(truth).area > 0.85
    assert rectangularity(polygon) > 0.8
    assert right_angles(polygon, 0.5) >= 3


@settings(max_examples=15, deadline=None)
@given(st.floats(6, 30), st.floats(0, 1), st.floats(0, 1))
def test_no_disc_has_right_angles(radius, dx, dy):
    (piece,) = cut_pieces(painted(shapely.Point(1050 + dx, 460 + dy).buffer(radius)), 0.5, Options())
    assert right_angles(outline(piece, GRID), 0.5) < 3


def test_slivers_specks_and_fields_are_no_pieces():
    mask = np.zeros((400, 400), bool)
    mask[10:13, 10:190] = True  # 1.5 m wide
    mask[30:34, 30:34] = True  # 4 m²
    mask[100:350, 50:380] = True  # 20,000 m²
    assert cut_pieces(mask, 0.5, Options()) == []


def test_opening_takes_what_is_narrower_and_keeps_the_border():
    mask = np.zeros((60, 60), bool)
    mask[:20, :20] = True
    mask[30:35, 5:55] = True
    result = opened(mask, 3.5)
    assert result[:20, :20].sum() >= 395
    assert not result[30:35].any()


def test_the_edge_lies_at_half_height():
    height = np.zeros((40, 40), np.float32)
    height[10:30, 10:30] = 0.2
    height[9, 10:30] = 0.09  # below half: outside
    height[30, 10:30] = 0.15  # above half: inside
    seed = np.zeros((40, 40), bool)
    seed[11:29, 11:29] = True
    refined = at_half_height(Piece((slice(0, 40), slice(0, 40)), seed), height, np.ones((40, 40), bool))
    assert np.flatnonzero(refined.mask.any(axis=1)).tolist() == list(range(10, 31))
    assert np.flatnonzero(refined.mask.any(axis=0)).tolist() == list(range(10, 30))


OLD, NEW, BEGUN, DIM = State.OLD, State.NEW, State.BEGUN, State.UNCLEAR


@pytest.mark.parametrize(
    ("shown", "split", "after", "before", "count"),
    [
        ([OLD, OLD, NEW, NEW, NEW], 2, 2, 3, 3),
        ([OLD, OLD, DIM, NEW, NEW, DIM, NEW], 3, 2, 4, 3),
        ([OLD, OLD, BEGUN, NEW, NEW, NEW], 3, 2, 4, 3),
        ([OLD, OLD, BEGUN, BEGUN, NEW, NEW], 3, 2, 3, 4),
        ([OLD, NEW, OLD, OLD, NEW, NEW, NEW], 4, 4, 5, 3),
        ([DIM, NEW, NEW, NEW], 1, None, 2, 3),
    ],
)
def test_first_seen_worked_by_hand(shown, split, after, before, count):
    days = [date(2020, month, 5) for month in range(1, len(shown) + 1)]
    dates = first_seen(days, shown, split)
    assert dates.after == (date(2020, after, 5) if after else None)
    assert dates.before == date(2020, before, 5)
    assert len(dates.new) == count
    assert dates.stayed == 1


def test_what_ends_old_was_not_seen():
    assert first_seen([date(2020, 1, 1), date(2020, 2, 1)], [NEW, OLD], 1) is None
    assert first_seen([date(2020, 1, 1)], [DIM], 1) is None


def test_kinds_from_edges_and_angles():
    flat = np.full((1, 40, 60), 0.3, np.float32)
    roof = flat.copy()
    roof[:, 10:30, 15:45] = 0.6
    mask = roof[0] > 0.5
    assert edge_ratio(flat, roof, mask) > 10
    assert edge_ratio(roof, flat, mask) < 0.1
    assert edge_ratio(roof, roof, mask) == pytest.approx(1)
    shed = shapely.box(0, 0, 30, 15)
    assert kind_of(Signs(3.0, 4, 0.0, shed)) == "new-structure"
    assert kind_of(Signs(3.0, 2, 0.0, shed)) == "changed"
    assert kind_of(Signs(3.0, 2, 0.3, shed)) == "new-structure"
    assert kind_of(Signs(3.0, 2, 0.0, shed, dark=0.3)) == "new-structure"
    assert kind_of(Signs(3.0, 2, 0.0, shed, dark=0.9)) == "changed"
    assert kind_of(Signs(1.2, 2, 0.0, shed, dark=0.3)) == "changed"
    assert kind_of(Signs(0.3, 3, 0.0, shed)) == "removed"
    assert kind_of(Signs(0.3, 2, 0.3, shed)) == "changed"
    assert kind_of(Signs(1.2, 4, 0.3, shed)) == "changed"
    assert kind_of(Signs(1.2, 4, 0.3, shapely.box(0, 0, 60, 8))) == "platform"


def test_a_stage_needs_a_shadow_and_an_even_roof():
    roof = np.full((1, 40, 60), 0.3, np.float32)
    roof[:, 10:30, 15:45] = 0.6
    mask = roof[0] > 0.5
    shade = np.zeros((40, 60), bool)
    assert shaded_rim(mask, shade) == 0
    shade[5:10, 15:45] = True
    # 100 pixels of rim: the 30 above, and on either side the four uppermost, lie within five steps of the shade
    assert shaded_rim(mask, shade) == pytest.approx(0.38)
    assert stage_of("new-structure", 0.3, roof, mask) == "roofed"
    assert stage_of("new-structure", 0.1, roof, mask) is None
    assert stage_of("removed", 0.3, roof, mask) is None
    rough = roof + 0.4 * np.random.default_rng(1).normal(size=roof.shape).astype(np.float32)
    assert stage_of("new-structure", 0.3, rough, mask) is None


def test_shade_is_a_fall_of_brightness():
    before = np.array([[0.4, 0.4], [0.6, 0.6]], np.float32)
    after = np.array([[0.3, 0.2], [0.5, 0.4]], np.float32)
    np.testing.assert_array_equal(darkened(before, after), [False, True])  # 0.8 and 0.6 of what it was
    assert in_both_halves([date(2020, 3, 31), date(2020, 4, 1)])
    assert not in_both_halves([date(2020, 10, 1), date(2021, 3, 1)])
    assert same_half([date(2020, 5, 1), date(2020, 12, 1)], [date(2021, 1, 1)])
    assert not same_half([date(2020, 5, 1)], [date(2021, 1, 1)])


def test_ids_follow_the_place_and_the_first_look_not_the_pixels():
    frame = Frame(-123.4, -48.9)
    box = shapely.box(200, 852, 240, 870)
    name = change_id(frame, box, date(2020, 1, 1))
    assert len(name) == 16
    assert change_id(frame, shapely.box(200.5, 852, 240, 870.5), date(2020, 1, 1)) == name
    assert change_id(frame, box, date(2020, 1, 2)) != name
    assert change_id(frame, shapely.affinity.translate(box, 40, 0), date(2020, 1, 1)) != name
    assert change_id(Frame(10, 50), box, date(2020, 1, 1)) != name


def test_the_contract_has_its_fields_and_no_others():
    change = Change(
        id="a",
        kind="new-structure",
        polygon=shapely.box(0, 0, 1, 2),
        area_m2=720.04,
        after=date(2023, 1, 2),
        before=None,
        persistence=4,
        probability=None,
        stage=None,
        score=1.23456,
    )
    answer = as_json([change])
    assert json.loads(json.dumps(answer)) == {
        "changes": [
            {
                "id": "a",
                "kind": "new-structure",
                "area_m2": 720.0,
                "first_seen": {"after": "2023-01-02", "before": None},
                "persistence": 4,
                "probability": None,
                "stage": None,
                "score": 1.235,
                "rectangularity": None,
                "straight_edges": None,
                "length_m": None,
                "doubt": None,
                "geometry": {"type": "Polygon", "coordinates": [[[1, 0], [1, 2], [0, 2], [0, 0], [1, 0]]]},
            }
        ]
    }
    assert as_json([]) == {"changes": []}
