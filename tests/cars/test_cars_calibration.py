"""The widened pmf against the normal law it is made of."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.cars.calibration import CLASSES, WEIGHTS, Calibration, calibration_of
from yardwatch.cars.count import calibrated_total
from yardwatch.model import Count


def _sure(n):
    pmf = np.zeros(n + 1)
    pmf[n] = 1.0
    return pmf


def test_a_sure_count_becomes_its_normal():
    """100 cars, 5 % bias, 6 % spread and a floor of 8: mean 105, deviation 10, 90 % within 105 ± 16.4."""
    count = Count(Calibration(gsd_m=1, bias=0.05, spread=0.06, floor=8.0).widened(_sure(100)))
    assert count.mean == pytest.approx(105, abs=0.1)
    lower, upper = count.interval
    assert lower == pytest.approx(105 - 16.45, abs=1)
    assert upper == pytest.approx(105 + 16.45, abs=1)


def test_cars_that_err_one_by_one_add_up_as_variances():
    """100 cars of variance 0.64 each and a floor of 6: deviation 10, that of 400 cars √(256 + 36)."""
    found = Calibration(gsd_m=1, bias=0, spread=0, floor=6.0, each=0.64)
    np.testing.assert_allclose(found.deviation(np.array([100.0, 400.0])), [10, 17.09], rtol=1e-3)
    lower, upper = Count(found.widened(_sure(100))).interval
    assert (lower, upper) == (pytest.approx(100 - 16.45, abs=1), pytest.approx(100 + 16.45, abs=1))


def test_without_errors_nothing_changes():
    pmf = np.array([0.1, 0.2, 0.7])
    widened = Calibration(gsd_m=1, bias=0, spread=0, floor=0).widened(pmf)
    np.testing.assert_allclose(widened[:3], pmf, atol=1e-12)


def test_a_count_of_nothing_may_still_have_missed_some():
    pmf = Calibration(gsd_m=1, bias=0, spread=0.1, floor=1.0).widened(_sure(0))
    assert pmf[0] == pmf.max()
    assert 0 < pmf[2] < pmf[1]


def test_no_tracks_no_cars():
    assert calibrated_total([], CLASSES[0], WEIGHTS).interval == (0, 0)


def test_other_weights_are_not_calibrated():
    assert calibrated_total([np.ones(1)], CLASSES[0], WEIGHTS).calibrated
    assert not calibrated_total([np.ones(1)], CLASSES[0], "0" * 64).calibrated


def test_classes_follow_each_other_and_hold_their_upper_gsd():
    assert [one.gsd_m for one in CLASSES] == sorted(one.gsd_m for one in CLASSES)
    assert calibration_of(0.5).gsd_m == 0.7
    assert calibration_of(0.7).gsd_m == 0.7
    assert calibration_of(99).gsd_m == CLASSES[-1].gsd_m


@pytest.mark.parametrize("bad", [{"bias": -1.0}, {"spread": -0.1}, {"floor": -1.0}, {"each": -0.1}, {"gsd_m": 0.0}])
def test_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match=r"calibration|negative"):
        Calibration(**{"gsd_m": 1.0, "bias": 0.0, "spread": 0.1, "floor": 1.0, **bad})
