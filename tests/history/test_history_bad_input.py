"""Bad input: each a clear statement, never a silent number."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.errors import SiteError
from yardwatch.history.assess import assess
from yardwatch.history.contract import as_json
from yardwatch.model import Role


def test_an_empty_record(make):
    answer = assess(make.site(), make.question("2023-06-02"))
    assert answer.observed is None
    assert "no look at all" in answer.reason
    assert as_json(answer)["surge"] is None


def test_one_look(make):
    answer = assess(make.site(make.row("2023-06-01", 12)), make.question("2023-06-02"))
    assert (answer.n, answer.p_model, answer.p_calibrated) == (0, None, None)
    assert "0, at least 3" in answer.why_null["p_model"]
    assert answer.surge.small_n.path == "prior"
    assert any("prior's answer" in note.text for note in answer.notes)


def test_all_zeros(make):
    answer = assess(make.site(*make.monthly([0] * 24)), make.question("2023-01-02"))
    assert answer.ratio.value is None
    assert answer.p_model == 1.0
    assert answer.surge.alarm.holds is False


def test_all_equal(make):
    answer = assess(make.site(*make.monthly([7] * 24)), make.question("2023-01-02"))
    assert answer.ratio.value == 1
    assert 0.3 < answer.p_model < 0.8
    assert answer.unprecedented.holds is False


@pytest.mark.parametrize(("value", "said"), [(-3, "negative"), (3.5, "whole number"), (float("nan"), "finite")])
def test_what_is_no_count(make, value, said):
    with pytest.raises(ValueError, match=said):
        make.row("2023-06-01", value)


def test_two_looks_of_one_day_that_disagree_are_kept_and_flagged(make):
    rows = [*make.monthly([10] * 12), make.row("2022-06-01", 12), make.row("2022-06-01", 20)]
    answer = assess(make.site(*rows), make.question("2022-06-02"))
    assert answer.observed.value == 20
    assert any("disagree" in note.text for note in answer.notes)


def test_looks_after_the_as_of_day_are_no_baseline(make):
    rows = [*make.monthly([10] * 24), make.row("2030-01-01", 500)]
    answer = assess(make.site(*rows), make.question("2023-01-02"))
    assert answer.observed.value == 10
    assert answer.superseded_by.value == 500


def test_a_window_longer_than_the_record_is_said(make):
    answer = assess(make.site(*make.monthly([10] * 24)), make.question("2023-01-02", window="20y"))
    assert any("its first look is of" in note.text for note in answer.notes)


def test_a_count_in_another_unit_is_never_mixed_in(make):
    rows = [*make.monthly([10] * 20), make.row("2022-08-15", 900, unit="metres of train"), make.row("2022-10-01", 11)]
    answer = assess(make.site(*rows), make.question("2022-10-02"))
    assert answer.baseline.max == 10
    assert [x.observation.value for x in answer.surge.conversions] == [900]


def test_a_bound_that_contradicts_a_look(make):
    rows = [*make.monthly([10, 30, 10, 10]), make.bound("2020-01/2022-12", 20), make.row("2022-10-01", 11)]
    answer = assess(make.site(*rows), make.question("2022-10-02"))
    assert any("contradicts" in note.text for note in answer.notes)


def test_a_synthetic_row_in_a_real_record(make):
    with pytest.raises(SiteError, match="synthetic"):
        assess(make.site(make.row("2023-06-01", 12, synthetic=True)), make.question("2023-06-02"))


def test_a_long_record_is_answered(make):
    rng = np.random.default_rng(3)
    days = [f"{2016 + m // 12}-{m % 12 + 1:02d}-{d:02d}" for m in range(84) for d in range(1, 28, 3)]
    rows = [make.row(day, int(n)) for day, n in zip(days, rng.poisson(12, len(days)), strict=True)]
    answer = assess(make.site(*rows), make.question("2023-01-01"))
    assert answer.surge.back_test > 99
    assert answer.p_calibrated is not None
    assert "seasonal" not in answer.surge.model or len(answer.baseline.fitted) >= 60


def test_no_look_rows_are_never_zeros(make):
    rows = [*make.monthly([10] * 12), make.row("2022-03-01", None, role=Role.NO_LOOK), make.row("2022-06-01", 10)]
    answer = assess(make.site(*rows), make.question("2022-06-02"))
    assert (answer.n, len(answer.no_looks)) == (12, 1)
