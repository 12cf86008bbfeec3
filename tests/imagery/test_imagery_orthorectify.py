"""An image with RPCs or control points on the ground, against positions worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.control import GroundControlPoint
from rasterio.rpc import RPC

from yardwatch.errors import SceneError
from yardwatch.imagery.describe import bare_scene
from yardwatch.imagery.metadata import Details
from yardwatch.imagery.orthorectify import orthorectified
from yardwatch.imagery.receive import receive

SIDE, GSD = 400, 0.5
LAT, LON = -48.9, -123.4
DLAT = SIDE * GSD / 111_195 / 2
DLON = SIDE * GSD / (111_195 * np.cos(np.radians(LAT))) / 2
LEAN = 0.2
"""Half widths the image moves to the right with 100 m of height: 40 pixels, 20 m, off-nadir 11.3°."""
MARK = (100, 200)
"""Row and column of the upper left corner of a bright square of 10 × 10."""


def terms(**numbers):
    given = [0.0] * 20
    for term, value in numbers.items():
        given[int(term[1:])] = value
    return given


def camera(**changed):
    """line = −lat, sample = lon + LEAN · height, in half sizes; terms in the order of RPC00B: 1, lon, lat, height, …"""
    numbers = {
        "height_off": 0.0, "height_scale": 100.0, "lat_off": LAT, "lat_scale": DLAT, "long_off": LON,
        "long_scale": DLON, "line_off": SIDE / 2 - 0.5, "line_scale": SIDE / 2, "samp_off": SIDE / 2 - 0.5,
        "samp_scale": SIDE / 2, "line_num_coeff": terms(c2=-1.0), "line_den_coeff": terms(c0=1.0),
        "samp_num_coeff": terms(c1=1.0, c3=LEAN), "samp_den_coeff": terms(c0=1.0), "err_bias": 0.0, "err_rand": 0.0,
    }  # fmt: skip
    return RPC(**numbers | changed)


@pytest.fixture
def picture():
    data = np.full((1, SIDE, SIDE), 50, np.uint8)
    data[0, MARK[0] : MARK[0] + 10, MARK[1] : MARK[1] + 10] = 250
    return data


@pytest.fixture
def with_rpcs(make_raster, picture):
    def make(name="rpc.tif", data=picture, **changed):
        path = make_raster(name, data, crs=None, transform=rasterio.Affine.identity())
        with rasterio.open(path, "r+") as out:
            out.rpcs = camera(**changed)
        return path

    return make


@pytest.fixture
def with_points(make_raster, picture):
    """Control points of a north-up image in UTM, at CORNER; `off` moves the last one by so many metres."""

    def make(off=0.0, keep=5):
        path = make_raster("gcp.tif", picture, crs=None, transform=rasterio.Affine.identity())
        corners = [(0, 0), (0, SIDE), (SIDE, SIDE), (SIDE, 0), (SIDE / 2, SIDE / 2)][:keep]
        points = [GroundControlPoint(row=r, col=c, x=470_300 + c * GSD, y=4_583_700 - r * GSD) for r, c in corners]
        points[-1].x += off
        with rasterio.open(path, "r+") as out:
            out.gcps = (points, rasterio.CRS.from_epsg(32710))
        return path

    return make


def mark_of(path):
    """Ground position of the bright square's middle."""
    with rasterio.open(path) as image:
        rows, columns = np.nonzero(image.read(1) > 150)
        return image.crs.to_epsg(), image.xy(rows.mean(), columns.mean())


