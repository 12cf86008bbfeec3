"""Where a raster lies and how large its pixels are, against the ellipsoid worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint

from yardwatch.errors import SceneError
from yardwatch.imagery.raster import open_raster

A, E2 = 6378137.0, 0.00669437999014  # WGS 84


def radii(lat_deg: float) -> tuple[float, float]:
    """Meridian and prime-vertical radius of curvature."""
    sin2 = math.sin(math.radians(lat_deg)) ** 2
    return A * (1 - E2) / (1 - E2 * sin2) ** 1.5, A / math.sqrt(1 - E2 * sin2)


def blank(height=60, width=80):
    return np.full((1, height, width), 100, np.uint8)


def info_of(path, crs=None):
    with open_raster(path, crs) as raster:
        return raster.info


def test_web_mercator_pixels_are_measured_on_the_ground(make_raster):
    lat = 42.42
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(130.6, lat)
    path = make_raster("m.tif", blank(), crs="EPSG:3857", transform=Affine(0.6, 0, x - 24, 0, -0.6, y + 18))
    along_row, along_column = info_of(path).pixel_m
    meridian, normal = radii(lat)
    # a Mercator metre is cos φ · R(φ)/a on the ground
    assert along_row == pytest.approx(0.6 * math.cos(math.radians(lat)) * normal / A, rel=1e-5)
    assert along_column == pytest.approx(0.6 * math.cos(math.radians(lat)) * meridian / A, rel=1e-5)
    assert info_of(path).gsd_m == pytest.approx(0.4436, abs=2e-4)  # nowhere near 0.6


def test_degrees_are_measured_on_the_ground(make_raster):
    lat, pixel = 42.42, 5e-6
    path = make_raster(
        "d.tif", blank(), crs="EPSG:4326", transform=Affine(pixel, 0, 130.6, 0, -pixel, lat + 30 * pixel)
    )
    along_row, along_column = info_of(path).pixel_m
    meridian, normal = radii(lat)
    assert along_row == pytest.approx(math.radians(pixel) * normal * math.cos(math.radians(lat)), rel=1e-5)
    assert along_column == pytest.approx(math.radians(pixel) * meridian, rel=1e-5)
    assert info_of(path).gsd_m == along_column  # the coarser axis


@pytest.mark.parametrize(
    "transform",
    [
        Affine(0.5, 0, 470300, 0, 0.5, 4583600),  # south-up
        Affine(-0.5, 0, 470300, 0, -0.5, 4583600),  # mirrored
        Affine.translation(470300, 4583600) @ Affine.rotation(33) @ Affine.scale(0.5, -0.5),
    ],
)
def test_any_orientation_keeps_the_pixel_size(make_raster, transform):
    info = info_of(make_raster("o.tif", blank(), transform=transform))
    assert info.pixel_m == pytest.approx((0.5, 0.5), rel=5e-4)  # UTM's scale is 0.9996 here
    assert info.footprint.is_valid
    x, y = pyproj.Transformer.from_crs(32710, 4326, always_xy=True).transform(*(transform @ (40, 30)))
    assert (info.footprint.centroid.x, info.footprint.centroid.y) == pytest.approx((x, y), abs=1e-7)


def test_utm_scale_is_taken_out(make_raster):
    info = info_of(make_raster("u.tif", blank(), transform=Affine(0.5, 0, 500000, 0, -0.5, 4583600)))
    assert info.gsd_m == pytest.approx(0.5 / 0.9996, rel=1e-6)  # on the central meridian


def test_unequal_pixels_give_the_coarser(make_raster):
    info = info_of(make_raster("a.tif", blank(), transform=Affine(0.5, 0, 470300, 0, -2.0, 4583600)))
    assert info.gsd_m == pytest.approx(2.0, rel=5e-4)


def test_no_crs_says_what_to_pass(make_raster):
    path = make_raster("bare.tif", blank(), crs=None)
    with pytest.raises(SceneError, match=r"bare\.tif has no coordinate reference system; pass --crs EPSG:"):
        info_of(path)
    assert info_of(path, "EPSG:32710").crs == "EPSG:32710"


def test_given_crs_goes_before_the_files_own(make_raster):
    path = make_raster("w.tif", blank(), crs="EPSG:32610")
    assert info_of(path).footprint.centroid.y > 0
    assert info_of(path, "EPSG:32710").footprint.centroid.y == pytest.approx(-48.89, abs=0.01)


@pytest.mark.parametrize("crs", ["EPSG:1", "nonsense", "", "EPSG:4978"])
def test_crs_that_is_none(make_raster, crs):
    with pytest.raises(SceneError, match="EPSG:32652"):
        info_of(make_raster("c.tif", blank()), crs)


def test_local_crs_has_no_place(make_raster):
    local = 'LOCAL_CS["site grid",UNIT["metre",1]]'
    with pytest.raises(SceneError, match="no place on the Earth"):
        info_of(make_raster("l.tif", blank(), crs=local))


def test_wrong_crs_is_off_the_earth_or_of_absurd_size(make_raster):
    with pytest.raises(SceneError, match="--crs"):
        info_of(make_raster("x.tif", blank()), "EPSG:4326")  # metres read as degrees


@pytest.mark.parametrize(
    "transform", [Affine(0.5, 0.5, 470300, 0.5, 0.5, 4583600), Affine(0, 0, 470300, 0, 0, 4583600)]
)
def test_flat_geotransform(make_raster, transform):
    with pytest.raises(SceneError, match=r"makes no sense|no georeference"):
        info_of(make_raster("f.tif", blank(), transform=transform))


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_no_georeference_at_all(make_raster):
    with pytest.raises(SceneError, match="no georeference"):
        info_of(make_raster("n.tif", blank(), transform=None))


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_control_points_alone_are_not_enough(tmp_path):
    path = tmp_path / "gcp.tif"
    points = [GroundControlPoint(r, c, 470300 + c, 4583600 - r) for r, c in [(0, 0), (0, 79), (59, 0), (59, 79)]]
    shape = {"driver": "GTiff", "count": 1, "height": 60, "width": 80, "dtype": "uint8"}
    with rasterio.open(path, "w", **shape, gcps=points, crs="EPSG:32710") as out:
        out.write(blank())
    with pytest.raises(SceneError, match="orthorectif"):
        info_of(path, "EPSG:32710")


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("suffix", [".pgw", ".PGW", ".wld"])
def test_png_with_world_file(make_raster, tmp_path, suffix):
    path = make_raster("p.png", blank(), driver="PNG", crs=None, transform=None)
    # a world file gives the centre of the first pixel
    (tmp_path / "p").with_suffix(suffix).write_text("0.5\n0\n0\n-0.5\n470300.25\n4583699.75\n")
    info = info_of(path, "EPSG:32710")
    assert info.transform.almost_equals(Affine(0.5, 0, 470300, 0, -0.5, 4583700))


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_broken_world_file(make_raster, tmp_path):
    path = make_raster("p.png", blank(), driver="PNG", crs=None, transform=None)
    (tmp_path / "p.pgw").write_text("not numbers")
    with pytest.raises(SceneError, match="world file"):
        info_of(path, "EPSG:32710")


def test_wkt_where_there_is_no_code(make_raster):
    own = "+proj=tmerc +lat_0=-48.9 +lon_0=-123.4 +k=1 +datum=WGS84 +units=m"
    info = info_of(make_raster("t.tif", blank(), crs=own, transform=Affine(0.5, 0, 0, 0, -0.5, 0)))
    assert not info.crs.startswith("EPSG:")
    assert info.footprint.bounds[0] == pytest.approx(-123.4)
    assert info.footprint.bounds[3] == pytest.approx(-48.9)
