"""The calibration finds errors that were put in, and its interval holds what it says on yards set aside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.calibrate import LEAST_FLOOR, LEAST_SPREAD, conformal, fit, held, inside
from benchmarks.scoring import Score
from benchmarks.yards import Outcome

from yardwatch.cars.calibration import Calibration


def _yards(rng, number, *, bias=0.1, spread=0.08, each=0.0, fewest=40):
    """Counts to 120 with a deviation of 1, true ones 10 % higher with 8 % normal errors, and errors each car makes."""
    found = []
    for k in range(number):
        middle = int(rng.integers(fewest, 120))
        pmf = np.exp(-0.5 * (np.arange(middle + 8) - middle) ** 2)
        true = max(round(middle * (1 + bias) + rng.normal(0, np.hypot(spread * middle, np.sqrt(each * middle)))), 0)
        found.append(
            Outcome(seed=k, gsd_m=0.5, true=true, pmf=tuple(pmf / pmf.sum()), length=float(middle), score=Score())
        )
    return found


def test_what_was_put_in_is_found():
    found = fit(_yards(np.random.default_rng(0), 600), 0.7)
    assert found.bias == pytest.approx(0.1, abs=0.012)
    n = np.array([40.0, 80.0, 120.0])
    np.testing.assert_allclose(found.deviation(n), 0.08 * n, rtol=0.15)


def test_errors_that_cars_make_one_by_one_are_found():
    found = fit(_yards(np.random.default_rng(4), 600, spread=0.0, each=1.0, fewest=6), 0.7)
    n = np.array([10.0, 50.0, 110.0])
    np.testing.assert_allclose(found.deviation(n), np.sqrt(n), rtol=0.2)


@pytest.mark.slow
def test_the_interval_holds_its_level_elsewhere():
    rng = np.random.default_rng(1)
    found = conformal(_yards(rng, 400), fit(_yards(rng, 400), 0.7))
    assert 0.86 <= inside(_yards(rng, 600), found) <= 0.94


@pytest.mark.slow
def test_an_overconfident_fit_is_widened():
    rng = np.random.default_rng(2)
    sure = fit(_yards(rng, 300, spread=0.02), 0.7)
    wide = conformal(_yards(rng, 400), sure)
    assert wide.spread > 2 * sure.spread


def test_counts_that_are_right_by_themselves_keep_a_quarter_of_the_law_and_its_least():
    """No count is sure to a car, however many yards hold without any widening."""
    middles = np.arange(30, 90)
    right = [Outcome(seed=k, gsd_m=0.5, true=k, pmf=(0.0,) * k + (1.0,), length=k, score=Score()) for k in middles]
    found = conformal(right, Calibration(gsd_m=0.7, bias=0.0, spread=0.02, floor=0.4, each=0.04))
    assert found.each == pytest.approx(0.04 / 16)
    assert (found.floor, found.spread) == (LEAST_FLOOR, LEAST_SPREAD)
    assert conformal(right, replace(found, spread=0.08)).spread == pytest.approx(0.02)


@pytest.mark.slow
def test_yards_where_nothing_was_seen_make_no_interval_narrow():
    """Half the yards are empty and counted so; among the others the level is still to hold."""
    rng = np.random.default_rng(5)
    empty = [Outcome(seed=k, gsd_m=0.5, true=0, pmf=(1.0,), length=0.0, score=Score()) for k in range(300)]
    found = conformal(_yards(rng, 300) + empty, fit(_yards(rng, 300) + empty, 0.7))
    told = held(_yards(rng, 500) + empty, found).inside_by_size
    assert told["0"] == (300, 1.0)
    assert told["50 and more"][1] >= 0.86


def test_errors_are_of_the_sum_of_truths():
    rng = np.random.default_rng(3)
    yards = _yards(rng, 200, bias=0.25, spread=0.0)
    assert held(yards, fit(yards, 0.7)).error < 0.02
    assert held(yards, fit(yards, 0.7)).length_error == pytest.approx(0.2, abs=0.01)
