"""When "unprecedented" may be said, and what takes it back."""

from __future__ import annotations

import pytest

from yardwatch.history.assess import assess

QUIET = [11, 9, 15, 12, 8, 10, 13, 12, 9, 11, 14, 10]


def counted(make, when, value, half, **more):
    return make.row(when, value, own=True, lower=value - half, upper=value + half, **more)


def history(make, *more, quiet=QUIET):
    return [*make.monthly(quiet), *more]


def test_it_holds_with_enough_looks_and_clear_intervals(make):
    rows = history(make, counted(make, "2022-01-01", 40, 4))
    answer = assess(make.site(*rows), make.question("2022-01-01"))
    word = answer.unprecedented
    assert (word.holds, word.n, word.zone, word.unit) == (True, 12, "yard", "cars")
    assert "without an interval are taken as they stand" in word.reason
    assert answer.verdict == (
        "As of 1 January 2022: 40 cars (interval 36–44) on 1 January 2022 in zone yard, the highest of 13 looks in "
        "the window (1 January 2017 to 1 January 2022; n = 12 earlier; before it about 15 on 1 March 2021)."
    )


def test_nine_looks_are_too_few(make):
    rows = history(make, counted(make, "2021-10-01", 40, 4), quiet=QUIET[:9])
    answer = assess(make.site(*rows), make.question("2021-10-01"))
    assert answer.unprecedented.holds is None
    assert "n = 9, at least 10" in answer.unprecedented.reason
    assert "n = 9" in answer.verdict


def test_overlapping_intervals_cannot_say(make):
    rows = history(make, counted(make, "2022-01-01", 20, 6))
    answer = assess(make.site(*rows), make.question("2022-01-01"))
    assert answer.unprecedented.holds is None
    assert "overlap" in answer.unprecedented.reason


def test_one_look_as_high_is_enough_to_deny_it(make):
    rows = history(make, make.row("2021-12-15", 40), counted(make, "2022-01-01", 40, 0))
    answer = assess(make.site(*rows), make.question("2022-01-01"))
    assert answer.unprecedented.holds is False
    assert "not above all of the 13 earlier looks" in answer.verdict


def test_a_part_of_the_zone_that_held_as_much_denies_it(make):
    rows = history(make, make.row("2021-06-15", 45, "shed"), counted(make, "2022-01-01", 40, 2))
    answer = assess(make.site(*rows, zones={"yard": None, "shed": "yard"}), make.question("2022-01-01"))
    assert answer.unprecedented.holds is False
    assert "zone shed" in answer.unprecedented.reason
    assert answer.baseline.max == 15


def test_a_later_look_withdraws_it(make):
    rows = history(make, counted(make, "2022-01-01", 40, 4, id="first"), counted(make, "2022-05-01", 70, 4, id="next"))
    before = assess(make.site(*rows), make.question("2022-01-15"))
    assert (before.unprecedented.holds, before.superseded_by.id, before.withdrawn) == (False, "next", ())
    after = assess(make.site(*rows), make.question("2022-05-01"))
    assert after.unprecedented.holds is True
    assert [(w.observation.id, w.by.id) for w in after.withdrawn] == [("first", "next")]


def test_an_older_look_outside_the_window_withdraws_it(make):
    rows = history(make, make.row("2015-01-01", 90, id="old"), counted(make, "2022-01-01", 40, 4))
    answer = assess(make.site(*rows), make.question("2022-01-01"))
    assert answer.superseded_by.id == "old"
    assert answer.unprecedented.holds is False
    assert [row.id for row in answer.unprecedented.outside] == ["old"]


def test_a_maximum_within_the_uncertainty_of_an_earlier_one_never_stood(make):
    noisy = counted(make, "2021-12-15", 18, 4)
    rows = history(make, noisy, counted(make, "2022-01-01", 40, 4))
    assert assess(make.site(*rows), make.question("2022-01-01")).withdrawn == ()


