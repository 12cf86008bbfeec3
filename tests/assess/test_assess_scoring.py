"""Scores worked out by hand; the interval of a share against the binomial distribution itself."""

from __future__ import annotations

from datetime import date

import pytest
from scipy import stats

from yardwatch.assess.scoring import band_of, calibration, score, share_interval
from yardwatch.assess.scoring_contract import forecasts_json
from yardwatch.model import Forecast, Outcome

TODAY = date(2026, 1, 1)


def forecast(id_, word="likely", due=date(2025, 6, 1)):
    band = band_of(word)
    return Forecast(
        id=id_, text="in use", word=word, lower=band.lower / 100, upper=band.upper / 100,
        made=date(2024, 6, 1), due=due, by="A",
    )  # fmt: skip


def outcome(of, happened, number=1):
    return Outcome(id=f"{of}-{number}", forecast=of, happened=happened, known=date(2025, 7, 1), by="B", entered=TODAY)


def test_the_brier_score_is_against_the_middle_of_the_band():
    yes, no = score([forecast("a"), forecast("b")], [outcome("a", "yes"), outcome("b", "no")], TODAY)
    assert yes.forecast.chance == pytest.approx(0.675)
    assert yes.brier == pytest.approx(0.325**2)
    assert no.brier == pytest.approx(0.675**2)
    assert calibration([yes, no]).brier == pytest.approx((0.105625 + 0.455625) / 2)
    assert calibration([yes, no]).brier_of_base_rate == 0.25


def test_open_void_and_overdue_ones_are_told_and_not_scored():
    made = [forecast("a"), forecast("b"), forecast("c", due=date(2027, 1, 1)), forecast("d")]
    scored = score(made, [outcome("a", "void"), outcome("d", "yes")], TODAY)
    said = {one.forecast.id: (one.brier is None, one.overdue) for one in scored}
    assert said == {"a": (True, False), "b": (True, True), "c": (True, False), "d": (False, False)}
    table = calibration(scored)
    assert (table.n, table.rows[0].n) == (1, 1)
    answer = forecasts_json(scored, table)
    assert (answer["open"], answer["overdue"], answer["calibration"]["n"]) == (2, 1, 1)


def test_the_newest_outcome_holds():
    (one,) = score([forecast("a")], [outcome("a", "yes"), outcome("a", "no", 2)], TODAY)
    assert one.happened is False


def test_nothing_scored_gives_no_number():
    table = calibration(score([forecast("a")], [], TODAY))
    assert (table.n, table.brier, table.base_rate, table.rows) == (0, None, None, ())


def test_a_word_is_outside_its_band_only_when_outcomes_leave_no_doubt():
    def table(yes, n):
        made = [forecast(f"f{k}", "very likely") for k in range(n)]
        ended = [outcome(f"f{k}", "yes" if k < yes else "no") for k in range(n)]
        (row,) = calibration(score(made, ended, TODAY)).rows
        return row

    assert not table(1, 2).outside
    assert not table(17, 20).outside
    assert not table(13, 20).outside  # up to 82 %
    assert table(12, 20).outside  # up to 78 %
    assert (table(5, 20).share, table(5, 20).lower, table(5, 20).upper) == (0.25, 0.8, 0.95)


@pytest.mark.parametrize(("k", "n"), [(0, 5), (3, 7), (9, 10), (10, 10)])
def test_the_interval_is_that_of_clopper_and_pearson(k, n):
    lower, upper = share_interval(k, n)
    if k:
        assert stats.binom.sf(k - 1, n, lower) == pytest.approx(0.05)
    if k < n:
        assert stats.binom.cdf(k, n, upper) == pytest.approx(0.05)
    assert lower <= k / n <= upper


def test_both_rows_of_words_are_known_and_others_are_refused_with_the_list():
    assert band_of("Very  LIKELY") == band_of("highly probable")
    with pytest.raises(ValueError, match="choose one of: almost no chance, very unlikely"):
        band_of("maybe")
