"""Maps: the right place on Earth, to scale, no more exact than allowed, and nothing of a place that does not exist."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
import report_cases as cases
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from yardwatch.report.chart_kinds import MOST, kinds_chart
from yardwatch.report.maps import Ground, inset, overview
from yardwatch.report.page import render
from yardwatch.report.world import _flat, surroundings

TUMANGANG = (130.6, 42.42)


def kilometres(lon, lat, around):
    frame = f"+proj=aeqd +lon_0={around[0]} +lat_0={around[1]} +R=6371000"
    east, north = Transformer.from_crs("EPSG:4326", frame, always_xy=True).transform(lon, lat)
    return east / 1000, north / 1000


@given(st.floats(-179, 179), st.floats(-75, 75), st.floats(-12, 12), st.floats(-8, 8))
@settings(max_examples=60, deadline=None)
def test_places_lie_where_another_library_puts_them_on_the_same_sphere(lon, lat, east, north):
    sphere = f"+proj=aeqd +lon_0={lon} +lat_0={lat} +R=6371000 +type=crs"
    there = Transformer.from_crs("+proj=longlat +R=6371000 +type=crs", sphere, always_xy=True)
    wanted = np.array(there.transform(lon + east, lat + north)) / 1000
    assert _flat(np.array([[lon + east, lat + north]]), lon, lat)[0] == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize(
    ("name", "lon", "lat", "on_land"),
    [
        ("Pyongyang", 125.75, 39.03, True),
        ("Vladivostok's hinterland", 132.2, 43.6, True),
        ("Sapporo", 141.35, 43.0, True),
        ("the Sea of Japan", 134.5, 40.5, False),
        ("the Yellow Sea", 123.5, 38.0, False),
    ],
)
def test_land_is_land_and_sea_is_sea(name, lon, lat, on_land):
    found = surroundings(*TUMANGANG, 2400, 1500)
    assert found.land.contains(shapely.Point(kilometres(lon, lat, TUMANGANG))) is on_land, name


def test_the_armistice_line_is_disputed_and_the_yalu_is_not():
    found = surroundings(*TUMANGANG, 2400, 1500)
    line, river = (shapely.Point(kilometres(*at, TUMANGANG)) for at in ((127.5, 38.3), (125.3, 40.6)))
    assert line.distance(found.disputed) < 15
    assert line.distance(found.borders) > 100
    assert river.distance(found.borders) < 25


@pytest.mark.parametrize("lon", [-179.9, 179.9])
def test_the_date_line_cuts_nothing(lon):
    found = surroundings(lon, 66.0, 2400, 1500)
    west, _, east, _ = found.land.bounds
    assert west < -1000
    assert east > 700


def test_the_bundled_lines_are_small_and_name_their_source():
    file = resources.files("yardwatch.report") / "borders.json"
    text = file.read_text(encoding="utf-8")
    assert len(text.encode()) <= 150_000
    assert '"source":"Natural Earth' in text


def test_the_overview_names_each_zone_and_says_how_large_the_ground_is():
    chart = overview(Ground(site=cases.tumangang(), zone="facility"), "map")
    # by hand: 0.02° of longitude at 42.42° N is 0.02 × 111.32 × cos 42.42° = 1.643 km; 0.013° of latitude 1.444 km
    assert "1,64" in chart.alt
    assert "1,44" in chart.alt
    assert "zones 1 facility, 2 depot-north, 3 voa-stop" in chart.alt
    assert chart.notes == ("Approximate outlines, drawn from descriptions and not on an image: facility.",)


def test_a_public_edition_gives_the_place_no_more_exactly_than_the_site_allows():
    exact = inset(cases.tumangang(), None, "map")
    assert "42.42° N, 130.61° E" in exact.alt
    content = cases.published_case(edition="public", public_decimals=0)
    assert "42° N, 131° E" in render(content).view.main.inset.alt
    assert "42.42" not in render(content).view.main.inset.svg
    within = replace(content, edition="internal")
    assert "42.42° N" in render(within).view.main.inset.alt


def test_a_place_that_does_not_exist_is_on_no_map():
    assert render(cases.fictional_case()).view.main.inset is None


def test_maps_are_the_same_bytes_again():
    for _ in range(2):
        first, second = (inset(cases.tumangang(), None, "map").svg for _ in range(2))
        assert first == second
    ground = Ground(site=cases.tumangang(), zone="facility")
    assert overview(ground, "m").svg == overview(ground, "m").svg


def test_bars_by_kind_say_each_number_the_most_frequent_first():
    chart = kinds_chart({"tank": 3.0, "open": 40.0, "covered": 21.0}, "cars", "k")
    assert chart.alt == "Bars of freight cars by kind in the observed look: open 40, covered 21, tank 3."
    assert all(f">{number}</text>" in chart.svg.replace("\n", "") for number in (40, 21, 3))


def test_many_kinds_are_summed_and_none_is_refused():
    many = {f"kind {i:02d}": 30.0 - i for i in range(20)}
    chart = kinds_chart(many, "cars", "k")
    assert f"{20 - MOST} other kinds {sum(30 - i for i in range(MOST, 20)):.0f}" in chart.alt
    with pytest.raises(ValueError, match="need a kind"):
        kinds_chart({}, "cars", "k")
