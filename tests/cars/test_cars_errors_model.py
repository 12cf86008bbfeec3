"""The error model against Monte Carlo and its own limits."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.cars.errors_model import ErrorModel


def pmf_of(n: int) -> np.ndarray:
    pmf = np.zeros(n + 1)
    pmf[n] = 1
    return pmf


def test_without_reviews_nothing_changes() -> None:
    pmf = np.array([0.2, 0.5, 0.3])
    np.testing.assert_array_equal(ErrorModel().correct(pmf), pmf)


@pytest.mark.parametrize(("kept", "removed", "added"), [(90, 10, 15), (40, 0, 20), (30, 25, 0)])
def test_correction_agrees_with_monte_carlo(kept, removed, added) -> None:
    """Precision and recall drawn, found cars thinned one by one, misses counted as failures before the k-th hit."""
    rng = np.random.default_rng(1)
    found = rng.choice([18, 20, 25], p=[0.3, 0.5, 0.2], size=200_000)
    pmf = np.zeros(26)
    pmf[[18, 20, 25]] = [0.3, 0.5, 0.2]
    real = rng.binomial(found, rng.beta(kept + 0.5, removed + 0.5, len(found)))
    recall = rng.beta(kept + 0.5, added + 0.5, len(found))
    missed = np.where(real > 0, rng.negative_binomial(np.maximum(real, 1), recall), 0)
    drawn = np.bincount(real + missed) / len(found)
    corrected = ErrorModel.from_reviews(kept=kept, removed=removed, added=added).correct(pmf)
    size = max(len(drawn), len(corrected))
    drawn, corrected = (np.pad(p, (0, size - len(p))) for p in (drawn, corrected))
    assert np.abs(drawn - corrected).sum() / 2 < 0.01


def test_many_good_reviews_leave_the_count_alone() -> None:
    corrected = ErrorModel(kept=100_000).correct(pmf_of(30))
    assert corrected.argmax() == 30
    assert corrected[30] > 0.99


def test_means_by_hand() -> None:
    """Many reviews at precision 0.8 and recall 0.5: of 50 found 40 are real, and 40 · 0.5 / 0.5 more were missed."""
    corrected = ErrorModel(kept=80_000, removed=20_000, added=80_000).correct(pmf_of(50))
    assert corrected @ np.arange(len(corrected)) == pytest.approx(80, rel=0.005)


def test_nothing_found_stays_nothing() -> None:
    np.testing.assert_allclose(ErrorModel(kept=10, added=10).correct(pmf_of(0)), [1.0])


def test_negative_reviews_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        ErrorModel(kept=-1)
