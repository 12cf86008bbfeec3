"""The calibration finds errors that were put in, and its interval holds what it says on yards set aside."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.calibrate import conformal, fit, held, inside
from benchmarks.scoring import Score
from benchmarks.yards import Outcome


def _yards(rng, number, *, bias=0.1, spread=0.08):
    """Counts of 40 to 120 with a deviation of 1, true ones 10 % higher with 8 % normal errors."""
    found = []
    for k in range(number):
        middle = int(rng.integers(40, 120))
        pmf = np.exp(-0.5 * (np.arange(middle + 8) - middle) ** 2)
        true = round(middle * (1 + bias) + rng.normal(0, spread * middle))
        found.append(
            Outcome(seed=k, gsd_m=0.5, true=true, pmf=tuple(pmf / pmf.sum()), length=float(middle), score=Score())
        )
    return found


def test_what_was_put_in_is_found():
    found = fit(_yards(np.random.default_rng(0), 600), 0.7)
    assert found.bias == pytest.approx(0.1, abs=0.012)
    assert found.spread == pytest.approx(0.08, rel=0.15)


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


def test_errors_are_of_the_sum_of_truths():
    rng = np.random.default_rng(3)
    yards = _yards(rng, 200, bias=0.25, spread=0.0)
    assert held(yards, fit(yards, 0.7)).error < 0.02
    assert held(yards, fit(yards, 0.7)).length_error == pytest.approx(0.2, abs=0.01)
