"""What every store must do: the same suite over each."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yardwatch.errors import InputError
from yardwatch.model import Capability, DateSpan, Observation, Role, Source
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.ledger_tables import GROWING
from yardwatch.store.postgis import PostGISStore
from yardwatch.store.protocol import MemoryStore
from yardwatch.store.rows import ReviewRow, RunRow


@pytest.fixture(params=["memory", "geopackage", pytest.param("postgis", marks=pytest.mark.services)])
def store(request, tmp_path):
    makers = {
        "memory": MemoryStore,
        "geopackage": lambda: GeoPackageStore(tmp_path / "site.gpkg"),
        "postgis": lambda: PostGISStore(request.getfixturevalue("postgis"), "contract"),
    }
    with makers[request.param]() as made:
        yield made


OBSERVATIONS = (
    Observation(id="a", zone="facility", when=DateSpan.on(date(2023, 10, 5)), unit="cars", value=73.0),
    Observation(
        id="b",
        zone="Răzvan's “yard”, №2",
        when=DateSpan.parse("2018-10/2023-10"),
        unit="cars",
        value=None,
        upper=20.0,
        role=Role.BOUND,
        source=Source(publisher="CSIS", url="https://example.org/?a=1&b=2", quote="=about 20 at most", sensor=""),
        note="line one\nline two",
    ),
    Observation(
        id="c",
        zone="facility",
        when=DateSpan.on(date(2024, 1, 1)),
        unit="cars",
        value=1.6,
        lower=1,
        upper=2,
        own=True,
        basis="counted",
        zone_version=2,
        visible_fraction=0.5,
        pmf=(0.1, 0.2, 0.7),
        evidence="0123456789abcdef",
        synthetic=True,
    ),
    Observation(
        id="d", zone="facility", when=DateSpan.on(date(2024, 2, 1)), unit="cars", value=None, role=Role.NO_LOOK
    ),
)


def test_a_look_comes_back_as_it_was_put(store, rows):
    one, other = rows.look(1), rows.look(2, acquired=None, usable=False, reason="cloud", capability=Capability.NONE)
    counts = (rows.count(one), rows.count(one, "depot-north", pmf=(1.0,), calibrated=True, not_freight=2))
    cars = (
        rows.car(one),
        rows.car(one, 2, kind="locomotive", covered=False),
        rows.car(one, 3, covered=True, width_m=3.16),
    )
    assert store.put_look(one, counts, cars)
    assert store.put_look(other, (), ())
    assert store.looks() == (one, other)
    assert store.counts() == counts
    assert store.counts("depot-north") == counts[1:]
    assert store.counts("elsewhere") == ()
    assert store.cars() == store.cars(one.id) == cars
    assert store.cars(other.id) == ()
    assert [row.polygon.equals_exact(was.polygon) for row, was in zip(store.cars(), cars, strict=True)] == [True] * 3
    assert store.has_look(one.id)
    assert not store.has_look("nothing")


def test_the_same_look_again_changes_nothing(store, rows):
    one = rows.look()
    assert store.put_look(one, [rows.count(one)], [rows.car(one)])
    assert not store.put_look(one, [rows.count(one)], [rows.car(one)])
    assert not store.put_look(dataclasses.replace(one, visible_fraction=0.1), [], [])
    assert (store.looks(), store.counts(), store.cars()) == ((one,), (rows.count(one),), (rows.car(one),))


def test_order_is_that_of_putting(store, rows):
    ids = [5, 1, 3, 2, 4]
    for number in ids:
        store.put_look(rows.look(number), [rows.count(rows.look(number))], [rows.car(rows.look(number), number)])
    assert [row.scene for row in store.looks()] == [f"scene-{number}" for number in ids]
    assert [row.car.id for row in store.cars()] == [f"c{number}" for number in ids]
    assert [row.look for row in store.counts()] == [rows.look(number).id for number in ids]


def test_a_look_takes_only_its_own(store, rows):
    one, other = rows.look(1), rows.look(2)
    with pytest.raises(ValueError, match="given counts or cars of"):
        store.put_look(one, [rows.count(other)], [])
    with pytest.raises(ValueError, match="given counts or cars of"):
        store.put_look(one, [], [rows.car(other)])
    with pytest.raises(InputError, match="two have the id 'c1'"):
        store.put_look(one, [], [rows.car(one), rows.car(one)])
    with pytest.raises(InputError, match="two have the id"):
        store.put_look(one, [rows.count(one), rows.count(one)], [])
    assert (store.looks(), store.counts(), store.cars()) == ((), (), ())


def test_the_record_is_replaced_whole(store, rows):
    store.replace_observations(OBSERVATIONS)
    assert store.observations() == OBSERVATIONS
    store.replace_observations(OBSERVATIONS[::-1][:2])
    assert store.observations() == OBSERVATIONS[::-1][:2]
    with pytest.raises(InputError, match="observations: two have the id 'a'"):
        store.replace_observations(OBSERVATIONS[:1] * 2)
    assert store.observations() == OBSERVATIONS[::-1][:2]
    store.replace_observations([])
    assert store.observations() == ()


def test_changes_are_replaced_whole_and_say_what_found_them(store, rows):
    assert (store.changes(), store.changes_run()) == ((), None)
    found = (
        rows.change(1, score=2.5, doubt="a gap"),
        rows.change(2, before=date(2024, 5, 6), probability=0.5, stage=None),
    )
    for changes, run in ((found, "first"), (found, "first"), (found, "second"), (found[:1], "third"), ((), "fourth")):
        store.replace_changes(changes, run)
        assert (store.changes(), store.changes_run()) == (changes, run)
    with pytest.raises(InputError, match="changes: two have the id 'g1'"):
        store.replace_changes(found[:1] * 2, "fifth")
    assert (store.changes(), store.changes_run()) == ((), "fourth")


def test_reviews_and_the_cars_they_left(store, rows):
    one = rows.look()
    store.put_look(one, [rows.count(one)], [rows.car(one, n) for n in (1, 2)])
    left = (rows.car(one, 2), rows.car(one, 7, kind="coach"))
    review = ReviewRow(
        id="r1",
        scene_sha256=one.scene_sha256,
        look=one.id,
        reviewer="Ünal",
        added=1,
        removed=1,
        kept=1,
        reviewed_on=date(2024, 6, 18),
    )
    second = dataclasses.replace(review, id="r2", note="again", added=0, kept=2, unsure=1)
    assert store.put_review(review, left)
    assert not store.put_review(review, ())
    assert store.put_review(second, left[:1])
    assert store.reviews() == (review, second)
    assert store.reviewed_cars("r1") == left
    assert store.reviewed_cars() == (*left, *left[:1])
    assert len(store.cars()) == 2
    with pytest.raises(ValueError, match="given counts or cars of"):
        store.put_review(dataclasses.replace(review, id="r3", look="other"), left)


def test_a_run_finishes_in_its_own_row(store, rows):
    begun = RunRow(
        id="run1", command="run", started=datetime(2024, 1, 1, tzinfo=UTC), code_version="0.1.0", parameters="{}"
    )
    other = dataclasses.replace(begun, id="run2")
    done = dataclasses.replace(begun, finished=begun.started + timedelta(minutes=2), state="done")
    store.put_run(begun)
    store.put_run(other)
    assert store.runs() == (begun, other)
    store.put_run(done)
    assert store.runs() == (done, other)


@pytest.mark.parametrize("table", GROWING, ids=lambda table: table.name)
def test_a_table_that_grows_keeps_order_and_each_row_once(store, rows, table):
    one, two, three = (rows.grown(number)[table.name] for number in (3, 1, 2))
    assert store.kept(table) == ()
    assert store.keep(table, [one, two]) == 2
    assert store.keep(table, [two, three]) == 1
    assert store.keep(table, []) == 0
    assert store.kept(table) == (one, two, three)
    with pytest.raises(InputError, match=f"{table.name}: two have the id"):
        store.keep(table, [rows.grown(4)[table.name]] * 2)
    assert store.kept(table) == (one, two, three)


def test_instants_are_utc_to_the_millisecond(store, rows):
    berlin = timezone(timedelta(hours=2))
    row = rows.look(acquired=datetime(2023, 10, 5, 1, 30, 0, 987_654, tzinfo=berlin))
    store.put_look(row, [], [])
    assert store.looks()[0].acquired == datetime(2023, 10, 4, 23, 30, 0, 987_000, tzinfo=UTC)


def test_numpy_numbers_are_numbers(store, rows):
    row = rows.look(visible_fraction=np.float32(0.5), align_windows=np.int64(7), aligned=np.bool_(True))
    store.put_look(row, [rows.count(row, pmf=tuple(np.array([0.25, 0.75])), not_freight=np.int64(3))], [])
    assert store.looks() == (row,)
    assert store.counts()[0].pmf == (0.25, 0.75)
    assert store.counts()[0].not_freight == 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    note=st.text(st.characters(exclude_categories=["Cs"])),
    weights=st.lists(st.floats(1e-9, 1), min_size=1, max_size=40),
    corners=st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=3, max_size=8),
)
def test_text_floats_and_corners_come_back_to_the_bit(store, rows, note, weights, corners):
    pmf = tuple(float(p) for p in np.array(weights) / np.sum(weights))
    number = len(store.looks()) + 1
    row = rows.look(number, capability_reason=note)
    polygon = shapely.Polygon(corners)
    store.put_look(row, [rows.count(row, pmf=pmf)], [dataclasses.replace(rows.car(row), polygon=polygon)])
    assert store.looks()[-1].capability_reason == note
    assert store.counts()[-1].pmf == pmf
    assert store.cars(row.id)[0].polygon.equals_exact(polygon)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda rows: rows.look(acquired=datetime(2023, 1, 1)), "no time zone"),  # noqa: DTZ001
        (lambda rows: rows.look(usable=False), "no reason given"),
        (lambda rows: rows.look(visible_fraction=1.2), "visible fraction"),
        (lambda rows: rows.look(shift_x_m=float("nan")), "shift_x_m is not finite"),
        (lambda rows: rows.look(parameters="{"), "parameters are not JSON"),
        (lambda rows: rows.count(rows.look(), pmf=(0.5, 0.4)), "sum to one"),
        (lambda rows: rows.count(rows.look(), pmf=()), "one-dimensional pmf"),
        (lambda rows: rows.count(rows.look(), occupied_m=float("inf")), "occupied_m is not finite"),
        (lambda rows: dataclasses.replace(rows.car(rows.look()), polygon=shapely.Polygon()), "empty footprint"),
        (
            lambda rows: dataclasses.replace(rows.car(rows.look()), polygon=shapely.box(500000, 4e6, 500010, 4e6 + 3)),
            "not lon/lat",
        ),
    ],
)
def test_rows_that_make_no_sense_are_refused(rows, make, why):
    with pytest.raises(ValueError, match=why):
        make(rows)
