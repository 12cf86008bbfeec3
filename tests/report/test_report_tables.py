"""Tables: reasons for what is missing, leads in words, the truth beside the count, endnotes, anchors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import report_cases as cases
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.assess.wording import IntervalTerms
from yardwatch.model import Reference, Source
from yardwatch.report.anchors import REPORT, Anchors, anchor
from yardwatch.report.assessment_table import assessment_rows
from yardwatch.report.content import TruthRow
from yardwatch.report.endnotes import Endnotes
from yardwatch.report.tables import event_rows, lead_words, record_rows, truth_summary

TERMS = IntervalTerms()


def rows_of(content):
    known = {seen.id: seen for seen in content.record}
    return {row.id: row for row in assessment_rows(content.assessment, known, TERMS)}


def test_every_missing_figure_says_why():
    rows = rows_of(cases.published_case())
    missing = {name for name, row in rows.items() if row.reason}
    assert missing == {"n", "median", "p_record", "p_model", "p_calibrated"}
    assert rows["p_model"].reason == "fewer than 3 comparable looks in the window"
    assert all(row.evidence for row in rows.values())


def test_own_figures_carry_their_intervals():
    rows = rows_of(cases.fictional_case())
    assert rows["ratio"].text == "about 1.07 (1.02 to 1.14)"
    assert rows["maximum"].text.startswith("about 57 freight cars (54 to 61, 90 % interval")
    assert rows["median"].text == "about 12; the model expects 6 to 19 in 90 % of looks"
    assert rows["p_record"].text == "0.0435"
    assert rows["p_model"].text == "less than 0.0001"


def test_a_ratio_of_exact_numbers_has_no_interval():
    content = cases.published_case()
    exact = replace(content.assessment, ratio=cases.Ratio(value=8 / 3, lower=8 / 3, upper=8 / 3))
    assert rows_of(replace(content, assessment=exact))["ratio"].text == "2.67, of numbers given as exact"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((1, 9), "1 to 9 days before"),
        ((5, 5), "5 days before"),
        ((-21, -13), "13 to 21 days after"),
        ((-3, 5), "between 3 after and 5 before"),
        (None, "no onset"),
    ],
)
def test_leads_in_words(days, words):
    assert lead_words(replace(cases.published_assessment().events[0], lead_days=days)) == words


def test_one_address_is_one_source_under_the_name_the_list_of_sources_gives_it():
    origin = Reference(id="wh", publisher="White House")
    mirror = Reference(id="m", publisher="a blog, mirroring the White House", url="https://b.example/1", origin="wh")
    notes = Endnotes((origin, mirror))
    first = notes.refer(Source(publisher="White House", url="https://b.example/1", quote="five cars"), "a")
    again = notes.refer(Source(publisher="White House (mirrored)", url="https://b.example/1"), "b")
    other = notes.refer(Source(publisher="VOA", url="https://c.example/"), "c")
    same = notes.refer(Source(publisher="White House via VOA", url="https://c.example/"), "d")
    assert (first, again, other, same) == (1, 1, 2, 2)
    assert [(n.publisher, n.about, n.evidence) for n in notes.listed] == [
        ("a blog, mirroring the White House", "goes back to White House", ["a", "b"]),
        ("VOA; White House via VOA", "", ["c", "d"]),
    ]
    assert notes.summary == "2 sources, 2 once reprints count as what they reprint; none graded."


def test_rough_days_are_said_to_be_rough():
    rows = event_rows(cases.published_assessment(), Endnotes())
    assert rows[3].when == "about 2023-08-15"
    assert [row.number for row in rows if not row.known] == [4]


def test_a_no_look_is_never_a_zero():
    content = cases.fictional_case()
    rows = record_rows(content.record, TERMS, Endnotes())
    empty = [row for row in rows if row.role.startswith("no look")]
    assert len(empty) == 4
    assert {row.quantity for row in empty} == {"no look"}


def test_truth_summary_by_hand():
    rows = [
        TruthRow(day=date(2024, 1, i + 1), mean=m, lower=lo, upper=hi, true=t, observation="o")
        for i, (m, lo, hi, t) in enumerate([(10.0, 8, 12, 12), (10.0, 8, 12, 13), (5.5, 4, 7, 5)])
    ]
    found = truth_summary(rows)
    assert (found.rows, found.inside) == (3, 2)
    assert found.mean_error == pytest.approx((2 + 3 + 0.5) / 3)
    assert truth_summary([]) is None


def test_endnotes_collapse_one_publisher_and_address():
    notes = Endnotes()
    same = {"publisher": "VOA", "url": "https://example.org/a"}
    assert notes.refer(Source(**same, quote="one"), "x") == 1
    assert notes.refer(Source(publisher="VOA", url="https://example.org/b"), "y") == 2
    assert notes.refer(Source(publisher="derived here from VOA", url=same["url"], quote="two"), "z") == 1
    assert notes.refer(None, "w") is None
    assert notes.listed[0].quotes == ["one", "two"]
    assert notes.listed[0].evidence == ["x", "z"]


def test_endnotes_keep_names_apart_that_hold_the_mark_they_are_joined_by():
    notes = Endnotes()
    for name in ("Smith; Jones", "Jones", "Jones"):
        notes.refer(Source(publisher=name, url="https://example.org/a"), name)
    assert notes.listed[0].publishers == ("Smith; Jones", "Jones")
    assert notes.listed[0].publisher == "Smith; Jones; Jones"


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://example.org/a?b#c", True), ("javascript:alert(1)", False), ("data:text/html,x", False), ("", False),
     ("//example.org", False)],
)  # fmt: skip
def test_only_web_addresses_become_links(url, linked):
    notes = Endnotes()
    notes.refer(Source(publisher="P", url=url), "x")
    assert (notes.listed[0].link is not None) == linked


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
@settings(max_examples=80, deadline=None)
def test_anchors_are_valid_and_keep_ids_apart(a, b):
    one, other = anchor("obs", a), anchor("obs", b)
    assert not set(one) & set(" \"'<>&\t\n")
    assert (one == other) == (a == b)


def test_unknown_evidence_falls_back_on_the_report():
    anchors = Anchors("khasan")
    assert anchors.add("obs", "x") == "obs-khasan.x"
    assert anchors.attribute("x", "y", None) == "obs-khasan.x"
    assert anchors.attribute("y") == REPORT
