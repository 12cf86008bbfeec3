"""The peer's parts that need no torch: answers to boxes, suppression, tiles, carrying over, what it is taught."""

from __future__ import annotations

import json
from importlib.util import find_spec

import numpy as np
import pytest
import shapely
from affine import Affine
from benchmarks.labelled import read_block
from benchmarks.peer import detect as detecting
from benchmarks.peer.boxes import Box, suppressed
from benchmarks.peer.carrying import carried
from benchmarks.peer.counters import best_threshold, difference, hindsight
from benchmarks.peer.decoding import USUAL_M, decoded
from benchmarks.peer.detect import FOUR_WAYS, Detector, detect, write_boxes
from benchmarks.peer.grounds import Ground, block_ground, scene_ground
from benchmarks.peer.outlines import outlined
from benchmarks.peer.pasted import pasted
from benchmarks.peer.standard import standardised
from benchmarks.peer.views import CELLS, FINE, Frame, reading, targets, view
from benchmarks.peer.yards import standing
from benchmarks.scoring import Score, score
from benchmarks.tracing import Picture
from training.stock import draw

from benchmarks import yards
from yardwatch.errors import InputError
from yardwatch.model import Track
from yardwatch.simulate.anywhere import any_scene


def _answer(*peaks):
    """Cold everywhere but at (row, column, off right, off down, length, angle, logit)."""
    answer = np.zeros((6, 40, 60), np.float32)
    answer[0] = -9
    for row, column, right, down, long, angle, logit in peaks:
        answer[0, row - 1 : row + 2, column - 1 : column + 2] = logit - 1
        answer[:, row, column] = [logit, right, down, np.log(long / USUAL_M), np.cos(2 * angle), np.sin(2 * angle)]
    return answer


def test_a_hand_made_answer_gives_its_boxes():
    found = decoded(_answer((10, 20, 0.3, -0.2, 14.0, 0.4, 2.0), (30, 45, 0.0, 0.0, 9.0, -1.2, 0.0)))
    assert len(found) == 2
    first, second = sorted(found, key=lambda box: box.x_m)
    assert (first.x_m, first.y_m) == pytest.approx((20.8, 10.3), abs=1e-5)
    assert (first.length_m, first.angle_rad) == pytest.approx((14.0, 0.4), abs=1e-4)
    assert first.score == pytest.approx(1 / (1 + np.exp(-2)))
    assert second.angle_rad == pytest.approx(-1.2, abs=1e-4)
    assert second.score == pytest.approx(0.5)


def test_faint_peaks_and_slopes_are_no_boxes():
    assert decoded(_answer((10, 20, 0, 0, 14.0, 0.0, -3.0))) == []
    assert len(decoded(_answer((10, 20, 0, 0, 14.0, 0.0, 3.0)))) == 1


def test_an_outline_by_hand():
    box = Box(10.0, 20.0, 12.0, np.pi / 2, 0.9)
    assert box.polygon.bounds == pytest.approx((8.45, 14.0, 11.55, 26.0))
    assert box.moved(1.0, -2.0).polygon.centroid.coords[0] == pytest.approx((11.0, 18.0))


def test_suppression_keeps_the_likelier_of_two_and_all_neighbours():
    angle = 0.5
    along, aside = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    first = Box(50, 50, 14, angle, 0.6)
    twin = Box(*(np.array([50, 50]) + 3 * along), 14, angle + np.pi, 0.8)  # shares 11 of 17 m
    coupled = Box(*(np.array([50, 50]) + 18 * along), 14, angle, 0.5)
    beside = Box(*(np.array([50, 50]) + 4.3 * aside), 14, angle, 0.4)
    assert suppressed([first, twin, coupled, beside]) == [twin, coupled, beside]


def test_a_box_on_a_track_is_a_car_round_its_middle():
    # A track due north-east from (100, 200); the picture's corner lies at (90, 260), y runs down.
    line = shapely.LineString([(100, 200), (140, 240)])
    to_pixel = ~Affine(0.5, 0, 90, 0, -0.5, 260)
    at = np.array([100, 200]) + np.array([1, 1]) * 20 / np.sqrt(2)
    box = Box(at[0] - 90, 260 - at[1], 12.0, -np.pi / 4, 0.7)
    (car,) = carried([box], to_pixel, [Track(id="7", line=line)])["7"]
    assert (car.start_m, car.end_m, car.probability) == pytest.approx((14.0, 26.0, 0.7))


