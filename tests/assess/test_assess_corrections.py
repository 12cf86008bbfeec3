"""Corrections: which sentences change when a look, a correction or a withdrawal touches a claim, and why."""

import pytest

from yardwatch.assess.corrections import succession
from yardwatch.errors import InputError


def row(name, value, **changed):
    return {"id": name, "date": "2023-10-05", "zone": "yard", "unit": "cars", "value": value, "lower": None,
            "upper": None, "role": "observation", "basis": "reported", "note": ""} | changed  # fmt: skip


def claim(name, text, *evidence, rests_on=()):
    return {"id": name, "text": text, "evidence": list(evidence), "rests_on": list(rests_on)}


def report(rows, claims, **changed):
    return {"id": "a" * 16, "site": {"id": "yard"}, "as_of": "2023-10-06", "version": "1", "record": rows, "events": [],
            "zones": [{"id": "yard", "version": 1}], "claims": claims, "limits": []} | changed  # fmt: skip


OLD = report(
    [row("a", 73.0), row("b", 20.0)],
    [
        claim("o-observed", "About 73.", "a"),
        claim("o-maximum", "About 20.", "b"),
        claim("i-ratio", "3.65 times.", rests_on=("o-observed", "o-maximum")),
    ],
)


def changes(new, old=OLD):
    return {one.claim: one for one in succession(old, new).changed}


def test_the_same_report_changes_nothing():
    assert changes(OLD) == {}


def test_a_correction_touches_what_rests_on_it_and_nothing_else():
    claims = [claim("o-observed", "About 75.", "a"), OLD["claims"][1], OLD["claims"][2] | {"text": "3.75 times."}]
    found = changes(report([row("a", 75.0), row("b", 20.0)], claims))
    assert set(found) == {"o-observed", "i-ratio"}
    assert found["i-ratio"].why == ("corrected: 2023-10-05, yard, 73 cars; value 73.0 became 75.0",)
    assert (found["o-observed"].was, found["o-observed"].now) == ("About 73.", "About 75.")


def test_a_withdrawn_source_is_the_reason():
    gone = row("a", 73.0, role="context", note="source withdrawn 2024-01-02: a hoax; old note")
    found = changes(report([gone, row("b", 20.0)], [OLD["claims"][1]]))
    assert found["o-observed"].now is None
    assert found["o-observed"].why == ("source withdrawn 2024-01-02: a hoax (2023-10-05, yard, 73 cars)",)
    assert "source withdrawn" in found["i-ratio"].why[0]


def test_a_new_look_that_beats_it_is_the_reason():
    claims = [*OLD["claims"], claim("i-superseded", "Beaten.", "c", rests_on=("o-observed",))]
    found = changes(report([*OLD["record"], row("c", 255.0, date="2024-06-17")], claims))
    assert set(found) == {"i-superseded"}
    assert found["i-superseded"].was is None
    assert found["i-superseded"].why == ("new in the record: 2024-06-17, yard, 255 cars",)


def test_a_later_day_says_what_the_sentence_rests_on_now():
    claims = [claim("o-observed", "About 20.", "b"), *OLD["claims"][1:]]
    found = changes(report(OLD["record"], claims, as_of="2024-06-18"))
    assert found["o-observed"].why == (
        "rests now on 2023-10-05, yard, 20 cars",
        "rests no longer on 2023-10-05, yard, 73 cars",
        "the as-of day moved from 2023-10-06 to 2024-06-18",
    )


def test_a_note_that_changed_its_number_is_the_same_note():
    old = report(OLD["record"], [claim("i-note-1", "First.", "a"), claim("i-note-2", "Coverage: 1 date.", "a")])
    new = report(OLD["record"], [claim("i-note-1", "Coverage: 2 dates.", "a"), claim("i-note-2", "First.", "a")])
    (only,) = succession(old, new).changed
    assert (only.claim, only.was, only.now) == ("i-note-2", "Coverage: 1 date.", "Coverage: 2 dates.")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("As of 2023-10-06: about 73 on 2023-10-05.", "As of 6 October 2023: about 73 on 5 October 2023."),
        ("The window (2018-10-06 to 2023-10-06).", "The window (6 October 2018 to 6 October 2023)."),
        ("At most 20 for 2018-10-01/2023-10-31.", "At most 20 for October 2018 to October 2023."),
        ("Looks of 2023-09-14/2023-09-22.", "Looks of 14 September 2023 to 22 September 2023."),
    ],
)
@pytest.mark.parametrize("name", ["i-verdict", "i-note-3"])
def test_a_day_written_another_way_is_no_change(name, was, now):
    before, after = (report(OLD["record"], [claim(name, text, "a")]) for text in (was, now))
    assert changes(after, before) == changes(before, after) == {}


@pytest.mark.parametrize("now", ["On 6 October 2023.", "On 5 October 2022.", "On 2023-10-06.", "On 2023-13-05."])
def test_another_day_is_a_change_and_is_shown_as_it_was_written(now):
    old, new = (report(OLD["record"], [claim("i-verdict", text)]) for text in ("On 2023-10-05.", now))
    found = changes(new, old)
    assert (found["i-verdict"].was, found["i-verdict"].now) == ("On 2023-10-05.", now)


def test_a_note_whose_day_and_number_changed_is_one_changed_note():
    old = report(OLD["record"], [claim("i-note-1", "The look of 2023-10-05 saw 3.", "a")])
    new = report(OLD["record"], [claim("i-note-2", "The look of 5 October 2023 saw 4.", "a")])
    assert [one.claim for one in succession(old, new).changed] == ["i-note-1"]


def test_versions_count_on_and_the_old_report_is_named():
    found = succession(OLD | {"report_version": 4}, OLD)
    assert found.version == 5
    assert found.as_json()["supersedes"] == {"id": "a" * 16, "version": 4, "as_of": "2023-10-06"}


def test_new_software_is_told():
    new = report(OLD["record"], [claim("o-observed", "Roughly 73.", "a"), *OLD["claims"][1:]], version="2")
    assert changes(new)["o-observed"].why == ("made with Yardwatch 2, was 1",)


def test_a_report_of_another_site_is_refused():
    with pytest.raises(InputError, match="of site 'yard', this one of 'other'"):
        succession(OLD, OLD | {"site": {"id": "other"}})


@pytest.mark.parametrize("day", ["yesterday", "2023-13-01", "", None])
def test_a_report_of_no_day_is_refused(day):
    with pytest.raises(InputError, match="no day"):
        succession(OLD | {"as_of": day}, OLD)
