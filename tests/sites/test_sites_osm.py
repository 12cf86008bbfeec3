"""One small yard in the four forms OpenStreetMap comes in must give the same tracks."""

import json

import osmium
import pytest
import shapely

from yardwatch.errors import SiteError, UnavailableError
from yardwatch.model import Zone
from yardwatch.sites.osm import import_tracks

NODES = {  # a main line 1–2–3–4, a siding 2–5–6, a road crossing nothing, a disused spur
    1: (130.600, 42.420),
    2: (130.604, 42.420),
    3: (130.608, 42.420),
    4: (130.620, 42.420),
    5: (130.606, 42.4205),
    6: (130.612, 42.4205),
    7: (130.604, 42.430),
}
WAYS = {
    100: ({"railway": "rail", "gauge": "1435;1520"}, [1, 2, 3, 4]),
    200: ({"railway": "rail", "service": "siding", "gauge": "1520"}, [2, 5, 6]),
    300: ({"highway": "service"}, [3, 5]),
    400: ({"railway": "disused"}, [3, 7]),
}
ZONES = (Zone(id="yard", version=1, polygon=shapely.box(130.590, 42.415, 130.616, 42.425)),)


def xml(nodes=NODES, ways=WAYS, tagged=()):
    def tags(items):
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in items)

    rows = [
        f'<node id="{i}" lon="{x}" lat="{y}" version="1">{tags(dict(tagged).get(i, {}).items())}</node>'
        for i, (x, y) in nodes.items()
    ]
    rows += [
        f'<way id="{i}" version="1">' + "".join(f'<nd ref="{n}"/>' for n in refs) + tags(t.items()) + "</way>"
        for i, (t, refs) in ways.items()
    ]
    return '<?xml version="1.0"?><osm version="0.6">' + "".join(rows) + "</osm>"


def as_osm(folder):
    path = folder / "yard.osm"
    path.write_text(xml())
    return path


def as_pbf(folder):
    path = folder / "yard.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for item in osmium.FileProcessor(str(as_osm(folder))):
            writer.add(item)
    return path


def overpass(folder, elements):
    path = folder / "yard.json"
    path.write_text(json.dumps({"version": 0.6, "elements": elements}))
    return path


def as_overpass_geom(folder):
    return overpass(
        folder,
        [
            {
                "type": "way",
                "id": i,
                "tags": t,
                "nodes": refs,
                "geometry": [{"lon": NODES[n][0], "lat": NODES[n][1]} for n in refs],
            }
            for i, (t, refs) in WAYS.items()
        ],
    )


def as_overpass_nodes(folder):
    nodes = [{"type": "node", "id": i, "lon": x, "lat": y} for i, (x, y) in NODES.items()]
    return overpass(
        folder, nodes + [{"type": "way", "id": i, "tags": t, "nodes": refs} for i, (t, refs) in WAYS.items()]
    )


