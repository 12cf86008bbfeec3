"""The length network's evidence and what is made of it: trains, pitches; the strip network where none came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from yardwatch.cars import coarse
from yardwatch.cars.coarse import LengthEvidence, LengthNetwork, look, on_grid, paced
from yardwatch.cars.count import length_count
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import resampled
from yardwatch.cars.segment import decode
from yardwatch.cars.trains import PacedCar, measured_pitch, over_couplers, pitch_of, trains
from yardwatch.errors import InputError
from yardwatch.model import Car, Evidence, Strip


def car(start_m: float, end_m: float, track: str = "T") -> Car:
    return Car(id=f"{track}@{start_m}", track=track, start_m=start_m, end_m=end_m, probability=0.8)


def strip(length_m: int, *, bright: tuple[tuple[int, int], ...] = (), gsd_m: float = 3.0) -> Strip:
    """Ballast of 0.3 with bodies of 0.8 on the middle rows; a little grain, so that contrast has a unit."""
    data = 0.3 + np.random.default_rng(5).normal(0, 0.02, (3, 17, length_m)).astype(np.float32)
    for start, end in bright:
        data[:, 7:10, start:end] = 0.8
    return Strip(track="T", step_m=1.0, data=data, visible=np.ones(data.shape[1:], bool), gsd_m=gsd_m)


@dataclass
class ByBrightness:
    """A session that takes bright middles for bodies, of which a car takes 15 m; it never sees a gap."""

    calls: int = 0

    def run(self, _names, feeds):
        """As onnxruntime's: one input (1, 3, 16, s), one answer (1, 4, s / 2)."""
        self.calls += 1
        x = feeds["strip"]
        light = x[0, :, 6:10].mean(axis=(0, 1)).reshape(-1, 2).mean(axis=1)
        body = light > 2
        log_cars = np.where(body, np.log(1 / 15), -9.0)
        return [
            np.stack([np.where(body, -8.0, 4.0), np.where(body, 4.0, -8.0), np.full_like(light, -9), log_cars])[None]
        ]


FAKE = LengthNetwork(ByBrightness())


def test_the_grid_is_the_strip_networks_averaged_two_by_two():
    some = strip(40, bright=((10, 25),))
    data, visible = on_grid(some)
    assert data.shape == (3, 16, 80)
    assert visible.all()
    fine = resampled(some)[0]
    by_hand = (fine[1, 14, 40] + fine[1, 15, 40] + fine[1, 14, 41] + fine[1, 15, 41]) / 4
    assert data[1, 7, 20] == pytest.approx(by_hand, rel=1e-6)


def test_a_strip_shorter_than_a_cell_makes_one_cell():
    tiny = Strip(
        track="T", step_m=0.4, data=np.zeros((3, 41, 1), np.float32), visible=np.ones((41, 1), bool), gsd_m=0.4
    )
    shown = look(tiny, FAKE)
    assert shown.log_prob.shape == (1, 3)
    assert np.isfinite(shown.log_prob).all()


def test_evidence_is_a_metre_a_step_and_normalised():
    shown = look(strip(120, bright=((30, 90),)), FAKE)
    assert shown.step_m == 1
    assert shown.log_prob.shape == (120, 3)
    np.testing.assert_allclose(np.exp(shown.log_prob).sum(axis=1), 1)
    said = shown.log_prob.argmax(axis=1)
    assert (said[32:88] == 1).all()
    assert (said[:28] == 0).all()
    assert (said[92:] == 0).all()


def test_what_is_hidden_carries_no_evidence_and_no_cars():
    some = strip(120, bright=((30, 90),))
    some.visible[:, 40:60] = False
    shown = look(some, FAKE)
    assert not shown.visible[41:59].any()
    np.testing.assert_allclose(shown.log_prob[41:59], -np.log(3))
    assert (shown.cars[41:59] == 0).all()


def test_pieces_of_a_long_strip_are_no_other_than_the_whole(monkeypatch):
    some = strip(900, bright=((30, 400), (480, 840)))
    whole = look(some, FAKE)
    monkeypatch.setattr(coarse, "PIECE_CELLS", 128)
    session = ByBrightness()
    pieces = look(some, LengthNetwork(session))
    np.testing.assert_allclose(pieces.log_prob, whole.log_prob)
    np.testing.assert_allclose(pieces.cars, whole.cars)
    assert session.calls == 2 * 8  # two readings of 900 / 128 pieces


