"""Pan-sharpening against the colours it was made from: the pan's brightness exactly, nearer the truth than without."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT

from yardwatch.errors import SceneError
from yardwatch.imagery.metadata import Details
from yardwatch.imagery.receive import receive
from yardwatch.imagery.sharpen import sharpened

SIDE, FACTOR = 256, 4
WEIGHTS = np.array([0.3, 0.5, 0.2])
CORNER = Affine(0.5, 0, 470_300, 0, -0.5, 4_583_700)


def truth(textured, seed=5):
    """(3, y, x) float: three colours, each of its own pattern and brightness."""
    parts = [textured(SIDE, SIDE, seed + i)[0].astype(float) for i in range(3)]
    return np.stack([0.7 * parts[0] + 0.3 * part for part in parts]) * np.array([1.0, 0.8, 0.6])[:, None, None] * 20


@pytest.fixture
def pair(make_raster, textured):
    """A pan of 0.5 m and blue, green, red of 2 m, of one ground."""

    def make(seed=5, dtype=np.uint16, colour_seed=None):
        ground = truth(textured, seed)
        pan = np.tensordot(WEIGHTS, ground, axes=1)[None]
        ground = truth(textured, colour_seed or seed)
        coarse = ground.reshape(3, SIDE // FACTOR, FACTOR, SIDE // FACTOR, FACTOR).mean(axis=(2, 4))[::-1]
        scale = 1 if dtype == np.uint16 else 1 / 20
        fine = make_raster("pan.tif", (pan * scale).round().astype(dtype))
        transform = CORNER @ Affine.scale(FACTOR)
        return fine, make_raster(
            "ms.tif", (coarse * scale).round().astype(dtype), transform=transform, photometric="minisblack"
        )

    return make


def test_brightness_is_the_pans_and_colour_is_nearer_the_truth(pair, textured, tmp_path):
    pan, ms = pair()
    with rasterio.open(sharpened(pan, ms, tmp_path / "out.tif", "BGR")) as out, rasterio.open(pan) as fine:
        assert (out.count, out.dtypes[0], out.transform) == (4, "uint16", fine.transform)
        colour = out.read([1, 2, 3]).astype(float)
        grey = fine.read(1).astype(float)
        assert (out.read(4) == 65_535).all()
    inner = (slice(None), slice(16, -16), slice(16, -16))
    weights = np.linalg.lstsq(colour[inner].reshape(3, -1).T, grey[inner[1:]].ravel(), rcond=None)[0]
    assert abs(weights - WEIGHTS).max() < 0.08
    assert abs(np.tensordot(weights, colour, axes=1)[inner[1:]] - grey[inner[1:]]).max() < 30
    with (
        rasterio.open(ms) as coarse,
        WarpedVRT(
            coarse, crs=coarse.crs, transform=CORNER, width=SIDE, height=SIDE, resampling=Resampling.cubic
        ) as plain,
    ):
        blurred = plain.read()[::-1].astype(float)
    wanted = truth(textured)
    errors = [np.sqrt(((made - wanted)[inner] ** 2).mean()) for made in (colour, blurred)]
    assert errors[0] < 0.6 * errors[1]


def test_bytes_stay_bytes(pair, tmp_path):
    with rasterio.open(sharpened(*pair(dtype=np.uint8), tmp_path / "out.tif", "BGR")) as out:
        assert out.dtypes[0] == "uint8"
        assert out.read(1).std() > 5


def test_two_places_are_refused(pair, tmp_path):
    with pytest.raises(SceneError, match="do not show the same"):
        sharpened(*pair(colour_seed=900), tmp_path / "out.tif", "BGR")


def test_no_overlap_swapped_and_without_colour(pair, make_raster, tmp_path):
    pan, ms = pair()
    far = make_raster("far.tif", np.full((3, 64, 64), 9, np.uint16), transform=CORNER @ Affine.translation(9_000, 0))
    with pytest.raises(SceneError, match="do not overlap"):
        sharpened(pan, far, tmp_path / "out.tif", "BGR")
    with pytest.raises(SceneError, match="has 3 bands, a panchromatic image has one"):
        sharpened(ms, pan, tmp_path / "out.tif", "P")
    with pytest.raises(SceneError, match="has no red, green and blue"):
        sharpened(pan, pan, tmp_path / "out.tif")


def test_received_with_both_originals_and_both_named_as_parents(pair, tmp_path, now):
    import hashlib

    (tmp_path / "site").mkdir()
    pan, ms = pair()
    details = Details(acquired="2023-10-05", colour=ms, bands="BGR")
    scene = receive(pan, tmp_path / "site", details, now=now, over=None).scene
    folder = tmp_path / "site" / "scenes" / scene.id
    assert sorted(path.name for path in (folder / "original").iterdir()) == ["ms.tif", "pan.tif"]
    item = json.loads((folder / f"{scene.id}.json").read_text())
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (pan, ms)]
    assert item["assets"]["image"]["yardwatch:parents"] == digests
    assert item["properties"]["yardwatch:pan_sharpened"] is True
    with rasterio.open(scene.href) as cog:
        assert cog.descriptions[:3] == ("red", "green", "blue")
    assert round(scene.gsd_m, 2) == 0.5
