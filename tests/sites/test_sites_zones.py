"""Zones: versions, parents, aliases and outlines."""

import json

import pytest
import shapely

from yardwatch.errors import SiteError
from yardwatch.model import Zone
from yardwatch.sites.zones import name_lookup, read_zones, write_zones


def square(west, south, size):
    return shapely.box(west, south, west + size, south + size)


def zone(identity, polygon=None, **rest):
    return Zone(id=identity, polygon=polygon or square(0, 0, 1), **{"version": 1} | rest)


def file_of(tmp_path, *features):
    items = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(geometry))}
        for properties, geometry in features
    ]
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    return path


def test_round_trip(tmp_path):
    zones = (
        zone("facility", aliases=("The yard", "A, B"), approximate=True),
        zone("inner", square(0.2, 0.2, 0.5), parent="facility"),
        zone("inner", square(0.3, 0.3, 0.5), parent="facility", version=2),
    )
    path = tmp_path / "zones.geojson"
    write_zones(path, zones, {"facility": "as published"})
    got = read_zones(path)
    assert [(z.id, z.version, z.parent, z.aliases, z.approximate) for z in got] == [
        ("facility", 1, None, ("The yard", "A, B"), True),
        ("inner", 1, "facility", (), False),
        ("inner", 2, "facility", (), False),
    ]
    assert all(a.polygon.equals(b.polygon) for a, b in zip(got, zones, strict=True))
    assert json.loads(path.read_text())["features"][0]["properties"]["note"] == "as published"


def test_aliases_as_qgis_writes_them(tmp_path):
    path = file_of(
        tmp_path,
        ({"id": "a", "aliases": '["One", "Two"]', "fid": 1, "name": "x"}, square(0, 0, 1)),
        ({"id": "b", "aliases": "Three; Four", "version": 2.0, "approximate": "true"}, square(2, 0, 1)),
    )
    first, second = read_zones(path)
    assert (first.aliases, second.aliases, second.version, second.approximate) == (
        ("One", "Two"),
        ("Three", "Four"),
        2,
        True,
    )


def test_names_are_found_whatever_their_case(tmp_path):
    names = name_lookup([zone("facility", aliases=("Main Yard ",))])
    assert names == {"facility": "facility", "main yard": "facility"}


BOX = square(0, 0, 1)


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ([], "holds no zone"),
        ([({}, BOX)], "no usable 'id'"),
        ([({"id": "../x"}, BOX)], "no usable 'id'"),
        ([({"id": "a"}, shapely.Point(0, 0))], "Point where a polygon is due"),
        ([({"id": "a", "version": 0}, BOX)], "version '0'"),
        ([({"id": "a", "version": "one"}, BOX)], "version 'one'"),
        ([({"id": "a", "aliases": 3}, BOX)], "aliases '3'"),
        ([({"id": "a", "approximate": "maybe"}, BOX)], "true or false"),
        ([({"id": "a", "parnet": "b"}, BOX)], "'parnet'; write 'parent'"),
        ([({"id": "a", "parent": "b"}, BOX)], "unknown parent 'b'; known: a"),
        ([({"id": "a", "parent": "a"}, BOX)], "each other's parent"),
        ([({"id": "a", "parent": "b"}, BOX), ({"id": "b", "parent": "a"}, BOX)], "a → b → a"),
        ([({"id": "a"}, BOX), ({"id": "a"}, BOX)], "zone a version 1 is there twice"),
        ([({"id": "a"}, BOX), ({"id": "b", "aliases": ["A"]}, BOX)], "share the name 'A'"),
        ([({"id": "a"}, BOX), ({"id": "b", "parent": "a"}, square(0.9, 0.9, 1))], "only 1% inside its parent a"),
    ],
)
def test_faults_are_told(tmp_path, features, words):
    with pytest.raises(SiteError, match=words):
        read_zones(file_of(tmp_path, *features))


def test_a_child_may_stand_out_by_a_hand_s_tremor(tmp_path):
    nearly = shapely.box(0.5, 0.2, 1.01, 0.8)
    assert len(read_zones(file_of(tmp_path, ({"id": "a"}, BOX), ({"id": "b", "parent": "a"}, nearly)))) == 2
