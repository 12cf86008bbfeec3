"""Kinds and covers by hand, and what they take from a count."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.cars.kinds import WITNESS_CELLS, freight_only, tell
from yardwatch.cars.network import Look
from yardwatch.model import Car, Evidence

NAMES = ("open", "tank", "locomotive")


def _look(kinds, cover, cells=60):
    evidence = Evidence(
        track="T", step_m=0.5, log_prob=np.full((cells, 3), -np.log(3)), visible=np.ones(cells, bool)
    )
    return Look(
        evidence=evidence, kinds=np.log(np.tile(np.asarray(kinds, float), (cells, 1))), cover=np.full(cells, cover)
    )


def _car(start=5.0, end=17.0):
    return Car(id="1", track="T", start_m=start, end_m=end, probability=0.9)


def test_a_body_speaks_as_often_as_it_has_witnesses():
    """24 cells are 4 witnesses: chances 0.6, 0.3, 0.1 to the fourth power, normalised."""
    (told,) = tell([_car()], _look([0.6, 0.3, 0.1], 0.0), NAMES)
    weight = np.array([0.6, 0.3, 0.1]) ** (24 / WITNESS_CELLS)
    assert told.car.kind == "open"
    assert told.freight == pytest.approx(1 - weight[2] / weight.sum())


def test_only_the_body_is_asked():
    seen = _look([0.2, 0.7, 0.1], 0.0)
    seen.kinds[:10] = np.log([0.01, 0.01, 0.98])
    assert tell([_car()], seen, NAMES)[0].car.kind == "tank"


@pytest.mark.parametrize(("cover", "covered"), [(2.0, True), (-2.0, False)])
def test_an_open_wagon_is_covered_or_not(cover, covered):
    (told,) = tell([_car()], _look([0.8, 0.1, 0.1], cover), NAMES)
    assert told.car.covered is covered
    assert told.covered == pytest.approx(1 / (1 + np.exp(-cover)))


def test_a_tank_has_no_load_in_view():
    (told,) = tell([_car()], _look([0.1, 0.8, 0.1], 3.0), NAMES)
    assert told.car.covered is None
    assert told.covered is None


def test_a_locomotive_is_a_vehicle_but_no_freight():
    (told,) = tell([_car()], _look([0.05, 0.05, 0.9], 0.0), NAMES)
    assert told.car.kind == "locomotive"
    assert not told.car.freight


def test_what_is_no_freight_leaves_the_count_by_hand():
    """Three sure vehicles, one of them freight with a chance of 0.25: 2 with 0.75, 3 with 0.25."""
    pmf = freight_only(np.array([0, 0, 0, 1.0]), [1.0, 1.0, 0.25])
    np.testing.assert_allclose(pmf, [0, 0, 0.75, 0.25])


def test_a_count_never_falls_below_none():
    np.testing.assert_allclose(freight_only(np.array([0.5, 0.5]), [0.0, 0.0]), [1, 0])