def as_geojson(folder):
    path = folder / "yard.geojson"
    features = [
        {
            "type": "Feature",
            "id": f"way/{i}",
            "properties": {"@id": f"way/{i}"} | tags,
            "geometry": {"type": "LineString", "coordinates": [NODES[n] for n in refs]},
        }
        for i, (tags, refs) in WAYS.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


FORMS = [as_osm, as_pbf, as_overpass_geom, as_overpass_nodes, as_geojson]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_tracks(tmp_path, form):
    """By hand: the main line is split at node 2 (a siding leaves it) and cut at 130.616 E."""
    got = import_tracks(form(tmp_path), ZONES)
    assert [(t.id, t.gauge_mm, t.service) for t in got] == [
        ("100-1", 1435, None),
        ("100-2", 1435, None),
        ("200-1", 1520, "siding"),
    ]
    first, second, siding = (shapely.get_coordinates(t.line) for t in got)
    assert first == pytest.approx(shapely.get_coordinates(shapely.LineString([NODES[1], NODES[2]])))
    assert second == pytest.approx(shapely.get_coordinates(shapely.LineString([NODES[2], NODES[3], (130.616, 42.42)])))
    assert siding == pytest.approx(shapely.get_coordinates(shapely.LineString([NODES[2], NODES[5], NODES[6]])))


def test_a_redrawn_zone_renames_nothing_and_a_notch_gives_two_pieces(tmp_path):
    notched = ZONES[0].polygon - shapely.box(130.6055, 42.4195, 130.6065, 42.4202)
    got = import_tracks(as_osm(tmp_path), (Zone(id="yard", version=2, polygon=notched),))
    assert [t.id for t in got] == ["100-1", "100-2", "100-2.2", "200-1"]
    east = import_tracks(
        as_osm(tmp_path), (Zone(id="yard", version=3, polygon=shapely.box(130.605, 42.419, 130.616, 42.42025)),)
    )
    assert [t.id for t in east] == ["100-2", "200-1"] or [t.id for t in east] == ["100-2"]


def test_a_mapped_switch_splits_and_a_level_crossing_does_not(tmp_path):
    path = tmp_path / "x.osm"
    ways = {100: WAYS[100], 500: ({"railway": "rail"}, [7, 3, 8])}
    nodes = NODES | {8: (130.609, 42.417)}
    path.write_text(xml(nodes, ways, {3: {"railway": "railway_crossing"}, 2: {"railway": "switch"}}.items()))
    assert [t.id for t in import_tracks(path, ZONES)] == ["100-1", "100-2", "500-1"]
    path.write_text(xml(nodes, ways))
    assert [t.id for t in import_tracks(path, ZONES)] == ["100-1", "100-2", "500-1", "500-2"]


def test_two_ways_that_go_on_are_not_a_switch(tmp_path):
    path = tmp_path / "x.osm"
    path.write_text(xml(ways={1: ({"railway": "rail"}, [1, 2]), 2: ({"railway": "rail"}, [2, 3])}))
    assert [t.id for t in import_tracks(path, ZONES)] == ["1-1"]


def test_an_extract_cut_short_loses_only_what_it_lacks(tmp_path):
    path = tmp_path / "x.osm"
    path.write_text(xml({i: p for i, p in NODES.items() if i != 3}, {100: ({"railway": "rail"}, [1, 2, 3, 5, 6])}))
    got = import_tracks(path, ZONES)
    assert [shapely.get_num_points(t.line) for t in got] == [2, 2]


def test_a_ring_splits_where_it_closes_on_a_switch(tmp_path):
    path = tmp_path / "x.osm"
    path.write_text(xml(ways={9: ({"railway": "rail"}, [1, 2, 5, 3, 2])}))
    assert [t.id for t in import_tracks(path, ZONES)] == ["9-1", "9-2"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.osm", "junk", "broken"),
        ("x.osm.pbf", "", "broken"),
        ("x.osm", '<!DOCTYPE osm [<!ENTITY a "b">]><osm version="0.6"/>', "entities are not supported"),
        ("x.json", "{", "none of"),
        ("x.json", '{"elements": [{"type": "way"}]}', "holds no railway=rail"),
        ("x.json", '{"elements": 3}', "broken Overpass"),
        ("x.json", '{"elements": [{"type": "way", "id": 1, "tags": {"railway": "rail"}}]}', "broken Overpass"),
        (
            "x.json",
            '{"elements": [{"type": "way", "id": 1, "tags": {"railway": "rail"}, "nodes": []}]}',
            "lies inside|holds no",
        ),
        ("x.geojson", '{"type": "FeatureCollection", "features": []}', "holds no railway=rail"),
        ("x.osm", xml(ways={300: WAYS[300]}), "holds no railway=rail"),
    ],
)
def test_faults_are_told(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SiteError, match=words):
        import_tracks(path, ZONES)


def test_rail_elsewhere_is_told(tmp_path):
    far = (Zone(id="yard", version=1, polygon=shapely.box(10, 10, 10.1, 10.1)),)
    with pytest.raises(SiteError, match="none of its 2 ways of railway=rail lies inside the zones"):
        import_tracks(as_osm(tmp_path), far)


def test_a_missing_file_could_not_be_reached(tmp_path):
    with pytest.raises(UnavailableError, match="not there"):
        import_tracks(tmp_path / "none.osm.pbf", ZONES)


def test_ways_that_only_go_on_become_one_track_and_a_change_of_gauge_does_not(tmp_path):
    ways = {
        300: ({"railway": "rail", "gauge": "1520"}, [2, 3]),
        100: ({"railway": "rail", "gauge": "1520"}, [2, 1]),
        500: ({"railway": "rail", "gauge": "1435"}, [3, 4]),
    }
    path = tmp_path / "joints.osm"
    path.write_text(xml(ways=ways))
    tracks = import_tracks(path, ZONES)
    assert [(track.id, track.gauge_mm) for track in tracks] == [("100-1", 1520), ("500-1", 1435)]
    along = shapely.get_coordinates(tracks[0].line)[:, 0]
    assert sorted(along) == [NODES[1][0], NODES[2][0], NODES[3][0]]
    assert len(set(along)) == 3
