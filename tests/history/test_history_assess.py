"""Records that carry little, and what the sentences say."""

from __future__ import annotations

import pytest

from yardwatch.history.assess import assess
from yardwatch.history.contract import as_json
from yardwatch.model import Role


def test_an_empty_record(make):
    answer = assess(make.site(), make.question("2022-01-01"))
    assert answer.observed is None
    assert "its record has no look at all" in answer.reason
    assert answer.verdict == (
        "As of 1 January 2022: no usable look at zone yard in cars from 1 January 2017 to 1 January 2022; its record "
        "has no look at all."
    )
    told = as_json(answer)
    assert (told["observed"], told["ratio"]["value"], told["p_record"]) == (None, None, None)
    assert told["reason"] == answer.reason


def test_another_unit_is_named(make):
    answer = assess(make.site(make.row("2021-01-01", 80, unit="% filled")), make.question("2022-01-01"))
    assert "% filled" in answer.reason


def test_one_look(make):
    answer = assess(make.site(make.row("2021-01-01", 8)), make.question("2022-01-01"))
    assert (answer.n, answer.p_record, answer.ratio.value, answer.baseline.max) == (0, 1.0, None, None)
    assert answer.unprecedented.holds is None
    assert answer.reason is None
    assert "with no earlier look in the window" in answer.verdict


def test_all_zero(make):
    answer = assess(make.site(*make.monthly([0] * 12)), make.question("2021-12-31"))
    assert (answer.baseline.max, answer.ratio.value, answer.p_model) == (0, None, 1.0)
    assert answer.unprecedented.holds is False
    assert any("no ratio" in note.text for note in answer.notes)


def test_a_car_after_nothing_but_zeros(make):
    answer = assess(make.site(*make.monthly([0] * 12), make.row("2022-01-01", 6)), make.question("2022-01-01"))
    assert answer.ratio.value is None
    assert 0 < answer.p_model < 0.05


def test_all_equal(make):
    answer = assess(make.site(*make.monthly([20] * 13)), make.question("2022-01-31"))
    assert (answer.baseline.median, answer.ratio.value) == (20, 1)
    assert answer.p_model == pytest.approx(0.5, abs=0.1)
    assert "not above all of the 12 earlier looks" in answer.verdict


def test_another_unit_has_no_model(make):
    rows = make.monthly([10, 20, 30, 25, 20, 15, 10, 20, 30, 25, 20, 95], unit="% filled")
    answer = assess(make.site(*rows), make.question("2021-12-31", unit="% filled"))
    assert answer.p_model is None
    assert "not for % filled" in answer.why_null["p_model"]
    assert (answer.n, answer.p_record) == (11, pytest.approx(1 / 12))


def test_metres_of_train_keep_their_unit_in_the_band(make):
    rows = make.monthly([140, 150, 160, 130, 140, 150, 140, 150, 160, 130, 150, 900], unit="metres of train")
    answer = assess(make.site(*rows), make.question("2021-12-31", unit="metres of train"))
    assert answer.baseline.mean == pytest.approx(146, rel=0.15)
    assert answer.p_model < 0.01


def test_a_record_shorter_than_its_window_says_so(make):
    answer = assess(make.site(*make.monthly([5, 6, 7])), make.question("2021-03-31"))
    assert any("its first look is of 1 January 2021" in note.text for note in answer.notes)


def test_classes_that_do_not_add_up_are_named(make):
    parts = [make.row("2021-03-01", n, role=Role.CLASS, kind=k) for k, n in (("ore", 5), ("passenger", 9))]
    answer = assess(make.site(*parts, make.row("2021-03-01", 7)), make.question("2021-03-31"))
    assert answer.by_kind == {"ore": 5}
    assert any("add up to 5, the observed value is about 7" in note.text for note in answer.notes)


def test_a_published_value_is_never_said_more_exactly_than_published(make):
    rows = [make.row("2021-01-01", 8, lower=8, upper=8), make.row("2021-02-01", 9)]
    verdict = assess(make.site(*rows), make.question("2021-03-31")).verdict
    assert "about 9 cars on 1 February 2021" in verdict
    assert "highest 8 on 1 January 2021" in verdict


def test_own_means_are_said_as_whole_cars(make):
    own = make.row("2021-02-01", 41.27, own=True, lower=38, upper=45)
    assert "41 cars (interval 38–45)" in assess(make.site(own), make.question("2021-03-31")).verdict


@pytest.mark.parametrize("as_of", ["2021-01-15", "2021-06-15", "2022-06-01"])
def test_the_verdict_is_one_sentence_that_names_no_cause(make, as_of):
    rows = [*make.monthly([10, 12, 11, 40, 12, 13]), make.row("2022-03-01", 90)]
    events = (make.event("2021-03-20", "2021-03-20", "summit"),)
    verdict = assess(make.site(*rows, events=events), make.question(as_of)).verdict
    assert verdict.count(".") == 1
    assert verdict.endswith(".")
    assert not any(word in verdict.lower() for word in ("because", "due to", "caused", "summit", "unprecedented"))
    assert "zone yard" in verdict
    assert "n = " in verdict


def test_the_answer_is_the_same_twice(make):
    site, question = make.site(*make.monthly([10, 12, 11, 40, 12, 13, 11, 12, 14, 50])), make.question("2021-12-01")
    assert as_json(assess(site, question)) == as_json(assess(site, question))
