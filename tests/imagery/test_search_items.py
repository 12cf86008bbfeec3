"""Items of a strange catalogue: what is missing or lies is noted, never believed, and never raises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.imagery.local_stac import item

from yardwatch.errors import InputError
from yardwatch.ground import Frame
from yardwatch.imagery.fetching.addresses import is_private, plain, resolved, shown
from yardwatch.imagery.search.assets import chosen, images
from yardwatch.imagery.search.found import found
from yardwatch.imagery.search.places import covered, footprint

BASE = "https://stac.example.org/v1/"
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
BOX = (10.0, 47.0, 10.1, 47.1)


def read(**properties):
    return found(item("a", BOX, **properties), BASE)


def test_a_full_item():
    assets = {"visual": {"href": "https://x.org/a.tif", "type": COG, "roles": ["visual"]}}
    said = {"eo:cloud_cover": 12, "view:off_nadir": 7.5, "view:sun_elevation": 40, "view:sun_azimuth": 160}
    one = read(datetime="2023-10-05T02:11:00Z", gsd=0.5, platform="Sat 1", assets=assets, **said)
    assert one.when == "2023-10-05"
    assert one.acquired.at == datetime(2023, 10, 5, 2, 11, tzinfo=UTC)
    assert (one.sensor, one.gsd_m, one.cloud_percent, one.off_nadir_deg) == ("Sat 1", 0.5, 12.0, 7.5)
    assert one.footprint.equals(shapely.box(*BOX))
    assert one.notes == ()


@pytest.mark.parametrize(
    ("start", "end", "when", "precision"),
    [
        ("2023-10-05T02:11:00Z", "2023-10-05T02:11:40Z", "2023-10-05", "instant"),
        ("2023-10-05T00:00:00Z", "2023-10-05T23:59:59Z", "2023-10-05", "day"),
        ("2023-10-03T00:00:00Z", "2023-10-28T00:00:00Z", "2023-10", "month"),
        ("2023-02-01T00:00:00Z", "2023-10-28T00:00:00Z", "2023", "year"),
    ],
)
def test_datetime_null_with_a_range(start, end, when, precision):
    one = read(start_datetime=start, end_datetime=end)
    assert (one.when, one.acquired.precision) == (when, precision)


@pytest.mark.parametrize(
    ("said", "when", "note"),
    [
        (
            {"start_datetime": "2021-01-01T00:00:00Z", "end_datetime": "2023-01-01T00:00:00Z"},
            "2021-01-01/2023-01-01",
            "no one look",
        ),
        (
            {"start_datetime": "2023-01-01T00:00:00Z", "end_datetime": "2021-01-01T00:00:00Z"},
            "unknown",
            "does not say when",
        ),
        ({"start_datetime": "2021-01-01T00:00:00Z"}, "unknown", "does not say when"),
        ({"datetime": "yesterday"}, "unknown", "does not say when"),
        ({"datetime": 20210101}, "unknown", "does not say when"),
        ({"datetime": "0001-01-01T00:00:00Z"}, "unknown", "does not say when"),
        ({}, "unknown", "does not say when"),
    ],
)
def test_dates_that_are_none_give_no_date(said, when, note):
    one = read(**said)
    assert (one.acquired, one.when) == (None, when)
    assert note in " ".join(one.notes)


def test_a_full_midnight_is_a_day_and_a_provider_of_years_gives_years():
    assert read(datetime="2021-06-01T00:00:00Z").acquired.precision == "day"
    one = found(item("a", BOX, datetime="2021-01-01T00:00:00Z"), BASE, "year")
    assert (one.when, one.acquired.precision) == ("2021", "year")


@pytest.mark.parametrize("gsd", [0, -1, "half", None, True, float("nan"), [0.5], 1e9])
def test_a_gsd_that_makes_no_sense_is_unknown(gsd):
    assets = {"a": {"href": "https://x.org/a.tif", "type": COG}}
    one = read(gsd=gsd, datetime="2021-06-01T10:00:00Z", assets=assets)
    assert one.gsd_m is None
    assert ("its gsd makes no sense" in one.notes) == (gsd is not None)


@pytest.mark.parametrize("value", ["high", -5, 101, None, True, {}])
def test_cloud_and_angles_that_make_no_sense_are_unknown(value):
    one = read(**{"eo:cloud_cover": value, "view:off_nadir": value if value != -5 else 95, "view:sun_elevation": "x"})
    assert (one.cloud_percent, one.off_nadir_deg, one.sun_elevation_deg) == (None, None, None)


def test_across_the_antimeridian_by_bbox_and_by_ring():
    """179.5° E to 179.5° W is one degree wide, whichever way it is written."""
    wide = shapely.union_all([shapely.box(179.5, -17, 180, -16), shapely.box(-180, -17, -179.5, -16)])
    by_bbox, _ = footprint({"bbox": [179.5, -17, -179.5, -16]})
    ring = [[179.5, -17], [-179.5, -17], [-179.5, -16], [179.5, -16], [179.5, -17]]
    by_ring, _ = footprint({"geometry": {"type": "Polygon", "coordinates": [ring]}})
    beyond, _ = footprint({"geometry": {"type": "Polygon", "coordinates": [[[x % 360, y] for x, y in ring]]}})
    for outline in (by_bbox, by_ring, beyond):
        assert outline.symmetric_difference(wide).area == pytest.approx(0, abs=1e-9)
    zone = shapely.box(179.6, -16.6, 179.7, -16.5)
    assert covered(by_ring, zone, Frame.around(zone)) == pytest.approx(1)
    zone = shapely.box(-179.6, -16.6, -179.4, -16.5)
    assert covered(by_bbox, zone, Frame.around(zone)) == pytest.approx(0.5, abs=1e-3)
    assert covered(by_bbox, shapely.box(0, -16.6, 0.1, -16.5), Frame(0, -16.5)) == 0


def test_coverage_by_hand():
    zone = shapely.box(10.0, 47.0, 10.02, 47.01)
    frame = Frame.around(zone)
    assert covered(shapely.box(10.005, 46, 11, 48), zone, frame) == pytest.approx(0.75, abs=1e-3)
    assert covered(shapely.box(12, 46, 13, 48), zone, frame) == 0
    assert covered(None, zone, frame) is None


@pytest.mark.parametrize(
    "said",
    [
        {"geometry": None, "bbox": None},
        {"geometry": {"type": "Polygon", "coordinates": "x"}, "bbox": [1, 2, 3]},
        {"geometry": {"type": "Point", "coordinates": [1, 2]}, "bbox": ["a", 0, 0, 0]},
        {"geometry": {"type": "Polygon", "coordinates": [[[0, 95], [1, 95], [1, 96], [0, 95]]]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[float("nan"), 5], [1, 5], [1, 6], [0, 5]]]}},
        {"geometry": {"type": "GeometryCollection", "geometries": []}, "bbox": [0, 5, 1, -5]},
    ],
)
def test_places_that_are_none(said):
    outline, notes = footprint(said)
    assert outline is None
    assert "it does not say where it lies" in notes


def test_a_bow_tie_is_mended():
    outline, _ = footprint({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}})
    assert outline.is_valid
    assert outline.area == pytest.approx(0.5)


def test_assets_in_order_and_by_name():
    bands = [{"name": name} for name in "RGB"]
    assets = {
        "thumb": {"href": "t.tif", "type": COG, "roles": ["thumbnail"]},
        "B04": {"href": "b4.tif", "type": COG},
        "ortho_2m": {"href": "2.tif", "type": COG, "gsd": 2, "eo:bands": bands},
        "ortho_10cm": {"href": "01.tif", "type": COG, "eo:gsd": 0.1, "eo:bands": bands},
        "visual": {"href": "v.jp2", "type": "image/jp2", "roles": ["visual"]},
        "meta": {"href": "m.xml", "type": "application/xml"},
        "broken": "text",
        "nowhere": {"type": COG},
    }
    seen = images(item("a", BOX, assets=assets), BASE)
    assert [asset.name for asset in seen] == ["visual", "ortho_10cm", "ortho_2m", "B04"]
    assert seen[1].href == "https://stac.example.org/v1/01.tif"
    assert chosen(seen, None, "a").name == "visual"
    assert chosen(seen, "B04", "a").name == "B04"
    with pytest.raises(InputError, match=r"a: has no image asset 'B99'; its images: visual, ortho_10cm"):
        chosen(seen, "B99", "a")
    with pytest.raises(InputError, match="names no image that can be read"):
        chosen((), None, "a")


@pytest.mark.parametrize(
    "href",
    [
        "file:///etc/passwd.tif",
        "/vsicurl/http://x/y.tif?",
        "s3://bucket/key.tif",
        "ftp://x.org/y.tif",
        "https://me:secret@x.org/y.tif",
        "javascript:alert(1).tif",
        "http://[::bad/y.tif",
        "gopher://x/1.tif",
    ],
)
def test_hrefs_that_lead_elsewhere_are_no_images(href):
    seen = images(item("a", BOX, assets={"a": {"href": href, "type": COG}}), BASE)
    assert all(asset.href.startswith("https://stac.example.org/") for asset in seen)  # `/vsicurl/…` is a path there
    assert len(seen) == (1 if href.startswith("/vsicurl") else 0)


def test_traversal_in_names_and_ids_stays_text():
    assets = {"../../etc/passwd": {"href": "../../../../etc/passwd.tif", "type": COG}}
    one = found(item("../../../home/x\x1b[31m", BOX, assets=assets), BASE)
    assert one.assets[0].href == "https://stac.example.org/etc/passwd.tif"
    assert "\x1b" not in one.id


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=10,
    ),
    st.sampled_from(["geometry", "bbox", "properties", "assets", "links", "id", "collection"]),
)
def test_no_item_whatsoever_raises(value, key):
    document = item("a", BOX, datetime="2023-10-05T02:11:00Z", assets={"a": {"href": "a.tif", "type": COG}})
    found({**document, key: value}, BASE)
    found({**document, "properties": dict.fromkeys(("datetime", "gsd", "eo:cloud_cover", "platform"), value)}, BASE)
    found(
        {
            **document,
            "assets": {"a": {"href": "a.tif", "type": value, "roles": value, "gsd": value, "eo:bands": value}},
        },
        BASE,
    )


def test_addresses():
    assert resolved("b/c.tif?x=1", "https://a.org/s/") == "https://a.org/s/b/c.tif?x=1"
    assert plain("https://a.org/x.tif?sig=secret#y") == "https://a.org/x.tif"
    assert "secret" not in shown("https://me:secret@a.org/x.tif?sig=secret")
    assert "\x1b" not in shown("https://a.org/\x1b[31mx")
    for host in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "localhost"):
        assert is_private(host)
    assert not is_private("8.8.8.8")
