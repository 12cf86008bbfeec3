"""GeoJSON: both forms read, every fault told, round trips to a millimetre."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from yardwatch.errors import SiteError, UnavailableError
from yardwatch.sites.geojson import Feature, read_features, write_features


def written(tmp_path, document):
    path = tmp_path / "f.geojson"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def collection(geometry, crs=None):
    document = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}
    return document | ({"crs": {"type": "name", "properties": {"name": crs}}} if crs else {})


def line(*points):
    return {"type": "LineString", "coordinates": list(points)}


def polygon(*points):
    return {"type": "Polygon", "coordinates": [list(points)]}


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::2056", "EPSG:2056"])
def test_a_crs_member_is_obeyed(tmp_path, crs):
    east, north = Transformer.from_crs(4326, 2056, always_xy=True).transform([7.6, 7.61], [47.54, 47.55])
    path = written(tmp_path, collection(line([east[0], north[0]], [east[1], north[1]]), crs))
    got = read_features(path)[0].geometry
    assert shapely.get_coordinates(got) == pytest.approx(
        shapely.get_coordinates(shapely.LineString([(7.6, 47.54), (7.61, 47.55)])), abs=1e-7
    )


def test_crs84_and_heights_change_nothing(tmp_path):
    path = written(tmp_path, collection(line([130.6, 42.4, 12], [130.7, 42.5, 13]), "urn:ogc:def:crs:OGC:1.3:CRS84"))
    assert read_features(path)[0].geometry.wkt == "LINESTRING (130.6 42.4, 130.7 42.5)"


def test_muttenz_tracks_land_in_muttenz(data_dir):
    features = read_features(data_dir / "muttenz" / "northeast_tracks.geojson")
    assert len(features) == 24
    bounds = shapely.total_bounds([feature.geometry for feature in features])
    assert 7.6 < bounds[0] < bounds[2] < 7.7
    assert 47.5 < bounds[1] < bounds[3] < 47.6


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "not JSON"),
        ("[1]", "no GeoJSON"),
        ('{"type": "FeatureCollection"}', "without 'features'"),
        ("[" * 100000, "GeoJSON"),
        (collection(None), "no geometry"),
        (collection({"type": "Polygon", "coordinates": []}), "empty"),
        (collection(line([130.6, 42.4])), "broken 'LineString'"),
        (collection({"type": "Circle", "coordinates": [1, 2]}), "broken 'Circle'"),
        (collection(line(["a", "b"], [1, 2])), "broken"),
        (collection(line([42.4, 130.6], [42.5, 130.7])), "latitude and longitude look swapped"),
        (collection(line([2616124.3, 1264940.3], [2616135.4, 1264934.0])), "not degrees"),
        (collection(line([1, 2], [3, 4]), "EPSG:999999"), "CRS that is not known"),
        (collection(line([1, 2], [3, 4]), "+proj=longlat +nadgrids=/etc/passwd"), "CRS that is not known"),
        (collection(line([1e300, 2], [3, 4]), "EPSG:2056"), "outside its CRS"),
        (collection(polygon([0, 0], [1, 1], [1, 0], [0, 1], [0, 0])), "self-crossing"),
        ('{"type": "Point", "coordinates": [NaN, 1]}', "NaN"),
    ],
)
def test_faults_are_told(tmp_path, document, words):
    with pytest.raises(SiteError, match=words) as caught:
        read_features(written(tmp_path, document))
    assert "f.geojson" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_could_not_be_reached(tmp_path):
    with pytest.raises(UnavailableError, match=r"none.geojson cannot be read"):
        read_features(tmp_path / "none.geojson")


def test_an_empty_file_and_other_encodings_are_refused(tmp_path):
    path = tmp_path / "f.geojson"
    path.write_bytes(b"")
    with pytest.raises(SiteError, match="is empty"):
        read_features(path)
    path.write_bytes(b'{"type": "\xff"}')
    with pytest.raises(SiteError, match="not UTF-8"):
        read_features(path)


lonlat = st.tuples(st.floats(-179, 179), st.floats(-89, 89))


@settings(max_examples=40, deadline=None)
@given(st.lists(lonlat, min_size=2, max_size=6, unique=True), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_round_trip_keeps_lines_to_a_millimetre(tmp_path_factory, points, properties):
    path = tmp_path_factory.mktemp("g") / "f.geojson"
    write_features(path, [Feature(geometry=shapely.LineString(points), properties=properties)])
    got = read_features(path)[0]
    assert shapely.get_coordinates(got.geometry) == pytest.approx(
        shapely.get_coordinates(shapely.LineString(points)), abs=1e-8
    )
    assert got.properties == properties


def test_written_outlines_turn_anticlockwise_as_rfc_7946_wants(tmp_path):
    path = tmp_path / "f.geojson"
    write_features(path, [Feature(geometry=shapely.Polygon([(0, 0), (0, 1), (1, 1), (1, 0)]))])
    assert shapely.is_ccw(shapely.get_exterior_ring(read_features(path)[0].geometry))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=3) | st.integers(-200, 200),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Feature"]), json_values
)
def test_no_geometry_crashes_the_reader(tmp_path_factory, kind, coordinates):
    path = tmp_path_factory.mktemp("z") / "f.geojson"
    path.write_text(json.dumps(collection({"type": kind, "coordinates": coordinates, "geometries": coordinates})))
    try:
        features = read_features(path)
    except SiteError:
        return
    assert not features[0].geometry.is_empty
