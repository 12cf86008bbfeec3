"""The charts of history: what is drawn follows the data, the text says the same, the same data give the same bytes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree.ElementTree import fromstring

import pytest
import shapely

from yardwatch.assess.wording import IntervalTerms
from yardwatch.history.assess import assess
from yardwatch.history.assessment import Question
from yardwatch.history.power import PowerRow
from yardwatch.model import DateSpan, Observation, Site, Window, Zone
from yardwatch.report.chart import record_chart
from yardwatch.report.chart_calibration import CalibrationPoint, calibration_chart
from yardwatch.report.chart_power import power_chart
from yardwatch.report.record_data import record_chart_of

START = date(2020, 1, 6)


def look(i, value, unit="cars"):
    return Observation(
        id=f"{unit}-{i}", zone="yard", when=DateSpan.on(START + timedelta(days=30 * i)), unit=unit, value=value
    )


def drawn(rows, name="c"):
    square = shapely.box(130.60, 42.41, 130.61, 42.42)
    site = Site(
        id="place", name="Place", fictional=False, zones=(Zone(id="yard", version=1, polygon=square),), tracks=(),
        default_zone="yard", default_unit="cars", breaks=(), record=tuple(rows), events=(),
    )  # fmt: skip
    day = max(row.when.latest for row in rows) + timedelta(days=3)
    asked = Question(zone="yard", unit="cars", as_of=day, window=Window.before(day, "5y"))
    data = record_chart_of(site, assess(site, asked), site.record)
    return data, record_chart(data, name, IntervalTerms())


SURGE = [12, 10, 13, 9, 11, 12, 9, 14, 10, 12, 44, 41, 46, 43, 11, 9, 12, 13, 10, 12, 11, 52]


def texts(svg):
    return " ".join(node.text or "" for node in fromstring(str(svg)).iter() if node.tag.endswith("text"))


def test_band_rings_and_levels_are_drawn_and_said():
    data, chart = drawn([look(i, v) for i, v in enumerate(SURGE)])
    assert data.band is not None
    assert len(data.levels.raised) == 1
    words = texts(chart.svg)
    for key in ("expected of a look (90 %)", "above that band", "level of the record", "surge, ended"):
        assert key in words
    assert "the baseline expects" in chart.alt
    assert "changed 2 times" in chart.alt


def test_a_bare_record_has_none_of_them():
    data, chart = drawn([look(0, 12), look(1, 15)])
    assert data.band is None
    assert "level of the record" not in texts(chart.svg)
    assert "right axis" not in texts(chart.svg)


def test_metres_stand_at_their_car_equivalents():
    rows = [look(0, 12), look(1, 15), look(2, 278.4, "metres of train"), look(3, 40, "% filled")]
    data, chart = drawn(rows)
    assert data.pitch == pytest.approx(13.92)
    assert "metres of train (13.92 m a car)" in texts(chart.svg)
    assert chart.notes[-1] == "Looks in % filled stand in the record below."


def test_filled_has_an_axis_without_a_pitch():
    data, chart = drawn([look(0, 12), look(1, 15), look(3, 40, "% filled")])
    assert (data.pitch, data.other_unit) == (None, "% filled")
    assert "% filled (right axis)" in texts(chart.svg)


def test_the_same_record_gives_the_same_bytes():
    rows = [look(i, v) for i, v in enumerate(SURGE)]
    assert drawn(rows)[1].svg == drawn(rows)[1].svg


def test_the_power_table_shows_each_number_and_frames_the_enough():
    rows = (PowerRow(looks=3, least=30, power=(0.12, 0.81)), PowerRow(looks=20, least=25, power=(0.3, 0.95)))
    chart = power_chart(rows, (2, 3), "p", "mean 12")
    words = texts(chart.svg)
    for cell in ("0.12", "0.81", "0.30", "0.95", "×2", "×3", "3 looks (from 30)", "mean 12"):
        assert cell in words
    assert "×3 0.81" in chart.alt
    with pytest.raises(ValueError, match="one power for each factor"):
        power_chart(rows, (2,), "p")
    with pytest.raises(ValueError, match="needs a row"):
        power_chart((), (2,), "p")


def test_the_calibration_plot_puts_a_kept_word_on_the_diagonal():
    points = [
        CalibrationPoint(test="a", nominal=n, observed=n, lower=n / 2, upper=2 * n, looks=900) for n in (0.01, 0.1)
    ]
    chart = calibration_chart(points, "k")
    svg = str(chart.svg)
    path = re.search(r'<path d="M ([\d.]+) ([\d.]+) \nL ([\d.]+) ([\d.]+) \n" [^>]*stroke: #0072b2', svg)
    x0, y0, x1, y1 = (float(path[i]) for i in range(1, 5))
    line = re.search(r'<path d="M ([\d.]+) ([\d.]+) \nL ([\d.]+) ([\d.]+) \n" [^>]*stroke-dasharray: 1', svg)
    a0, b0, a1, b1 = (float(line[i]) for i in range(1, 5))
    for x, y in ((x0, y0), (x1, y1)):
        assert y == pytest.approx(b0 + (x - a0) * (b1 - b0) / (a1 - a0), abs=0.1)
    assert "1 % (0.5 to 2 %) observed at a nominal 1 %, 900 looks" in chart.alt


def test_calibration_refuses_nonsense():
    with pytest.raises(ValueError, match="1 to 3 tests"):
        calibration_chart([], "k")
    with pytest.raises(ValueError, match="nominal"):
        CalibrationPoint(test="a", nominal=0, observed=0.1)
    with pytest.raises(ValueError, match="observed"):
        CalibrationPoint(test="a", nominal=0.1, observed=1.1)
