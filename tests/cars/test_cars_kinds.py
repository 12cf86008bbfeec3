"""Kinds and covers by a network made of three numbers, and what they take from a count."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from yardwatch.cars.crops import COLUMNS, HALF_WIDTH_M, MARGIN_M, ROWS, crops, pictures
from yardwatch.cars.kinds import KindNetwork, freight_only, kinds_of, tell
from yardwatch.cars.network import normalise
from yardwatch.cars.packed import KIND_NETWORK, part
from yardwatch.errors import InputError
from yardwatch.model import Car, Strip
from yardwatch.steps.weights import load_network

NAMES = ("open", "tank", "hopper", "locomotive")


@dataclass
class Says:
    """A session that gives the same chances to every vehicle and remembers what it was shown."""

    chances: tuple[float, ...]
    cover: float = 0.0
    shown: list = field(default_factory=list)

    def run(self, _, given):
        self.shown.append(given)
        row = [*np.log(self.chances), self.cover]
        return [np.tile(np.array(row, np.float32), (len(given["picture"]), 1))]


def _network(chances, cover=0.0):
    return KindNetwork(Says(chances, cover), NAMES, (0.25, 0.25, 0.25, 0.25, 0.5))


def _strip(data=None, step=0.5, steps=120):
    rows = 2 * round(8 / step) + 1
    data = np.random.default_rng(3).random((3, rows, steps)).astype(np.float32) if data is None else data
    return Strip(track="T", step_m=step, data=data, visible=np.ones(data.shape[1:], bool), gsd_m=step)


def _car(start=5.0, end=17.0):
    return Car(id="1", track="T", start_m=start, end_m=end, probability=0.9)


def test_the_likeliest_kind_is_told():
    (told,) = tell([_car()], _strip(), _network((0.2, 0.6, 0.1, 0.1)))
    assert told.car.kind == "tank"
    assert told.freight == pytest.approx(0.9)


@pytest.mark.parametrize(("cover", "covered"), [(2.0, True), (-2.0, False)])
def test_an_open_wagon_is_covered_or_not(cover, covered):
    (told,) = tell([_car()], _strip(), _network((0.8, 0.1, 0.05, 0.05), cover))
    assert told.car.covered is covered
    assert told.covered == pytest.approx(1 / (1 + np.exp(-cover)))


def test_a_tank_has_no_load_in_view():
    (told,) = tell([_car()], _strip(), _network((0.1, 0.8, 0.05, 0.05), 3.0))
    assert told.car.covered is None
    assert told.covered is None


def test_coarse_pixels_tell_a_locomotive_and_leave_freight_unknown():
    (freight,) = tell([_car()], _strip(step=0.85), _network((0.8, 0.1, 0.05, 0.05), 2.0))
    assert (freight.car.kind, freight.car.covered, freight.covered) == ("unknown", None, None)
    assert freight.freight == pytest.approx(0.95)
    (engine,) = tell([_car()], _strip(step=0.85), _network((0.05, 0.05, 0.05, 0.85)))
    assert engine.car.kind == "locomotive"


def test_a_locomotive_is_a_vehicle_but_no_freight():
    (told,) = tell([_car()], _strip(), _network((0.05, 0.05, 0.05, 0.85)))
    assert told.car.kind == "locomotive"
    assert not told.car.freight
    assert told.freight == pytest.approx(0.15)


def test_no_locomotive_is_claimed_while_freight_is_likelier():
    """0.4 is the greatest single chance, but 0.6 speak for freight of one kind or another."""
    (told,) = tell([_car()], _strip(), _network((0.25, 0.2, 0.15, 0.4)))
    assert told.car.kind == "open"
    assert told.freight == pytest.approx(0.6)


def test_a_neighbour_in_the_train_is_heard():
    """Doubtful looks alike all along a train become surer than the look of one that stands alone."""
    doubtful = _network((0.2, 0.4, 0.3, 0.1))
    train = [_car(k * 10.0, k * 10.0 + 9) for k in range(6)]
    alone = tell(train[:1], _strip(), doubtful)[0]
    beside = tell(train, _strip(steps=140), doubtful)[2]
    assert beside.car.kind == alone.car.kind == "tank"
    assert beside.freight > alone.freight == pytest.approx(0.9, abs=1e-3)


def test_without_a_kind_network_every_vehicle_is_unknown_freight():
    (told,) = tell([_car()], _strip(), None)
    assert (told.car.kind, told.freight, told.covered, told.car.covered) == ("unknown", 1.0, None, None)
    assert tell([], _strip(), _network((0.7, 0.1, 0.1, 0.1))) == ()


def test_a_vehicle_is_read_as_it_is_and_turned_by_half_a_turn():
    network = _network((0.7, 0.1, 0.1, 0.1))
    tell([_car(), _car(30, 45)], _strip(), network)
    first, second = [given["picture"] for given in network.session.shown]
    assert first.shape == (2, 6, ROWS, COLUMNS)
    np.testing.assert_array_equal(second, first[:, :, ::-1, ::-1])


@pytest.mark.parametrize("step", [0.25, 0.5, 0.7])
def test_a_crop_samples_what_it_says(step):
    """On a strip whose bands are s, t and one, linear interpolation is exact: each point's own metres come back."""
    rows, steps = 2 * round(8 / step) + 1, round(60 / step)
    s, t = (np.arange(steps) + 0.5) * step, (np.arange(rows) - (rows - 1) / 2) * step
    data = np.stack([np.tile(s, (rows, 1)), np.tile(t[:, None], (1, steps)), np.ones((rows, steps))])
    seen = crops([(10.0, 25.0)], _strip(data.astype(np.float32), step))
    along = 10 - MARGIN_M + (np.arange(COLUMNS) + 0.5) * (15 + 2 * MARGIN_M) / COLUMNS
    across = (np.arange(ROWS) - (ROWS - 1) / 2) * 2 * HALF_WIDTH_M / ROWS
    np.testing.assert_allclose(seen.data[0, 0], np.tile(along, (ROWS, 1)), atol=1e-4)
    np.testing.assert_allclose(seen.data[0, 1], np.tile(across[:, None], (1, COLUMNS)), atol=1e-4)
    assert seen.visible.all()


