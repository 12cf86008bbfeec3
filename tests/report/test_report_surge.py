"""The surge part, closeness of events, and what stands in Beside: words and plots follow the assessment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import report_cases as cases
import shapely

from yardwatch.history.assess import assess
from yardwatch.history.assessment import Question
from yardwatch.history.surge import NOMINAL
from yardwatch.model import DateSpan, Observation, Site, Window, Zone
from yardwatch.report.content import ReportContent
from yardwatch.report.page import render
from yardwatch.report.surge_part import surge_part
from yardwatch.report.tables import closeness_words


def site_of(values, step=14):
    start = date(2015, 1, 5)
    rows = tuple(
        Observation(id=f"o{i}", zone="yard", when=DateSpan.on(start + timedelta(days=step * i)), unit="cars", value=v)
        for i, v in enumerate(values)
    )
    zone = Zone(id="yard", version=1, polygon=shapely.box(130.60, 42.41, 130.61, 42.42))
    return Site(
        id="place", name="Place", fictional=False, zones=(zone,), tracks=(), default_zone="yard", default_unit="cars",
        breaks=(), record=rows, events=(),
    )  # fmt: skip


def content_of(values):
    site = site_of(values)
    day = site.record[-1].when.latest + timedelta(days=2)
    held = assess(site, Question(zone="yard", unit="cars", as_of=day, window=Window.before(day, "5y")))
    return ReportContent(site=site, assessment=held, version="0.1.0")


@pytest.fixture(scope="module")
def long_record():
    rng = np.random.default_rng(4)
    return content_of([*(float(x) for x in rng.poisson(12 * rng.gamma(25, 1 / 25, 150))), 60.0])


def test_an_alarm_is_said_with_effect_and_the_plot_is_drawn(long_record):
    test = long_record.assessment.surge
    assert test.alarm.holds is True
    part = surge_part(long_record.assessment)
    facts = {fact.label: fact.text for fact in part.facts}
    assert (part.state, part.style) == ("Alarm", "warn")
    assert facts["Effect, observed ÷ expected"].startswith("×")
    assert facts["Earlier looks tested alike"] == f"{test.back_test} of 1 series"
    assert "spread 0." in part.power.alt
    assert part.calibration is not None
    assert f"{test.back_test} looks" in part.calibration.alt
    html = render(long_record).html
    for words in ("How often the test went off before", "What this record could have shown", 'id="surge"'):
        assert words in html


def test_the_back_test_counts_what_went_off(long_record):
    test = long_record.assessment.surge
    assert len(test.went_off) == len(NOMINAL)
    assert list(test.went_off) == sorted(test.went_off)
    # without a surge in the past the test goes off about as often as it says: half of the looks lie in the upper half
    assert 0.3 < test.went_off[NOMINAL.index(0.5)] / test.back_test < 0.75


def test_a_short_record_has_no_plot_and_says_why():
    part = surge_part(
        content_of([12, 10, 13, 9, 11, 12, 9, 14, 10, 12, 11, 9, 12, 13, 10, 12, 11, 9, 12, 50]).assessment
    )
    assert part.calibration is None
    assert any("a rate of 1 % needs 99" in fact.text for fact in part.facts)
    assert part.power is not None
    assert part.reason == "There is no calibrated p."


def test_the_key_finding_is_not_crowded_by_notes_of_the_test(long_record):
    html = render(long_record).html
    key = html[html.index('id="finding"') : html.index('id="record"')]
    assert "Comparable looks needed" not in key
    assert "Coverage:" not in key
    part = html[html.index('<section id="surge"') : html.index('<section id="precedent"')]
    assert "Comparable looks needed" in part
    assert "Coverage:" in part


def test_the_json_carries_the_test(long_record):
    data = render(long_record).json
    assert data["surge"]["alarm"]["holds"] is True
    assert [row["nominal"] for row in data["surge"]["back_test"]["went_off"]] == list(NOMINAL)
    assert {"levels", "coverage", "held_beside"} <= set(data)


def test_nothing_observed_has_no_surge_part():
    assert surge_part(cases.published_assessment()) is None
    assert 'id="surge"' not in render(cases.published_case()).html


@pytest.mark.parametrize(
    ("chance", "of_any", "words"),
    [
        (0.006, 0.041, "0.6 %; one of all listed: 4.1 %"),
        (0.18, 0.74, "18 %; one of all listed: 74 %"),
        (0.0004, 0.9991, "under 0.1 %; one of all listed: over 99 %"),
        (None, None, ""),
    ],
)
def test_closeness_in_words(chance, of_any, words):
    lead = replace(cases.published_assessment().events[4], chance=chance, chance_of_any=of_any)
    assert closeness_words(lead) == words


def test_closeness_stands_beside_the_event():
    held = cases.published_assessment()
    near = replace(held.events[4], chance=0.006, chance_of_any=0.041)
    html = render(cases.published_case(assessment=replace(held, events=(near,)))).html
    assert "a random day lies as near: 0.6 %; one of all listed: 4.1 %" in html


def test_beside_says_what_it_explains_and_leaves_open():
    rendered = render(cases.published_case())
    held = rendered.json["beside"][0]["held_beside"]
    assert held["there"] == "khasan"
    assert held["leaves_open"]
    assert all(text in rendered.html for text in (*held["explains"], *held["leaves_open"]))


def test_another_unit_is_not_held_against_it():
    other = cases.khasan_assessment()
    metres = replace(other, question=replace(other.question, unit="metres of train"))
    rendered = render(cases.published_case(beside=((cases.khasan(), metres),)))
    assert rendered.json["beside"][0]["held_beside"] is None
    assert "not held against each other" in rendered.html
