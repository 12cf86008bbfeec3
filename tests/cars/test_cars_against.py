"""What an empty look adds to the network's evidence: on strips drawn by hand, so much and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from yardwatch.cars.against import HEARD, ODDS, held_against
from yardwatch.cars.chain import CAR, EMPTY, GAP
from yardwatch.cars.light import light
from yardwatch.model import Evidence


def undecided(strip) -> Evidence:
    """Evidence of one step a cell that leans to a body by 0.3 everywhere."""
    log_prob = np.log(np.full((strip.data.shape[2], 3), 1 / 3))
    log_prob[:, CAR] += 0.3
    log_prob -= np.logaddexp.reduce(log_prob, axis=1)[:, None]
    return Evidence(track=strip.track, step_m=strip.step_m, log_prob=log_prob, visible=np.ones(len(log_prob), bool))


def held(said, strip, empty) -> Evidence:
    return held_against(said, strip, empty, light(strip, empty))


def leaning(found: Evidence) -> np.ndarray:
    return found.log_prob[:, CAR] - found.log_prob[:, EMPTY]


def test_a_lean_to_a_body_stands_where_a_car_is_and_falls_where_the_track_is_as_ever(draw_strip, train) -> None:
    cars = train(5)
    strip, empty = draw_strip(cars=cars), draw_strip(seed=1)
    found = leaning(held(undecided(strip), strip, empty))
    at = (np.arange(len(found)) + 0.5) * strip.step_m
    on = np.any([(at > a + 1.5) & (at < b - 1.5) for a, b in cars], axis=0)
    assert (found[on] > 0.3).mean() > 0.9
    assert (found[at > cars[-1][1] + 3] < 0).mean() > 0.95


def test_what_stands_there_on_every_day_is_no_car(draw_strip, train) -> None:
    """A shed's roof as long as a train, in the look as on the day."""
    shed = train(3)
    strip = draw_strip(cars=shed)
    found = leaning(held(undecided(strip), strip, draw_strip(cars=shed, seed=1)))
    assert (found < 0).mean() > 0.95


def test_it_moves_a_cell_by_no_more_than_its_bound_and_leaves_bodies_and_gaps_as_they_were(draw_strip, train) -> None:
    strip = draw_strip(cars=train(5))
    said = undecided(strip)
    found = held(said, strip, draw_strip(seed=1))
    moved = leaning(found) - leaning(said)
    assert np.abs(moved).max() <= HEARD * ODDS + 1e-9
    assert moved.max() > 0.5
    np.testing.assert_allclose(found.log_prob[:, CAR] - found.log_prob[:, GAP], 0.3)
    np.testing.assert_allclose(np.exp(found.log_prob).sum(axis=1), 1)


def test_cells_of_half_a_step_and_of_two_find_their_steps(draw_strip, train) -> None:
    strip, empty = draw_strip(cars=train(5)), draw_strip(seed=1)
    whole = leaning(held(undecided(strip), strip, empty))
    for cell_m in (0.25, 1.0):
        n = round(strip.length_m / cell_m)
        said = Evidence(track="T", step_m=cell_m, log_prob=np.log(np.full((n, 3), 1 / 3)), visible=np.ones(n, bool))
        found = leaning(held(said, strip, empty))
        at = ((np.arange(n) + 0.5) * cell_m / strip.step_m).astype(int)
        np.testing.assert_allclose(found, whole[at] - 0.3)


def test_where_either_of_the_two_is_hidden_the_network_speaks_alone(draw_strip, train) -> None:
    strip, empty = draw_strip(cars=train(5)), draw_strip(seed=1)
    seen = strip.visible.copy()
    seen[:, 60:120] = False
    said = undecided(strip)
    for one, other in ((replace(strip, visible=seen), empty), (strip, replace(empty, visible=seen))):
        found = held(said, one, other)
        np.testing.assert_allclose(found.log_prob[60:120], said.log_prob[60:120])
        assert (found.log_prob[20:60] != said.log_prob[20:60]).any()


def test_an_empty_look_of_another_shape_is_refused(draw_strip) -> None:
    strip = draw_strip()
    with pytest.raises(ValueError, match="differ in shape or step"):
        held_against(undecided(strip), strip, draw_strip(length_m=100), light(strip, strip))
