"""What a record could have seen, where it contradicts itself, and two sites beside each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yardwatch.history.assess import assess
from yardwatch.history.beside import as_json, beside
from yardwatch.history.contract import as_json as contract
from yardwatch.history.note import About
from yardwatch.history.onset_views import POSTERIOR, RULE
from yardwatch.model import Break, Role, Source

SPOT, PLANET = (Source(publisher="p", sensor=name) for name in ("SPOT", "Planet"))


def test_coverage_by_hand(make):
    rows = [
        make.row("2020-03-10", 4, source=SPOT),
        make.row("2020-03-20", 5, source=PLANET),
        make.row("2021-01-05", 6, source=SPOT),
        make.row("2021-02-01", None, role=Role.NO_LOOK),
        make.row("2021-06-01", 9, own=True),
    ]
    gap = Break(id="shut", first=date(2020, 12, 1), last=date(2021, 2, 1))
    answer = assess(make.site(*rows, breaks=(gap,)), make.question("2021-06-30", window="18m"))
    seen = answer.coverage
    assert (seen.dates, seen.months, seen.months_seen, seen.unusable) == (4, 19, 3, 1)
    assert seen.longest_gap == (date(2020, 3, 20), date(2021, 1, 5))
    assert seen.sensors == {"SPOT": 2, "Planet": 1, "own count, sensor with its scene": 1}
    assert seen.strata == {"outside any break": 3, "shut": 1}
    text = " ".join(note.text for note in answer.notes)
    assert "4 dates with a look, in 3 of the 19 calendar months up to the observed look" in text
    assert "291 days (20 March 2020 to 5 January 2021)" in text
    assert "more than one sensor" in text


def test_looks_of_one_day_that_disagree_are_kept_and_flagged(make):
    rows = [make.row("2021-03-01", 4), make.row("2021-03-01", 7), make.row("2021-06-01", 9)]
    answer = assess(make.site(*rows), make.question("2021-06-30"))
    assert answer.baseline.looks == (rows[0].id, rows[1].id)
    said = "Two looks on 1 March 2021 disagree: about 7 is used, about 4 is kept"
    assert any(said in note.text for note in answer.notes)
    same = [rows[0], replace(rows[1], value=4), rows[2]]
    assert not any("disagree" in note.text for note in assess(make.site(*same), make.question("2021-06-30")).notes)


def test_a_bound_below_what_a_part_alone_held_is_flagged(make):
    rows = [make.bound("2018/2023", 20), make.row("2022-05-01", 500, "shed", "metres of train")]
    rows.append(make.row("2023-06-01", 60))
    zones = {"yard": None, "shed": "yard"}
    answer = assess(make.site(*rows, zones=zones), make.question("2023-06-30"))
    (told,) = [note.text for note in answer.notes if note.about is About.RECORD and "below-parts" in note.id]
    assert "at least 30 cars" in told  # 500 ÷ 16.44 = 30.4; cars come whole
    low = replace(rows[1], value=320.0)  # 19.5 cars
    answer = assess(make.site(rows[0], low, rows[2], zones=zones), make.question("2023-06-30"))
    assert not any("lies below" in note.text for note in answer.notes)


def test_without_a_look_there_is_no_coverage_to_tell(make):
    answer = assess(make.site(), make.question("2023-06-30"))
    assert (answer.coverage.dates, answer.coverage.longest_gap, answer.levels) == (0, None, None)
    assert contract(answer)["coverage"]["dates"] == 0
    assert not any(note.about is About.COVERAGE for note in answer.notes)


def test_many_looks_are_dated_by_the_posterior_few_by_the_rule(make):
    quiet = [10, 14, 9, 12, 11, 13, 8, 12, 10, 11, 9, 12, 13]
    few = assess(make.site(*make.monthly([*quiet[:5], 60])), make.question("2021-06-30")).onset
    assert (few.method, few.level, few.likeliest) == (RULE, None, None)
    many = assess(make.site(*make.monthly([*quiet, 52, 60])), make.question("2022-03-30")).onset
    assert (many.method, many.level) == (POSTERIOR, 0.9)
    assert (many.earliest, many.latest) == (date(2022, 1, 1), date(2022, 2, 1))
    assert many.likeliest.probability > 0.9
    assert many.change > 0.9
    assert (many.second.earliest, many.second.latest) == (date(2022, 1, 1), date(2022, 2, 1))


def test_an_old_surge_does_not_date_the_new_one_late(make):
    # a look of 64 in the past makes the rule wait until a look exceeds 64; the level rose before
    values = [12, 10, 13, 64, 11, 12, 9, 14, 10, 12, 11, 13, 10, 40, 45, 70]
    found = assess(make.site(*make.monthly(values)), make.question("2022-04-30")).onset
    assert found.earliest <= date(2022, 1, 1)
    assert (found.rule.earliest, found.rule.latest) == (date(2022, 3, 1), date(2022, 4, 1))
    assert (found.likeliest.earliest, found.likeliest.latest) == (date(2022, 1, 1), date(2022, 2, 1))


def test_beside_a_published_bound_the_rule_stands(make):
    rows = [make.bound("2018/2021", 20), *make.monthly([10, 14, 9, 12, 11, 13, 8, 12, 10, 11, 60])]
    assert assess(make.site(*rows), make.question("2021-11-30")).onset.method == RULE


def two(make, ours, theirs, as_of="2022-12-31"):
    here = replace(make.site(*ours), id="here", name="Here")
    there = replace(make.site(*theirs), id="there", name="There", note="said of there")
    question = make.question(as_of)
    return beside(here, assess(here, question), there, assess(there, question))


def test_looks_pair_by_day_and_the_rest_is_said(make):
    ours = [make.row("2022-01-01", 10), make.row("2022-05-02", 30), make.row("2022-09-01", 12)]
    theirs = [make.row("2022-01-01", 20), make.row("2022-05-04", 8), make.row("2022-07-01", 5)]
    found = two(make, ours, theirs)
    assert [(p.here.value, p.there.value, p.days_apart) for p in found.pairs] == [(10, 20, 0), (30, 8, 2)]
    assert found.pairs[0].ratio == 0.5
    assert [x.value for x in found.only_here] == [12]
    assert [x.value for x in found.only_there] == [5]
    text = " ".join(found.explains)
    assert "30 together" in text
    assert "seen twice" in text
    # here +20, there −12: at most 12 of the 20 can be cars moved
    assert "at most 12 of the rise could be cars moved" in text
    assert any("There has no look of the same kind near 1 September 2022" in line for line in found.leaves_open)
    assert found.note == "said of there"


def test_a_rise_at_both_is_no_fall_of_either(make):
    ours = [make.row("2022-01-01", 10), make.row("2022-05-02", 30)]
    theirs = [make.row("2022-01-01", 20), make.row("2022-05-02", 50)]
    text = " ".join(two(make, ours, theirs).explains)
    assert "rose at both, by 20 at Here and 30 at There" in text


def test_nothing_on_the_same_days(make):
    found = two(make, [make.row("2022-01-01", 10)], [make.row("2022-03-01", 10)])
    assert found.pairs == ()
    assert any("neither explains the other" in line for line in found.leaves_open)


def test_units_are_not_mixed_between_sites(make):
    site = make.site(make.row("2022-01-01", 10))
    cars = assess(site, make.question("2022-12-31"))
    metres = assess(site, make.question("2022-12-31", unit="metres of train"))
    with pytest.raises(ValueError, match="one unit"):
        beside(site, cars, site, metres)


def test_the_bundled_sites_beside_each_other():
    from yardwatch.history.assessment import Question
    from yardwatch.model import Window
    from yardwatch.sites.folder import open_site

    here, there = open_site("tumangang").site, open_site("khasan").site
    day = date(2024, 6, 18)
    window = Window.before(day, "5y")
    ask = [Question(zone=site.default_zone, unit="cars", as_of=day, window=window) for site in (here, there)]
    told = as_json(beside(here, assess(here, ask[0]), there, assess(there, ask[1])))
    newest = told["pairs"][-1]
    assert (newest["here"]["value"], newest["there"]["value"]) == (255, 149)
    assert "direction of traffic could not be identified" in told["note"]
