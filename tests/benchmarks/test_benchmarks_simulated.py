"""The error of counts over yards, and how well it is known."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.simulated import YARDS, error, error_between


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
