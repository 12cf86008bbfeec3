"""record.csv and events.csv: values read as meant, faults told with row and column, spreadsheets kept harmless."""

import csv
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.errors import SiteError
from yardwatch.model import DateSpan, Observation, Role, Source, Zone
from yardwatch.sites.events import read_events
from yardwatch.sites.record import COLUMNS, read_record, write_record
from yardwatch.sites.table import guard, plain, unguard

ZONES = (
    Zone(id="facility", version=1, polygon=shapely.box(0, 0, 1, 1), aliases=("The rail facility",)),
    Zone(id="inner", version=1, polygon=shapely.box(0.2, 0.2, 0.5, 0.5), parent="facility"),
)
ROW = {
    "id": "a",
    "date": "2023-10-05",
    "zone": "facility",
    "quantity": "73",
    "unit": "cars",
    "role": "observation",
    "publisher": "Someone",
    "url": "https://example.org/a",
}


def record(tmp_path, *changes, columns=COLUMNS):
    path = tmp_path / "record.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(ROW | change for change in changes)
    return read_record(path, ZONES)


def test_a_row_as_published(tmp_path):
    (got,) = record(tmp_path, {"quote": "about 73", "sensor": "Planet", "note": "n"})
    source = Source(publisher="Someone", url="https://example.org/a", quote="about 73", sensor="Planet")
    assert got == Observation(
        id="a", zone="facility", when=DateSpan.on(date(2023, 10, 5)), unit="cars", value=73, source=source, note="n"
    )
    assert (got.lower, got.upper, got.role, got.own, got.basis) == (None, None, Role.OBSERVATION, False, "reported")


def test_a_bound_a_no_look_and_dates_of_every_form(tmp_path):
    bound, missed, inferred, instant = record(
        tmp_path,
        {"role": "bound", "quantity": "", "upper": "20", "date": "2018-10/2023-10"},
        {"id": "b", "role": "no-look", "quantity": "", "date": "2023-09"},
        {"id": "c", "date": "2024-02 (inferred)", "note": "from a chart"},
        {"id": "d", "date": "2022-11-04T01:24Z"},
    )
    assert (bound.value, bound.lower, bound.upper) == (None, None, 20)
    assert bound.when == DateSpan(date(2018, 10, 1), date(2023, 10, 31))
    assert (missed.role, missed.value) == (Role.NO_LOOK, None)
    assert inferred.when == DateSpan(date(2024, 2, 1), date(2024, 2, 29))
    assert inferred.note == "date inferred; from a chart"
    assert instant.when == DateSpan.on(date(2022, 11, 4))


def test_zones_by_alias_and_context_by_place(tmp_path):
    alias, place, context, inside = record(
        tmp_path,
        {"zone": "the RAIL facility"},
        {"id": "b", "zone": "", "place": "The rail facility"},
        {"id": "c", "zone": "", "place": "Rajin port", "role": "context"},
        {"id": "d", "zone": "inner", "place": "anywhere", "role": "context"},
    )
    assert [o.zone for o in (alias, place, context, inside)] == ["facility", "facility", "Rajin port", "inner"]


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"lower": "9", "upper": "5"}, "upper", "5 is below lower 9"),
        ({"lower": "80"}, "quantity", "73 is below lower 80"),
        ({"upper": "70"}, "quantity", "73 is above upper 70"),
        ({"date": "2023-13-05"}, "date", "not a date"),
        ({"date": "yesterday"}, "date", "not a date"),
        ({"date": "2023-10-06/2023-10-05"}, "date", "ends"),
        ({"date": "0203-10-05"}, "date", "before 1900"),
        ({"date": ""}, "date", "is empty"),
        ({"zone": "nowhere"}, "zone", "unknown zone 'nowhere'; known: facility, inner"),
        ({"zone": "", "place": "Rajin port"}, "zone", "unknown zone 'Rajin port'"),
        ({"zone": "", "role": "context"}, "place", "is empty"),
        ({"role": "guess"}, "role", "allowed: observation, bound"),
        ({"role": ""}, "role", "is empty"),
        ({"quantity": "about 73"}, "quantity", "not a number"),
        ({"quantity": "1,000"}, "quantity", "not a number"),
        ({"quantity": "nan"}, "quantity", "not a quantity"),
        ({"quantity": "-3"}, "quantity", "not a quantity"),
        ({"quantity": "7.5"}, "quantity", "whole number"),
        ({"role": "bound", "upper": "80"}, "quantity", "bound has no quantity"),
        ({"role": "bound", "quantity": "", "upper": "80", "lower": "1"}, "quantity", "either"),
        ({"role": "no-look"}, "quantity", "no-look has no numbers"),
        ({"unit": ""}, "unit", "is empty"),
        ({"id": ""}, "id", "is empty"),
        ({"id": "a\x1b[31m"}, "id", "is no id"),
        ({"publisher": ""}, "publisher", "is empty"),
        ({"url": "javascript:alert(1)"}, "url", "no web address"),
        ({"url": "https://a b"}, "url", "no web address"),
    ],
)
def test_faults_name_file_row_and_column(tmp_path, change, column, words):
    with pytest.raises(SiteError) as caught:
        record(tmp_path, {"id": "first"}, change)
    message = str(caught.value)
    assert f"record.csv row 3 column {column}: " in message
    assert words in message
    assert "\n" not in message


