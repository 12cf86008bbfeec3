"""Bad input through the real command line: one clear line, the exit code of the contract, nothing written or lost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from PIL import Image
from rasterio.enums import ColorInterp
from rasterio.warp import Resampling, calculate_default_transform, reproject

from .conftest import one_line

LOCK = ".yardwatch.lock"
"""Stays where a command waited its turn; it holds a process number and nothing else."""


def held(folder: Path) -> dict[str, str]:
    """Every file below a folder with its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK
    }


@pytest.fixture
def refused(cli, tmp_path):
    """Call a command that must fail with exit 2 (or `code`) in one line holding every word, and change no file."""

    def call(*words, says=(), code=2):
        before = held(tmp_path)
        got, out, err = cli(*words)
        line = one_line(err)
        assert (got, out) == (code, ""), (out, err)
        for text in (says,) if isinstance(says, str) else says:
            assert text in line
        assert held(tmp_path) == before
        return line

    return call


def pixels(path):
    with rasterio.open(path) as raster:
        return raster.read(), raster.profile, raster.tags()


def written(path, data, profile, tags=(), **options):
    """A plain striped TIFF: one whose header survives a cut."""
    keep = {key: profile[key] for key in ("crs", "transform", "nodata") if key in profile}
    bands, height, width = data.shape
    shape = {"count": bands, "height": height, "width": width, "dtype": data.dtype}
    colours = options.pop("colours", None)
    with rasterio.open(path, "w", driver="GTiff", **(keep | shape | options)) as raster:
        if colours:
            raster.colorinterp = colours
        raster.update_tags(**dict(tags))
        raster.write(data)
    return path


# --- images nobody can use ------------------------------------------------------------------------------------


def no_crs(image, path):
    data, profile, tags = pixels(image)
    written(path, data, profile, tags, crs=None)


def no_georeference(image, path):
    data, profile, tags = pixels(image)
    written(path, data, profile, tags, transform=None)


def zero_bytes(image, path):
    path.write_bytes(b"")


def cut_early(image, path):
    path.write_bytes(image.read_bytes()[:3000])


def cut_in_the_pixels(image, path):
    data, profile, tags = pixels(image)
    written(path, data, profile, tags)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])


def not_an_image(image, path):
    path.write_text("a letter, not an image")


def one_pixel(image, path):
    data, profile, tags = pixels(image)
    written(path, data[:, :1, :1], profile, tags)


def beyond_the_earth(image, path):
    data, profile, tags = pixels(image)
    written(path, data, profile, tags, crs="EPSG:4326")


BAD_IMAGES = [
    (no_crs, "has no coordinate reference system; pass --crs"),
    (no_georeference, "has no georeference; georeference it first"),
    (zero_bytes, "is empty (zero bytes); fetch it again"),
    (cut_early, "fetch it again"),
    (cut_in_the_pixels, "cut short, fetch it again"),
    (not_an_image, "is not an image that can be read; give GeoTIFF"),
    (one_pixel, "is 1 × 1 pixels; a scene needs at least"),
    (beyond_the_earth, "check --crs"),
]


@pytest.mark.parametrize(("make", "says"), BAD_IMAGES, ids=[make.__name__ for make, _ in BAD_IMAGES])
def test_a_bad_image_is_refused_by_every_command_that_takes_one(refused, site, image, tracks, tmp_path, make, says):
    bad = tmp_path / "bad.tif"
    make(image, bad)
    refused("scenes", "add", site, bad, says=("bad.tif", says))
    refused("count", bad, "--tracks", tracks, "--out", "cars.geojson", "--json", says=("bad.tif", says))
    if make is not cut_in_the_pixels:  # its header is whole, and `init` needs no more
        refused("init", "new", "--from", bad, says=("bad.tif", says))
    refused("changes", "--before", image, "--after", bad, "--json", says=("bad.tif", says))


