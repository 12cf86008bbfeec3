"""The observed look put to the test: effect, alarm, budget over sites, power, units, suspect zeros."""

from __future__ import annotations

import csv
import importlib.util
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import nbinom

from yardwatch.history.assess import assess
from yardwatch.history.backtest import Series
from yardwatch.history.calibration import calibrate
from yardwatch.history.contract import as_json
from yardwatch.history.effect import Effect, alarm, effect
from yardwatch.history.fdr import gamma, online
from yardwatch.history.forecast import Forecast, moments
from yardwatch.history.power import enough, power_table
from yardwatch.history.series import record_series, siblings, site_series
from yardwatch.history.suspect import suspect_zeros
from yardwatch.history.units import Converted, convert

QUIET = [10, 12, 9, 11, 13, 8, 10, 12, 11, 9, 10, 14, 8, 11, 12, 10, 9, 13, 11, 10]


def sibling_table(n=60):
    rng = np.random.default_rng(1)
    day = np.arange(date(2015, 1, 1).toordinal(), date(2021, 1, 1).toordinal(), 30)
    return calibrate([Series.plain(f"s{i}", day, rng.poisson(12, len(day)).astype(float)) for i in range(n)])


def test_effect_by_hand():
    # equal looks of one day: mean 12, c drawn to 0.2·√(5/9)…; log-normal 90 % interval of the mean
    model = Forecast(moments=moments([12.0] * 4, 1.0, 0.0))
    spread = float(model.moments.spread)
    factor = np.exp(1.6448536 * np.sqrt((1 / 12 + spread**2) / 4))
    found = effect(36.0, (30.0, 42.0), 1.0, model)
    assert found.value == 3
    assert found.lower == pytest.approx(30 / (12 * factor))
    assert found.upper == pytest.approx(42 / (12 / factor))
    assert effect(18.0, (None, None), 0.5, model).value == 3
    assert effect(18.0, (None, None), 0.5, model).bare


@pytest.mark.parametrize(
    ("p", "lower", "holds"), [(0.005, 2.0, True), (0.02, 2.0, False), (0.005, 1.2, False), (None, 2.0, None)]
)
def test_an_alarm_needs_both(p, lower, holds):
    said = alarm(p, Effect(value=3, lower=lower, upper=4, expected=10))
    assert said.holds is holds
    assert said.reason
    assert alarm(p, None).holds is None


def test_online_budget_by_hand():
    # α₁ = γ₁·α/2; γ₁ = 0.0722·log 2; after an alarm at t = 1, α₂ = γ₂·α/2 + γ₁·α/2
    g1, g2 = 0.0722 * np.log(2), 0.0722 * np.log(2) / (2 * np.exp(np.sqrt(np.log(2))))
    quiet, hit = online([0.9, 0.9], 0.1), online([1e-6, 0.9], 0.1)
    assert quiet[1].threshold == pytest.approx(g2 * 0.05)
    assert hit[0].alarm
    assert hit[1].threshold == pytest.approx(g2 * 0.05 + g1 * 0.05)
    assert gamma(np.array([0, -3])).tolist() == [0, 0]
    assert 0.4 < gamma(np.arange(1, 1_000_000)).sum() < 1


def test_the_false_share_of_alarms_stays_within_the_budget():
    rng = np.random.default_rng(6)
    shares = []
    for _ in range(60):
        real = rng.random(400) < 0.1
        p = np.where(real, rng.beta(0.02, 4, 400), rng.random(400))
        raised = np.array([x.alarm for x in online(p.tolist(), 0.1)])
        shares.append((raised & ~real).sum() / max(raised.sum(), 1))
    assert np.mean(shares) < 0.1


@pytest.mark.parametrize(("p", "fdr"), [([1.2], 0.1), ([float("nan")], 0.1), ([0.5], 1.5)])
def test_no_budget_for_what_is_no_p(p, fdr):
    with pytest.raises(ValueError, match="0"):
        online(p, fdr)


