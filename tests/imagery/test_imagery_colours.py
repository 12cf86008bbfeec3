"""Which band is which: stated, marked, named, or by its place; and that red stays red all the way into the COG."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp as C
from rasterio.windows import Window

from yardwatch.errors import SceneError
from yardwatch.imagery.bands import BandReader
from yardwatch.imagery.colours import checked_letters, colours, shown
from yardwatch.imagery.metadata import Details
from yardwatch.imagery.opening import opened
from yardwatch.imagery.raster import open_raster
from yardwatch.imagery.receive import receive


@pytest.fixture
def named(make_raster):
    """`named("blue", "green", …)`: a file whose band i is filled with 10 · i, bands named so."""

    def make(*names, marked=None, dtype=np.uint8):
        data = np.ones((len(names), 16, 16), dtype) * (10 * np.arange(1, len(names) + 1, dtype=dtype))[:, None, None]
        path = make_raster("a.tif", data, photometric="minisblack", **({"colorinterp": marked} if marked else {}))
        with rasterio.open(path, "r+") as out:
            out.descriptions = names
        return path

    return make


def first_three(path, stated=None):
    with opened(path) as dataset:
        return shown(colours(dataset, path.name, stated))


@pytest.mark.parametrize(
    ("names", "bands"),
    [
        (("red", "green", "blue"), (1, 2, 3)),
        (("blue", "green", "red", "nir"), (3, 2, 1)),  # PlanetScope
        (("coastal_blue", "blue", "green_i", "green", "yellow", "red", "rededge", "nir"), (6, 4, 2)),  # SuperDove
        (("COASTAL BLUE", "BLUE", "GREEN", "YELLOW", "RED", "RED EDGE", "NIR1", "NIR2"), (5, 3, 2)),  # WorldView
        (("B02", "B03", "B04", "B08"), (3, 2, 1)),  # Sentinel-2
        (("B", "G", "R", "N"), (3, 2, 1)),
        (("near-infrared", "red", "green", "blue"), (2, 3, 4)),
        ((None, None, None, None), (1, 2, 3)),
        (("layer 1", "layer 2"), (1,)),
        (("pan",), (1,)),
    ],
)
def test_names_as_vendors_write_them(named, names, bands):
    assert first_three(named(*names)) == bands


def test_marks_go_before_names(named):
    path = named("blue", "green", "red", marked=(C.red, C.green, C.blue))
    assert first_three(path) == (1, 2, 3)


@pytest.mark.parametrize(
    ("stated", "bands"), [("BGRN", (3, 2, 1)), ("rgbn", (1, 2, 3)), ("--P-", (3,)), ("NRGB", (2, 3, 4))]
)
def test_what_is_stated_goes_first(named, stated, bands):
    assert first_three(named("red", "green", "blue", "nir"), stated) == bands


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("BGR", "has 4 bands, --bands BGR names 3"),
        ("BGXN", "is no order of bands"),
        ("BGRB", "is no order of bands"),
        ("", "is no order of bands"),
        ("--NA", "it needs R, G and B, or P"),
    ],
)
def test_a_statement_that_does_not_fit(named, stated, said):
    path = named(None, None, None, None)
    with opened(path) as dataset, pytest.raises(SceneError, match=said):
        colours(dataset, path.name, stated)


def test_letters_may_be_small():
    assert checked_letters(" bgrn ") == "BGRN"


def test_red_stays_red_into_the_cog(named, tmp_path, now):
    (tmp_path / "site").mkdir()
    path = named(None, None, None, None, dtype=np.uint16)
    received = receive(path, tmp_path / "site", Details(acquired="2023-10-05", bands="BGRN"), now=now, over=None)
    with rasterio.open(received.scene.href) as cog:
        assert [int(band[0, 0]) for band in cog.read()] == [30, 20, 10, 40]
        assert cog.colorinterp[:3] == (C.red, C.green, C.blue)
        assert cog.descriptions == ("red", "green", "blue", "nir")


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
def test_every_depth_is_read_to_the_same_picture(make_raster, texture, dtype):
    """The same ramp at another depth is the same picture, but for the rounding of the narrower type."""
    grey = texture[:1].astype(np.float64)
    data = grey if dtype == "uint8" else grey * (1 if dtype != "float32" else 1e-4)
    path = make_raster("a.tif", data.astype(dtype))
    with open_raster(path) as raster:
        block = raster.reader.read(Window(0, 0, 300, 200))
    low, high = (0, 255) if dtype == "uint8" else np.quantile(grey, (0.01, 0.995))
    wanted = np.clip((grey - low) / (high - low), 0, 1)
    assert abs(block.data - wanted).max() < 0.05
    assert block.visible.all()


def test_scale_and_offset_of_each_band_are_used(make_raster, textured):
    """Two bands of one ground truth, stored by other scales, come out alike."""
    truth = textured(64, 64)[0].astype(np.float64) / 100
    stored = np.stack([truth * 10_000, (truth + 0.1) * 5_000, truth * 1_000]).round().astype(np.uint16)
    path = make_raster("a.tif", stored, photometric="rgb")
    with rasterio.open(path, "r+") as out:
        out.scales, out.offsets = (1e-4, 2e-4, 1e-3), (0.0, -0.1, 0.0)
    with open_raster(path) as raster:
        data = raster.reader.read(Window(0, 0, 64, 64)).data
    assert abs(data[1] - data[0]).max() < 0.01
    assert abs(data[2] - data[0]).max() < 0.01


def test_the_stretch_is_that_of_the_ground_that_is_read(make_raster, textured):
    """A dark yard beside bright water: over the whole image it is nearly black, over itself it has its full range."""
    import shapely

    yard = textured(256, 256)[:1].astype(np.uint16) * 4
    path = make_raster("a.tif", np.concatenate([yard, np.full((1, 256, 1024), 20_000, np.uint16)], axis=2))
    window = Window(32, 32, 192, 192)
    with open_raster(path) as raster:
        west, _, _, _ = raster.info.footprint.bounds
        whole = raster.reader.read(window).data
        outline = raster.info.footprint.bounds
    over = shapely.box(west, outline[1], west + (outline[2] - outline[0]) / 5, outline[3])
    with open_raster(path, over=over) as raster:
        near = raster.reader.read(window).data
    assert np.ptp(whole) < 0.06
    assert np.ptp(near) > 0.95
    with open_raster(path, over=shapely.box(10, 10, 11, 11)) as raster:  # elsewhere: the whole image
        assert np.array_equal(raster.reader.read(window).data, whole)


def test_a_ground_that_shows_nothing_is_stretched_by_the_whole_image(make_raster, textured):
    data = textured(256, 512)[:1].astype(np.uint16)
    data[:, :, :200] = 0
    path = make_raster("a.tif", data, nodata=0)
    with opened(path) as dataset:
        empty = BandReader(dataset, "a", region=Window(0, 0, 180, 256))
        assert empty.limits == BandReader(dataset, "a").limits


def test_an_overview_is_read_where_the_scale_allows(make_raster):
    """The overview is made to differ from what it was made of: what comes out says which of the two was read."""
    path = make_raster("a.tif", np.full((1, 512, 512), 100, np.uint8), tiled=True, blockxsize=128, blockysize=128)
    with rasterio.open(path, "r+") as out:
        out.build_overviews([4])
        out.write(np.full((1, 512, 512), 200, np.uint8))
    with opened(path) as dataset:
        reader = BandReader(dataset, "a")
        assert reader.read(Window(0, 0, 512, 512), (128, 128)).data.mean() * 255 == pytest.approx(100, abs=1)
        assert reader.read(Window(0, 0, 512, 512)).data.mean() * 255 == pytest.approx(200, abs=1)
