"""What is known of an image: the user before the sidecar before the tags."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from yardwatch.errors import SceneError
from yardwatch.imagery.describe import bare_scene, describe
from yardwatch.imagery.metadata import Details, tagged
from yardwatch.imagery.sidecar import beside

IMD = """version = "28.3";
bandId = "P";
BEGIN_GROUP = IMAGE_1
\tsatId = "WV02";
\tfirstLineTime = 2023-10-05T02:11:32.123400Z;
\tmeanSunAz = 162.8;
\tmeanSunEl = 41.2;
\tmeanOffNadirViewAngle = 24.6;
END_GROUP = IMAGE_1
END;
"""
MAXAR_XML = """<?xml version="1.0"?><isd><IMD><BANDID>P</BANDID><IMAGE><SATID>GE01</SATID>
<FIRSTLINETIME>2022-03-04T02:00:00.5Z</FIRSTLINETIME><MEANSUNAZ>150</MEANSUNAZ><MEANSUNEL>33.5</MEANSUNEL>
<MEANOFFNADIRVIEWANGLE>11.0</MEANOFFNADIRVIEWANGLE></IMAGE></IMD></isd>"""
DIMAP = """<?xml version="1.0"?><Dimap_Document><Dataset_Sources><Source_Identification><Strip_Source>
<MISSION>PHR</MISSION><MISSION_INDEX>1A</MISSION_INDEX><IMAGING_DATE>2021-07-08</IMAGING_DATE>
<IMAGING_TIME>02:31:07.4Z</IMAGING_TIME></Strip_Source></Source_Identification></Dataset_Sources>
<Geometric_Data><Use_Area>
<Located_Geometric_Values><LOCATION_TYPE>Top Center</LOCATION_TYPE>
<Acquisition_Angles><VIEWING_ANGLE>9.0</VIEWING_ANGLE>
</Acquisition_Angles><Solar_Incidences><SUN_AZIMUTH>1.0</SUN_AZIMUTH></Solar_Incidences></Located_Geometric_Values>
<Located_Geometric_Values><LOCATION_TYPE>Center</LOCATION_TYPE><Acquisition_Angles><VIEWING_ANGLE>12.5</VIEWING_ANGLE>
</Acquisition_Angles><Solar_Incidences><SUN_AZIMUTH>151.2</SUN_AZIMUTH><SUN_ELEVATION>66.1</SUN_ELEVATION>
</Solar_Incidences></Located_Geometric_Values></Use_Area></Geometric_Data></Dimap_Document>"""
PLANET = {
    "id": "20200102_020202_1012",
    "type": "Feature",
    "properties": {
        "acquired": "2020-01-02T02:02:02.9Z", "satellite_id": "1012", "view_angle": -3.1, "sun_azimuth": 158.0,
        "sun_elevation": 22.0, "cloud_cover": 0.1,
    },
}  # fmt: skip


@pytest.fixture
def image(make_raster) -> Path:
    tags = {"TIFFTAG_DATETIME": "2018:01:01 00:00:00", "DATE_PRECISION": "year", "ATTRIBUTION": "© Someone"}
    return make_raster("scene.tif", np.full((1, 40, 50), 9, np.uint8), tags=tags)


def test_a_bare_file(image):
    scene = bare_scene(image)
    assert scene.id == "scene"
    assert scene.sha256 == hashlib.sha256(image.read_bytes()).hexdigest()
    assert (scene.acquired, scene.date_precision) == (datetime(2018, 1, 1, tzinfo=UTC), "year")
    assert scene.licence.attribution == "© Someone"
    assert not scene.licence.may_publish_pixels
    assert not scene.synthetic
    assert scene.gsd_m == pytest.approx(0.5, rel=1e-3)
    assert (scene.sensor, scene.off_nadir_deg) == (None, None)


def test_a_file_that_says_nothing(make_raster):
    scene = bare_scene(make_raster("quiet.tif", np.full((1, 40, 50), 9, np.uint8)))
    assert scene.acquired is None
    assert scene.licence.name == "not stated"


def test_the_user_goes_first(image):
    (image.parent / "scene.IMD").write_text(IMD)
    scene = bare_scene(image, acquired="2023-10", sensor="Mine", licence="CC-BY-4.0")
    assert (scene.acquired, scene.date_precision) == (datetime(2023, 10, 1, tzinfo=UTC), "month")
    assert scene.sensor == "Mine"
    assert scene.off_nadir_deg == 24.6  # of which the user said nothing
    assert scene.licence.may_publish_pixels  # the attribution is the file's


def test_a_bare_file_with_a_date_that_is_none(image):
    with pytest.raises(SceneError, match=r"scene\.tif: 'yesterday' is not a date"):
        bare_scene(image, acquired="yesterday")


@pytest.mark.parametrize("angle", [{"off_nadir_deg": 91}, {"sun_azimuth_deg": 361}, {"sun_elevation_deg": -91.0}])
def test_angles_that_cannot_be(image, angle):
    with pytest.raises(SceneError, match="outside"):
        describe(image, Details(**angle))


@pytest.mark.parametrize(
    ("image_name", "sidecar", "content", "expected"),
    [
        ("a.tif", "a.IMD", IMD, ("2023-10-05T02:11:32.1234", "WV02", 24.6, 162.8, 41.2)),
        ("a.tif", "a.imd", IMD, ("2023-10-05T02:11:32.1234", "WV02", 24.6, 162.8, 41.2)),
        ("a.tif", "a.XML", MAXAR_XML, ("2022-03-04T02:00:00.5", "GE01", 11.0, 150.0, 33.5)),
        (
            "IMG_PHR1A_P_001_R1C1.TIF",
            "DIM_PHR1A_P_001.XML",
            DIMAP,
            ("2021-07-08T02:31:07.4", "PHR 1A", 12.5, 151.2, 66.1),
        ),
        ("b_3B_Visual.tif", "b_metadata.json", json.dumps(PLANET), ("2020-01-02T02:02:02.9", "1012", 3.1, 158.0, 22.0)),
        ("c.tif", "c_metadata.json", json.dumps(PLANET), ("2020-01-02T02:02:02.9", "1012", 3.1, 158.0, 22.0)),
    ],
)
def test_vendor_sidecars(tmp_path, image_name, sidecar, content, expected):
    (tmp_path / image_name).touch()
    (tmp_path / sidecar).write_text(content)
    found = beside(tmp_path / image_name)
    at, sensor, off_nadir, azimuth, elevation = expected
    assert found.acquired.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert found.acquired.precision == "instant"
    assert (found.sensor, found.off_nadir_deg) == (sensor, off_nadir)
    assert (found.sun_azimuth_deg, found.sun_elevation_deg) == (azimuth, elevation)
    assert found.date_from == sidecar


def test_a_stac_item_beside(tmp_path):
    properties = {
        "datetime": "2021-05-06T01:02:03Z",
        "platform": "skysat-1",
        "view:off_nadir": 20.5,
        "view:sun_azimuth": -10,
    }
    (tmp_path / "s.json").write_text(json.dumps({"type": "Feature", "properties": properties}))
    found = beside(tmp_path / "s.tif")
    assert (found.sensor, found.off_nadir_deg, found.sun_azimuth_deg) == ("skysat-1", 20.5, 350)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.IMD", "satId = ; firstLineTime = never;"),
        ("x.xml", "<a><b></a>"),
        ("x.xml", '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><isd><SATID>&e;</SATID></isd>'),
        ("x.xml", '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><isd><SATID>&b;</SATID></isd>'),
        ("x.json", "{"),
        ("x.json", "[1, 2]"),
        ("x.json", '{"properties": {"acquired": 7, "view_angle": "steep", "sun_azimuth": 1e9, "satellite_id": {}}}'),
    ],
)
def test_sidecars_that_make_no_sense_say_nothing(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    found = beside(tmp_path / "x.tif")
    assert (found.acquired, found.sensor, found.off_nadir_deg, found.sun_azimuth_deg) == (None, None, None, None)


def test_a_sidecar_that_is_a_link_to_elsewhere_is_not_read(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    (tmp_path / "far" / "x.IMD").write_text(IMD)
    (tmp_path / "near" / "x.IMD").symlink_to(tmp_path / "far" / "x.IMD")
    assert beside(tmp_path / "near" / "x.tif").acquired is None


def test_an_endless_sidecar_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("yardwatch.imagery.sidecar.LARGEST_BYTES", 100)
    (tmp_path / "x.IMD").write_text(IMD)
    assert beside(tmp_path / "x.tif").acquired is None


def test_tags_best_first_and_without_nonsense():
    both = {
        "TIFFTAG_DATETIME": "2024:05:05 09:00:00",
        "ACQUISITIONDATETIME": "2023-10-05 02:11:00",
        "SATELLITEID": "WV03",
    }
    found = tagged(both)
    assert found.acquired.at == datetime(2023, 10, 5, 2, 11, tzinfo=UTC)
    assert (found.date_from, found.sensor) == ("tag ACQUISITIONDATETIME", "WV03")
    assert tagged({"TIFFTAG_DATETIME": "0000:00:00 00:00:00"}).acquired is None
    assert (
        tagged({"ACQUISITIONDATETIME": "?", "TIFFTAG_DATETIME": "2024:05:05 09:00:00"}).date_from
        == "tag TIFFTAG_DATETIME"
    )


@pytest.mark.parametrize(
    ("tag", "marked"), [("true", True), ("TRUE", True), ("1", True), ("false", False), ("", False)]
)
def test_the_synthetic_mark(make_raster, tag, marked):
    path = make_raster("s.tif", np.full((1, 40, 50), 9, np.uint8), tags={"YARDWATCH_SYNTHETIC": tag})
    assert bare_scene(path).synthetic is marked
    assert bare_scene(path, synthetic=True).synthetic
    assert bare_scene(path, synthetic=False).synthetic is marked  # it cannot be taken off


@pytest.mark.parametrize("address", ["https://example.org/a.tif", "s3://bucket/a.tif"])
def test_addresses_are_not_scenes(address):
    with pytest.raises(SceneError, match="download it first"):
        bare_scene(address)


def test_a_real_file(data_dir):
    scene = bare_scene(data_dir / "muttenz" / "west.tif", licence="swisstopo")
    assert (scene.acquired.year, scene.date_precision) == (2018, "year")
    assert re.search("swisstopo", scene.licence.attribution)
    assert scene.licence.may_publish_pixels
