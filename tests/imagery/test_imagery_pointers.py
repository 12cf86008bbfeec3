"""A VRT followed when asked for: its own folder's images, and nothing a stranger's VRT could reach for."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from affine import Affine

from yardwatch.errors import SceneError
from yardwatch.imagery.metadata import Details
from yardwatch.imagery.pointers import gathered, pointed_at
from yardwatch.imagery.receive import receive

CORNER = (470_300, 4_583_700)


@pytest.fixture
def mosaic(make_raster, texture, tmp_path):
    """Two halves side by side, and a VRT over both."""
    left, right = texture[:, :, :160], texture[:, :, 160:]
    make_raster("left.tif", left, photometric="rgb")
    make_raster("right.tif", right, transform=Affine(0.5, 0, CORNER[0] + 80, 0, -0.5, CORNER[1]), photometric="rgb")
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><ColorInterp>{colour}</ColorInterp>'
        + "".join(
            f'<SimpleSource><SourceFilename relativeToVRT="1">{name}</SourceFilename><SourceBand>{band}</SourceBand>'
            f'<SrcRect xOff="0" yOff="0" xSize="{wide}" ySize="200"/>'
            f'<DstRect xOff="{at}" yOff="0" xSize="{wide}" ySize="200"/></SimpleSource>'
            for name, at, wide in (("left.tif", 0, 160), ("right.tif", 160, 140))
        )
        + "</VRTRasterBand>"
        for band, colour in enumerate(("Red", "Green", "Blue"), start=1)
    )
    path = tmp_path / "mosaic.vrt"
    path.write_text(
        f'<VRTDataset rasterXSize="300" rasterYSize="200"><SRS>EPSG:32710</SRS><GeoTransform>{CORNER[0]}, 0.5, 0, '
        f"{CORNER[1]}, 0, -0.5</GeoTransform>{bands}</VRTDataset>"
    )
    return path


def test_a_mosaic_shows_what_its_parts_show(mosaic, texture, tmp_path):
    assert [path.name for path in pointed_at(mosaic)] == ["left.tif", "right.tif"]
    with rasterio.open(gathered(mosaic, tmp_path / "out.tif")) as out:
        assert np.array_equal(out.read(), texture)


def test_received_with_every_part_as_a_parent(mosaic, tmp_path, now):
    (tmp_path / "site").mkdir()
    details = Details(acquired="2023-10-05")
    with pytest.raises(SceneError, match="only points to other files; give those, or pass --follow"):
        receive(mosaic, tmp_path / "site", details, now=now, over=None)
    details = Details(acquired="2023-10-05", follow=True)
    scene = receive(mosaic, tmp_path / "site", details, now=now, over=None).scene
    folder = tmp_path / "site" / "scenes" / scene.id
    assert sorted(p.name for p in (folder / "original").iterdir()) == ["left.tif", "mosaic.vrt", "right.tif"]
    item = json.loads((folder / f"{scene.id}.json").read_text())
    assert len(item["assets"]["image"]["yardwatch:parents"]) == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("left.tif", "../secret.tif", "is not below its own folder"),
        ("left.tif", "/etc/passwd", "is not below its own folder"),
        ("left.tif", "https://example.org/a.tif", "is not below its own folder"),
        ("left.tif", "/vsicurl/https://example.org/a.tif", "is not below its own folder"),
        ("left.tif", "gone.tif", "is not there"),
        ("left.tif", "mosaic.vrt", "only points to other files"),
        ('dataType="Byte" band="1"', 'dataType="Byte" band="1" subClass="VRTDerivedRasterBand"', "more than a list"),
        ("<ColorInterp>Red</ColorInterp>", "<PixelFunctionCode>x</PixelFunctionCode>", "<PixelFunctionCode> is more"),
        ("<VRTDataset ", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><VRTDataset ', "is no XML"),
        ("SourceFilename", "Nothing", "<Nothing> is more than a list"),
        ('rasterXSize="300" rasterYSize="200"', 'rasterXSize="90000" rasterYSize="90000"', "claims 90000 × 90000"),
    ],
)
def test_what_a_stranger_may_try(mosaic, tmp_path, old, new, said):
    mosaic.write_text(mosaic.read_text().replace(old, new))
    with pytest.raises(SceneError, match=said):
        gathered(mosaic, tmp_path / "out.tif")


def test_a_link_out_of_the_folder(mosaic, tmp_path, make_raster, texture):
    inner = tmp_path / "sent"
    inner.mkdir()
    (tmp_path / "mosaic.vrt").rename(inner / "mosaic.vrt")
    (inner / "left.tif").symlink_to(tmp_path / "left.tif")
    (tmp_path / "right.tif").rename(inner / "right.tif")
    with pytest.raises(SceneError, match="is not below its own folder"):
        pointed_at(inner / "mosaic.vrt")
