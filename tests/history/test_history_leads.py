"""Chance of an event's closeness by counting days, rivals in the sentence, and words that are never said."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.history.assess import assess
from yardwatch.history.assessment import Onset
from yardwatch.history.contract import as_json
from yardwatch.history.leads import chance_of_closeness
from yardwatch.model import Source

FIRST = date(2020, 1, 1)
CAUSAL = re.compile(
    r"\b(because|cause[ds]?|causing|due to|led to|leads to|result(s|ed)? in|triggered|thanks to|explains?)\b"
)


def onset(first, last):
    day = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
    return Onset(earliest=day[0], latest=day[1], zones=("yard",), observations=("a", "b"))


@given(start=st.integers(0, 300), width=st.integers(0, 40), event=st.integers(0, 364), days=st.integers(200, 365))
@settings(max_examples=150, deadline=None)
def test_the_chance_is_the_share_of_days_that_lie_as_near(start, width, event, days):
    rise = onset(start, start + width)
    lead = (start - event, start + width - event)
    far = max(abs(x) for x in lead)
    near = [t for t in range(days + 1) if max(abs(start - t), abs(start + width - t)) <= far]
    found = chance_of_closeness(lead, rise, (FIRST, FIRST + timedelta(days=days)))
    assert found == pytest.approx(len(near) / (days + 1))


def raised(make, *events):
    rows = [*make.monthly([10, 12, 11, 12]), make.row("2022-05-01", 11), make.row("2022-05-11", 40)]
    return assess(make.site(*rows, events=events), make.question("2022-06-29"))


def test_hand_worked_chance(make):
    # onset 1–11 May 2022, event 21 April: farthest 20 days; days from 21 April to 21 May lie as near: 31 of 1827
    answer = raised(make, make.event("2022-04-21", "2022-04-21", "one"), make.event("2021-04-21", "2021-04-21", "two"))
    near = next(lead for lead in answer.events if lead.event.title == "one")
    assert near.lead_days == (10, 20)
    assert near.chance == pytest.approx(31 / 1827)
    assert near.chance_of_any == pytest.approx(1 - (1 - 31 / 1827) ** 2)


def test_what_may_have_come_after_the_onset_is_not_listed_before_it(make):
    # onset 1–11 May 2022: an event of 6 May lies 5 days after to 5 days before; one not disclosed yet is marked
    told = raised(
        make, make.event("2022-05-06", "2022-05-06", "within"), make.event("2022-04-21", "2022-08-01", "before")
    )
    (text,) = (note.text for note in told.notes if note.text.startswith("Listed before the onset"))
    before, near = text.split("Listed near the onset, before or after it: ")
    assert "before (10 to 20 days, not disclosed by the as-of day;" in before
    assert "within" not in before
    assert "within (5 days after to 5 days before;" in near


def test_reports_of_the_rise_have_no_chance_and_are_no_rivals(make):
    report = make.event("2022-05-02", "2022-05-12", "the rise begins")
    told = raised(make, type(report)(**{**report.__dict__, "kind": "observation"}))
    assert told.events[0].chance is None
    assert any("No listed event lies before the onset" in note.text for note in told.notes)


def test_every_rival_is_named_nearest_first(make):
    events = [make.event(f"2022-0{m}-10", f"2022-0{m}-10", f"event of month {m}") for m in (1, 2, 3, 4)]
    events.append(make.event("2019-05-01", "2019-05-01", "long ago"))
    (told,) = [note.text for note in raised(make, *events).notes if note.text.startswith("Listed before the onset")]
    places = [told.index(f"event of month {m}") for m in (4, 3, 2, 1)]
    assert places == sorted(places)
    assert "1 listed event more than 183 days before" in told
    assert "does not tell which of them" in told


def test_no_sentence_names_a_cause(make, tumangang):
    answers = [assess(tumangang(), make.question(day, "facility")) for day in ("2023-10-06", "2024-06-18")]
    answers.append(raised(make, make.event("2022-04-21", "2022-04-21", "one")))
    for answer in answers:
        for sentence in (answer.verdict, *(note.text for note in answer.notes), *answer.why_null.values()):
            assert not CAUSAL.search(sentence.lower()), sentence


def test_source_grades_are_passed_on_and_checked(make):
    graded = make.event("2022-04-21", "2022-04-21", "one", source=Source(publisher="A paper", grade="B2"))
    answer = raised(make, graded, make.event("2022-04-22", "2022-04-22", "two"))
    assert [event["grade"] for event in as_json(answer)["events"]] == ["B2", None]
    (told,) = [note.text for note in answer.notes if note.text.startswith("Listed before")]
    assert "source graded B2" in told
    assert "source not graded" in told
    with pytest.raises(ValueError, match="no grade"):
        Source(publisher="A paper", grade="G9")
