"""The error of counts over yards, and how well it is known."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.scoring import Score
from benchmarks.simulated import YARDS, error, error_between, row
from benchmarks.yards import Outcome

from yardwatch.cars.calibration import calibration_of


def test_the_error_is_the_sum_of_misses_over_the_sum_of_cars():
    assert error(np.array([9.0, 22.0, 0.5]), np.array([10, 20, 0])) == pytest.approx(3.5 / 30)


def test_yards_all_alike_leave_no_doubt():
    assert error_between(np.full(40, 9.0), np.full(40, 10)) == pytest.approx((0.1, 0.1))


def test_the_interval_is_as_wide_as_a_means_standard_error_says():
    """Yards of 10 cars, misses of mean 1 and standard deviation 1: over n yards the mean miss varies by 1 / √n."""
    rng = np.random.default_rng(3)
    true = np.full(YARDS, 10)
    low, high = error_between(true + rng.exponential(1.0, YARDS), true)
    assert (high - low) / 2 == pytest.approx(1.645 * 0.1 / YARDS**0.5, rel=0.15)


def test_the_error_of_the_count_is_that_of_the_number_a_report_gives():
    """Of ten cars nine or ten are likeliest ten; the mean of such a pmf lies 0.6 below."""
    pmf = (*[0.0] * 8, 0.2, 0.2, 0.6)
    one = Outcome(seed=1, gsd_m=0.5, true=10, pmf=pmf, length=11.0, score=Score())
    found = row([one, one])
    assert one.counted(calibration_of(0.5)).map == 10
    assert found["count_error"] == 0
    assert found["mean_error"] == pytest.approx(0.06, abs=0.01)
    assert found["length_error"] == pytest.approx(0.1)
