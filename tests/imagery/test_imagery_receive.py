"""A file into a site: once, whole, hashed; what is refused leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pystac
import pytest
import rasterio
import rasterio.shutil
import shapely
from affine import Affine
from rasterio.enums import ColorInterp as C

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.ground import Frame
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.raster import open_raster
from yardwatch.imagery.receive import Details, receive
from yardwatch.model import Grid

FULL = Details(
    acquired="2023-10-05T02:11:00Z", sensor="WV02", licence="cc-by-4.0", attribution="© Someone", off_nadir_deg=17.5,
    sun_azimuth_deg=160.0, sun_elevation_deg=40.0,
)  # fmt: skip


@pytest.fixture
def site(tmp_path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def image(make_raster, texture) -> Path:
    return make_raster("scene.tif", texture)


def left_behind(site: Path) -> list[str]:
    return [str(p) for p in site.rglob("*") if p.is_file()]


def test_a_scene_is_stored_as_a_cog_with_its_item(image, site, now, site_over):
    received = receive(image, site, FULL, now=now, over=site_over)
    digest = hashlib.sha256(image.read_bytes()).hexdigest()
    scene = received.scene
    assert not received.already
    assert received.notes == ()
    assert scene.id == f"2023-10-05-{digest[:8]}"
    assert scene.sha256 == digest
    assert scene.acquired == datetime(2023, 10, 5, 2, 11, tzinfo=UTC)
    assert (scene.sensor, scene.off_nadir_deg, scene.sun_elevation_deg) == ("WV02", 17.5, 40.0)
    assert scene.licence.may_publish_pixels
    assert sorted(p.name for p in (site / "scenes").iterdir()) == [scene.id, "catalog.json"]
    with rasterio.open(image) as original, rasterio.open(scene.href) as cog:
        assert cog.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert cog.block_shapes[0] == (512, 512)
        assert cog.compression.name.lower() == "deflate"
        assert (cog.crs, cog.transform) == (original.crs, original.transform)
        assert (cog.read() == original.read()).all()
        assert cog.tags()["ATTRIBUTION"] == "© Someone"


def test_large_scenes_have_overviews(make_raster, textured, site, now):
    path = make_raster("large.tif", textured(700, 1100))
    scene = receive(path, site, FULL, now=now, over=None).scene
    with rasterio.open(scene.href) as cog:
        assert cog.overviews(1)


def test_the_item_is_stac_for_others(image, site, now, site_over):
    scene = receive(image, site, FULL, now=now, over=site_over).scene
    catalog = pystac.Catalog.from_file(str(site / "scenes" / "catalog.json"))
    (item,) = catalog.get_items()
    assert (item.id, item.datetime) == (scene.id, scene.acquired)
    properties = item.properties
    assert properties["gsd"] == pytest.approx(0.5, abs=1e-3)
    assert (properties["view:off_nadir"], properties["proj:code"]) == (17.5, "EPSG:32710")
    assert properties["proj:shape"] == [200, 300]
    assert properties["license"] == "CC-BY-4.0"
    assert properties["yardwatch:sha256"] == scene.sha256
    assert properties["yardwatch:synthetic"] is False
    assert shapely.geometry.shape(item.geometry).exterior.is_ccw  # RFC 7946
    assert item.bbox == pytest.approx(shapely.geometry.shape(item.geometry).bounds)
    asset = item.assets["image"]
    assert asset.href == f"./{scene.id}.tif"  # relative
    data = Path(scene.href).read_bytes()
    assert asset.extra_fields["file:checksum"] == "1220" + hashlib.sha256(data).hexdigest()
    assert Path(item.get_root().self_href) == site / "scenes" / "catalog.json"


def test_the_same_file_twice_is_told_and_changes_nothing(image, site, now, site_over, tmp_path):
    first = receive(image, site, FULL, now=now, over=site_over)
    before = {p: p.stat().st_mtime_ns for p in site.rglob("*")}
    copy = Path(shutil.copy(image, tmp_path / "another name.tif"))
    second = receive(copy, site, Details(), now=now, over=site_over)  # not even a date is asked for
    assert second.already
    assert second.scene == first.scene
    assert {p: p.stat().st_mtime_ns for p in site.rglob("*")} == before


@pytest.mark.parametrize(
    ("acquired", "start"), [("2018", "2018-"), ("2018-07", "2018-07-"), ("2018-07-03", "2018-07-03-")]
)
def test_dates_known_in_part(image, site, now, acquired, start):
    scene = receive(image, site, Details(acquired=acquired), now=now, over=None).scene
    assert scene.id == start + scene.sha256[:8]
    item = json.loads(next((site / "scenes").rglob(f"{scene.id}.json")).read_text())
    assert item["properties"]["start_datetime"].startswith(start.rstrip("-"))
    assert scene.date_precision == {5: "year", 8: "month", 11: "day"}[len(start)]


def test_no_licence_is_noted(image, site, now):
    received = receive(image, site, Details(acquired="2023-10-05"), now=now, over=None)
    assert not received.scene.licence.may_publish_pixels
    assert any("may not be published" in note for note in received.notes)


def test_a_date_from_tifftag_datetime_is_noted(make_raster, texture, site, now):
    path = make_raster("t.tif", texture, tags={"TIFFTAG_DATETIME": "2024:05:05 09:00:00"})
    received = receive(path, site, Details(licence="cc0-1.0"), now=now, over=None)
    assert [note for note in received.notes if "the day the file was written" in note]


@pytest.mark.parametrize(
    ("details", "message"),
    [
        (Details(), r"does not say when it was taken; pass --acquired"),
        (Details(acquired="yesterday"), r"'yesterday' is not a date"),
        (Details(acquired="2023-02-30"), r"is not a date"),
        (Details(acquired="2031-01-01"), r"lies in the future"),
        (Details(acquired="2023-10-05", crs="EPSG:0"), r"is no known"),
        (Details(acquired="2023-10-05", crs="EPSG:32610"), r"not over the site .*--crs"),  # the other hemisphere
        (Details(acquired="2023-10-05", off_nadir_deg=120), r"off_nadir_deg 120 is outside"),
        (Details(acquired="2023-10-05", synthetic=True), r"synthetic, and never enters a real site"),
    ],
)
def test_refusals(image, site, now, site_over, details, message):
    with pytest.raises(SceneError, match=r"scene\.tif.*" + message):
        receive(image, site, details, now=now, over=site_over)
    assert left_behind(site) == []


def test_synthetic_scenes_keep_their_mark(make_raster, texture, site, now):
    path = make_raster("sim.tif", texture, tags={"YARDWATCH_SYNTHETIC": "true"})
    with pytest.raises(SceneError, match="synthetic"):
        receive(path, site, FULL, now=now, over=None)
    scene = receive(path, site, FULL, now=now, over=None, fictional=True).scene
    assert scene.synthetic
    with rasterio.open(scene.href) as cog:
        assert cog.tags()["YARDWATCH_SYNTHETIC"] == "true"
    assert Catalogue(site / "scenes").scenes()[0].synthetic


def test_not_over_the_site_says_where_both_are(image, site, now):
    with pytest.raises(SceneError, match=r"image lon -123.4.* lat -48.*site lon 130"):
        receive(image, site, FULL, now=now, over=shapely.box(130.6, 42.41, 130.62, 42.43))


@pytest.mark.parametrize("nodata", [0, 255])
def test_all_nodata(make_raster, site, now, nodata):
    path = make_raster("empty.tif", np.full((3, 60, 60), nodata, np.uint8), nodata=nodata)
    with pytest.raises(SceneError, match=r"empty\.tif: shows nothing"):
        receive(path, site, FULL, now=now, over=None)
    assert left_behind(site) == []


def test_undeclared_all_black_and_all_nan(make_raster, site, now):
    for name, image in [
        ("k.tif", np.zeros((3, 60, 60), np.uint8)),
        ("n.tif", np.full((1, 60, 60), np.nan, np.float32)),
    ]:
        with pytest.raises(SceneError, match="shows nothing"):
            receive(make_raster(name, image), site, FULL, now=now, over=None)


def test_zero_bytes_and_missing(tmp_path, site, now):
    (tmp_path / "z.tif").touch()
    with pytest.raises(SceneError, match="zero bytes"):
        receive(tmp_path / "z.tif", site, FULL, now=now, over=None)
    with pytest.raises(UnavailableError):
        receive(tmp_path / "gone.tif", site, FULL, now=now, over=None)


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.995])
def test_a_cut_cog_is_found_at_receipt(make_raster, tmp_path, site, now, keep):
    noise = np.random.default_rng(1).integers(1, 255, (3, 700, 700), dtype=np.uint8)
    rasterio.shutil.copy(make_raster("whole.tif", noise), tmp_path / "cog.tif", driver="COG", compress="deflate")
    data = (tmp_path / "cog.tif").read_bytes()
    cut = tmp_path / "cut.tif"
    cut.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(SceneError, match=r"cut\.tif: .*damaged or cut short"):
        receive(cut, site, FULL, now=now, over=None)
    assert left_behind(site) == []


def read(path, crs=None):
    with open_raster(path, crs) as raster:
        frame = Frame.around(raster.info.footprint)
        return raster.read_grid(Grid.over(frame, frame.to_ground(raster.info.footprint), 0.5)), raster.info


def as_received(path: Path, site: Path, now: datetime, **details) -> None:
    """What is read from the COG is what is read from the file."""
    scene = receive(path, site, Details(acquired="2023-10-05", **details), now=now, over=None).scene
    (before, said), (after, kept) = read(path, details.get("crs")), read(scene.href)
    assert scene.gsd_m == pytest.approx(said.gsd_m, rel=1e-3)
    assert kept.transform.almost_equals(said.transform)
    assert (before.visible == after.visible).all()
    assert abs(before.data - after.data).max() < 1e-6


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("plain", {}),
        ("mercator", {"crs": "EPSG:3857", "transform": Affine(0.75, 0, -13736800, 0, -0.75, -6258000)}),
        ("degrees", {"crs": "EPSG:4326", "transform": Affine(6e-6, 0, -123.4, 0, -6e-6, -48.9)}),
        ("south-up", {"transform": Affine(0.5, 0, 470300, 0, 0.5, 4583600)}),
        ("rotated", {"transform": Affine.translation(470300, 4583600) @ Affine.rotation(20) @ Affine.scale(0.5, -0.5)}),
        ("png", {"driver": "PNG", "crs": None}),
        ("jp2", {"driver": "JP2OpenJPEG", "QUALITY": "100", "REVERSIBLE": "YES"}),
        ("nodata", {"nodata": 100}),
    ],
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_any_georeference_and_format_survives(make_raster, texture, site, now, name, options, tmp_path):
    details = {"crs": "EPSG:32710"} if name == "png" else {}
    path = make_raster(f"{name}.{'png' if name == 'png' else 'jp2' if name == 'jp2' else 'tif'}", texture, **options)
    if name == "png":
        path.with_suffix(".pgw").write_text("0.5\n0\n0\n-0.5\n470300.25\n4583699.75\n")
    as_received(path, site, now, **details)


def test_wide_types_bands_palettes_and_masks_survive(make_raster, textured, site, now):
    rgb = textured(120, 140)
    mask = np.full((120, 140), 255, np.uint8)
    mask[:50] = 0
    nan = (rgb[:1] / 255).astype(np.float32)
    nan[:, :30] = np.nan
    alpha = np.concatenate([rgb, mask[None]])
    infrared = np.concatenate([rgb, rgb[:1] // 2])
    as_received(make_raster("w.tif", rgb.astype(np.uint16) * 37), site, now)
    as_received(make_raster("a.tif", alpha, colorinterp=[C.red, C.green, C.blue, C.alpha]), site, now)
    as_received(make_raster("i.tif", infrared, colorinterp=[C.blue, C.green, C.red, C.undefined]), site, now)
    as_received(make_raster("f.tif", infrared, colorinterp=[C.red, C.green, C.blue, C.alpha]), site, now)
    as_received(make_raster("m.tif", rgb, mask=mask), site, now)
    as_received(make_raster("n.tif", nan), site, now)
    palette = {i: (i, 255 - i, i // 2, 255 if i > 60 else 0) for i in range(256)}
    as_received(make_raster("p.tif", rgb[:1], colormap=palette), site, now)
    assert len(Catalogue(site / "scenes").scenes()) == 7


def test_what_a_killed_process_left_is_swept(image, site, now):
    stale = site / "scenes" / ".2020-01-01-abcdefab.999999999.part"
    stale.mkdir(parents=True)
    (stale / "half.tif").write_bytes(b"x")
    ours = site / "scenes" / f".2020-01-01-abcdefab.{os.getppid()}.part"  # a process that lives
    ours.mkdir()
    assert Catalogue(site / "scenes").scenes() == ()
    receive(image, site, FULL, now=now, over=None)
    assert not stale.exists()
    assert ours.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(image, site, now):
    site.chmod(0o500)
    with pytest.raises(UnavailableError, match="cannot be written"):
        receive(image, site, FULL, now=now, over=None)
    site.chmod(0o700)


def test_a_full_disk_is_told_and_leaves_nothing(image, site, now, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yardwatch.imagery.cog.rasterio.shutil.copy", full)
    with pytest.raises(UnavailableError, match="No space left"):
        receive(image, site, FULL, now=now, over=None)
    assert left_behind(site) == []
