"""Farrington flexible against the published digits, R `surveillance` where it is there, and statsmodels."""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date

import numpy as np
import pytest

from yardwatch.history import farrington
from yardwatch.history.farrington import Flexible, farrington_flexible, seasons

START = date(2004, 1, 5)


def newport(data_dir):
    with (data_dir / "series" / "salmNewport.csv").open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    return rows[0][1:], np.array([[float(x) for x in row[1:]] for row in rows[1:]])


def week(day: str) -> int:
    return (date.fromisoformat(day) - START).days // 7


@pytest.mark.parametrize(
    ("state", "upper"),
    [("Baden.Wuerttemberg", [4, 3, 3, 3, 2]), ("North.Rhine.Westphalia", [3, 3, 3, 2, 2])],
)
def test_published_upper_bounds_of_the_last_weeks_of_2013(data_dir, state, upper):
    names, counts = newport(data_dir)
    y = counts[:, names.index(state)]
    weeks = range(week("2013-11-25"), week("2013-11-25") + 5)
    assert [farrington_flexible(y, START, t).upper for t in weeks] == upper


R_SCRIPT = """
suppressMessages(library(surveillance)); data(salmNewport); s <- salmNewport; ep <- epoch(s, as.Date = TRUE)
w <- which(ep >= as.Date("2011-01-01") & ep <= as.Date("2013-12-31"))
one <- function(x) farringtonFlexible(x, list(range = w, noPeriods = 10, b = 4, w = 3, weightsThreshold = 2.58,
  pastWeeksNotIncluded = 26, pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.05, limit54 = c(0, 4)))
r <- one(s[, c(1, 10, 12)]); g <- one(aggregate(s, by = "unit"))
up <- cbind(upperbound(r), upperbound(g)); al <- cbind(alarms(r), alarms(g)) * 1; mu <- r@control$mu0Vector
for (i in seq_along(w)) cat(up[i, ], al[i, ], mu[i, ], "\\n")
"""


def test_the_whole_of_2011_to_2013_equals_r(data_dir, tmp_path):
    r = shutil.which("Rscript")
    if r is None:
        pytest.skip("no Rscript at hand: the comparison with R is left out")
    script = tmp_path / "reference.R"
    script.write_text(R_SCRIPT, encoding="utf-8")
    done = subprocess.run([r, str(script)], capture_output=True, text=True, check=False, timeout=200)
    if done.returncode != 0:
        pytest.skip("R has no package surveillance: the comparison is left out")
    reference = np.array([[float(x) for x in line.split()] for line in done.stdout.splitlines()])
    names, counts = newport(data_dir)
    states = ["Baden.Wuerttemberg", "North.Rhine.Westphalia", "Saarland"]
    columns = [counts[:, names.index(state)] for state in states] + [counts.sum(axis=1)]
    weeks = range(week("2011-01-03"), week("2011-01-03") + len(reference))
    ours = [[farrington_flexible(y, START, t) for y in columns] for t in weeks]
    assert len(reference) == 157
    assert np.array([[x.upper for x in row] for row in ours]) == pytest.approx(reference[:, :4], rel=0.01)
    alarms = [[x.alarm(y[t]) for x, y in zip(row, columns, strict=True)] for row, t in zip(ours, weeks, strict=True)]
    assert np.array(alarms).astype(float).tolist() == reference[:, 4:8].tolist()
    assert np.array([[x.expected for x in row[:3]] for row in ours]) == pytest.approx(
        reference[:, 8:], rel=0.01, abs=1e-3
    )


def test_the_fit_is_that_of_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(90), np.arange(90) / 52, rng.integers(0, 2, 90)])
    y, weight = rng.poisson(np.exp(design @ [1.0, 0.3, -0.4])).astype(float), rng.uniform(0.2, 1.0, 90)
    reference = sm.GLM(y, design, family=sm.families.Poisson(), var_weights=weight).fit()
    beta, mu, leverage = farrington._fit(design, y, weight)
    assert beta == pytest.approx(reference.params, abs=1e-7)
    assert mu == pytest.approx(reference.fittedvalues, rel=1e-6)
    assert leverage == pytest.approx(reference.get_hat_matrix_diag(), abs=1e-6)
    assert farrington._dispersion(y, mu, weight, 3) == pytest.approx(max(1, reference.pearson_chi2 / 87), rel=1e-6)


def test_periods_are_seven_reference_weeks_and_nine_of_about_five():
    level = seasons(START, week("2013-11-25"), Flexible())
    sizes = np.bincount(level[level >= 0])
    assert len(sizes) == 10
    assert sizes[0] == 4 * 7 + 4  # four years of 7, and the tested week with the three before it
    assert set((sizes[1:] / 4).round()) <= {5, 6}
    assert (level[: week("2009-11-23") - 3] == -1).all()


def test_nothing_but_zeros_gives_a_bound_of_zero():
    found = farrington_flexible(np.zeros(500), START, 499)
    assert (found.expected, found.upper) == (0, 0)
    assert found.alarm(1)


def test_no_extrapolated_trend_above_everything_seen():
    y = np.round(np.exp(np.linspace(-3, 3, 500)))
    found = farrington_flexible(y, START, 499)
    assert not found.trend
    assert found.expected <= y[: 499 - 26].max()


@pytest.mark.parametrize(
    ("counts", "at", "said"),
    [
        (np.zeros(300), 100, "years before it"),
        ([1.0, float("nan")], 1, "finite"),
        ([-1.0] * 300, 299, "non-negative"),
    ],
)
def test_what_cannot_be_tested_is_refused(counts, at, said):
    with pytest.raises(ValueError, match=said):
        farrington_flexible(counts, START, at)
