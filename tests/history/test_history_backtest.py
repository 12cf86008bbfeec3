"""Back-test and calibration: against a plain loop, only earlier dates, ranks by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from yardwatch.history.backtest import BackTest, Rules, Series, roll
from yardwatch.history.calibration import calibrate, ranked, table
from yardwatch.history.forecast import moments
from yardwatch.history.many import newest
from yardwatch.history.seasons import levels, season_of


def series(seed=1, n=80, name="yard"):
    rng = np.random.default_rng(seed)
    day = date(2015, 1, 1).toordinal() + np.cumsum(rng.integers(10, 60, n))
    return Series.plain(name, day.astype(np.int64), rng.negative_binomial(6, 0.3, n).astype(float))


def test_rolling_is_a_plain_loop_over_what_came_before():
    one, rules = series(), Rules()
    found = roll(one, rules)
    expected = {}
    for i, day in enumerate(one.day):
        keep = (one.day >= day - rules.window_days) & (one.day <= day - rules.left_out_days)
        if keep.sum() >= rules.min_looks:
            fitted = moments(one.counts[keep], 1.0, (day - one.day[keep]).astype(float))
            expected[int(day)] = float(fitted.tail(one.counts[i]))
    assert found.day.tolist() == list(expected)
    assert found.tail == pytest.approx(list(expected.values()), rel=1e-9)


def test_a_later_look_changes_no_earlier_tail():
    one = series()
    changed = Series.plain("yard", one.day, np.r_[one.counts[:-5], one.counts[-5:] + 500])
    before, after = roll(one), roll(changed)
    assert before.tail[:-5].tolist() == after.tail[:-5].tolist()
    assert (after.tail[-5:] < before.tail[-5:]).all()


def test_days_of_a_break_are_tested_against_their_own_kind():
    one = series()
    stratum = np.where(np.arange(80) % 2, 1, 0)
    apart = Series(id="yard", day=one.day, counts=one.counts + 1000 * stratum, visible=one.visible, stratum=stratum)
    assert (roll(apart).tail > 1e-6).all()


def test_seasons_enter_the_back_test_where_the_looks_allow():
    rng = np.random.default_rng(3)
    day = np.arange(date(2010, 1, 1).toordinal(), date(2018, 1, 1).toordinal(), 15)
    level = np.array([0.4, 1.0, 1.6, 1.0])[season_of(day)]
    seasonal = Series.plain("yard", day, rng.poisson(40 * level).astype(float))
    tails = roll(seasonal)
    summer = season_of(tails.day) == 2
    assert np.median(tails.tail[summer & (tails.day > day[130])]) == pytest.approx(0.5, abs=0.2)


def test_season_levels_are_found_and_drawn_to_one_where_there_are_none():
    rng = np.random.default_rng(5)
    day = np.arange(736000, 736000 + 1800, 15)
    season = season_of(day)
    true = np.array([0.5, 1.0, 1.5, 1.0])
    found = levels(rng.poisson(30 * true[season]).astype(float), np.ones(len(day)), 0.0 * day, season)
    assert found == pytest.approx(true, abs=0.15)
    none = levels(rng.poisson(30, len(day)).astype(float), np.ones(len(day)), 0.0 * day, season)
    assert none == pytest.approx(np.ones(4), abs=0.06)
    few = levels(rng.poisson(30 * true[season]).astype(float)[:50], np.ones(50), 0.0 * day[:50], season[:50])
    assert few.tolist() == [1, 1, 1, 1]


def test_seasons_begin_in_december():
    days = np.array([date(2023, m, 15).toordinal() for m in range(1, 13)])
    assert season_of(days).tolist() == [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0]


def test_calibrated_p_by_hand():
    past = np.arange(1, 100) / 100.0
    assert ranked(past, [0.005, 0.01, 0.5, 1.0]).tolist() == [0.01, 0.02, 0.51, 1.0]
    assert np.isnan(ranked(past[:98], [0.5])).all()


def test_only_earlier_dates_calibrate():
    early = BackTest(day=np.arange(100), tail=np.full(100, 0.5), series="a")
    late = BackTest(day=np.arange(100, 200), tail=np.full(100, 0.001), series="b")
    both = table([late, early])
    assert both.p([0.01], 100)[0] == pytest.approx(1 / 101)
    assert both.p([0.01], 200)[0] == pytest.approx(101 / 201)
    assert np.isnan(both.p([0.01], 50)[0])


def test_a_wrong_model_is_put_right_by_the_ranks():
    # twice as spread as the model's guess allows: nominal 1 % goes off more often, the calibrated one does not
    rng = np.random.default_rng(8)
    day = np.arange(730000, 730000 + 60 * 30, 30)
    made = [Series.plain(f"s{i}", day, np.round(np.exp(rng.standard_t(2.5, 60) * 0.5 + 3))) for i in range(120)]
    half = calibrate(made[:60])
    tests = [roll(one) for one in made[60:]]
    tails = np.concatenate([x.tail[x.day == day[-1]] for x in tests] + [x.tail[x.day == day[-2]] for x in tests])
    nominal = np.concatenate([x.tail for x in tests])
    assert (nominal <= 0.01).mean() > 0.02
    assert (half.p(tails, int(day[-1]) + 1) <= 0.05).mean() == pytest.approx(0.05, abs=0.05)


def test_the_newest_of_many_is_what_rolling_says():
    made = [series(seed, 40, f"s{seed}") for seed in range(30)]
    made.append(Series.plain("empty", np.empty(0, dtype=np.int64), np.empty(0)))
    calibration = calibrate(made)
    found = {one.series: one for one in newest(iter(made), calibration)}
    for one in made[:30]:
        rolled = roll(one)
        assert found[one.id].tail == pytest.approx(rolled.tail[-1], rel=1e-9)
        assert found[one.id].p_calibrated == pytest.approx(calibration.p(rolled.tail[-1:], int(one.day[-1]))[0])
    assert np.isnan(found["empty"].tail)


@pytest.mark.parametrize(
    ("day", "counts"), [([1, 1], [1.0, 2.0]), ([2, 1], [1.0, 2.0]), ([1, 2], [1.0]), ([1, 2], [1.0, float("nan")])]
)
def test_a_series_that_makes_no_sense_is_refused(day, counts):
    with pytest.raises(ValueError, match="series yard"):
        Series.plain("yard", np.array(day), np.array(counts))