def test_power_is_that_of_simulated_looks():
    rng = np.random.default_rng(9)
    mean, spread, n = 15.0, 0.3, 40
    past = rng.negative_binomial(spread**-2, 1 / (1 + spread**2 * mean), (4000, n)).astype(float)
    surge = rng.negative_binomial(spread**-2, 1 / (1 + spread**2 * 3 * mean), 4000)
    simulated = (moments(past, 1.0, 0.0).tail(surge) <= 0.01).mean()
    row = power_table(mean, spread, (n,), (3.0,))[0]
    assert row.power[0] == pytest.approx(simulated, abs=0.06)


def test_the_critical_count_is_the_least_that_goes_off():
    row = power_table(12, 0.2, (20,), (2.0,))[0]
    variance = (12 + (0.2 * 12) ** 2) * 1.05
    size, q = 144 / (variance - 12), 12 / variance
    assert nbinom.sf(row.least - 1, size, q) <= 0.01 < nbinom.sf(row.least - 2, size, q)


def test_how_many_looks_would_be_enough():
    needed = enough(12, 0.2, 3.0)
    assert needed is not None
    assert power_table(12, 0.2, (needed,), (3.0,))[0].power[0] >= 0.8
    assert needed == 3 or power_table(12, 0.2, (needed - 1,), (3.0,))[0].power[0] < 0.8
    assert enough(12, 0.8, 1.5) is None
    with pytest.raises(ValueError, match="above zero"):
        power_table(0, 0.2)


def test_eagle_pass_zeros_read_as_missing(data_dir):
    with (data_dir / "series" / "texas_railcars_monthly_2008_2025.csv").open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines) if r["Crossing"] == "Union Pacific Eagle Pass Railroad Bridge"]
    months = sorted((int(r["Year"]), int(r["Month"]), float(r["Northbound Crossing"].replace(",", ""))) for r in rows)
    day = np.array([date(y, m, 1).toordinal() for y, m, _ in months])
    flagged = suspect_zeros(day, np.array([count for *_, count in months]))
    assert [months[i][:2] for i in np.flatnonzero(flagged)] == [(2017, 9), (2018, 9)]


def test_an_empty_yard_is_no_missing_value():
    day = np.arange(20) * 30
    counts = np.array([12.0, 30, 3, 0, 25, 8, 0, 0, 14, 2, 19, 5, 0, 9, 21, 4, 11, 0, 6, 17])
    assert not suspect_zeros(day, counts).any()
    steady = np.full(20, 200.0)
    steady[[7, 12, 13]] = 0
    assert np.flatnonzero(suspect_zeros(day, steady)).tolist() == [7]


def test_conversion_only_through_pitches_with_the_uncertainty(make):
    train = convert(make.row("2023-10-06", 1000, unit="metres of train", lower=950, upper=1050), "cars")
    assert isinstance(train, Converted)
    assert (train.value, train.lower, train.upper) == pytest.approx((1000 / 13.92, 950 / 16.44, 1050 / 12.02))
    cars = convert(make.row("2023-10-06", 10), "metres of train")
    assert (cars.value, cars.lower, cars.upper) == pytest.approx((139.2, 120.2, 164.4))
    assert "no pitch" in convert(make.row("2024-02", 80, unit="% filled"), "cars")


def test_calibrated_by_siblings_and_an_alarm(make):
    rows = [*make.monthly(QUIET), make.row("2023-06-01", 60, lower=55, upper=65)]
    answer = assess(make.site(*rows), make.question("2023-06-02"), calibration=sibling_table())
    assert answer.p_calibrated == pytest.approx(1 / (answer.surge.back_test + 1))
    assert answer.surge.alarm.holds
    assert answer.surge.effect.lower > 4
    assert answer.surge.model == "weighted negative binomial, 20 looks"
    ordinary = assess(make.site(*rows[:-1], make.row("2023-06-01", 12)), make.question("2023-06-02"),
                      calibration=sibling_table())  # fmt: skip
    assert ordinary.p_calibrated > 0.1
    assert ordinary.surge.alarm.holds is False