def test_beyond_the_strip_nothing_shows():
    seen = crops([(-3.0, 10.0), (50.0, 70.0)], _strip())
    assert not seen.visible[0, :, :8].any()
    assert not seen.visible[1, :, -20:].any()
    assert (pictures(seen)[0, :, :, :8] == 0).all()


def test_contrast_is_the_strip_networks():
    """Half of what `network.normalise` makes of the same strip, at the sampled points."""
    strip = _strip(step=0.5)
    own = normalise(strip.data, strip.visible)
    again = crops([(10.0, 25.0)], Strip(track="T", step_m=0.5, data=own, visible=strip.visible, gsd_m=0.5))
    seen = pictures(crops([(10.0, 25.0)], strip))
    np.testing.assert_allclose(seen[:, 3:], 0.5 * again.data, atol=1e-3)


def test_haze_changes_nothing():
    strip = _strip()
    one, two = (pictures(crops([(10.0, 25.0)], each)) for each in (strip, _strip(0.2 + strip.data)))
    np.testing.assert_allclose(one, two, atol=1e-4)


def test_grey_images_are_read_too():
    strip = _strip(np.random.default_rng(1).random((1, 33, 120)).astype(np.float32))
    (told,) = tell([_car()], strip, _network((0.1, 0.7, 0.1, 0.1)))
    assert told.car.kind == "tank"


@dataclass(eq=False)
class Held:
    """A strip network whose file holds these properties."""

    session: object
    sha256: str = "0" * 64


def _holding(**about):
    held = {name: value if isinstance(value, str) else value.decode() for name, value in about.items()}
    meta = SimpleNamespace(custom_metadata_map=held)
    return Held(SimpleNamespace(get_modelmeta=lambda: meta))


def test_weights_without_a_kind_network_tell_none():
    assert kinds_of(_holding(kinds=json.dumps(NAMES))) is None


def test_an_altered_part_is_refused():
    with pytest.raises(InputError, match="no base64"):
        part(_holding(kind_network="§"), KIND_NETWORK)


def test_a_part_that_is_no_network_is_refused():
    with pytest.raises(InputError, match="kind network"):
        kinds_of(_holding(kind_network=b"bm8gT05OWA=="))


def test_the_shipped_kind_network_knows_the_words():
    network = kinds_of(load_network())
    if network is None:
        pytest.skip("the shipped weights hold no kind network")
    assert set(network.kinds) >= {"open", "covered", "tank", "hopper", "flat", "container", "locomotive", "coach"}
    (told,) = tell([_car()], _strip(), network)
    assert 0 <= told.freight <= 1


def test_what_is_no_freight_leaves_the_count_by_hand():
    """Three sure vehicles, one of them freight with a chance of 0.25: 2 with 0.75, 3 with 0.25."""
    pmf = freight_only(np.array([0, 0, 0, 1.0]), [1.0, 1.0, 0.25])
    np.testing.assert_allclose(pmf, [0, 0, 0.75, 0.25])


def test_a_count_never_falls_below_none():
    np.testing.assert_allclose(freight_only(np.array([0.5, 0.5]), [0.0, 0.0]), [1, 0])
