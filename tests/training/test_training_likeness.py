"""How far the decoder is from the truth: against every segmentation of tiny strips, and by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from training.layout import BODY, EMPTY, GAP
from training.likeness import FORBIDDEN, chances, forbidden, pull

from yardwatch.cars.chain import Chain
from yardwatch.cars.durations import Durations, EmptyRuns

COUPLED, STAY = 0.7, 0.6
TINY = Chain(
    car=Durations.from_mass(np.array([0.0, 0.4, 0.6])), gap=Durations.from_mass(np.array([1.0])),
    empty=EmptyRuns(shortest=1, stay=STAY), coupled=COUPLED,
)  # fmt: skip
SAMPLES = 20_000


def _weight(states, scores):
    """One segmentation of a strip whose first and last runs are empty and cut by its ends, written down afresh."""
    runs = [(state, len(list(group))) for state, group in itertools.groupby(states)]
    follow = {(EMPTY, BODY): 1.0, (GAP, BODY): 1.0, (BODY, GAP): COUPLED, (BODY, EMPTY): 1 - COUPLED}
    weight = 1.0
    for (before, _), (after, _) in itertools.pairwise(runs):
        weight *= follow.get((before, after), 0.0)
    for k, (state, steps) in enumerate(runs):
        inner = {BODY: {2: 0.4, 3: 0.6}.get(steps, 0.0), GAP: float(steps == 1)}
        # An empty run cut by an end has the weight of all longer ones; what is common to all segmentations is left out.
        cut = k in (0, len(runs) - 1)
        weight *= inner.get(state, STAY ** (steps - 1) * (1.0 if cut else 1 - STAY))
    if len(runs) == 1:
        weight /= 1 - STAY
    return weight * np.exp(sum(scores[at, state] for at, state in enumerate(states)))


def _enumerated(scores):
    """(s, 3): chance of each state in each cell among segmentations that begin and end empty."""
    found = np.zeros_like(scores)
    for inner in itertools.product((EMPTY, BODY, GAP), repeat=len(scores) - 2):
        states = (EMPTY, *inner, EMPTY)
        found[np.arange(len(scores)), states] += _weight(states, scores)
    return found / found.sum(axis=1, keepdims=True)


@pytest.fixture(name="scores")
def _scores():
    """Eight cells, the first and the last surely empty."""
    scores = np.random.default_rng(4).normal(0, 1, (8, 3))
    scores[[0, -1]] = [0, -200, -200]
    return scores


def test_chances_are_those_of_all_segmentations(scores):
    found = chances(scores[None], TINY, np.random.default_rng(0), samples=SAMPLES)[0]
    assert found == pytest.approx(_enumerated(scores), abs=0.015)
    assert found.sum(axis=1) == pytest.approx(1)


def test_the_pull_is_the_gradient_of_the_log_chance_of_the_truth(scores):
    """Against differences of two enumerations: all segmentations, and those with two coupled cars where they stand."""
    states = np.array([EMPTY, EMPTY, BODY, BODY, GAP, BODY, BODY, EMPTY])
    wanted = np.eye(3, dtype=np.float32)[states][None]
    found = pull(scores[None], wanted, TINY, np.random.default_rng(1), SAMPLES)[0]
    like = _enumerated(scores - FORBIDDEN * forbidden(wanted)[0])
    assert like == pytest.approx(wanted[0], abs=1e-5)
    assert found == pytest.approx(like - _enumerated(scores), abs=0.015)


def test_ends_are_left_open_and_gaps_are_held():
    body, end, gap = [0.01, 0.98, 0.01], [0.4, 0.6, 0.0], [0.0, 0.45, 0.55]
    wanted = np.array([[body, end, gap, body]], np.float32)
    assert forbidden(wanted)[0].tolist() == [
        [True, False, True], [False, False, False], [True, True, False], [True, False, True]
    ]  # fmt: skip


def test_where_nothing_shows_nothing_is_forbidden():
    assert not forbidden(np.zeros((1, 4, 3), np.float32)).any()


def test_a_train_no_decoder_expects_still_has_a_pull():
    """Bodies of one cell cannot be; the pull stays finite and leads towards bodies."""
    states = np.array([EMPTY, BODY, GAP, BODY, GAP, BODY, EMPTY, EMPTY])
    wanted = np.eye(3, dtype=np.float32)[states][None]
    found = pull(np.zeros((1, 8, 3)), wanted, TINY, np.random.default_rng(0))[0]
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(0)
