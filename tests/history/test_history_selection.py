"""Which rows answer a question."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from yardwatch.errors import InputError, SiteError
from yardwatch.history.assess import assess
from yardwatch.history.selection import select
from yardwatch.model import Role, Zone


def ids(rows):
    return [row.id for row in rows]


def test_only_looks_of_the_zone_and_unit_in_the_window_are_the_baseline(make):
    rows = [
        make.row("2018-01-01", 90, id="too old"),
        make.row("2020-01-01", 5, id="a"),
        make.row("2020-02-01", 50, "other", id="elsewhere"),
        make.row("2020-03-01", 70, unit="% filled", id="unit"),
        make.row("2020-04-01", 80, role=Role.CROSS_CHECK, id="check"),
        make.row("2020-05-01", 80, role=Role.CONTEXT, id="context"),
        make.row("2020-06-01", 80, role=Role.CLASS, kind="ore", id="class"),
        make.row("2020-07-01", None, role=Role.NO_LOOK, id="blind"),
        make.row("2020-08-01", None, id="no number"),
        make.row("2021-01-01", 7, id="b"),
        make.row("2022-01-01", 9, id="observed"),
        make.row("2022-03-01", 99, id="later"),
    ]
    site = make.site(*rows, zones={"yard": None, "other": None})
    found = select(site, make.question("2022-02-01", window="3y"))
    assert found.observed.id == "observed"
    assert ids(found.earlier) == ["a", "b"]
    assert ids(found.cross_checks) == ["check"]
    assert [str(when) for when in found.no_looks] == ["2020-07-01"]
    assert ids(found.outside) == ["too old"]


def test_a_no_look_is_never_a_zero(make):
    rows = [*make.monthly([5, 6, 7]), make.row("2021-04-01", None, role=Role.NO_LOOK), make.row("2021-05-01", 8)]
    answer = assess(make.site(*rows), make.question("2021-05-01"))
    assert (answer.n, answer.baseline.median, len(answer.no_looks)) == (3, 6, 1)


def test_looks_of_another_zone_version_are_not_mixed_in(make):
    square = shapely.box(130.60, 42.41, 130.61, 42.42)
    versions = tuple(Zone(id="yard", version=v, polygon=square) for v in (1, 2))
    rows = [
        make.row("2021-01-01", 90, zone_version=1, id="old"),
        make.row("2021-02-01", 5, zone_version=2, id="new"),
        make.row("2021-03-01", 6, id="unstated"),
        make.row("2021-04-01", 7, zone_version=2, id="observed"),
    ]
    answer = assess(replace(make.site(*rows), zones=versions), make.question("2021-04-01"))
    assert answer.baseline.looks == ("new", "unstated")
    assert any("1 rows of zone yard belong to another version" in note.text for note in answer.notes)


def test_looks_that_cannot_be_ordered_are_set_aside_and_named(make):
    rows = [make.row("2021-01-01", 5), make.row("2021-03/2021-04", 60), make.row("2021-03-20", 7, id="observed")]
    answer = assess(make.site(*rows), make.question("2021-03-31"))
    assert answer.observed.id == "observed"
    assert answer.baseline.max == 5
    assert any("March 2021 to April 2021" in note.text for note in answer.notes)


def test_two_looks_of_one_day_that_disagree_are_kept_and_flagged(make):
    rows = [make.row("2021-01-01", 5), make.row("2021-02-01", 30), make.row("2021-02-01", 22, own=True, id="own")]
    answer = assess(make.site(rows[0], rows[1]), make.question("2021-02-01"), own=(rows[2],))
    assert answer.observed.id == "own"
    assert (answer.n, answer.baseline.max) == (1, 5)
    assert any("disagree" in note.text for note in answer.notes)


def test_two_earlier_looks_of_one_day_are_one_look_in_n(make):
    rows = [make.row("2021-01-01", 5), make.row("2021-01-01", 6), make.row("2021-02-01", 9)]
    answer = assess(make.site(*rows), make.question("2021-02-01"))
    assert (answer.n, answer.baseline.max, answer.p_record) == (1, 6, 0.5)


def test_a_look_that_saw_little_track_does_not_count_in_n(make):
    rows = [make.row("2021-01-01", 5), make.row("2021-01-09", 2, visible_fraction=0.3), make.row("2021-02-01", 9)]
    answer = assess(make.site(*rows), make.question("2021-02-01"))
    assert answer.n == 1
    assert any("less than half of the track" in note.text for note in answer.notes)


def test_an_unknown_zone_is_refused_with_the_known_ones(make):
    with pytest.raises(InputError, match="no zone 'depot'; choose one of: yard"):
        assess(make.site(make.row("2021-01-01", 5)), make.question("2021-02-01", "depot"))


def test_a_synthetic_row_never_enters_a_real_record(make):
    row = make.row("2021-01-01", 5, synthetic=True, id="made up")
    with pytest.raises(SiteError, match="made up is synthetic"):
        assess(make.site(row), make.question("2021-02-01"))
    assert assess(make.site(row, fictional=True), make.question("2021-02-01")).observed.id == "made up"


def test_rows_given_twice_count_once(make):
    row = make.row("2021-01-01", 5, own=True)
    answer = assess(make.site(row, make.row("2021-02-01", 9)), make.question("2021-02-01"), own=(row,))
    assert answer.baseline.looks == (row.id,)
