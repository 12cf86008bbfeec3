"""Reading at points and on grids: linear ramps worked by hand, and GDAL's own warper as an oracle."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.enums import ColorInterp, Resampling
from rasterio.vrt import WarpedVRT

from yardwatch.ground import Frame
from yardwatch.imagery.raster import PIECE_M, open_raster
from yardwatch.model import Grid

LON, LAT = -123.4, -48.9
FRAME = Frame(LON, LAT)


def north_up(crs: str, pixel: float, width: int, height: int) -> Affine:
    """Centred on FRAME's origin."""
    x, y = pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform(LON, LAT)
    return Affine(pixel, 0, x - pixel * width / 2, 0, -pixel, y + pixel * height / 2)


def turned(base: Affine, angle: float, width: int, height: int) -> Affine:
    return base @ Affine.rotation(angle, (width / 2, height / 2))


def flipped(base: Affine, height: int) -> Affine:
    return base @ Affine.translation(0, height) @ Affine.scale(1, -1)


W, H = 180, 160
GEOREFERENCES = {
    "utm": ("EPSG:32710", north_up("EPSG:32710", 0.5, W, H)),
    "web mercator": ("EPSG:3857", north_up("EPSG:3857", 0.75, W, H)),
    "degrees": ("EPSG:4326", north_up("EPSG:4326", 5.5e-6, W, H)),
    "south-up": ("EPSG:32710", flipped(north_up("EPSG:32710", 0.5, W, H), H)),
    "rotated": ("EPSG:32710", turned(north_up("EPSG:32710", 0.5, W, H), 27, W, H)),
}


def ramp(crs: str, transform: Affine) -> np.ndarray:
    """(1, H, W) uint16 whose value is 30,000 + 200·east + 90·north, ground metres of FRAME at the pixel centres."""
    column, row = np.meshgrid(np.arange(W) + 0.5, np.arange(H) + 0.5)
    a, b, c, d, e, f = tuple(transform)[:6]
    x, y = a * column + b * row + c, d * column + e * row + f
    east, north = pyproj.Transformer.from_crs(crs, FRAME.crs, always_xy=True).transform(x, y)
    return np.round(30000 + 200 * east + 90 * north)[None].astype(np.uint16)


@pytest.mark.parametrize("name", GEOREFERENCES)
def test_a_ramp_in_ground_metres_is_read_back_at_any_georeference(make_raster, name):
    crs, transform = GEOREFERENCES[name]
    path = make_raster("ramp.tif", ramp(crs, transform), crs=crs, transform=transform)
    points = np.random.default_rng(2).uniform(-14, 14, (40, 7, 2))
    with open_raster(path) as raster:
        data, visible = raster.read_points(points, FRAME, 0.5)
        low, high = raster.reader.limits
        shifted, _ = raster.read_points(points, FRAME, 0.5, shift_m=(3.0, -2.0))
    assert data.shape == (1, 40, 7)
    assert visible.all()
    expected = 30000 + 200 * points[..., 0] + 90 * points[..., 1]
    assert data[0] * (high - low) + low == pytest.approx(expected, abs=1.5)  # 1.5 of 200 a metre: under a centimetre
    assert (shifted - data)[0] * (high - low) == pytest.approx(3.0 * 200 - 2.0 * 90, abs=2.5)


def test_lengths_on_a_web_mercator_scene_are_ground_metres(make_raster):
    crs, transform = GEOREFERENCES["web mercator"]
    image = np.full((1, H, W), 40, np.uint8)
    image[:, 60:100, 40:140] = 240  # 100 pixels of 0.75 "metres"
    path = make_raster("bar.tif", image, crs=crs, transform=transform)
    east = np.arange(-60, 60, 0.1)
    with open_raster(path) as raster:
        data, _ = raster.read_points(np.stack([east, np.zeros_like(east)], axis=-1), FRAME, 0.1)
    measured = 0.1 * (data[0] > (40 + 240) / 2 / 255).sum()
    # cos 48.9° = 0.65738; prime-vertical radius over equatorial radius there = 1.001906
    assert measured == pytest.approx(100 * 0.75 * 0.65738 * 1.001906, abs=0.2)  # 49.4 m, not 75


