"""Plots of the surge benchmarks as SVG files: calibration on real series, power, and the case at both dates."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import real_series
from yardwatch.assess.wording import IntervalTerms
from yardwatch.history.assess import assess
from yardwatch.history.assessment import Question
from yardwatch.history.calibration import ranked
from yardwatch.history.power import FACTORS, LOOKS, power_table
from yardwatch.model import Window
from yardwatch.report.chart import Chart, record_chart
from yardwatch.report.chart_calibration import CalibrationPoint, calibration_chart
from yardwatch.report.chart_power import power_chart
from yardwatch.report.record_data import record_chart_of
from yardwatch.sites.folder import open_site

ROOT = Path(__file__).parents[1]
RATES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
CASE_DAYS = (date(2023, 10, 6), date(2024, 6, 18))
MEAN, SPREAD = 12.0, 0.4
"""Of the power table that is drawn: a small yard, as in the case's simulated twin."""


def write(out: Path) -> list[Path]:
    """Draw all that can be drawn into a folder; the files, in order."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, chart in charts():
        path = out / f"{name}.svg"
        path.write_text(str(chart.svg).replace("<svg ", f'<svg width="{_width(chart)}" ', 1), encoding="utf-8")
        written.append(path)
    return written


def charts() -> Iterator[tuple[str, Chart]]:
    """Names and charts; the calibration plot only where the real series are at hand."""
    terms = f"mean {MEAN:g}, spread {SPREAD:g}, p ≤ 1 %"
    yield "history_power", power_chart(power_table(MEAN, SPREAD, LOOKS), FACTORS, "power", terms)
    folder = Path(os.environ.get("YARDWATCH_DATA", ROOT / ".." / "shared" / "data"))
    if (folder / "series").is_dir():
        yield "history_calibration", calibration_chart(calibration_points(folder), "calibration")
    site = open_site("tumangang").site
    for day in CASE_DAYS:
        question = Question(zone=site.default_zone, unit=site.default_unit, as_of=day, window=Window.before(day, "5y"))
        data = record_chart_of(site, assess(site, question), site.record)
        yield f"history_case_{day}", record_chart(data, f"case-{day}", IntervalTerms())


def calibration_points(folder: Path) -> list[CalibrationPoint]:
    """False alarms of the model's p and of the calibrated p at each nominal rate, with port-cluster intervals."""
    grounds = real_series.load(folder)
    seen = real_series.masks(grounds.counts.shape)
    found = real_series.tails(grounds, seen, real_series.forecast_tail)
    tests = real_series.tested_months()
    model = found[0, tests]
    calibrated = np.full(model.shape, np.nan)
    for mask in range(seen.shape[0]):
        for i, month in enumerate(tests):
            past = found[0, :month, mask][seen[mask, :, :month].T]
            past = np.sort(past[np.isfinite(past)])
            now = model[i, mask]
            calibrated[i, mask] = np.where(np.isfinite(now), ranked(past, np.nan_to_num(now)), np.nan)
    return [
        _point(name, p, rate) for name, p in (("p of the model", model), ("p calibrated", calibrated)) for rate in RATES
    ]


def _point(name: str, p: np.ndarray, rate: float) -> CalibrationPoint:
    alarms = np.where(np.isfinite(p), p <= rate, np.nan)
    share, low, high = real_series.with_interval(alarms)
    looks = int(np.isfinite(p).sum())
    return CalibrationPoint(test=name, nominal=rate, observed=share, lower=low, upper=high, looks=looks)


def _width(chart: Chart) -> str:
    """Of the drawing in points, from its view box, so that the file stands alone."""
    box = str(chart.svg).split('viewBox="', 1)[1].split('"', 1)[0]
    return f"{float(box.split()[2]):g}pt"


if __name__ == "__main__":
    for made in write(ROOT / "benchmarks" / "results"):
        print(made)
    print(json.dumps({"plots": "written"}))
