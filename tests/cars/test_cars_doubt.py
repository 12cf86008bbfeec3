"""Evidence on lines that are perhaps no tracks, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from yardwatch.cars.doubt import PER_DOUBT, SURE, doubted
from yardwatch.cars.tracing.company import TracedLine
from yardwatch.cars.tracing.leading import vouched
from yardwatch.model import Evidence


def shown(*chances, hidden=()):
    log_prob = np.log(np.array(chances))
    visible = np.array([k not in hidden for k in range(len(chances))])
    return Evidence(track="T", step_m=0.5, log_prob=log_prob, visible=visible)


def odds(evidence):
    chances = np.exp(evidence.log_prob)
    return np.log(chances[:, 1:].sum(axis=1) / chances[:, 0])


def test_a_sure_line_is_taken_at_its_word():
    seen = shown([0.4, 0.5, 0.1])
    assert doubted(seen, SURE) is seen
    assert doubted(seen, 1.0) is seen


def test_what_leans_a_little_says_nothing_and_what_leans_a_lot_says_less():
    """At 0.55 the threshold is 0.4: odds of 0.3, −0.3, 2.2 and −2.2 become 0, 0, 1.8 and −1.8."""
    empty = 1 / (1 + np.exp([0.3, -0.3, 2.2, -2.2]))
    seen = shown(*[[e, 0.75 * (1 - e), 0.25 * (1 - e)] for e in empty])
    told = doubted(seen, SURE - 0.4 / PER_DOUBT)
    np.testing.assert_allclose(odds(told), [0, 0, 1.8, -1.8], atol=1e-9)
    np.testing.assert_allclose(np.exp(told.log_prob).sum(axis=1), 1)
    np.testing.assert_allclose(told.log_prob[:, 1] - told.log_prob[:, 2], np.log(3))


def test_hidden_cells_stay_without_evidence():
    seen = shown([1 / 3] * 3, [0.2, 0.7, 0.1], hidden=(0,))
    told = doubted(seen, 0.4)
    np.testing.assert_array_equal(told.log_prob[0], seen.log_prob[0])
    assert odds(told)[1] < odds(seen)[1]


def test_the_surest_line_of_a_group_vouches_for_the_others_and_for_nobody_else():
    found = [
        TracedLine(line=shapely.LineString([(0, y), (300, y)]), confidence=sure)
        for y, sure in ((0, 0.4), (5, 0.45), (10, 0.8), (200, 0.5))
    ]
    assert vouched(found) == (0.8, 0.8, 0.8, 0.5)
    assert vouched([]) == ()


@pytest.mark.parametrize("sure", [0.0, 0.59])
def test_evidence_never_changes_sides(sure):
    seen = shown(*np.random.default_rng(0).dirichlet(np.ones(3), 50))
    before, after = odds(seen), odds(doubted(seen, sure))
    assert (after * np.sign(before) > -1e-9).all()
    assert (np.abs(after) <= np.abs(before) + 1e-9).all()