def test_an_image_that_is_not_there_is_exit_3(refused, site, tracks):
    refused("scenes", "add", site, "gone.tif", says="gone.tif: no such file; check the path", code=3)
    refused("init", "new", "--from", "gone.tif", says="gone.tif: no such file; check the path", code=3)
    refused("count", "gone.tif", "--tracks", tracks, says="gone.tif: no such file", code=3)
    refused("count", site, "--tracks", tracks, says="is a folder, not an image")


def test_an_image_of_another_place_enters_no_site(refused, site, image, tracks, tmp_path):
    data, profile, tags = pixels(image)
    far = profile["transform"].translation(50_000, 0) @ profile["transform"]
    written(tmp_path / "far.tif", data, profile, tags, transform=far)
    refused("scenes", "add", site, "far.tif", says=("far.tif: is not over the site (image lon", "check the file"))
    refused("count", "far.tif", "--tracks", tracks, says=("far: none of the", "the image spans lon/lat"))


def test_all_nodata_enters_no_site_and_counts_nothing(refused, cli, site, image, tracks, tmp_path):
    data, profile, tags = pixels(image)
    written(tmp_path / "nothing.tif", np.zeros_like(data), profile, tags)
    refused("scenes", "add", site, "nothing.tif", says="nothing.tif: shows nothing, every pixel is nodata; give")
    code, out, err = cli("count", "nothing.tif", "--tracks", tracks, "--json")
    said = json.loads(out)
    assert (code, err, said["capability"], said["count"], said["cars"]) == (1, "", "none", None, [])
    assert said["reason"] == "none of the track is visible in this image"


@pytest.mark.parametrize(
    ("acquired", "says"),
    [
        ("2023-02-30", "is not a date; write 2023-10-05"),
        ("last week", "is not a date; write 2023-10-05"),
        ("", "is not a date; write 2023-10-05"),
        ("2999-01-01", "lies in the future; check the date"),
    ],
)
def test_a_date_that_is_none_or_to_come(refused, site, image, tmp_path, acquired, says):
    data, profile, tags = pixels(image)
    written(tmp_path / "new.tif", data, profile, {k: v for k, v in tags.items() if "ACQUISITION" not in k})
    refused("scenes", "add", site, "new.tif", "--acquired", acquired, says=("new.tif", says))
    refused("scenes", "add", site, "new.tif", says=("new.tif: does not say when it was taken", "pass --acquired"))


def test_a_future_date_in_the_images_own_tags(refused, site, image, tmp_path):
    data, profile, tags = pixels(image)
    written(tmp_path / "new.tif", data, profile, tags | {"ACQUISITIONDATETIME": "2999-01-01T10:00:00Z"})
    refused("scenes", "add", site, "new.tif", says="acquired 2999-01-01 lies in the future")


# --- images in strange clothes: the same metres of train ------------------------------------------------------


def warped(image, path, crs, lattice):
    """The image in another CRS, on a lattice (transform, width, height) of its own."""
    data, profile, tags = pixels(image)
    transform, width, height = lattice
    out = np.zeros((len(data), height, width), data.dtype)
    reproject(
        data, out, src_transform=profile["transform"], src_crs=profile["crs"], src_nodata=0, dst_nodata=0,
        dst_transform=transform, dst_crs=crs, resampling=Resampling.cubic,
    )  # fmt: skip
    written(path, out, profile, tags, crs=crs, transform=transform)


def square_on_the_ground(image, crs, metre):
    """A lattice over the image whose pixels are half a metre on the ground; `metre`: its CRS units, across and up."""
    with rasterio.open(image) as raster:
        half = tuple(length / 2 for length in metre)
        return calculate_default_transform(
            raster.crs, crs, raster.width, raster.height, *raster.bounds, resolution=half
        )


def turned(profile, degrees):
    """A lattice turned round the image's middle, large enough for all of it."""
    across = int(np.hypot(profile["width"], profile["height"])) + 2
    middle = profile["transform"] @ (profile["width"] / 2, profile["height"] / 2)
    gsd = profile["transform"].a
    lattice = Affine.translation(*middle) @ Affine.rotation(degrees) @ Affine.scale(gsd, -gsd)
    return lattice @ Affine.translation(-across / 2, -across / 2), across, across