@pytest.mark.parametrize("name", GEOREFERENCES)
@pytest.mark.parametrize("step", [0.5, 0.37])
def test_grids_equal_gdals_warper(make_raster, texture, name, step):
    crs, transform = GEOREFERENCES[name]
    path = make_raster("t.tif", texture[:, :H, :W], crs=crs, transform=transform)
    grid = Grid(frame=FRAME, west=-26.0, north=24.0, step_m=step, width=101, height=88)
    with open_raster(path) as raster:
        pixels = raster.read_grid(grid)
    options = {"crs": FRAME.crs, "transform": grid.transform, "width": grid.width, "height": grid.height}
    exact = {"tolerance": 0.001, "XSCALE": "1", "YSCALE": "1"}  # no lattice, no widened kernel
    with (
        rasterio.open(path) as source,
        WarpedVRT(source, resampling=Resampling.bilinear, **exact, **options) as warped,
    ):
        expected = warped.read() / 255
        inside = warped.dataset_mask() > 0
    both = pixels.visible & inside
    assert both.mean() > 0.55
    assert abs(pixels.data - expected)[:, both].max() < 1 / 255  # GDAL rounds to whole values
    assert (pixels.visible == inside).mean() > 0.98  # they differ in half a pixel at the image's edge


def test_a_large_grid_is_read_in_pieces_without_seams(make_raster, textured):
    image = textured(1300, 700)
    path = make_raster("big.tif", image, transform=north_up("EPSG:32710", 0.5, 700, 1300), tiled=True)
    area = shapely.box(-160, -310, 160, 310)
    with open_raster(path) as raster:
        whole = raster.read_grid(Grid.over(FRAME, area, 0.5))
        part = raster.read_grid(Grid.over(FRAME, shapely.box(-10, -120, 10, 120), 0.5))
    rows, columns = slice(2 * (310 - 120), 2 * (310 + 120)), slice(2 * 150, 2 * 170)
    assert whole.visible.all()
    assert abs(whole.data[:, rows, columns] - part.data).max() < 2e-3


def test_a_long_strip_is_read_in_pieces_without_seams(make_raster, textured):
    path = make_raster("long.tif", textured(120, 1400), transform=north_up("EPSG:32710", 0.5, 1400, 120))
    s, t = np.meshgrid(np.arange(-330, 330, 0.5), np.arange(-8, 8.1, 0.5))
    points = np.stack([s, 0.02 * s + t], axis=-1)  # longer than three pieces, on the slant
    assert 3 * PIECE_M < 660
    with open_raster(path) as raster:
        data, visible = raster.read_points(points, FRAME, 0.5)
        single = [raster.read_points(points[:, [k]], FRAME, 0.5)[0] for k in (0, 399, 400, 801, 1319)]
    assert visible.all()
    for k, alone in zip((0, 399, 400, 801, 1319), single, strict=True):
        assert data[:, :, [k]] == pytest.approx(alone, abs=1e-6)


def test_coarse_steps_average_instead_of_skipping(make_raster):
    stripes = np.zeros((1, 240, 240), np.uint8)
    stripes[:, :, ::2] = 200
    stripes[:, :, 1::2] = 20
    path = make_raster("s.tif", stripes, transform=north_up("EPSG:32710", 0.5, 240, 240))
    grid = Grid(frame=FRAME, west=-45, north=45, step_m=3.0, width=30, height=30)
    with open_raster(path) as raster:
        data = raster.read_grid(grid).data
    assert data == pytest.approx(110 / 255, abs=0.02)