def test_a_train_is_as_long_as_it_is_bright_and_its_pitch_what_the_network_says():
    """60 m and a coupling gap at 15 m a car: four cars and a little, whatever gaps the decoder guessed."""
    shown = look(strip(200, bright=((60, 120),)), FAKE)
    found = decode(shown, rng=np.random.default_rng(0), habits=ANYWHERE).cars
    assert found[0].start_m == pytest.approx(60, abs=1.5)
    assert found[-1].end_m == pytest.approx(120, abs=1.5)
    counted = length_count(paced(found, shown), gsd_m=3.0)
    assert counted.mean == pytest.approx(4, abs=0.3)
    assert counted.lower < 4 < counted.upper


def test_each_train_has_its_own_pitch():
    cars_a_metre = np.zeros(200)
    cars_a_metre[20:80], cars_a_metre[120:180] = 1 / 12, 1 / 20
    shown = LengthEvidence(
        track="T",
        step_m=1.0,
        log_prob=np.full((200, 3), -np.log(3)),
        visible=np.ones(200, bool),
        cars=cars_a_metre,
        occupied=np.where(cars_a_metre > 0, 1.0, 0.0),
    )
    short, long, single = paced([car(20, 50), car(51, 80), car(120, 180)], shown)
    assert short.pitch_m == single_pitch(short) == pytest.approx(12)
    assert long == PacedCar(**vars(car(51, 80)), pitch_m=short.pitch_m)
    assert single.pitch_m == pytest.approx(20)
    assert length_count([short, long, single], 3.0).mean == pytest.approx((60 + 1.05) / 12 + (60 + 1.05) / 20)


def single_pitch(one: Car) -> float:
    assert isinstance(one, PacedCar)
    return one.pitch_m


def test_a_locomotive_alone_counts_for_next_to_nothing():
    shown = LengthEvidence(
        track="T",
        step_m=1.0,
        log_prob=np.full((60, 3), -np.log(3)),
        visible=np.ones(60, bool),
        cars=np.zeros(60),
        occupied=np.ones(60),
    )
    assert length_count(paced([car(20, 37)], shown), 3.0).mean < 0.05


def test_without_the_length_network_cars_stay_as_they_are():
    plain = Evidence(track="T", step_m=0.5, log_prob=np.full((60, 3), -np.log(3)), visible=np.ones(60, bool))
    assert paced([car(2, 15)], plain) == (car(2, 15),)


def test_trains_by_hand():
    some = [car(40, 50), car(0, 13), car(14, 27), car(52.1, 60), car(0, 9, "U")]
    assert [[one.start_m for one in train] for train in trains(some)] == [[0, 14], [40], [52.1], [0]]
    assert over_couplers(trains(some)[0]) == pytest.approx(27 + 1.05)


def test_the_pitch_is_measured_on_bodies_and_held_where_there_are_few():
    """Four usual cars of 13.92 m against what was seen; two merged bodies and half ones have no say."""
    assert measured_pitch([]) == pytest.approx(13.92)
    twenties = [car(30 * k, 30 * k + 20 - 1.05) for k in range(16)]
    assert measured_pitch(twenties) == pytest.approx((8 * 20 + 4 * 13.92) / 12)
    odd = [car(1000, 1055), car(1100, 1102)]
    assert measured_pitch(twenties + odd) == measured_pitch(twenties)


def test_a_train_has_a_pitch_of_its_own():
    """Twelve bodies of 20 m over couplers and one alone of 10 m: the middle half of a dozen is six, of one is one."""
    long = [car(20 * k, 20 * k + 18.95) for k in range(12)]
    alone = [car(0, 8.95, "U")]
    scene_m = measured_pitch(long + alone)
    assert scene_m == pytest.approx((7 * 20 + 4 * 13.92) / 11)
    own = [(6 * 20 + 2 * scene_m) / 8, (10 + 2 * scene_m) / 3]
    assert [pitch_of(train, scene_m) for train in trains(long + alone)] == pytest.approx(own)
    assert length_count(long + alone).mean == pytest.approx(240 / own[0] + 10 / own[1])
    odd = [replace(long[0], end_m=16.0), *long[1:11], replace(long[11], end_m=246.0)]
    assert pitch_of(odd, scene_m) == pytest.approx(own[0])


def test_bounds_widen_with_the_pixel():
    cars = [car(14 * k, 14 * k + 13) for k in range(20)]
    widths = [length_count(cars, gsd).upper - length_count(cars, gsd).lower for gsd in (0.5, 1.2, 2.0, 3.0, 9.0)]
    assert widths == sorted(widths)
    assert length_count([], 3.0).lower == 0
    assert length_count([], 3.0).upper > 0


def test_what_is_no_network_is_refused_with_a_remedy():
    with pytest.raises(InputError, match="make train"):
        LengthNetwork.from_bytes(b"nonsense")
