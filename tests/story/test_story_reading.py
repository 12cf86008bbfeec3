"""What the user states of an image, from the command line into the COG."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from yardwatch.ground import Frame
from yardwatch.model import Scene, Track
from yardwatch.sites.init import create
from yardwatch.steps.strips import cut_strips

CORNER = Affine(0.5, 0, 470_300, 0, -0.5, 4_583_700)


@pytest.fixture
def site(tmp_path):
    create(tmp_path / "yard", name="Yard", zone=shapely.box(-123.406, -48.901, -123.402, -48.898))
    return tmp_path / "yard"


@pytest.fixture
def image(tmp_path):
    """Four bands without a name, 10, 20, 30 and 40."""
    path = tmp_path / "four.tif"
    data = np.ones((4, 64, 64), np.uint16) * (10 * np.arange(1, 5, dtype=np.uint16))[:, None, None]
    shape = {"driver": "GTiff", "count": 4, "width": 64, "height": 64, "dtype": "uint16", "photometric": "minisblack"}
    with rasterio.open(path, "w", crs="EPSG:32710", transform=CORNER, **shape) as out:
        out.write(data)
    return path


def test_the_order_of_bands_is_stated(site, image, cli):
    code, _, err = cli("scenes", "add", site, image, "--acquired", "2023-10-05", "--bands", "BGRN")
    assert code == 0, err
    (cog,) = site.glob("scenes/2023*/2023*.tif")
    with rasterio.open(cog) as made:
        assert [int(band[0, 0]) for band in made.read()] == [30, 20, 10, 40]
    item = json.loads(cog.with_suffix(".json").read_text())
    assert item["properties"]["yardwatch:bands"] == "BGRN"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--bands", "BGR"), "has 4 bands, --bands BGR names 3"),
        (("--height", "30"), "leave --height away"),
        (("--colour", "four.tif"), "has 4 bands, a panchromatic image has one"),
        (("--expires", "soon"), "--expires 'soon' is not a day"),
    ],
)
def test_a_statement_that_does_not_fit_leaves_nothing_behind(site, image, cli, options, said):
    code, _, err = cli("scenes", "add", site, image, "--acquired", "2023-10-05", *options)
    assert code == 2
    assert said in err
    assert not [path for path in (site / "scenes").rglob("*") if path.is_file()]
    assert not (site / "custody.jsonl").exists()


def test_strips_without_a_track_and_with_one_beside_the_image(image):
    footprint = shapely.box(-123.4055, -48.8990, -123.4051, -48.8987)
    scene = Scene(
        id="a", href=str(image), sha256="0" * 64, acquired=None, gsd_m=0.5, crs="EPSG:32710", footprint=footprint
    )
    frame = Frame.around(footprint)
    assert cut_strips(scene, (), frame) == ()
    far = Track(id="t", line=shapely.LineString([(9_000, 0), (9_050, 0)]))
    (strip,) = cut_strips(scene, (far,), frame)
    assert not strip.visible.any()