@pytest.mark.parametrize("height", [0.0, 30.0, 100.0])
def test_rpcs_put_a_mark_where_it_lies(with_rpcs, tmp_path, height):
    epsg, (x, y) = mark_of(orthorectified(with_rpcs(), height, tmp_path / "out.tif"))
    row, column = MARK[0] + 4.5, MARK[1] + 4.5  # centres of pixels, which RPCs count from
    lat = LAT - (row - (SIDE / 2 - 0.5)) / (SIDE / 2) * DLAT
    lon = LON + ((column - (SIDE / 2 - 0.5)) / (SIDE / 2) - LEAN * height / 100) * DLON
    wanted = Transformer.from_crs(4326, 32710, always_xy=True).transform(lon, lat)
    assert epsg == 32710
    assert np.hypot(x - wanted[0], y - wanted[1]) < 0.15


def test_a_wrong_height_moves_the_image_as_the_page_says(with_rpcs, tmp_path):
    at = [mark_of(orthorectified(with_rpcs(), h, tmp_path / f"{h}.tif"))[1] for h in (0.0, 10.0)]
    off_nadir = np.arctan(LEAN * SIDE / 2 * GSD / 100)
    assert np.hypot(at[1][0] - at[0][0], at[1][1] - at[0][1]) == pytest.approx(10 * np.tan(off_nadir), abs=0.1)


def test_what_lies_outside_is_not_visible(with_rpcs, tmp_path):
    out = orthorectified(with_rpcs(), 0.0, tmp_path / "out.tif")
    with rasterio.open(out) as image:
        alpha = image.read(image.count)
        assert (image.read(1)[alpha == 0] == 0).all()
        assert 0.9 < (alpha == 255).mean() < 1.0


def test_control_points_put_a_mark_where_it_lies(with_points, tmp_path):
    epsg, (x, y) = mark_of(orthorectified(with_points(), 0.0, tmp_path / "out.tif"))
    wanted = (470_300 + (MARK[1] + 5) * GSD, 4_583_700 - (MARK[0] + 5) * GSD)
    assert epsg == 32710
    assert np.hypot(x - wanted[0], y - wanted[1]) < 0.05


def test_refused_without_a_height_and_the_remedy_named(with_rpcs):
    with pytest.raises(SceneError, match=r"rpc\.tif.*RPCs only; orthorectify it first, or pass --height METRES"):
        bare_scene(with_rpcs())


@pytest.mark.parametrize(
    ("make", "height", "said"),
    [
        (lambda rpcs, points, plain: rpcs(), 9_500.0, "is outside -500 to 9000"),
        (lambda rpcs, points, plain: rpcs(), float("nan"), "is outside -500 to 9000"),
        (lambda rpcs, points, plain: points(off=20.0), 0.0, "control points lie .* pixels off a plane"),
        (lambda rpcs, points, plain: points(keep=2), 0.0, "has 2 control points, 3 are needed"),
        (lambda rpcs, points, plain: rpcs(lat_off=89.0), 0.0, "they are wrong"),
        (lambda rpcs, points, plain: plain, 0.0, "has no RPCs or control points to orthorectify by"),
    ],
)
def test_what_cannot_be_put_on_the_ground(with_rpcs, with_points, make_raster, picture, tmp_path, make, height, said):
    path = make(with_rpcs, with_points, make_raster("plain.tif", picture))
    with pytest.raises(SceneError, match=said):
        orthorectified(path, height, tmp_path / "out.tif")


def test_received_at_a_stated_height_the_original_kept(with_rpcs, tmp_path, now):
    import hashlib
    import json

    (tmp_path / "site").mkdir()
    path = with_rpcs()
    details = Details(acquired="2023-10-05", height_m=30.0)
    received = receive(path, tmp_path / "site", details, now=now, over=None)
    scene = received.scene
    folder = tmp_path / "site" / "scenes" / scene.id
    assert scene.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (folder / "original" / "rpc.tif").read_bytes() == path.read_bytes()
    assert (scene.crs, round(scene.gsd_m, 2)) == ("EPSG:32710", 0.5)
    item = json.loads((folder / f"{scene.id}.json").read_text())
    assert item["properties"]["yardwatch:orthorectified_at_m"] == 30.0
    assert not list((tmp_path / "site" / "scenes").glob(".*"))
