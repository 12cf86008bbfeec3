"""The chart of the record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
import report_cases as cases
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from yardwatch.assess.wording import IntervalTerms
from yardwatch.report.chart import close_up, describe, record_chart
from yardwatch.report.chart_events import draw_events, event_lanes, title_pad
from yardwatch.report.chart_quantity import CLOSE, draw_quantities
from yardwatch.report.chart_time import draw_frame
from yardwatch.report.ink import FAINT, INK, OWN, PAPER, PUBLISHED
from yardwatch.report.record_data import RecordChart, record_chart_of

TERMS = IntervalTerms()
WINDOW = cases.Window(date(2020, 1, 1), date(2024, 12, 31))


def chart_of(content):
    return record_chart_of(content.site, content.assessment, content.record)


def drawn(data, name="c"):
    return record_chart(data, name, TERMS)


def texts(svg):
    return ["".join(t.itertext()).strip() for t in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def data_with(looks, unit="cars"):
    return RecordChart(zone="z", unit=unit, window=WINDOW, as_of=WINDOW.last, looks=tuple(looks))


def looks(n, unit="cars"):
    return [
        cases.seen(f"l{i}", date.fromordinal(737500 + i * 5).isoformat(), float(i % 20), zone="z", unit=unit)
        for i in range(n)
    ]


def test_roles_and_zones_land_in_their_places():
    data = chart_of(cases.published_case())
    assert [s.id for s in data.looks] == ["look-1005", "look-0617"]
    assert [s.id for s in data.children] == ["depot-0914"]
    assert [s.id for s in data.bounds] == ["bound-5y"]
    assert [s.id for s in data.cross_checks] == ["voa-1006"]
    assert data.extent[0] == date(2018, 10, 6)
    assert data.extent[1] > date(2024, 6, 17)


def test_a_bound_is_drawn_no_further_than_the_looks_it_stands_for():
    data = chart_of(cases.published_case())
    assert data.bounds[0].when.latest == date(2023, 10, 31)
    assert data.bound_until(data.bounds[0]) == date(2023, 10, 5), "read as being of images before the observed look"
    later = replace(data, observed="look-0617")
    assert later.bound_until(later.bounds[0]) == date(2023, 10, 5), "73 is not among looks of about 20 at most"


def test_the_first_panel_says_when_it_shows_more_than_the_window():
    after = chart_of(cases.published_case())
    within = replace(after, looks=tuple(s for s in after.looks if s.when.latest <= after.window.last))
    assert "The window, and what was seen after it" in texts(drawn(after).svg)
    assert {"The window", "Close to the rise"} <= set(texts(drawn(within).svg))


def test_a_narrow_screen_gets_a_drawing_whose_letters_are_as_large():
    """At 390 pixels the wide drawing's 9 points would be 5; the slim one keeps 9."""
    chart = drawn(chart_of(cases.published_case()))
    wide, slim = (float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1]) for svg in (chart.svg, chart.slim))
    assert 9 * 390 / wide < 6
    assert 9 * 390 / slim > 9
    same = {"about 73", "about 255", "freight cars"}
    assert same <= set(texts(chart.svg)) & set(texts(chart.slim))
    assert not set(re.findall(r' id="([^"]+)"', chart.svg)) & set(re.findall(r' id="([^"]+)"', chart.slim))


def test_the_published_case_is_drawn_with_its_hedges():
    chart = drawn(chart_of(cases.published_case()))
    words = texts(chart.svg)
    assert "about 73" in words
    assert "about 255" in words
    assert words.count("about 20 at most, as published; looks unknown") == 2
    assert {"1", "2", "3", "4", "5", "6", "7"} <= set(words)
    assert "declared break" in words


def test_own_and_published_marks_differ_in_fill_and_shape():
    published = drawn(chart_of(cases.published_case())).svg
    own = drawn(chart_of(cases.fictional_case())).svg
    assert PUBLISHED.lower() in published.lower()
    assert OWN.lower() not in published.lower()
    assert f"fill: {OWN.lower()}" in own.lower()


def test_the_same_record_gives_the_same_bytes_and_no_date():
    data = chart_of(cases.published_case())
    first = drawn(data).svg
    assert first == drawn(data).svg
    assert "<metadata" not in first
    assert "dc:date" not in first


def test_colours_follow_the_page():
    svg = drawn(chart_of(cases.published_case())).svg
    assert "var(--ink, #1b1b1b)" in svg
    assert not any(sentinel in svg for sentinel in (INK, FAINT, PAPER))


