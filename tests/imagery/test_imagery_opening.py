"""Files that cannot be used: each one clear error that names the file."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.windows import Window

from yardwatch.errors import InputError, SceneError, UnavailableError
from yardwatch.ground import Frame
from yardwatch.imagery.bands import BandReader
from yardwatch.imagery.opening import opened
from yardwatch.imagery.raster import open_raster
from yardwatch.model import Grid


def refused(path: Path, kind: type[Exception] = SceneError) -> str:
    with pytest.raises(kind) as caught, opened(path):
        pass
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    return message


def test_missing(tmp_path):
    assert "no such file" in refused(tmp_path / "gone.tif", UnavailableError)


def test_folder(tmp_path):
    (tmp_path / "sub.tif").mkdir()
    assert "folder" in refused(tmp_path / "sub.tif")


def test_zero_bytes(tmp_path):
    (tmp_path / "zero.tif").touch()
    assert "zero bytes" in refused(tmp_path / "zero.tif")


@pytest.mark.parametrize("content", [b"hello", b"%PDF-1.4\n", b"II*\x00" + b"\xff" * 4, b"\x89PNG\r\n\x1a\n"])
def test_no_image(tmp_path, content):
    (tmp_path / "text.tif").write_bytes(content)
    refused(tmp_path / "text.tif")


def test_one_pixel(make_raster):
    assert "1 × 1" in refused(make_raster("dot.tif", np.ones((1, 1, 1), np.uint8)))


def test_complex(make_raster):
    assert "complex" in refused(make_raster("slc.tif", np.ones((1, 16, 16), np.complex64)))


@pytest.mark.parametrize("name", ["points.vrt", "disguised.tif"])
def test_vrt_to_another_file(make_raster, tmp_path, name):
    secret = make_raster("secret.tif", np.ones((1, 16, 16), np.uint8))
    rasterio.shutil.copy(secret, tmp_path / "real.vrt", driver="VRT")
    (tmp_path / "real.vrt").rename(tmp_path / name)
    assert "VRT" in refused(tmp_path / name)


@pytest.mark.parametrize(
    "document",
    [
        "<!-- long comment " + "x" * 600 + " --><VRTDataset rasterXSize='20' rasterYSize='20'/>",
        "<GDAL_WMS><Service name='TMS'><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>",
        '{"type": "FeatureCollection", "features": []}',
    ],
)
def test_documents_that_point_elsewhere(tmp_path, document):
    (tmp_path / "x.tif").write_text(document)
    refused(tmp_path / "x.tif")


@pytest.mark.parametrize(
    "href", ["/vsizip/a.zip/b.tif", "GTIFF_DIR:1:a.tif", "NETCDF:a.nc:x", "/vsicurl/http://x/a.tif"]
)
def test_gdal_names_are_no_files(href):
    with pytest.raises(UnavailableError, match="no such file"), opened(href):
        pass


def test_url_that_cannot_be_reached():
    with pytest.raises(UnavailableError, match="could not be reached"), opened("http://127.0.0.1:9/a.tif"):
        pass


def test_one_huge_block(make_raster, monkeypatch):
    path = make_raster("b.tif", np.ones((1, 64, 64), np.uint8), blockysize=64)
    monkeypatch.setattr("yardwatch.imagery.opening.LARGEST_BLOCK_BYTES", 64 * 64 - 1)
    assert "tiled" in refused(path)


def test_more_pixels_than_the_stated_limit(make_raster, monkeypatch):
    path = make_raster("big.tif", np.ones((1, 64, 64), np.uint8))
    monkeypatch.setenv("YARDWATCH_MAX_PIXELS", "4095")
    assert "claims 64 × 64 pixels, the limit is 4,095" in refused(path)
    monkeypatch.setenv("YARDWATCH_MAX_PIXELS", "4096")
    with opened(path):
        pass
    monkeypatch.setenv("YARDWATCH_MAX_PIXELS", "many")
    with pytest.raises(InputError, match="YARDWATCH_MAX_PIXELS='many' is not a number of pixels"), opened(path):
        pass


def bomb(path: Path, side: int, **profile) -> Path:
    """A sparse file: it claims side × side pixels and holds none."""
    shape = {"driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8", "tiled": True}
    with rasterio.open(path, "w", sparse_ok=True, bigtiff="yes", blockxsize=4096, blockysize=4096, **shape | profile):
        pass
    return path


@pytest.mark.parametrize(("side", "said"), [(70_000, "the limit is 4,294,967,296"), (60_000, "which no picture does")])
def test_a_decompression_bomb(tmp_path, side, said):
    assert said in refused(bomb(tmp_path / "bomb.tif", side))


def test_a_tiff_of_65535_bands(tmp_path):
    path = tmp_path / "bands.tif"
    path.write_bytes(many_banded(65_535))
    assert "has 65535 bands, at most 500 are read" in refused(path)


def many_banded(bands: int, side: int = 8) -> bytes:
    """A hand-made TIFF with the bands apart, all of which share one strip of zeros."""
    tags = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    head = 8 + 2 + 12 * 10 + 4
    tags += [
        (273, 4, bands, head),
        (277, 3, 1, bands),
        (278, 4, 1, side),
        (279, 4, bands, head + 4 * bands),
        (284, 3, 1, 2),
    ]
    data = head + 8 * bands
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    strips = struct.pack("<I", data) * bands + struct.pack("<I", side * side) * bands
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", 10) + entries + bytes(4) + strips + bytes(side * side)


@pytest.mark.parametrize("spoilt", [np.nan, np.inf])
def test_a_geotransform_that_is_no_number(make_raster, spoilt):
    path = make_raster("nan.tif", np.ones((1, 16, 16), np.uint8), transform=Affine(0.5, 0, spoilt, 0, -0.5, 4583700))
    with pytest.raises(SceneError, match=r"nan\.tif: .*(makes no sense|no georeference)"), open_raster(path):
        pass


def half_a_cog(make_raster, tmp_path) -> Path:
    noise = np.random.default_rng(1).integers(1, 255, (3, 700, 700), dtype=np.uint8)
    rasterio.shutil.copy(make_raster("whole.tif", noise), tmp_path / "cog.tif", driver="COG", compress="deflate")
    data = (tmp_path / "cog.tif").read_bytes()
    (tmp_path / "half.tif").write_bytes(data[: len(data) // 2])
    return tmp_path / "half.tif"


def test_half_a_cog_opens_and_fails_where_it_is_read(make_raster, tmp_path):
    path = half_a_cog(make_raster, tmp_path)
    with open_raster(path) as raster:
        frame = Frame.around(raster.info.footprint)
        grid = Grid.over(frame, frame.to_ground(raster.info.footprint), 0.5)
        with pytest.raises(SceneError, match=r"half\.tif: its pixels cannot be read .*damaged or cut short"):
            raster.read_grid(grid)


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_cut_png_and_striped_tiff(make_raster, texture, tmp_path, keep):
    for name, options in [("a.png", {"driver": "PNG"}), ("a.tif", {}), ("a.jp2", {"driver": "JP2OpenJPEG"})]:
        path = make_raster(name, texture, **options)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])
        with pytest.raises(SceneError, match=re.escape(name)), opened(path) as dataset:
            BandReader(dataset, str(path)).read(Window(0, 0, dataset.width, dataset.height))


def test_nothing_is_read_or_left_beside_the_file(make_raster, tmp_path):
    path = make_raster("a.tif", np.full((1, 32, 32), 9, np.uint8))
    (tmp_path / "a.tif.aux.xml").write_text(
        "<PAMDataset><GeoTransform>1,1,0,1,0,1</GeoTransform><Metadata><MDI key='ACQUIRED'>1999-01-01</MDI></Metadata>"
        "</PAMDataset>"
    )
    before = sorted(tmp_path.iterdir())
    with open_raster(path) as raster:
        assert "ACQUIRED" not in raster.info.tags
        raster.reader.dataset.stats(indexes=[1])
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_closed_on_leaving_also_after_an_error(make_raster):
    path = make_raster("a.tif", np.full((1, 32, 32), 9, np.uint8))
    with pytest.raises(RuntimeError), open_raster(path):
        raise RuntimeError
    held = [str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    assert str(path) not in held