def test_small_early_maxima_are_not_called_withdrawn(make):
    rows = history(make, counted(make, "2022-01-01", 40, 4))
    assert assess(make.site(*rows), make.question("2022-01-01")).withdrawn == ()


@pytest.mark.parametrize(("upper", "holds"), [(20, None), (40, False), (60, False)])
def test_a_published_bound_makes_n_unknown_or_denies_it(make, upper, holds):
    rows = history(make, make.bound("2017/2021", upper), counted(make, "2022-01-01", 40, 4))
    answer = assess(make.site(*rows), make.question("2022-01-01"))
    assert (answer.n, answer.p_record, answer.unprecedented.holds) == (None, None, holds)
    assert (answer.baseline.max, answer.baseline.max_is_bound) == (upper, True)
    assert answer.ratio.value == pytest.approx(40 / upper)
    assert (answer.ratio.lower, answer.ratio.upper) == (None, None)


def test_a_bound_outside_the_window_says_nothing_in_it(make):
    rows = history(make, make.bound("2010/2015", 60, id="old"), counted(make, "2022-01-01", 40, 4))
    answer = assess(make.site(*rows), make.question("2022-01-01"))
    assert (answer.n, answer.baseline.max, answer.baseline.bounds) == (12, 15, ())
    assert [row.id for row in answer.unprecedented.outside] == ["old"]


def test_a_bound_that_a_look_contradicts_is_named(make):
    rows = history(make, make.bound("2021-01/2021-12", 10), counted(make, "2022-01-01", 40, 4))
    answer = assess(make.site(*rows), make.question("2022-01-01"))
    assert (answer.baseline.max, answer.baseline.max_is_bound) == (15, False)
    assert any("contradicts the look of about 15 on 1 March 2021" in note.text for note in answer.notes)


def test_ratio_ends_need_both_intervals(make):
    rows = [counted(make, "2021-01-01", 20, 2), counted(make, "2021-02-01", 40, 4)]
    ratio = assess(make.site(*rows), make.question("2021-02-01")).ratio
    assert (ratio.value, ratio.lower, ratio.upper) == (2, pytest.approx(36 / 22), pytest.approx(44 / 18))
    rows = [make.row("2021-01-01", 20), counted(make, "2021-02-01", 40, 4)]
    ratio = assess(make.site(*rows), make.question("2021-02-01")).ratio
    assert (ratio.value, ratio.lower, ratio.upper) == (2, None, None)


def test_interval_ends_come_from_the_pmf_where_only_that_is_there(make):
    # 0.04 below 3, 0.06 above 5: the equal-tailed 90 % interval is 3…6
    pmf = (0.0, 0.0, 0.04, 0.3, 0.3, 0.3, 0.06)
    answer = assess(make.site(make.row("2021-01-01", 4, own=True, pmf=pmf)), make.question("2021-02-01"))
    assert "4 cars (interval 3–6)" in answer.verdict


def test_a_bound_that_begins_after_the_observed_day_says_nothing_of_it(make):
    rows = [*make.monthly([10, 12, 11]), make.bound("2021-03-05/2021-12", 90)]
    answer = assess(make.site(*rows), make.question("2021-03-20"))
    assert (answer.n, answer.baseline.max, answer.baseline.bounds) == (2, 12, ())


def test_a_bound_no_higher_than_a_look_is_not_the_maximum(make):
    rows = [*make.monthly([10, 20, 40]), make.bound("2019/2020", 20)]
    base = assess(make.site(*rows), make.question("2021-03-20")).baseline
    assert (base.max, base.max_is_bound) == (20, False)


def test_a_look_in_the_last_month_of_a_bound_does_not_contradict_it(make):
    rows = [make.bound("2018-10/2023-10", 20), make.row("2023-10-05", 73), make.row("2024-06-17", 255)]
    answer = assess(make.site(*rows), make.question("2024-06-18"))
    assert not any("contradicts" in note.text for note in answer.notes)
