"""Plan: the published case by hand, the worth of days, scenes at hand, and wishes that cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import log2

import pytest
import shapely

from yardwatch.history.assess import assess
from yardwatch.history.assessment import GapChance, Onset, Question
from yardwatch.history.plan import OnHand, Wish, best_day, gaps_of, plan
from yardwatch.history.plan_contract import plan_json
from yardwatch.history.planning import Cadence, caught
from yardwatch.model import DateSpan, Observation, Site, Window, Zone

START = date(2020, 1, 6)
QUIET = [12, 10, 13, 9, 11, 12, 9, 14, 10, 12, 11, 9, 12, 13, 10, 12, 11]


def look(i, value):
    return Observation(
        id=f"o{i}", zone="yard", when=DateSpan.on(START + timedelta(days=30 * i)), unit="cars", value=value
    )


def assessed(values, days_after=3):
    zone = Zone(id="yard", version=1, polygon=shapely.box(130.60, 42.41, 130.61, 42.42))
    rows = tuple(look(i, value) for i, value in enumerate(values))
    site = Site(
        id="place", name="Place", fictional=False, zones=(zone,), tracks=(), default_zone="yard", default_unit="cars",
        breaks=(), record=rows, events=(),
    )  # fmt: skip
    day = START + timedelta(days=30 * (len(values) - 1) + days_after)
    return assess(site, Question(zone="yard", unit="cars", as_of=day, window=Window.before(day, "5y")))


def test_a_surge_is_planned_with_the_power_of_its_own_size():
    found = plan(assessed([*QUIET, 52]), Wish())
    # one look raised at the end of monthly looks: the onset is the last gap, seen up to 30 days after
    assert found.why_no_surge is None
    assert found.seen_after == (0, 30)
    assert found.factor == pytest.approx(52 / 11.2, rel=0.1)
    assert 0.9 < found.power <= 1
    assert "alarm from" in found.power_basis
    assert found.needed.chance >= 0.9
    assert found.needed_in_spells.passes_a_month > found.needed.passes_a_month
    assert [row.passes_a_month for row in found.chances] == [1, 2, 4, 10, 30]


def test_a_cadence_asked_about_is_the_only_one_and_exact():
    # a pass every 10 days, half usable, alarm within 10 days: one pass falls in them, so the chance is 0.5 × power
    wish = Wish(per_month=3.04375, cloud=0.5, delay_days=10)
    found = plan(assessed([*QUIET, 52]), wish)
    (row,) = found.chances
    assert row.caught == pytest.approx(0.5 * found.power)
    assert row.looks_a_month == pytest.approx(3.04375 / 2)
    assert row.caught == pytest.approx(caught(Cadence(every_days=10, clear=0.5, power=found.power), 10))


def test_without_a_rise_a_rise_of_three_is_planned_for_and_said():
    found = plan(assessed([*QUIET, 11]), Wish())
    assert found.why_no_surge
    assert found.factor == 3.0
    assert plan_json(found)["surge"] is None
    assert plan_json(found)["needed"]["passes_a_month"] > 0


def test_without_a_model_power_is_assumed_and_said():
    found = plan(assessed([10, 52]), Wish())
    assert (found.power, found.factor) == (1.0, None)
    assert found.power_basis.startswith("assumed")


def test_the_likeliest_gap_keeps_its_chance_and_the_rest_is_spread_by_days():
    best = GapChance(earliest=date(2024, 1, 11), latest=date(2024, 1, 21), probability=0.6)
    onset = Onset(
        earliest=date(2024, 1, 1), latest=date(2024, 2, 20), zones=("yard",), observations=(), level=0.9, likeliest=best
    )  # fmt: skip
    first, middle, last = gaps_of(onset)
    assert middle == best
    # 10 and 30 days outside the likeliest gap share the 0.3 left
    assert first.probability == pytest.approx(0.3 * 10 / 40)
    assert last.probability == pytest.approx(0.3 * 30 / 40)
    assert gaps_of(replace(onset, likeliest=None, level=None))[0].probability == 1.0


def test_the_best_day_halves_the_gap_and_seen_days_are_left_out():
    gap = GapChance(earliest=date(2023, 9, 14), latest=date(2023, 9, 22), probability=1.0)
    # F = 1/2 in the middle, false alarms 1 %: q = 0.505, I = H(0.505) − H(0.01)/2
    bits = -0.505 * log2(0.505) - 0.495 * log2(0.495) + (0.01 * log2(0.01) + 0.99 * log2(0.99)) / 2
    found = best_day([gap], power=1.0)
    assert (found.day, found.bits) == (date(2023, 9, 18), pytest.approx(bits))
    assert (found.first, found.last) == (date(2023, 9, 15), date(2023, 9, 21))
    assert best_day([gap], power=1.0, seen=frozenset({date(2023, 9, 18)})).day in {date(2023, 9, 17), date(2023, 9, 19)}
    assert best_day([gap], power=0.01) is None
    assert best_day([GapChance(earliest=date(2023, 9, 14), latest=date(2023, 9, 15), probability=1.0)], 1.0) is None


def test_scenes_at_hand_are_ranked_and_roles_named():
    held = assessed([*QUIET, 52])
    seen, gap = held.observed, held.onset
    middle = gap.earliest + timedelta(days=15)
    scenes = [
        OnHand(id="last", day=seen.when.latest, usable=1, cars=51.5, observation=seen.id),
        OnHand(id="quiet", day=START + timedelta(days=300), usable=1, cars=9.5),
        OnHand(id="done", day=START + timedelta(days=330), usable=1, cars=30, reviewed=True),
        OnHand(id="hazy", day=middle, usable=0.2, cars=None),
        OnHand(id="clear", day=middle, usable=0.8, cars=None),
        OnHand(id="later", day=held.question.as_of + timedelta(days=1), usable=1, cars=80),
    ]
    found = plan(held, Wish(), scenes)
    assert [(x.scene.id, x.role) for x in found.review] == [("last", "the observed look"), ("quiet", "")]
    # weights ∝ cars + 0.5: 52 and 10 of 62
    assert [x.chance for x in found.review] == [pytest.approx(52 / 62), pytest.approx(10 / 62)]
    assert [x.offer.id for x in found.uncounted] == ["clear", "hazy"]
    assert found.uncounted[0].bits == pytest.approx(4 * found.uncounted[1].bits)
    assert found.best_day is not None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"cloud": 1.0}, "cloud share"),
        ({"cloud": -0.1}, "cloud share"),
        ({"cloud": float("nan")}, "cloud share"),
        ({"delay_days": 0}, "a delay of 0 days"),
        ({"delay_days": 1e9}, "at most 366"),
        ({"per_month": 0}, "0 images a month"),
        ({"per_month": 1e9}, "at most 244"),
        ({"per_month": float("nan")}, "images a month"),
    ],
)
def test_wishes_that_cannot_be_are_refused(words, says):
    with pytest.raises(ValueError, match=says):
        Wish(**words)
