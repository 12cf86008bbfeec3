"""Levels of a record: hand-made ones, and the railway bridges whose shifts and wrong zeros are known."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import numpy as np
import pytest

from yardwatch.history.shifts import Standing, calmed, levels, levels_of
from yardwatch.model import DateSpan

LAREDO = "Canadian Pacific Kansas City Laredo Railroad Bridge"
EAGLE_PASS = "Union Pacific Eagle Pass Railroad Bridge"


def monthly(values, first_year=2015):
    whens = [DateSpan.parse(f"{first_year + i // 12}-{i % 12 + 1:02d}") for i in range(len(values))]
    return levels_of(whens, np.array(values, float))


def bridge(data_dir, name):
    with (data_dir / "series" / "texas_railcars_monthly_2008_2025.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Crossing"] == name]
    rows.sort(key=lambda row: (int(row["Year"]), int(row["Month"])))
    whens = [DateSpan.parse(f"{row['Year']}-{int(row['Month']):02d}") for row in rows]
    return whens, np.array([float(row["Northbound Crossing"]) for row in rows])


def noisy(*runs):
    rng = np.random.default_rng(11)
    return [float(rng.poisson(level)) for level, n in runs for _ in range(n)]


def test_a_surge_that_ends():
    found = monthly(noisy((10, 12), (45, 5), (11, 8)))
    (surge,) = found.raised
    assert str(surge.began) == "2015-12-01/2016-01-31"
    assert str(surge.ended) == "2016-05-01/2016-06-30"
    assert surge.standing is Standing.ENDED
    assert surge.during == pytest.approx(45, rel=0.2)
    assert found.standing_since is None


def test_a_new_normal_is_no_surge_for_ever():
    young, old = monthly(noisy((10, 12), (45, 8))), monthly(noisy((10, 12), (45, 20)))
    assert young.raised[0].standing is Standing.UNDER_WAY
    assert old.raised[0].standing is Standing.NEW_LEVEL
    assert old.standing_since == date(2016, 1, 31)


def test_a_few_looks_over_a_long_time_are_no_new_normal():
    whens = [DateSpan.on(date(2015, 1, 1) + timedelta(days=d)) for d in (*range(0, 360, 30), 400, 700, 1000)]
    found = levels_of(whens, np.array(noisy((10, 12), (45, 3))))
    assert found.raised[0].standing is Standing.UNDER_WAY


def test_a_fall_and_its_return_are_two_shifts_and_no_surge():
    found = monthly(noisy((60, 14), (25, 8), (62, 14)))
    assert [s.after < s.before for s in found.shifts] == [True, False]
    assert found.raised == ()


def test_a_surge_on_a_new_normal_is_its_own():
    found = monthly(noisy((10, 12), (40, 24), (160, 4)))
    assert [s.standing for s in found.raised] == [Standing.NEW_LEVEL, Standing.UNDER_WAY]


def test_steady_records_have_no_shift():
    rng = np.random.default_rng(5)
    shifted = sum(bool(monthly(rng.poisson(12 * rng.gamma(6.25, 0.16, 40)).astype(float)).shifts) for _ in range(60))
    assert shifted <= 3


@pytest.mark.parametrize("values", [[7] * 30, [0] * 30, [5, 9], [], [3]])
def test_records_that_cannot_have_a_shift(values):
    assert monthly(values).shifts == ()


def test_one_or_two_odd_looks_are_no_shift():
    steady = noisy((80, 24))
    for odd in ([0.0], [0.0, 0.0], [800.0, 780.0]):
        values = [*steady[:12], *odd, *steady[12:]]
        assert monthly(values).shifts == (), odd


def test_calming_leaves_ordinary_looks_alone():
    y = np.array([10.0, 12, 9, 11, 10, 200, 11, 10, 12])
    got = calmed(y, np.ones(9), 0.1)
    assert got[[0, 1, 2, 3, 4, 6, 7, 8]] == pytest.approx(y[[0, 1, 2, 3, 4, 6, 7, 8]])
    assert got[5] < 30


def test_rows_of_a_record_and_rows_known_to_be_missing(make):
    rows = make.monthly([30, 28, 31, 29, 27, 33, 30, 28, 31, 0, 0, 0, 0, 32, 30, 28, 31, 29, 28, 33, 30, 27])
    gone = frozenset(row.id for row in rows if row.value == 0)
    assert levels(rows, gone).shifts == ()
    assert len(levels(rows).shifts) == 2


def test_laredos_fall_and_return_are_found_within_two_months(data_dir):
    found = levels_of(*bridge(data_dir, LAREDO))
    months = [(s.earliest.year * 12 + s.earliest.month, s.after / s.before) for s in found.shifts]
    fall = [ratio for month, ratio in months if abs(month - (2016 * 12 + 11)) <= 2]
    back = [ratio for month, ratio in months if abs(month - (2017 * 12 + 9)) <= 2]
    assert min(fall) < 0.8
    assert max(back) > 1.25


@pytest.mark.parametrize("dropped", [False, True])
def test_eagle_pass_wrong_zeros_are_never_shifts(data_dir, dropped):
    whens, counts = bridge(data_dir, EAGLE_PASS)
    keep = counts > 0 if dropped else np.ones(len(counts), bool)
    found = levels_of([w for w, k in zip(whens, keep, strict=True) if k], counts[keep])
    touched = {(2017, 8), (2017, 9), (2017, 10), (2018, 8), (2018, 9), (2018, 10)}
    assert not [s for s in found.shifts if (s.latest.year, s.latest.month) in touched]
    assert (counts == 0).sum() == 2
