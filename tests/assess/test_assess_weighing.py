"""Weighing by hand: inconsistency, worth, leave-one-out and what would change the order."""

import pytest

from yardwatch.assess.grades import weight
from yardwatch.assess.hypotheses import SEEDED, Rating, Row, seeded
from yardwatch.assess.weighing import weigh, without_later
from yardwatch.errors import InputError

EVERY = [one.id for one in SEEDED]


def row(name, *against, evidence=("x",)):
    return Row(id=name, fact=name, evidence=evidence, ratings=dict.fromkeys(against, Rating.INCONSISTENT))


@pytest.mark.parametrize(
    ("grade", "worth"), [("A1", 1.0), ("B2", 0.64), ("C3", 0.36), ("E5", 0.04), ("F6", 0.25), ("", 0.25)]
)
def test_weights_of_grades(grade, worth):
    assert weight(grade) == worth


def test_the_order_is_by_what_speaks_against():
    # by hand: bulk 0.64 + 0.25 = 0.89, storage 0.64, nothing-unusual 0.25, the other four 0
    found = weigh(seeded([row("a", "bulk", "storage"), row("b", "bulk", "nothing-unusual")]), {"a": 0.64, "b": 0.25})
    assert [(one.inconsistency, set(one.hypotheses)) for one in found.order] == [
        (0.0, {"transfer-out", "transfer-in", "ordinary-trade", "deception"}),
        (0.25, {"nothing-unusual"}),
        (0.64, {"storage"}),
        (0.89, {"bulk"}),
    ]


def test_what_agrees_with_a_hypothesis_counts_for_nothing():
    agreeing = Row(id="a", fact="a", evidence=("x",), ratings={"transfer-out": Rating.CONSISTENT})
    found = weigh(seeded([agreeing]), {"a": 1.0})
    assert [set(one.hypotheses) for one in found.order] == [set(EVERY)]
    assert found.worth == {"a": 0.0}


def test_worth_is_of_what_separates():
    # 7 hypotheses: k = 3 gives 4·3·4/49 = 0.9796, k = 1 gives 4·1·6/49 = 0.4898, k = 7 gives 0
    rows = [row("three", *EVERY[:3]), row("one", EVERY[0]), row("all", *EVERY)]
    found = weigh(seeded(rows), dict.fromkeys(("three", "one", "all"), 1.0))
    assert found.worth == {"three": 0.9796, "one": 0.4898, "all": 0.0}


def test_leaving_a_row_out_tells_whether_the_first_hang_on_it():
    others = [name for name in EVERY if name not in ("bulk", "storage")]
    rows = [row("covers", "bulk"), row("rest", *others), row("rest-again", *others)]
    found = weigh(seeded(rows), dict.fromkeys(("covers", "rest", "rest-again"), 1.0))
    assert found.least == ("storage",)
    assert [(one.row, one.changes) for one in found.without] == [
        ("covers", True),
        ("rest", False),
        ("rest-again", False),
    ]
    assert set(found.without[0].least) == {"bulk", "storage"}


def test_what_would_change_the_order_is_what_speaks_against_the_first():
    others = [name for name in EVERY if name != "storage"]
    (watch,) = weigh(seeded([row("a", *others)]), {"a": 0.64}).watch
    assert (watch.hypothesis, watch.weight) == ("storage", 0.64)
    assert watch.look_for == "Sets that change from look to look."


def test_no_rows_no_order_and_later_facts_are_silent():
    assert weigh(seeded(), {}) is None
    rows = [row("early", "bulk", evidence=("x",)), row("late", "bulk", evidence=("x", "y"))]
    assert [one.id for one in without_later(seeded(rows), frozenset({"x"})).rows] == ["early"]


def test_a_site_may_add_hypotheses_and_not_lose_the_two():
    from yardwatch.assess.hypotheses import Hypothesis

    own = Hypothesis(id="works", title="Track works", expects="Ballast", against="None")
    assert [one.id for one in seeded(own=[own]).hypotheses] == [*EVERY, "works"]
    with pytest.raises(InputError, match="rates hypothesis 'war'"):
        seeded([row("a", "war")])


def test_nobody_stands_behind_a_proposal():
    assert not seeded([row("a", "bulk")]).signed
    assert not seeded().signed
    assert seeded([Row(id="a", fact="a", evidence=("x",), rated_by="A. Analyst")]).signed