def test_points_outside_or_nowhere_are_not_visible(make_raster, texture):
    path = make_raster("t.tif", texture[:, :H, :W], transform=GEOREFERENCES["utm"][1])
    points = np.array([[0, 0], [500, 0], [0, -900], [np.nan, 0], [np.inf, 1], [1e12, 1e12]])
    with open_raster(path) as raster:
        data, visible = raster.read_points(points, FRAME, 0.5)
        nothing, dark = raster.read_points(points[1:3], FRAME, 0.5)
    assert visible.tolist() == [True, False, False, False, False, False]
    assert (data[:, 1:] == 0).all()
    assert nothing.shape == (3, 2)
    assert not dark.any()


def read_all(path, step=0.5):
    with open_raster(path) as raster:
        frame = Frame.around(raster.info.footprint)
        ground = frame.to_ground(raster.info.footprint)
        return raster.read_grid(Grid.over(frame, ground.buffer(-2), step))


def flat(*values: float, dtype="uint8") -> np.ndarray:
    return np.stack([np.full((64, 80), value) for value in values]).astype(dtype)


RED, GREEN, BLUE, ALPHA, GRAY, NONE = (
    ColorInterp.red,
    ColorInterp.green,
    ColorInterp.blue,
    ColorInterp.alpha,
    ColorInterp.gray,
    ColorInterp.undefined,
)


@pytest.mark.parametrize(
    ("values", "colours", "expected"),
    [
        ((51, 102, 204), None, (51, 102, 204)),
        ((51, 102, 204, 9), [RED, GREEN, BLUE, NONE], (51, 102, 204)),  # near infrared behind
        ((204, 102, 51, 9), [BLUE, GREEN, RED, NONE], (51, 102, 204)),  # as satellites order them
        ((51, 102, 204, 255), [RED, GREEN, BLUE, ALPHA], (51, 102, 204)),
        ((51, 102, 204, 9), [GRAY, NONE, NONE, NONE], (51, 102, 204)),  # nothing said: the first three
        ((77,), None, (77,)),
        ((77, 255), [GRAY, ALPHA], (77,)),
    ],
)
def test_bands_become_red_green_blue_or_grey(make_raster, values, colours, expected):
    pixels = read_all(make_raster("b.tif", flat(*values), colorinterp=colours))
    assert pixels.visible.all()
    assert pixels.data[:, 20, 20] * 255 == pytest.approx(expected, abs=1e-3)


def test_bands_known_by_their_names(make_raster):
    path = make_raster("n.tif", flat(10, 30, 20, 40, 50), colorinterp=[GRAY] + [NONE] * 4)
    with rasterio.open(path, "r+") as out:
        out.descriptions = ("Blue", "Red", "Green", "NIR", "Edge")
    assert read_all(path).data[:, 9, 9] * 255 == pytest.approx((30, 20, 10), abs=1e-3)