LATITUDE = -48.9
METRES_A_DEGREE = 111_210
"""Of latitude at 48.9°, WGS 84."""


def mercator(image, path):
    stretch = 1 / np.cos(np.radians(LATITUDE))
    warped(image, path, "EPSG:3857", square_on_the_ground(image, "EPSG:3857", (stretch, stretch)))


def degrees(image, path):
    up = 1 / METRES_A_DEGREE
    across = up / np.cos(np.radians(LATITUDE))
    warped(image, path, "EPSG:4326", square_on_the_ground(image, "EPSG:4326", (across, up)))


def rotated(image, path):
    warped(image, path, "EPSG:32710", turned(pixels(image)[1], 27))


def north_down(image, path):
    data, profile, tags = pixels(image)
    flipped = profile["transform"] @ Affine.translation(0, data.shape[1]) @ Affine.scale(1, -1)
    written(path, np.ascontiguousarray(data[:, ::-1]), profile, tags, transform=flipped)


def sixteen_bit(image, path):
    """Beside it the 8-bit file with the stretch of `imagery.bands`, which wider types get and 8-bit ones do not."""
    data, profile, tags = pixels(image)
    written(path, data.astype(np.uint16) * 37, profile, tags)
    low, high = np.quantile(data[:, data.any(axis=0)], (0.01, 0.995))
    stretched = np.clip(np.round((data - low) / (high - low) * 255), 1, 255).astype(np.uint8)
    return written(path.with_name("twin.tif"), np.where(data.any(axis=0), stretched, 0), profile, tags)


def four_bands(image, path):
    data, profile, tags = pixels(image)
    infrared = np.roll(data[:1], 40, axis=2)
    colours = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.undefined]
    written(path, np.concatenate([data, infrared]), profile, tags, colours=colours)


def paletted(image, path):
    """Beside it the same picture, its colours written out."""
    data, profile, tags = pixels(image)
    picture = Image.fromarray(np.moveaxis(data, 0, -1)).quantize(256)
    index = np.asarray(picture)[None]
    table = np.array(picture.getpalette()).reshape(-1, 3)
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=data.shape[1], width=data.shape[2], dtype="uint8",
        crs=profile["crs"], transform=profile["transform"],
    ) as raster:  # fmt: skip
        raster.write(index)
        raster.write_colormap(1, {i: (*map(int, colour), 255) for i, colour in enumerate(table)})
        raster.update_tags(**tags)
    written_out = np.moveaxis(table[index[0]], -1, 0).astype(np.uint8)
    return written(path.with_name("twin.tif"), written_out, profile, tags, nodata=None)


def nodata_borders(image, path):
    data, profile, tags = pixels(image)
    wide = np.pad(data, ((0, 0), (150, 90), (200, 60)))
    written(path, wide, profile, tags, transform=profile["transform"] @ Affine.translation(-200, -150), nodata=None)


def lengths(said):
    cars = [car["end_m"] - car["start_m"] for car in said["cars"] if car["freight"]]
    return {"train": said["length_count"]["occupied_m"], "cars": sum(cars), "car": np.mean(cars)}


@pytest.mark.parametrize(
    "make", [mercator, degrees, rotated, north_down, sixteen_bit, four_bands, paletted, nodata_borders]
)
def test_lengths_stay_ground_metres(cli, site, image, tracks, tmp_path, make):
    twin = make(image, tmp_path / "strange.tif") or image
    _, out, _ = cli("count", twin, "--tracks", tracks, "--json")
    plain = json.loads(out)
    code, out, _ = cli("count", "strange.tif", "--tracks", tracks, "--json")
    said = json.loads(out)
    assert code == 0
    assert said["scene"]["gsd_m"] == pytest.approx(0.5, rel=0.01)
    assert said["count"]["mean"] == pytest.approx(plain["count"]["mean"], rel=0.06)
    assert len(plain["cars"]) > 30
    for what, metres in lengths(plain).items():
        assert lengths(said)[what] == pytest.approx(metres, rel=0.03), what
    code, out, _ = cli("scenes", "add", site, "strange.tif")
    assert code == 0
    assert "received as" in out
