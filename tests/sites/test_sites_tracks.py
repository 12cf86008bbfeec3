"""Tracks files."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.errors import SiteError
from yardwatch.model import Track
from yardwatch.sites.tracks import parse_gauge, read_tracks, write_tracks


def file_of(tmp_path, *features):
    items = [
        {"type": "Feature", "properties": p, "geometry": {"type": kind, "coordinates": c}} for p, kind, c in features
    ]
    path = tmp_path / "tracks.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    return path


A, B, C, D = [130.6, 42.42], [130.61, 42.42], [130.62, 42.42], [130.63, 42.43]


def test_ids_gauge_and_service(tmp_path):
    path = file_of(
        tmp_path,
        ({"track": 24, "gauge": "1435;1520", "service": "yard"}, "LineString", [A, B]),
        ({"id": "west"}, "LineString", [B, C]),
        ({}, "LineString", [C, D]),
    )
    got = read_tracks(path)
    assert [(t.id, t.gauge_mm, t.service) for t in got] == [
        ("24", 1435, "yard"),
        ("west", None, None),
        ("3", None, None),
    ]


def test_a_line_in_parts_is_joined_where_it_goes_on_and_parted_where_not(tmp_path):
    path = file_of(
        tmp_path,
        ({"track": 1}, "MultiLineString", [[A, B], [B, C]]),
        ({"track": 2}, "MultiLineString", [[A, B], [C, D]]),
    )
    got = read_tracks(path)
    assert [t.id for t in got] == ["1", "2.1", "2.2"]
    assert shapely.get_coordinates(got[0].line).tolist() == [A, B, C]


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ([], "holds no tracks"),
        ([({}, "LineString", [A])], "broken"),
        ([({}, "LineString", [A, A])], "one point or no length"),
        ([({}, "Point", A)], "Point where a line is due"),
        ([({"track": 1}, "LineString", [A, B]), ({"id": "1"}, "LineString", [C, D])], "two tracks are called '1'"),
    ],
)
def test_faults_are_told(tmp_path, features, words):
    with pytest.raises(SiteError, match=words):
        read_tracks(file_of(tmp_path, *features))


def test_a_site_may_have_no_tracks_yet(tmp_path):
    assert read_tracks(file_of(tmp_path), none_yet=True) == ()


@pytest.mark.parametrize(
    ("text", "gauge"),
    [
        ("1435", 1435),
        ("1435;1520", 1435),
        ("1520 ; 1435", 1520),
        (1520, 1520),
        ("14", None),
        ("wide", None),
        (None, None),
        ("9999", None),
    ],
)
def test_gauge(text, gauge):
    assert parse_gauge(text) == gauge


def test_muttenz_has_its_24_tracks(data_dir):
    got = read_tracks(data_dir / "muttenz" / "northeast_tracks.geojson")
    assert sorted(int(track.id) for track in got) == list(range(1, 25))


point = st.tuples(st.floats(130, 131), st.floats(42, 43))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(point, min_size=2, max_size=5, unique_by=lambda p: (round(p[0], 4), round(p[1], 4))),
    st.sampled_from([None, 1520]),
)
def test_round_trip(tmp_path_factory, points, gauge):
    path = tmp_path_factory.mktemp("t") / "tracks.geojson"
    track = Track(id="7-1.2", line=shapely.LineString(points), gauge_mm=gauge, service="siding")
    write_tracks(path, [track])
    (got,) = read_tracks(path)
    assert (got.id, got.gauge_mm, got.service) == (track.id, gauge, "siding")
    assert shapely.hausdorff_distance(got.line, track.line) < 2e-8
