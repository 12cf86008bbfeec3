"""The published case on its two dates, from rows written down in the test; the figures are those of DESIGN.md."""

from __future__ import annotations

import json
from datetime import date

import pytest

from yardwatch.history.assess import assess
from yardwatch.history.contract import as_json

FIELDS = """site as_of zone unit window n observed baseline ratio p_model p_calibrated p_record unprecedented
superseded_by withdrawn cross_checks onset events verdict no_looks"""


@pytest.fixture
def october(tumangang, make):
    return assess(tumangang(), make.question("2023-10-06", "facility"))


@pytest.fixture
def june(tumangang, make):
    return assess(tumangang(), make.question("2024-06-18", "facility"))


def test_october_is_held_against_the_published_bound(october):
    assert (october.observed.id, october.observed.value) == ("f-2023", 73)
    assert (october.baseline.max, october.baseline.max_is_bound, october.baseline.median) == (20, True, None)
    assert october.ratio.value == pytest.approx(3.65)
    assert (october.ratio.lower, october.ratio.upper) == (None, None)


def test_october_carries_no_probability_and_says_why(october):
    assert (october.n, october.p_model, october.p_calibrated, october.p_record) == (None, None, None, None)
    assert set(october.why_null) == {"n", "p_model", "p_calibrated", "p_record"}


def test_october_is_not_called_unprecedented_because_n_is_unknown(october):
    word = october.unprecedented
    assert word.holds is None
    assert "n is unknown" in word.reason
    assert [row.value for row in word.outside] == [65]
    assert "about 73 cars on 5 October 2023 in zone facility, above the highest count published for the window" in (
        october.verdict
    )
    assert "(about 20; number of images not published)" in october.verdict
    assert "unprecedented" not in october.verdict


def test_octobers_rise_began_between_two_looks_at_a_child_zone(october):
    onset = october.onset
    assert (onset.earliest, onset.latest) == (date(2023, 9, 14), date(2023, 9, 22))
    assert onset.zones == ("depot-north",)
    assert onset.observations == ("d-quiet", "d-raised")


def test_october_is_superseded_after_the_as_of_day(october):
    assert october.superseded_by.id == "f-2024"
    assert october.withdrawn == ()
    assert "superseded by about 255 on 17 June 2024" in october.verdict


def test_octobers_cross_checks_stay_beside_it(october):
    assert [(str(x.when), x.value, x.lower, x.upper) for x in october.cross_checks] == [
        ("2023-09-24", 28, 24, 33),
        ("2023-10-06", 72, 61, 83),
    ]


def test_october_events_have_leads_and_say_what_was_known(october):
    told = {lead.event.title: (lead.known, lead.lead_days) for lead in october.events}
    # summit 09-13 → onset 09-14…09-22; mid-August read as 08-10…08-20
    assert told == {"voyages": (False, (25, 43)), "summit": (True, (1, 9))}


def test_october_notes(october):
    text = " ".join(note.text for note in october.notes)
    assert "No interval was published with about 73 cars" in text
    assert "33 of the window's 60 months" in text
    assert "cannot be split" in text


def test_june_withdraws_october(june):
    assert june.observed.value == 255
    assert [(w.observation.id, w.by.id) for w in june.withdrawn] == [("f-2023", "f-2024")]
    assert (june.baseline.max, june.baseline.max_is_bound) == (73, False)
    assert june.ratio.value == pytest.approx(255 / 73)
    assert (june.ratio.lower, june.superseded_by, june.n, june.unprecedented.holds) == (None, None, None, None)


def test_june_by_kind_holds_freight_only(june):
    assert june.by_kind == {"ore": 175, "box": 14, "tank": 66}


def test_filled_never_dates_an_onset(june):
    assert june.onset.zones == ("facility",)
    assert (june.onset.earliest, june.onset.latest) == (date(2023, 10, 5), date(2024, 6, 17))


def test_the_contract_has_its_fields_in_order(october):
    told = as_json(october)
    assert list(told)[:20] == [
        "site",
        "as_of",
        "zone",
        "unit",
        "window",
        "n",
        "observed",
        "baseline",
        "ratio",
        "p_model",
        "p_calibrated",
        "p_record",
        "unprecedented",
        "superseded_by",
        "withdrawn",
        "cross_checks",
        "onset",
        "events",
        "verdict",
        "no_looks",
    ]
    assert json.loads(json.dumps(told)) == told
    assert told["observed"]["value"] == 73
    assert isinstance(told["observed"]["value"], int)
    assert told["window"] == {"from": "2018-10-06", "to": "2023-10-06"}
    assert told["ratio"] == {"value": 3.65, "lower": None, "upper": None}
    assert told["superseded_by"]["date"] == "2024-06-17"
    assert told["superseded_by"]["value"] == 255
    assert told["events"][0]["lead_days"] == {"min": 25, "max": 43}
    assert told["onset"]["zones"] == ["depot-north"]


def test_the_contract_tells_what_was_withdrawn(june):
    assert as_json(june)["withdrawn"] == [
        {"date": "2023-10-05", "value": 73, "by": {"date": "2024-06-17", "value": 255}}
    ]
    assert as_json(june)["observed"]["by_kind"] == {"ore": 175, "box": 14, "tank": 66}