def test_near_infrared_marked_as_alpha_hides_nothing(make_raster, textured):
    image = np.concatenate([textured(64, 80), textured(64, 80, seed=9)[:1] // 3])  # "alpha" mostly below 128
    path = make_raster("rgbn.tif", image, colorinterp=[RED, GREEN, BLUE, ALPHA])
    assert read_all(path).visible.all()


@pytest.mark.parametrize("step", [0.5, 2.0])
def test_palettes_are_expanded(make_raster, step):
    indexes = np.full((1, 64, 80), 3, np.uint8)
    indexes[:, :, 40:] = 7
    colours = {3: (250, 100, 50, 255), 7: (10, 20, 30, 255)}
    pixels = read_all(make_raster("p.tif", indexes, colormap=colours), step)
    assert pixels.data.shape[0] == 3
    assert pixels.data[:, 5, 2] * 255 == pytest.approx((250, 100, 50), abs=1e-3)
    assert pixels.data[:, 5, -2] * 255 == pytest.approx((10, 20, 30), abs=1e-3)


def test_transparent_alpha_is_not_visible(make_raster):
    image = flat(90, 90, 90, 255)
    image[3, :, :40] = 0
    pixels = read_all(make_raster("a.tif", image, colorinterp=[RED, GREEN, BLUE, ALPHA]))
    assert not pixels.visible[:, :30].any()
    assert pixels.visible[:, 40:].all()
    assert (pixels.data[:, ~pixels.visible] == 0).all()


def test_sixteen_bits_are_stretched_by_the_scenes_own_quantiles(make_raster):
    rng = np.random.default_rng(4)
    image = rng.integers(300, 1301, (3, 200, 220)).astype(np.uint16)
    with open_raster(make_raster("w.tif", image)) as raster:
        low, high = raster.reader.limits
        again = raster.reader.limits
    # uniform 300..1300: the 1 % and 99.5 % quantiles are 310 and 1295
    assert (low, high) == pytest.approx((310, 1295), abs=6)
    assert again == (low, high)


def test_sixteen_bit_nodata_does_not_enter_the_stretch(make_raster):
    image = np.full((1, 100, 100), 65535, np.uint16)
    image[0, 20:80, 20:80] = np.random.default_rng(3).integers(100, 201, (60, 60))
    path = make_raster("n.tif", image, nodata=65535)
    with open_raster(path) as raster:
        assert raster.reader.limits == pytest.approx((101, 200), abs=2)
    pixels = read_all(path)
    assert 0.3 < pixels.visible.mean() < 0.4
    assert pixels.visible[48, 48]


def test_a_constant_wide_image_does_not_divide_by_zero(make_raster):
    assert np.isfinite(read_all(make_raster("c.tif", flat(700, dtype="uint16"))).data).all()


def test_floats_with_nan(make_raster):
    image = np.random.default_rng(6).uniform(0.1, 0.3, (1, 64, 80)).astype(np.float32)
    image[0, :, :20] = np.nan
    image[0, 30, 60] = np.inf
    pixels = read_all(make_raster("f.tif", image))
    assert np.isfinite(pixels.data).all()
    assert not pixels.visible[:, :14].any()
    assert pixels.visible.mean() > 0.65


def test_declared_nodata_borders_and_dark_ground_inside(make_raster):
    image = flat(0, 0, 0)
    image[:, 10:50, 10:70] = 80
    image[0, 20:40, 20:40] = 0  # one band of nodata's value: ground
    pixels = read_all(make_raster("n.tif", image, nodata=0))
    assert pixels.visible[14:40, 14:60].all()
    assert not pixels.visible[:5].any()


def test_undeclared_black_borders_are_found_and_small_shadows_kept(make_raster):
    image = flat(80, 80, 80)
    image[:, :, :15] = 0
    image[:, 30:33, 40:44] = 0  # a shadow of 3 × 4 pixels
    pixels = read_all(make_raster("u.tif", image))
    assert not pixels.visible[:, :9].any()
    assert pixels.visible[:, 14:].all()


def test_internal_mask(make_raster):
    mask = np.full((64, 80), 255, np.uint8)
    mask[:30] = 0
    pixels = read_all(make_raster("m.tif", flat(80, 80, 80), mask=mask))
    assert not pixels.visible[:20].any()
    assert pixels.visible[32:].all()


def test_real_yard_lies_where_its_tracks_say(data_dir):
    with open_raster(data_dir / "muttenz" / "west.tif") as raster:
        assert raster.info.gsd_m == pytest.approx(0.2546, abs=2e-4)
        frame = Frame.around(raster.info.footprint)
        pixels = raster.read_grid(Grid.over(frame, frame.to_ground(raster.info.footprint), 0.5))
    assert pixels.visible.mean() > 0.97
    with open_raster(data_dir / "negatives" / "railway_no_wagons.tif") as raster:
        assert raster.info.gsd_m == pytest.approx(0.41, abs=0.005)  # its README; 0.597 in the file
