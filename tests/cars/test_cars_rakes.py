"""Neighbours in a train, by hand and against all assignments."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from yardwatch.cars.rakes import ALIKE_OTHERS, WITNESS, alike, coupled_to_next, steps_between, together
from yardwatch.model import Car
from yardwatch.model.counting import OTHER_KINDS

SHARE = np.array([0.3, 0.4, 0.2, 0.1])
KAPPA = np.full(4, 0.5)


def _every_assignment(chances, share, step, own):
    """P(state of `own`) by summing over all states of all vehicles."""
    power = np.full(len(chances), WITNESS)
    power[own] = 1.0
    found = np.zeros(len(share))
    for states in product(range(len(share)), repeat=len(chances)):
        weight = share[states[0]]
        for before, after in pairwise(states):
            weight *= step[before, after]
        for chance, state, one in zip(chances, states, power, strict=True):
            weight *= (chance[state] / share[state]) ** one
        found[states[own]] += weight
    return found / found.sum()


def test_it_is_the_sum_over_all_trains():
    rng = np.random.default_rng(0)
    chances, step = rng.dirichlet(np.ones(4), 4), steps_between(SHARE, KAPPA, 0, 3)
    told = together(chances, np.ones(3, bool), SHARE, step)
    for own in range(4):
        np.testing.assert_allclose(told[own], _every_assignment(chances, SHARE, step, own), rtol=1e-6)


def test_a_vehicle_that_stands_alone_keeps_its_own_look():
    chances = np.random.default_rng(1).dirichlet(np.ones(4), 3)
    told = together(chances, np.array([False, False]), SHARE, steps_between(SHARE, KAPPA, 0, 3))
    np.testing.assert_allclose(told, chances, atol=1e-3)


def test_a_doubtful_one_among_sure_ones_goes_with_them():
    chances = np.array([[0.02, 0.94, 0.02, 0.02], [0.1, 0.42, 0.44, 0.04], [0.02, 0.94, 0.02, 0.02]])
    told = together(chances, np.ones(2, bool), SHARE, steps_between(SHARE, KAPPA, 0, 3))
    assert told[1].argmax() == 1
    assert told[0, 1] > 0.94


def test_a_sure_one_stays_itself():
    chances = np.array([[0.01, 0.97, 0.01, 0.01], [0.003, 0.003, 0.991, 0.003], [0.01, 0.97, 0.01, 0.01]])
    assert together(chances, np.ones(2, bool), SHARE, steps_between(SHARE, KAPPA, 0, 3))[1, 2] > 0.8


def test_steps_are_chances_and_leave_the_shares_alone():
    step = steps_between(SHARE, KAPPA, 0, 3)
    np.testing.assert_allclose(step.sum(axis=1), 1)
    np.testing.assert_allclose(SHARE @ step, SHARE)


def test_kinds_that_keep_to_themselves_by_hand():
    """Shares 0.5, 0.25, 0.25; the second is of its neighbour's kind four times in five, the others one time in two."""
    share, kappa = np.array([0.5, 0.25, 0.25]), np.array([0.5, 0.8, 0.5])
    step = steps_between(share, kappa, 0, 2)
    mixed = np.array([0.25, 0.05, 0.125]) / 0.425
    np.testing.assert_allclose(step[1], 0.2 * mixed + [0, 0.8, 0])
    np.testing.assert_allclose(step[0, 1], 0.5 * mixed[1])
    np.testing.assert_allclose(share[:, None] * step, (share[:, None] * step).T)


def test_what_is_no_freight_has_a_habit_of_its_own_and_only_that():
    assert alike(("coach", "locomotive", "tank")).tolist() == [0.8, 0.3, 0.5]
    assert set(ALIKE_OTHERS) <= set(OTHER_KINDS)


def test_a_coach_among_coaches_is_told_by_them():
    share, look = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.03, 0.05, 0.9, 0.02])
    chances = np.array([look, [0.05, 0.8, 0.13, 0.02], look])
    usual, coaches = (
        together(chances, np.ones(2, bool), share, steps_between(share, alike(kinds), 0, 3))
        for kinds in (("open", "covered", "tank", "open"), ("open", "covered", "coach", "open"))
    )
    assert coaches[1, 2] > usual[1, 2] + 0.05


@pytest.mark.parametrize(("gap", "coupled"), [(1.2, True), (2.1, True), (2.3, False), (-0.1, True)])
def test_coupled_is_near(gap, coupled):
    cars = [
        Car(id="1", track="T", start_m=0, end_m=12, probability=1),
        Car(id="2", track="T", start_m=12 + gap, end_m=30, probability=1),
    ]
    assert coupled_to_next(cars).tolist() == [coupled]
    assert coupled_to_next(cars[:1]).tolist() == []