def test_boxes_off_every_track_are_left_out_and_ends_are_cut():
    tracks = [Track(id=name, line=shapely.LineString([(0, y), (40, y)])) for name, y in (("a", 0.0), ("b", -5.0))]
    to_pixel = ~Affine(0.5, 0, 0, 0, -0.5, 0)
    boxes = [Box(4.0, 1.5, 12.0, 0.0, 0.9), Box(20.0, 2.5, 12.0, 0.0, 0.9), Box(20.0, 4.2, 10.0, 0.0, 0.9)]
    found = carried(boxes, to_pixel, tracks)
    assert [(car.start_m, car.end_m) for car in found["a"]] == [(0.0, 10.0)]
    assert [(car.start_m, car.end_m) for car in found["b"]] == [(15.0, 25.0)]


class _Painted:
    """Stands for the network: says a middle wherever a pixel is bright, with a shape that betrays any turn."""

    def run(self, _, given):
        x = given["image"]
        self.sides = x.shape[2:]
        heat = x[:, 0].reshape(len(x), x.shape[2] // 2, 2, x.shape[3] // 2, 2).mean(axis=(2, 4))
        answer = np.zeros((len(x), 6, *heat.shape[1:]), np.float32)
        answer[:, 0] = np.where(heat > 0.5, heat, -9.0)
        answer[:, 4] = 1.0
        return [answer]


def _picture(*bright):
    """Grey but for bright pixels, 200 × 150 m."""
    data = np.full((3, 300, 400), 0.3, np.float32)
    for row, column in bright:
        data[:, row, column] = 0.9
    return Picture(data, ~Affine(0.5, 0, 500, 0, -0.5, 900), 0.5)


@pytest.mark.parametrize("ways", [((1, 1),), FOUR_WAYS])
def test_tiles_find_each_thing_once_wherever_it_lies(ways):
    # Cores are 192 pixels: the things lie in corners, in the middle and at both sides of a core's edge.
    bright = [(0, 0), (299, 399), (100, 100), (190, 190), (190, 260), (260, 194), (40, 384)]
    found = detect(_picture(*bright), Detector(_Painted(), "", ()), ways)
    wanted = sorted((column // 2 + 0.5, row // 2 + 0.5) for row, column in bright)
    assert np.array(sorted((box.x_m, box.y_m) for box in found)) == pytest.approx(np.array(wanted))


def test_answers_read_mirrored_are_turned_back():
    class Slanted:
        def run(self, _, given):
            answer = np.zeros((1, 6, 128, 128), np.float32)
            answer[0, 1], answer[0, 2], answer[0, 5] = 0.4, 0.3, 1.0
            return [answer]

    back = detecting._answer(np.ones((3, 256, 256), np.float32), (1, -1), Detector(Slanted(), "", ()))
    assert back[[1, 2, 5], 5, 5] == pytest.approx([-0.4, 0.3, -1.0])


def test_other_pixels_are_read_at_half_a_metre():
    data = np.full((3, 100, 200), 0.3, np.float32)
    data[:, 40:42, 80:82] = 0.9
    found = detect(Picture(data, ~Affine(0.8, 0, 0, 0, -0.8, 0), 0.8), Detector(_Painted(), "", ()))
    assert (found[0].x_m, found[0].y_m) == pytest.approx((81 * 0.8, 41 * 0.8), abs=0.71)


def test_written_boxes_lie_on_the_ground(tmp_path):
    picture = _picture()
    write_boxes(tmp_path / "boxes.geojson", [Box(30, 20, 12, 0.0, 0.5)], picture.to_pixel)
    (feature,) = json.loads((tmp_path / "boxes.geojson").read_text())["features"]
    assert shapely.geometry.shape(feature["geometry"]).bounds == pytest.approx((524, 878.45, 536, 881.55))


def test_bytes_that_are_no_detector_are_refused_with_the_remedy():
    with pytest.raises(InputError, match="make peer"):
        Detector.from_bytes(b"nothing")


def test_targets_decoded_are_the_boxes():
    boxes = np.array([[3.2, -10.7, 14.0, 0.6, 1.0], [-20.4, 5.0, 8.0, -1.1, 1.0], [20.0, 20.0, 9.0, 0.0, 0.3]])
    heat, known, shape = targets(boxes)
    logit = np.log(np.clip(heat, 1e-4, 0.999) / (1 - np.clip(heat, 1e-4, 0.999)))
    found = sorted(decoded(np.concatenate([logit[None], shape]), 0.9), key=lambda box: box.x_m)
    assert [(one.x_m - 32, one.y_m - 32) for one in found] == [
        pytest.approx((-20.4, 5.0), abs=1e-4), pytest.approx((3.2, -10.7), abs=1e-4),
    ]  # fmt: skip
    assert [one.length_m for one in found] == pytest.approx([8.0, 14.0], abs=1e-3)
    assert [one.angle_rad for one in found] == pytest.approx([-1.1, 0.6], abs=1e-4)
    assert known[52, 52] == 0  # the hidden one is neither taught nor denied
    assert known[32, 32] == 1


def test_a_turned_and_mirrored_view_shows_a_vehicle_where_it_is_taught():
    rng = np.random.default_rng(2)
    data = np.full((3, 400, 400), 0.3, np.float32)
    data[:, 194:206, 160:240] = 0.9  # 20 × 3 m round (50, 50) m, along the rows
    ground = Ground(data, 0.25, np.ones((400, 400), bool), np.array([[50.0, 50.0, 20.0, 0.0, 1.0]]))
    checked = 0
    for _ in range(20):
        one = view(ground, rng)
        peaks = np.argwhere(one.heat >= 1)
        inside = [(r, c) for r, c in peaks if 8 < r < CELLS - 8 and 8 < c < CELLS - 8]
        for row, column in inside:
            right, down, long, cos, sin = one.shape[:, row, column]
            angle, half = np.arctan2(sin, cos) / 2, USUAL_M * np.exp(long) / 2
            x, y = 2 * (column + 0.5 + right), 2 * (row + 0.5 + down)
            ends = [(x + k * 2 * half * np.cos(angle), y + k * 2 * half * np.sin(angle)) for k in (-0.9, 0, 0.9)]
            beyond = [(x + k * 2 * half * np.cos(angle), y + k * 2 * half * np.sin(angle)) for k in (-1.25, 1.25)]
            grey = one.x.mean(axis=0)
            lit = [grey[int(v), int(u)] for u, v in ends if 0 <= u < 128 and 0 <= v < 128]
            dark = [grey[int(v), int(u)] for u, v in beyond if 0 <= u < 128 and 0 <= v < 128]
            assert min(lit) > max(dark, default=-9)
            checked += 1
    assert checked >= 8


def test_a_frame_carries_boxes_as_it_carries_pixels():
    turn = 0.7
    matrix = 1.1 * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag([-1, 1])
    frame = Frame(np.array([40.0, 30.0]), matrix)
    place = frame.cells(CELLS, 1.0)[:, 50, 20]
    (box,) = frame.carried(np.array([[*place, 11.0, turn, 1.0]]))
    assert box[:2] == pytest.approx((20 - 31.5, 50 - 31.5))
    assert box[2] == pytest.approx(10.0)
    assert np.tan(box[3]) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("level", [0, 5, 11])
def test_a_sensor_changes_no_even_ground(level):
    assert reading(level, 1, 3) @ np.full(FINE, 0.7) == pytest.approx(0.7, abs=1e-4)


def test_standardised_by_hand():
    data = np.array([[[0.2, 0.4], [0.6, 9.0]]], np.float32)
    x = standardised(data, np.array([[True, True], [True, False]]))
    spread = np.std([0.2, 0.4, 0.6]) + 0.02
    assert x[:, 0] == pytest.approx(np.array([[-0.2, 0.0]] * 3) / spread, abs=1e-5)
    assert (x[:, 1, 1] == 0).all()


def test_pasted_trains_stand_on_track_clear_of_what_stood_there():
    ground = Ground(
        np.full((3, 200, 600), 0.4, np.float32), 0.25, np.ones((200, 600), bool),
        np.array([[75.0, 25.0, 14.0, 0.0, 1.0]]), [np.array([[0.0, 25.0], [150.0, 25.0]])],
    )  # fmt: skip
    rng = np.random.default_rng(4)
    made = pasted(ground, [draw(rng) for _ in range(20)], rng)
    own, added = made.boxes[0], made.boxes[1:]
    assert len(added) >= 3
    assert np.abs(added[:, 1] - 25).max() < 1.2
    assert (np.abs(added[:, 0] - own[0]) - (added[:, 2] + own[2]) / 2).min() >= 1.9
    order = added[np.argsort(added[:, 0])]
    assert (np.diff(order[:, 0]) - (order[1:, 2] + order[:-1, 2]) / 2).min() > 0.6
    assert (made.data[:, :, 275:325] != ground.data[:, :, 275:325]).mean() < 0.2
    assert (ground.data == 0.4).all()


def test_outlines_touch_only_where_they_run():
    rng = np.random.default_rng(1)
    data = rng.uniform(0, 1, (3, 200, 400)).astype(np.float32)
    ground = Ground(data, 0.25, np.ones((200, 400), bool), np.array([[50.0, 25.0, 14.0, 0.3, 1.0]]))
    made = outlined(ground, rng, 1.0)
    changed = (made.data != data).any(axis=0)
    outline = Box(50, 25, 14, 0.3, 1.0).polygon.exterior
    row, column = np.nonzero(changed)
    far = [outline.distance(shapely.Point(c / 4 + 0.125, r / 4 + 0.125)) for r, c in zip(row, column, strict=True)]
    assert 0 < len(far) < 8000
    assert max(far) < 1.4
    assert made.data[:, changed].std() < 0.5 * data[:, changed].std()


def test_simulated_boxes_lie_on_their_pixels():
    scene = any_scene(np.random.default_rng([5, 20240617]), gsd_m=0.5)
    ground = scene_ground(scene)
    assert len(ground.boxes) == len(scene.truth) > 0
    for number, (x, y, long, angle, seen) in enumerate(ground.boxes, 1):
        if seen == 1.0:
            body = shapely.affinity.scale(Box(x, y, long, angle, 1.0).polygon, 0.6, 0.6)
            at = [body.centroid, *map(shapely.Point, body.exterior.coords)]
            own = [scene.vehicle[int(point.y / 0.5), int(point.x / 0.5)] == number for point in at]
            assert np.mean(own) > 0.6


def test_true_vehicles_are_those_of_the_other_benchmark():
    scene = any_scene(np.random.default_rng([6, 20240617]), gsd_m=0.5)
    ours = [one for ones in standing(scene, scene.given).values() for one in ones]
    assert sorted(ours) == sorted(vehicle for _, vehicle in yards.true_vehicles(scene))


def test_labelled_boxes_carried_over_score_in_full(data_dir):
    """Taught boxes, grounds and tracks agree with the scorer: what the labels teach is found where it is scored."""
    for name in ("west", "northeast"):
        block, ground = read_block(data_dir / "muttenz", name), block_ground(data_dir / "muttenz", name)
        boxes = [Box(x, y, long, angle, 1.0) for x, y, long, angle, _ in ground.boxes]
        cars = carried(boxes, block.to_pixel, block.tracks)
        total = sum((score(cars[track], block.vehicles[track])[0] for track in cars), Score())
        assert total.missed == 0
        assert total.false == 0
        assert total.hit > 30


def test_the_difference_by_hand():
    ours, theirs = [Score(5, 0, 0), Score(4, 1, 0)], [Score(4, 1, 1), Score(2, 1, 2)]
    told = difference(ours, theirs)
    assert told["f1"] == pytest.approx(18 / 19 - 12 / 17, abs=1e-3)
    assert told["interval_90"][0] > 0


def test_thresholds_by_hand():
    one = {0.1: Score(8, 8, 0), 0.2: Score(7, 1, 1), 0.3: Score(7, 1, 1), 0.4: Score(2, 0, 6)}
    other = {0.1: Score(1, 0, 1), 0.2: Score(1, 3, 1), 0.3: Score(0, 0, 2), 0.4: Score(0, 0, 2)}
    assert best_threshold(one) == 0.3
    told = hindsight([one, other])
    assert told["thresholds"] == [0.2, 0.1]
    assert told["f1"] == pytest.approx(16 / 19, abs=1e-3)


@pytest.mark.skipif(find_spec("torch") is None, reason="torch is not in this environment")
def test_the_network_is_small_and_keeps_its_sides():
    import torch
    from benchmarks.peer.network import CentreNetwork

    network = CentreNetwork().eval()
    assert sum(one.numel() for one in network.parameters()) <= 500_000
    assert network(torch.zeros(1, 3, 64, 128)).shape == (1, 6, 32, 64)
