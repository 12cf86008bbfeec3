"""p_model with the count's own uncertainty, and the record rank."""

from __future__ import annotations

import pytest

from yardwatch.history.assess import assess
from yardwatch.history.exceedance import p_model, p_record
from yardwatch.history.predictive import fit


def test_the_counts_pmf_goes_in(make):
    predictive = fit([10, 12, 14, 9, 11])
    alone = [float(predictive.exceed([k])[0]) for k in (18, 20, 22)]
    unsure = make.row("2024-01-01", 20, own=True, pmf=(*[0.0] * 18, 0.25, 0.0, 0.5, 0.0, 0.25))
    expected = 0.25 * alone[0] + 0.5 * alone[1] + 0.25 * alone[2]
    assert p_model(unsure, predictive) == pytest.approx(expected)
    assert p_model(unsure, predictive) > alone[1]


def test_without_a_pmf_all_weight_is_at_the_value(make):
    predictive = fit([10, 12, 14, 9, 11])
    assert p_model(make.row("2024-01-01", 20), predictive) == pytest.approx(float(predictive.exceed([20])[0]))


def test_a_look_at_half_the_track_is_held_against_half(make):
    predictive = fit([10, 12, 14, 9, 11])
    half = p_model(make.row("2024-01-01", 20, visible_fraction=0.5), predictive)
    assert half == pytest.approx(float(predictive.exceed([20], 0.5)[0]))
    assert half < p_model(make.row("2024-01-01", 20), predictive)


def test_metres_of_train_are_held_as_car_equivalents(make):
    predictive = fit([10, 12, 14, 9, 11])
    train = make.row("2024-01-01", 13.92 * 20, unit="metres of train")
    assert p_model(train, predictive) == pytest.approx(float(predictive.exceed([20])[0]), rel=1e-6)


@pytest.mark.parametrize(("n", "expected"), [(0, 1.0), (1, 0.5), (19, 0.05), (None, None)])
def test_record_rank(n, expected):
    assert p_record(n) == expected


def test_a_surge_over_two_years_of_looks(make):
    quiet = [11, 9, 14, 12, 8, 10, 13, 12, 9, 11, 15, 10, 12, 9, 13, 11, 10, 14, 12, 11]
    answer = assess(make.site(*make.monthly([*quiet, 48])), make.question("2022-12-01"))
    assert answer.n == 20
    assert answer.p_record == pytest.approx(1 / 21)
    assert answer.p_model < 1e-4
    assert answer.baseline.mean == pytest.approx(11.3, abs=0.6)
    low, high = answer.baseline.band
    assert low < 11 < high < 25
    assert answer.p_calibrated is None
    assert "back-test" in answer.why_null["p_calibrated"]


def test_a_usual_look_is_usual(make):
    quiet = [11, 9, 14, 12, 8, 10, 13, 12, 9, 11, 15, 10]
    answer = assess(make.site(*make.monthly([*quiet, 11])), make.question("2022-06-01"))
    assert answer.p_model == pytest.approx(0.5, abs=0.2)
    assert answer.unprecedented.holds is False


def test_the_last_26_weeks_stay_out_of_the_fit_only(make):
    rows = make.monthly([10, 12, 11, 13, 40, 41, 42, 43])
    answer = assess(make.site(*rows), make.question("2021-08-01"))
    # 2021-08-01 − 26 weeks = 2021-01-31: one look is older
    assert answer.p_model is None
    assert "1, at least 3" in answer.why_null["p_model"]
    assert (answer.baseline.max, answer.n) == (42, 7)
    rows = make.monthly([10, 12, 11, 13, 12, 10, 40, 41, 42, 43])
    fitted = assess(make.site(*rows), make.question("2021-10-01")).baseline.fitted
    assert fitted == tuple(row.id for row in rows[:4])


def test_looks_within_a_break_are_not_normal_traffic(make):
    from datetime import date

    from yardwatch.model import Break

    rows = [*make.monthly([20, 22, 21, 19], 2020), *make.monthly([0] * 12, 2021), make.row("2023-01-01", 21)]
    closed = Break(id="closed", first=date(2021, 1, 1), last=date(2021, 12, 31))
    answer = assess(make.site(*rows, breaks=(closed,)), make.question("2023-01-01"))
    assert answer.baseline.fitted == tuple(row.id for row in rows[:4])
    assert answer.baseline.median == 0
    assert answer.n == 16