def test_an_id_twice_is_told(tmp_path):
    with pytest.raises(SiteError, match="row 3 column id: 'a' is there twice"):
        record(tmp_path, {}, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id;date;zone\n", "not separated by commas"),
        ("id,date,zone,quantity,unit,role,colour\n", "unknown column 'colour'; allowed: id, date"),
        ("id,date,zone,quantity,unit,role,role\n", "role is there twice"),
        ("id,date,zone,quantity,unit\n", "column role is missing"),
        ("id,date,zone,quantity,unit,role\na,2023,facility,1,000,cars,observation\n", "row 2 has 7 cells under 6"),
        ('id,date,zone,quantity,unit,role\n"a', "not CSV"),
    ],
)
def test_broken_tables_are_told(tmp_path, text, words):
    path = tmp_path / "record.csv"
    path.write_text(text)
    with pytest.raises(SiteError, match=words):
        read_record(path, ZONES)


def test_blank_rows_keep_the_row_numbers_and_a_header_alone_is_no_record(tmp_path):
    path = tmp_path / "record.csv"
    path.write_text(
        "\ufeffid,date,zone,quantity,unit,role\n\n,,,,,\na,2023,facility,x,cars,observation\n", encoding="utf-8"
    )
    with pytest.raises(SiteError, match="row 4 column quantity"):
        read_record(path, ZONES)
    path.write_text("id,date,zone,quantity,unit,role\n")
    assert read_record(path, ZONES) == ()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1 day", "'+1 day"),
        ("-5", "-5"),
        ("+5.5e3", "+5.5e3"),
        ("-5 cars", "'-5 cars"),
        ("@x", "'@x"),
        ("'=x", "''=x"),
        ("'about' 5", "'about' 5"),
        ("a=b", "a=b"),
    ],
)
def test_cells_a_spreadsheet_would_run(cell, written):
    assert guard(cell) == written
    assert unguard(written) == cell


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("'=+-@\t\r\n 1.5ea\"")))
def test_guard_never_leaves_a_formula_and_comes_back(text):
    cell = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    written = guard(text)
    assert unguard(written) == cell
    assert written[:1] not in ("=", "@", "\t", "\r")
    assert written[:1] not in ("+", "-") or float(written) is not None


@pytest.mark.parametrize(("value", "text"), [(None, ""), (73.0, "73"), (0.5, "0.5"), (1e16, "10000000000000000")])
def test_plain_numbers(value, text):
    assert plain(value) == text


text = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=12).map(str.strip)
number = st.none() | st.integers(0, 500).map(float) | st.floats(0, 1e6)


@st.composite
def observations(draw):
    role = draw(
        st.sampled_from([Role.OBSERVATION, Role.CLASS, Role.CROSS_CHECK, Role.CONTEXT, Role.BOUND, Role.NO_LOOK])
    )
    numbers = sorted(draw(st.lists(st.floats(0, 1e6), min_size=3, max_size=3)))
    lower, value, upper = (draw(st.sampled_from([x, None])) for x in numbers)
    if role is Role.BOUND:
        value, lower, upper = None, None, numbers[2]
    if role is Role.NO_LOOK:
        value = lower = upper = None
    days = sorted(draw(st.tuples(st.dates(date(1990, 1, 1)), st.dates(date(1990, 1, 1)))))
    source = Source(
        publisher=draw(text.filter(bool)),
        url=draw(st.sampled_from(["", "https://a.org/=x"])),
        quote=draw(text),
        sensor=draw(text),
    )
    zone = draw(st.sampled_from(["facility", "inner"] + (["Rajin, port", "=place"] if role is Role.CONTEXT else [])))
    return Observation(
        id="x", zone=zone, when=DateSpan(*days), unit=draw(text.filter(lambda t: t not in ("", "cars"))), value=value,
        role=role, lower=lower, upper=upper, kind=draw(text) or None, basis=draw(text) or "reported",
        source=source, note=draw(text),
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(observations())
def test_round_trip(tmp_path_factory, observation):
    path = tmp_path_factory.mktemp("r") / "record.csv"
    write_record(path, [observation], ZONES)
    assert read_record(path, ZONES) == (observation,)


def test_own_and_synthetic_observations_are_kept_out(tmp_path):
    for kind in ({"own": True}, {"synthetic": True}):
        mine = Observation(id="m", zone="facility", when=DateSpan.parse("2023"), unit="cars", value=3, **kind)
        with pytest.raises(SiteError, match="stay in the store"):
            write_record(tmp_path / "record.csv", [mine], ZONES)


EVENTS = "id,date,disclosed,title,kind,approximate,publisher,url,note\n"


def events(tmp_path, row):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS + row + "\n")
    return read_events(path)


def test_events_keep_both_days(tmp_path):
    (event,) = events(tmp_path, "e,2023-08-15 (approx),2023-10-16,Voyages begin,transfer,,RUSI,https://rusi.org,rival")
    assert (event.when, event.disclosed) == (DateSpan.parse("2023-08-15"), DateSpan.parse("2023-10-16"))
    assert event.approximate
    assert event.source == Source(publisher="RUSI", url="https://rusi.org")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("e,2023-08-15,,t,k,,,,", "row 2 column disclosed: is empty"),
        ("e,soon,2023,t,k,,,,", "row 2 column date: .*not a date"),
        ("e,2023,2023,,k,,,,", "column title: is empty"),
        ("e,2023,2023,t,k,perhaps,,,", "column approximate: 'perhaps'"),
        ("e,2023,2023,t,k,,,ftp://x,", "column url"),
        ("e,2023,2023,t,k,,,,\ne,2023,2023,t,k,,,,", "row 3 column id: 'e' is there twice"),
    ],
)
def test_event_faults_are_told(tmp_path, row, words):
    with pytest.raises(SiteError, match=words):
        events(tmp_path, row)