def test_no_calibrated_p_without_99_back_test_looks(make):
    rows = [*make.monthly(QUIET), make.row("2023-06-01", 60)]
    answer = assess(make.site(*rows), make.question("2023-06-02"))
    assert answer.p_calibrated is None
    assert "99" in answer.why_null["p_calibrated"]
    assert answer.surge.alarm.holds is None


def test_siblings_are_other_zones_that_hold_other_cars(make):
    zones = {"yard": None, "part": "yard", "port": None}
    rows = [x for zone in zones for x in make.monthly(QUIET, zone=zone)]
    site = make.site(*rows, zones=zones)
    assert [one.id for one in siblings(site, "yard", "cars")] == ["place/port/cars"]
    assert [one.id for one in siblings(site, "part", "cars")] == ["place/port/cars"]
    assert record_series(site, "yard", "% filled") is None
    assert [one.id for one in site_series(site, "cars")] == ["place/yard/cars", "place/port/cars"]


def test_a_suspect_zero_is_not_fitted_and_said_so(make):
    counts = [200, 210, 190, 205, 0, 195, 200, 210, 190, 205, 198, 202, 204]
    rows = [*make.monthly(counts), make.row("2023-06-01", 205)]
    answer = assess(make.site(*rows), make.question("2023-06-02"))
    assert rows[4].id not in answer.baseline.fitted
    assert len(answer.baseline.fitted) == 12
    assert any("1 May 2021" in note.text and "missing" in note.text for note in answer.notes)


def test_bounds_alone_are_answered_with_the_prior_stated(tumangang, make):
    found = as_json(assess(tumangang(), make.question("2023-10-06", "facility")))
    small = found["surge"]["small_n"]
    assert (small["path"], small["looks"], small["bounds"]) == ("bounds", 0, 1)
    assert 0.001 < small["p"] < 0.05
    assert "half-Cauchy" in small["prior"]
    assert any("half-Cauchy" in note for note in found["notes"])
    assumed = found["surge"]["assumed_ratio"]
    assert (round(assumed["lower"], 1), round(assumed["upper"], 1)) == (3.0, 4.5)
    assert "our assumption" in assumed["basis"]
    assert found["p_model"] is None
    trains = {row["id"]: row for row in found["surge"]["conversions"]}
    assert trains["d-raised"]["lower"] == pytest.approx(500 / 16.44)


def test_without_a_model_nothing_is_said_of_how_much_traffic_varies(tumangang, make):
    answer = assess(tumangang(), make.question("2023-10-06", "facility"))
    assert answer.surge.model is None
    told = " ".join(note.text for note in answer.notes)
    assert "Traffic here varies" not in told
    assert "No model could be fitted, so this record does not say how many looks would show a rise." in told
    assert "the test may rest on 0 earlier looks (older than 26 weeks before the observed one" in told


def test_real_series_keep_the_false_alarm_rate_and_the_power(data_dir):
    path = Path(__file__).parents[2] / "benchmarks" / "real_series.py"
    spec = importlib.util.spec_from_file_location("benchmarks_real_series", path)
    real = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = real
    spec.loader.exec_module(real)
    grounds = real.load(data_dir)
    seen = real.masks(grounds.counts.shape)
    found = real.tails(grounds, seen, real.forecast_tail)
    rate, low, high = real.with_interval(real.calibrated_alarms(found, seen)[0])
    _, twice, thrice = real.power_at_true_rate(found)
    assert len(grounds.ports) == 32
    assert 0.005 <= rate <= 0.015
    assert low < 0.01 < high
    assert twice >= 0.55
    assert thrice >= 0.77


def test_every_field_of_the_test_is_on_the_page(tumangang, make):
    found = as_json(assess(tumangang(), make.question("2023-10-06", "facility")))["surge"]
    page = (Path(__file__).parents[2] / "docs" / "history.md").read_text(encoding="utf-8")
    table = page.split("## Fields of `surge`")[1].split("## Limits")[0]
    for field in (*found, *found["small_n"], *found["conversions"][0]):
        assert f"`{field}`" in table