def test_ids_carry_the_charts_name_so_that_two_can_stand_on_a_page():
    svg = drawn(chart_of(cases.published_case()), "chart-a").svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert ids
    assert all(i.startswith("chart-a-") for i in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)


def test_the_close_up_is_drawn_only_where_the_rise_is_a_small_part():
    data = chart_of(cases.published_case())
    first, last = close_up(data)
    assert first < date(2023, 7, 1)  # the visit of July is the first event within 120 days
    assert last > date(2023, 10, 6)
    assert close_up(replace(data, onset=None)) is None
    short = replace(data, window=cases.Window(date(2023, 6, 1), date(2023, 10, 6)), looks=data.looks[:1])
    assert close_up(short) is None


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_looks_are_drawn_without_complaint(n):
    assert drawn(data_with(looks(n))).notes == ()


def test_hundreds_are_thinned_and_it_says_so():
    chart = drawn(data_with(looks(300)))
    assert sum(word.startswith("about ") for word in texts(chart.svg)) == 1
    assert chart.notes
    assert len(chart.svg) < 600_000


def test_other_units_are_named_on_the_axis():
    assert "metres of train" in texts(drawn(data_with(looks(4, "metres of train"), "metres of train")).svg)


def test_a_unit_with_a_dollar_is_no_formula():
    assert "$cars$ & <b>" in texts(drawn(data_with(looks(2, "$cars$ & <b>"), "$cars$ & <b>")).svg)


def test_the_description_says_it_in_words():
    text = describe(chart_of(cases.published_case()), TERMS)
    for part in ("0 own and 2 published", "the highest is about 255 freight cars (no interval was published)",
                 "about 20 freight cars at most", "7 events are numbered"):  # fmt: skip
        assert part in text


def near(*days_and_values):
    """Looks with intervals four cars down and five up."""
    return [
        replace(cases.seen(f"l{n}", day, value, zone="z", unit="cars"), lower=value - 4, upper=value + 5)
        for n, (day, value) in enumerate(days_and_values)
    ]


@pytest.mark.parametrize(
    ("wide_in", "seen", "labels"),
    [
        (9.0, near(("2024-09-27", 66.0), ("2024-10-08", 70.0)), 2),
        (9.0, near(*((f"2024-{m:02}-10", v) for m, v in enumerate((66.0, 70.0, 72.0, 68.0, 74.0), 5))), None),
        (4.6, near(("2023-05-01", 160.0), ("2023-11-20", 160.0)), 2),
        (4.6, near(("2023-05-01", 160.0), ("2023-06-20", 161.0), ("2023-08-20", 160.0)), 3),
    ],
)
def test_no_label_lies_on_another(wide_in, seen, labels):
    """Looks near in time and number in five years, drawn on a canvas: no two labels share a pixel."""
    data = replace(data_with(seen), observed=seen[0].id)
    axes, extent = Figure(figsize=(wide_in, 3)).add_subplot(), (date(2019, 9, 28), date(2024, 11, 22))
    draw_frame(axes, data, extent)
    said = draw_quantities(axes, data, extent, None)
    renderer = FigureCanvasAgg(axes.figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in axes.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert len(boxes) == labels or said == [CLOSE]
    assert sum(text.get_fontweight() == "bold" for text in axes.texts) == 1


@pytest.mark.parametrize("wide_in", [3.4, 8.8])
def test_no_events_number_stands_in_the_title(wide_in):
    """Seven events, three of them within days: the published case on a telephone ran a number into the title."""
    data = chart_of(cases.published_case())
    axes, extent = Figure(figsize=(wide_in, 3)).add_subplot(), data.extent
    draw_frame(axes, data, extent)
    draw_events(axes, data, extent, None)
    lanes = event_lanes(data, extent, None)
    axes.set_title("The window, and what was seen after it", loc="left", fontsize=10, pad=title_pad(lanes))
    renderer = FigureCanvasAgg(axes.figure).get_renderer()
    axes.figure.draw(renderer)
    title = next(text for text in axes.get_children() if getattr(text, "get_text", str)().startswith("The window"))
    boxes = [text.get_window_extent(renderer) for text in axes.texts]
    assert max(lanes.values()) > 0
    assert len(boxes) == len(lanes) == 7
    assert not any(box.overlaps(title.get_window_extent(renderer)) for box in boxes)
