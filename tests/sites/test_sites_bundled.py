"""The bundled sites: every published row is there once, in the role the case's rules give it."""

import csv
from collections import Counter
from datetime import date

import pytest
import shapely

from yardwatch.ground import Frame
from yardwatch.model import DateSpan, Role
from yardwatch.sites.events import read_events, write_events
from yardwatch.sites.folder import bundled_sites, open_site
from yardwatch.sites.zones import name_lookup


@pytest.fixture(scope="module")
def tumangang():
    return open_site("tumangang").site


@pytest.fixture(scope="module")
def khasan():
    return open_site("khasan").site


def rows(name):
    with (bundled_sites()[name] / "record.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def the(site, day, **wanted):
    found = [o for o in site.record if str(o.when) == day and all(getattr(o, k) == v for k, v in wanted.items())]
    assert len(found) == 1
    return found[0]


def published(row):
    """Date, place, quantity and unit as the source has them."""
    marker = "as published: "
    said = row["note"].partition(marker)[2] if marker in row["note"] else f"{row['quantity']} {row['unit']}"
    return row["date"], row["place"], said.strip()


def test_all_fifty_rows_of_the_source_are_there_once(data_dir):
    with (data_dir / "record" / "tumangang_observations.csv").open(encoding="utf-8", newline="") as stream:
        source = list(csv.DictReader(stream))
    ours = [*rows("tumangang"), *rows("khasan")]
    assert len(source) == 50
    wanted = Counter((r["date"], r["site"], f"{r['quantity']} {r['unit']}".strip()) for r in source)
    assert Counter(published(row) for row in ours) == wanted
    assert {r["url"] for r in source} == {r["url"] for r in ours}
    assert Counter(r["quote"] for r in source) == Counter(r["quote"] for r in ours)
    assert {(r["date"], r["site"], r["lower"], r["upper"]) for r in source} == {
        (r["date"], r["place"], r["lower"], r["upper"]) for r in ours
    }


def test_all_fourteen_events_are_there(data_dir, tumangang, khasan):
    with (data_dir / "record" / "tumangang_events.csv").open(encoding="utf-8", newline="") as stream:
        source = list(csv.DictReader(stream))
    wanted = {
        (DateSpan.parse(r["event_date"].removesuffix(" (approx)")), DateSpan.parse(r["disclosed_date"]), r["event"])
        for r in source
    }
    assert {(e.when, e.disclosed, e.title) for e in tumangang.events} == wanted
    assert {e.id for e in khasan.events} < {e.id for e in tumangang.events}


def test_every_row_has_a_source_a_basis_and_its_place_in_time():
    for name in ("tumangang", "khasan"):
        site = open_site(name).site
        assert all(o.source and o.source.publisher and o.source.url and o.basis for o in site.record)
        assert not any(o.own or o.synthetic for o in site.record)
        days = [o.when.earliest for o in site.record]
        assert days == sorted(days)
        assert [e.when.earliest for e in site.events] == sorted(e.when.earliest for e in site.events)
    assert (len(rows("tumangang")), len(rows("khasan"))) == (40, 10)


def test_the_case_s_key_rows(tumangang):
    seventy_three = the(tumangang, "2023-10-05", unit="cars")
    assert (seventy_three.value, seventy_three.lower, seventy_three.upper) == (73, None, None)
    assert (seventy_three.zone, seventy_three.role) == ("facility", Role.OBSERVATION)
    (bound,) = [o for o in tumangang.record if o.role is Role.BOUND]
    assert (bound.value, bound.lower, bound.upper, bound.zone, bound.unit) == (None, None, 20, "facility", "cars")
    assert bound.when == DateSpan(date(2018, 10, 1), date(2023, 10, 31))
    total = the(tumangang, "2024-06-17", role=Role.OBSERVATION)
    assert (total.value, total.unit, total.basis, total.zone) == (255, "cars", "derived", "facility")
    assert the(tumangang, "2023-09-14").value == 0
    assert the(tumangang, "2023-09-22").value == 500
    onset = the(tumangang, "2023-09-18")
    assert (onset.role, onset.zone, onset.value) == (Role.CONTEXT, "facility", None)


def test_no_about_is_added_to_a_number_its_source_gives_outright(tumangang, khasan):
    """Each quote gives the number itself; where it says about, approximately, over or at least, the row does not."""
    hedges = ("about", "approximately", "Over 50,000", "more than", "at least", "estimated", "approximate")
    for site in (tumangang, khasan):
        for row in site.record:
            if row.outright:
                assert not any(word in row.source.quote for word in hedges), row.id
            if row.value is not None and any(word in row.source.quote for word in hedges):
                assert not row.outright
    assert the(tumangang, "2014-03-01/2014-03-31", unit="cars").outright
    assert not the(tumangang, "2023-10-05", unit="cars").outright


def test_totals_are_the_sums_of_their_freight_classes_alone(tumangang, khasan):
    for site, total in ((tumangang, 255), (khasan, 149)):
        classes = [o for o in site.record if o.role is Role.CLASS]
        assert sum(o.value for o in classes if o.unit == "cars") == total
        assert {o.kind for o in classes if o.unit == "cars"} == {"ore", "box", "tank"}
        assert {o.kind for o in classes if o.unit != "cars"} <= {"locomotive", "maintenance", "coach"}


def test_lengths_and_their_cross_checks_agree(tumangang):
    """By hand: metres ÷ 13.92 m a wagon, rounded; 16.44 and 12.02 m give the ends."""
    for day in ("2023-09-24", "2023-10-06"):
        metres = the(tumangang, day, unit="metres of train", zone="voa-stop")
        check = the(tumangang, day, role=Role.CROSS_CHECK, zone="voa-stop")
        assert (check.value, check.lower, check.upper) == tuple(
            round(metres.value / pitch) for pitch in (13.92, 16.44, 12.02)
        )
        assert check.basis == "length / wagon pitch"


def test_looks_in_cars_by_zone(tumangang, khasan):
    looks = {
        (o.zone, str(o.when), o.value)
        for site in (tumangang, khasan)
        for o in site.record
        if o.role is Role.OBSERVATION and o.unit == "cars"
    }
    assert looks == {
        ("freight-handling", "2022-11-04", 3),
        ("freight-handling", "2022-11-30", 8),
        ("depot-north", "2023-09-14", 0),
        ("facility", "2023-10-05", 73),
        ("facility", "2024-06-17", 255),
        ("station", "2022-11-04", 3),
        ("station", "2022-11-29", 8),
        ("station", "2024-06-17", 149),
    }


def test_movements_and_other_places_are_context(tumangang, khasan):
    for site in (tumangang, khasan):
        zones = {zone.id for zone in site.zones}
        elsewhere = [o for o in site.record if o.zone not in zones]
        assert {o.role for o in elsewhere} == {Role.CONTEXT}
    assert the(tumangang, "2014-03-01/2014-03-31", unit="cars").value == 65


def test_places_are_aliases_of_their_zone():
    for name in ("tumangang", "khasan"):
        names = name_lookup(open_site(name).site.zones)
        for row in rows(name):
            assert not row["zone"] or names[row["place"].casefold()] == row["zone"]


def test_zones_are_approximate_distinct_and_in_their_place(tumangang, khasan):
    assert all(zone.approximate for site in (tumangang, khasan) for zone in site.zones)
    assert tumangang.children("facility") == ("depot-north", "freight-handling", "voa-stop")
    parent = tumangang.zone("facility").polygon
    assert parent.contains(shapely.Point(130.6081, 42.4214))
    children = [tumangang.zone(child).polygon for child in tumangang.children("facility")]
    assert all(parent.contains(child) for child in children)
    assert shapely.union_all(children).area == pytest.approx(sum(child.area for child in children))
    assert Frame(130.61, 42.42).to_ground(parent).area == pytest.approx(1600 * 600, rel=0.002)
    assert khasan.zone("station").polygon.contains(shapely.Point(130.6453, 42.4281))
    assert not khasan.zone("station").polygon.intersects(parent)


def test_the_closure_is_a_declared_break_of_33_months(tumangang, khasan):
    for site in (tumangang, khasan):
        (closure,) = site.breaks
        assert (closure.id, closure.first, closure.last) == ("closure", date(2020, 2, 1), date(2022, 10, 31))
    months = (closure.last.year - closure.first.year) * 12 + closure.last.month - closure.first.month + 1
    assert months == 33


def test_the_rival_event_and_the_late_disclosures(tumangang):
    events = {event.id: event for event in tumangang.events}
    rival = events["rajin-dunai-voyages"]
    assert rival.approximate
    assert rival.when == DateSpan.on(date(2023, 8, 15))
    assert rival.disclosed == DateSpan.on(date(2023, 10, 16))
    assert events["five-car-train"].disclosed == DateSpan.on(date(2023, 1, 20))
    assert [event.id for event in tumangang.events if event.approximate] == ["rajin-dunai-voyages"]


def test_bundled_events_survive_being_written(tmp_path):
    events = open_site("tumangang").site.events
    write_events(tmp_path / "events.csv", events)
    assert read_events(tmp_path / "events.csv") == events
