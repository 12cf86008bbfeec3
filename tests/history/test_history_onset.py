"""Between which two looks a rise began, and which events lie near."""

from __future__ import annotations

from datetime import date

import pytest

from yardwatch.history.assess import assess

ZONES = {"yard": None, "shed": "yard", "spur": "yard"}


def rise(make, *rows, as_of="2022-06-30"):
    return assess(make.site(*rows, zones=ZONES), make.question(as_of)).onset


def test_a_rise_lies_between_the_last_quiet_and_the_first_raised_look(make):
    rows = [*make.monthly([10, 12, 11, 12]), make.row("2022-05-01", 11), make.row("2022-06-10", 40)]
    found = rise(make, *rows)
    assert (found.earliest, found.latest, found.zones) == (date(2022, 5, 1), date(2022, 6, 10), ("yard",))


def test_the_first_looks_of_a_rise_do_not_hide_it(make):
    rows = [*make.monthly([10, 12, 11, 12]), make.row("2022-05-01", 11), make.row("2022-05-20", 38)]
    found = rise(make, *rows, make.row("2022-06-10", 40))
    assert (found.earliest, found.latest) == (date(2022, 5, 1), date(2022, 5, 20))


def test_a_rise_that_ended_is_not_the_one_asked_about(make):
    rows = [*make.monthly([10, 12, 11, 12]), make.row("2022-03-01", 38), make.row("2022-05-20", 9)]
    found = rise(make, *rows, make.row("2022-06-10", 40))
    assert (found.earliest, found.latest) == (date(2022, 5, 20), date(2022, 6, 10))


def test_no_onset_without_a_rise(make):
    answer = assess(make.site(*make.monthly([10, 12, 11, 12])), make.question("2021-12-01"))
    assert answer.onset is None
    assert "no rise" in answer.why_null["onset"]


def test_no_onset_where_the_interval_reaches_down_to_the_baseline(make):
    rows = [*make.monthly([10, 12, 11, 12]), make.row("2022-06-10", 14, lower=11, upper=17)]
    assert rise(make, *rows) is None


@pytest.mark.parametrize(("metres", "raised"), [(330, True), (328, False)])
def test_metres_of_train_rise_by_their_lower_car_equivalent(make, metres, raised):
    # 20 cars × 16.44 m = 328.8 m
    rows = [*make.monthly([20, 12, 11]), make.row("2022-06-10", 60)]
    child = [make.row("2022-06-01", 0, "shed"), make.row("2022-06-05", metres, "shed", "metres of train")]
    found = rise(make, *rows, *child)
    assert (found.zones == ("shed",)) is raised


def test_metres_that_may_be_either_say_nothing(make):
    # 300 m are 18.2 to 25.0 cars: neither quiet nor raised beside 20
    rows = [*make.monthly([20, 12, 11]), make.row("2022-06-10", 60)]
    child = [make.row("2022-06-01", 0, "shed"), make.row("2022-06-03", 300, "shed", "metres of train")]
    found = rise(make, *rows, *child, make.row("2022-06-05", 40, "shed"))
    assert (found.earliest, found.latest) == (date(2022, 6, 1), date(2022, 6, 5))


def test_filled_is_never_a_look_for_onset(make):
    rows = [*make.monthly([20, 12, 11]), make.row("2022-06-10", 60)]
    child = [make.row("2022-06-01", 0, "shed", "% filled"), make.row("2022-06-05", 90, "shed", "% filled")]
    assert rise(make, *rows, *child).zones == ("yard",)


def test_the_tightest_interval_is_taken(make):
    rows = [*make.monthly([20, 12, 11]), make.row("2022-06-10", 60)]
    shed = [make.row("2022-05-01", 2, "shed"), make.row("2022-06-05", 40, "shed")]
    spur = [make.row("2022-06-01", 3, "spur"), make.row("2022-06-08", 30, "spur")]
    found = rise(make, *rows, *shed, *spur)
    assert (found.earliest, found.latest, found.zones) == (date(2022, 6, 1), date(2022, 6, 8), ("spur",))


def test_a_quiet_look_of_the_zone_itself_narrows_a_childs_interval(make):
    rows = [*make.monthly([20, 12, 11]), make.row("2022-06-03", 9, id="own quiet"), make.row("2022-06-10", 60)]
    shed = [make.row("2022-06-01", 2, "shed"), make.row("2022-06-05", 40, "shed")]
    found = rise(make, *rows, *shed)
    assert (found.earliest, found.latest) == (date(2022, 6, 3), date(2022, 6, 5))
    assert found.zones == ("shed", "yard")
    assert found.observations[0] == "own quiet"


def test_a_childs_rise_before_a_quiet_look_of_the_zone_is_ruled_out(make):
    rows = [*make.monthly([20, 12, 11]), make.row("2022-06-07", 9), make.row("2022-06-10", 60)]
    shed = [make.row("2022-06-01", 2, "shed"), make.row("2022-06-05", 40, "shed")]
    found = rise(make, *rows, *shed)
    assert (found.earliest, found.latest, found.zones) == (date(2022, 6, 7), date(2022, 6, 10), ("yard",))


def test_without_a_quiet_look_the_beginning_is_open(make):
    answer = assess(make.site(make.bound("2018/2021", 20), make.row("2022-06-10", 60)), make.question("2022-06-30"))
    assert answer.onset is None
    assert "beginning is open" in answer.why_null["onset"]


def test_event_leads_are_signed_and_widened_when_approximate(make):
    rows = [*make.monthly([10, 12, 11, 12]), make.row("2022-05-01", 11), make.row("2022-05-11", 40)]
    events = (
        make.event("2022-04-21", "2022-04-22", "before"),
        make.event("2022-04-21", "2022-07-01", "roughly before", approximate=True),
        make.event("2022-05-20", "2022-05-20", "after"),
        make.event("2022-05", "2022-06", "around"),
        make.event("2022-07-05", "2022-06-01", "announced, not yet happened"),
        make.event("2012-01-01", "2012-01-01", "before the window"),
    )
    answer = assess(make.site(*rows, events=events), make.question("2022-06-29"))
    told = {lead.event.title: (lead.known, lead.lead_days) for lead in answer.events}
    assert told == {
        "before": (True, (10, 20)),
        "roughly before": (False, (5, 25)),
        "after": (True, (-19, -9)),
        "around": (False, (-30, 10)),
    }


def test_events_are_listed_without_an_onset_too(make):
    events = (make.event("2021-02-01", "2021-02-01", "an event"),)
    answer = assess(make.site(*make.monthly([10, 9]), events=events), make.question("2021-06-29"))
    assert [(lead.event.title, lead.lead_days) for lead in answer.events] == [("an event", None)]


def test_of_two_equal_intervals_the_later_is_taken(make):
    rows = [*make.monthly([20, 12, 11]), make.row("2022-06-20", 60)]
    shed = [make.row("2022-06-01", 2, "shed"), make.row("2022-06-05", 40, "shed")]
    spur = [make.row("2022-06-08", 3, "spur"), make.row("2022-06-12", 30, "spur")]
    assert rise(make, *rows, *shed, *spur).zones == ("spur",)
