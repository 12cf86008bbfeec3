"""Look planning: against simulation of skies and passes, closed forms, and every draw of a small review written out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from math import log2

import numpy as np
import pytest

from yardwatch.history.assessment import GapChance
from yardwatch.history.next_look import (
    Offer,
    begun_by,
    draw_reviews,
    estimated_total,
    review_chances,
    worth_buying,
)
from yardwatch.history.planning import DAYS_A_MONTH, Cadence, caught, delay, needed

ONSET = (GapChance(earliest=date(2023, 9, 14), latest=date(2023, 9, 22), probability=1.0),)


def simulated(cadence, within, rng, trials=40_000):
    """Share of surges caught, with the sky as a chain and the phase drawn."""
    keep = cadence.persistence**cadence.every_days
    when = rng.uniform(0, cadence.every_days, trials)
    sky = rng.random(trials) < cadence.clear
    found = np.zeros(trials, bool)
    while (when <= within).any():
        found |= (when <= within) & sky & (rng.random(trials) < cadence.power)
        renew = rng.random(trials) >= keep
        sky = np.where(renew, rng.random(trials) < cadence.clear, sky)
        when = when + cadence.every_days
    return found.mean()


@pytest.mark.parametrize(
    ("every", "clear", "power", "persistence", "within"),
    [(5, 0.4, 1.0, 0.0, 21), (1, 0.3, 0.6, 0.8, 10), (16, 0.5, 0.9, 0.0, 21), (3, 0.2, 0.8, 0.9, 30)],
)
def test_the_chance_to_be_in_time_is_that_of_simulated_skies(every, clear, power, persistence, within):
    cadence = Cadence(every_days=every, clear=clear, power=power, persistence=persistence)
    share = simulated(cadence, within, np.random.default_rng(9))
    assert caught(cadence, within) == pytest.approx(share, abs=0.01)


def test_hand_worked_chances():
    assert caught(Cadence(every_days=10, clear=1), 5) == pytest.approx(0.5)
    assert caught(Cadence(every_days=10, clear=1), 10) == pytest.approx(1)
    assert caught(Cadence(every_days=10, clear=0.5), 20) == pytest.approx(0.75)
    assert caught(Cadence(every_days=10, clear=0.5), 0) == 0
    assert caught(Cadence(every_days=10, clear=0), 300) == 0


def test_spells_of_cloud_cost_time():
    free, spells = (Cadence(every_days=1, clear=0.3, persistence=p) for p in (0.0, 0.9))
    assert caught(spells, 10) < caught(free, 10)


def test_delay_is_the_inverse_of_caught():
    cadence = Cadence(every_days=5, clear=0.4, power=0.8)
    days = delay(cadence, 0.9)
    assert caught(cadence, days) == pytest.approx(0.9, abs=1e-4)
    assert delay(Cadence(every_days=5, clear=0.0), 0.9) is None


def test_the_fewest_looks_a_month():
    sky = Cadence(every_days=1, clear=1.0)
    assert needed(sky, DAYS_A_MONTH / 2, 0.9).passes_a_month == pytest.approx(1.8, abs=0.01)
    plan = needed(Cadence(every_days=1, clear=0.35, power=0.8), 14, 0.9)
    assert plan.chance >= 0.9
    fewer = Cadence(every_days=DAYS_A_MONTH / (0.98 * plan.passes_a_month), clear=0.35, power=0.8)
    assert caught(fewer, 14) < 0.9
    assert plan.looks_a_month == pytest.approx(0.35 * plan.passes_a_month)
    assert needed(Cadence(every_days=1, clear=0.01, persistence=0.99), 2, 0.9) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"every_days": 0},
        {"every_days": -1},
        {"every_days": float("nan")},
        {"clear": 1.2},
        {"power": -0.1},
        {"persistence": 1.0},
    ],
)
def test_a_cadence_that_makes_no_sense_is_refused(fields):
    with pytest.raises(ValueError, match=r"cadence|outside"):
        Cadence(**{"every_days": 5, "clear": 0.5, **fields})


def information(day, onset_days, power, false_alarm):
    """Mutual information of onset day and outcome, from the joint table of days and outcomes."""
    joint = {}
    for onset in onset_days:
        raised = power if onset <= day else false_alarm
        joint[onset, 1], joint[onset, 0] = raised / len(onset_days), (1 - raised) / len(onset_days)
    total = 0.0
    for (_, outcome), p in joint.items():
        column = sum(joint[other, outcome] for other in onset_days)
        total += p * log2(p / (column / len(onset_days))) if p else 0.0
    return total


def test_worth_is_the_mutual_information_of_day_and_picture():
    # onset on one of the eight days 15…22 September, each as likely
    days = [date(2023, 9, 15) + timedelta(days=i) for i in range(8)]
    offers = [Offer(id=str(day), day=day) for day in days]
    for item in worth_buying(offers, ONSET, power=0.85, false_alarm=0.05):
        assert item.bits == pytest.approx(information(item.offer.day, days, 0.85, 0.05), abs=1e-9)


def test_the_scene_in_the_middle_of_the_gap_is_worth_most_and_a_perfect_one_a_bit():
    offers = [Offer(id=f"{d}", day=date(2023, 9, d)) for d in (10, 15, 18, 21, 25)]
    best = worth_buying(offers, ONSET, power=1.0, false_alarm=0.0)
    assert best[0].offer.id == "18"
    assert best[0].bits == pytest.approx(1.0)
    assert {item.offer.id for item in best if item.bits == 0} == {"10", "25"}


def test_clouds_and_cost_count():
    offers = [
        Offer(id="clear", day=date(2023, 9, 17), cost=100.0),
        Offer(id="cloudy", day=date(2023, 9, 18), usable=0.3, cost=100.0),
        Offer(id="cheap", day=date(2023, 9, 20), cost=10.0),
    ]
    assert [item.offer.id for item in worth_buying(offers, ONSET)] == ["cheap", "clear", "cloudy"]


def test_begun_by_mixes_gaps():
    gaps = (
        GapChance(earliest=date(2023, 1, 1), latest=date(2023, 1, 11), probability=0.25),
        GapChance(earliest=date(2023, 1, 11), latest=date(2023, 1, 31), probability=0.75),
    )
    assert begun_by(date(2023, 1, 6), gaps) == pytest.approx(0.125)
    assert begun_by(date(2023, 1, 21), gaps) == pytest.approx(0.625)
    assert begun_by(date(2024, 1, 1), gaps) == 1


def test_reviews_are_unbiased_over_every_draw():
    detected, truth = {"a": 10.0, "b": 0.0, "c": 3.0}, {"a": 8, "b": 2, "c": 3}
    chances = review_chances(detected)
    assert sum(chances.values()) == pytest.approx(1)
    mean = sum(
        chances[x] * chances[y] * estimated_total([truth[x], truth[y]], [chances[x], chances[y]]).value
        for x, y in product(detected, repeat=2)
    )
    assert mean == pytest.approx(sum(truth.values()))


def test_a_right_detector_needs_one_review():
    chances = review_chances({"a": 12.0, "b": 4.0, "c": 24.0}, floor=1e-9)
    assert estimated_total([4], [chances["b"]]).value == pytest.approx(40)
    assert estimated_total([4], [chances["b"]]).error is None


def test_review_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(12)
    truth = rng.poisson(rng.gamma(1.5, 12, 60))
    detected = {str(i): float(max(0, n + rng.normal(0, 3))) for i, n in enumerate(truth)}
    chances = review_chances(detected)
    held = 0
    for _ in range(300):
        picked = draw_reviews(chances, 15, rng)
        found = estimated_total([truth[int(i)] for i in picked], [chances[i] for i in picked])
        held += found.lower <= truth.sum() <= found.upper
    assert 0.8 <= held / 300 <= 0.97


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: worth_buying([], ()),
        lambda: worth_buying([Offer(id="x", day=date(2023, 1, 1), usable=2.0)], ONSET),
        lambda: worth_buying([Offer(id="x", day=date(2023, 1, 1), cost=0.0)], ONSET),
        lambda: review_chances({}),
        lambda: review_chances({"a": -1.0}),
        lambda: review_chances({"a": 1.0}, floor=0.0),
        lambda: draw_reviews({"a": 1.0}, 0, np.random.default_rng(0)),
        lambda: estimated_total([], []),
        lambda: estimated_total([3], [0.0]),
        lambda: caught(Cadence(every_days=1, clear=0.5), -1),
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
