"""EARS C1 against the published digits and by hand."""

from __future__ import annotations

import csv
from statistics import NormalDist, mean, stdev

import numpy as np
import pytest

from yardwatch.history.ears import ears


def test_published_c1_bounds_of_germany_2011(data_dir):
    with (data_dir / "series" / "salmNewport.csv").open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[1:]
    germany = [sum(map(float, row[1:])) for row in rows]
    first = [row[0] for row in rows].index("2011-01-03")
    assert [f"{x:.6f}" for x in ears(germany, 0.05)[first : first + 4]] == [
        "3.278854", "3.278854", "3.436517", "3.855617"
    ]  # fmt: skip


def test_by_hand_with_the_seven_before():
    y = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    z = NormalDist().inv_cdf(0.95)
    upper = ears(y, 0.05)
    assert np.isnan(upper[:7]).all()
    assert upper[7] == pytest.approx(mean(y[:7]) + z * stdev(y[:7]))
    assert upper[9] == pytest.approx(mean(y[2:9]) + z * stdev(y[2:9]))
    assert ears(y, 0.05, lag=2)[9] == pytest.approx(upper[7])


def test_the_default_is_three_standard_deviations():
    y = [3, 1, 4, 1, 5, 9, 2, 6]
    assert ears(y)[7] == pytest.approx(mean(y[:7]) + 3 * stdev(y[:7]), rel=1e-3)


def test_too_short_a_series_has_no_bound():
    assert np.isnan(ears([1, 2, 3])).all()


@pytest.mark.parametrize(("counts", "alpha"), [([1.0, float("nan")], 0.05), ([1.0], 0.0), ([1.0], 0.9)])
def test_bad_input_is_refused(counts, alpha):
    with pytest.raises(ValueError, match=r"finite|between"):
        ears(counts, alpha)
