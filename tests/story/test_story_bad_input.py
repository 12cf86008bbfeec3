"""Bad input through the real command line: one clear line, the exit code of the contract, nothing written or lost."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from PIL import Image
from rasterio.enums import ColorInterp
from rasterio.warp import Resampling, calculate_default_transform, reproject, transform

from yardwatch.sites.geojson import Feature, read_features, write_features
from yardwatch.store.geopackage import GeoPackageStore

from .conftest import one_line

pytestmark = [
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:rasterio"),
]

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
    where, width, height = lattice
    out = np.zeros((len(data), height, width), data.dtype)
    reproject(
        data, out, src_transform=profile["transform"], src_crs=profile["crs"], src_nodata=0, dst_nodata=0,
        dst_transform=where, dst_crs=crs, resampling=Resampling.cubic,
    )  # fmt: skip
    written(path, out, profile, tags, crs=crs, transform=where)


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
    """Metres, and how near a picture warped anew is to come: one freight car of thirty may be told otherwise there."""
    cars = [car["end_m"] - car["start_m"] for car in said["cars"] if car["freight"]]
    train = said["length_count"]["occupied_m"]
    return {
        "train": (train, 0.06),
        "cars": (sum(cars), 0.06),
        "car": (np.mean(cars), 0.03),
        "pitch": (train / len(cars), 0.03),
    }


@pytest.mark.parametrize(
    "make",
    [
        mercator,
        *(
            pytest.param(make, marks=pytest.mark.slow)
            for make in (degrees, nodata_borders, rotated, north_down, sixteen_bit, four_bands, paletted)
        ),
    ],
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
    assert len(said["cars"]) == pytest.approx(len(plain["cars"]), rel=0.06)
    for what, (metres, near) in lengths(plain).items():
        assert lengths(said)[what][0] == pytest.approx(metres, rel=near), what
    code, out, _ = cli("scenes", "add", site, "strange.tif")
    assert code == 0
    assert "received as" in out


# --- a site's own files ---------------------------------------------------------------------------------------


def collection(*geometries, **properties):
    features = [{"type": "Feature", "properties": properties, "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features})


def line(*points):
    return {"type": "LineString", "coordinates": list(points)}


def polygon(*points):
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


WEST, EAST, SOUTH, NORTH = -123.405, -123.395, -48.902, -48.898
BOWTIE = polygon((WEST, SOUTH), (EAST, NORTH), (EAST, SOUTH), (WEST, NORTH))
SWAPPED = polygon((SOUTH, WEST), (NORTH, WEST), (NORTH, EAST), (SOUTH, EAST))
ROW = "a1,{date},yard,{quantity},cars,observation,{lower},{upper},Somebody\n"
HEADER = "id,date,zone,quantity,unit,role,lower,upper,publisher\n"


def row(date="2023-10-05", quantity="20", lower="", upper=""):
    return HEADER + ROW.format(date=date, quantity=quantity, lower=lower, upper=upper)


BAD_FILES = [
    ("zones.geojson", collection(BOWTIE, id="yard"), ("yard/zones.geojson feature 1", "self-crossing", "Fix geometr")),
    ("zones.geojson", collection(SWAPPED, id="yard"), ("feature 1", "latitude and longitude look swapped")),
    ("zones.geojson", collection(), ("holds no zone; draw one",)),
    ("zones.geojson", "", ("yard/zones.geojson is empty",)),
    ("tracks.geojson", collection(line((WEST, SOUTH)), track="1"), ("feature 1", "draw it again")),
    ("tracks.geojson", collection(line((WEST, SOUTH), (WEST, SOUTH)), track="1"), ("one point", "two points apart")),
    ("tracks.geojson", collection(line((SOUTH, WEST), (NORTH, EAST))), ("latitude and longitude look swapped",)),
    ("tracks.geojson", collection(BOWTIE), ("feature 1", "self-crossing")),
    ("tracks.geojson", collection({"type": "Point", "coordinates": [WEST, SOUTH]}), ("Point where a line is due",)),
    ("tracks.geojson", '{"type": "FeatureCollection", "features": [', ("line 1 is not JSON",)),
    ("record.csv", row(lower="30", upper="10"), ("record.csv row 2 column upper: 10 is below lower 30; swap",)),
    ("record.csv", row(date="2023-02-30"), ("record.csv row 2 column date", "2023-02-30")),
    ("record.csv", row(quantity="about 20"), ("row 2 column quantity", "write digits alone")),
    ("record.csv", HEADER.replace("zone", "zonne"), ("row 1: unknown column 'zonne'; allowed",)),
    ("events.csv", "id,date,title\ne1,soon,Something\n", ("events.csv row",)),
    ("site.yaml", "id: yard\nname: Yard\nzonez: 3\ndefault_zone: yard\n", ("line 3: unknown key 'zonez'; allowed",)),
    ("site.yaml", "id: yard\nname: [\n", ("site.yaml line",)),
    ("site.yaml", "id: yard\nname: Yard\ndefault_zone: nowhere\n", ("default_zone 'nowhere' is no zone; known",)),
]


@pytest.mark.parametrize(("name", "text", "says"), BAD_FILES, ids=[f"{n}-{s[0]}" for n, _, s in BAD_FILES])
def test_a_fault_in_a_sites_file_is_told_by_every_command(refused, site, image, tmp_path, name, text, says):
    (site / name).write_text(text, encoding="utf-8")
    for words in (
        ("run", site, "--json"),
        ("assess", site, "--as-of", "2024-06-01", "--json"),
        ("report", site, "--as-of", "2024-06-01"),
        ("changes", site, "--json"),
        ("scenes", "add", site, image),
        ("scenes", "list", site, "--json"),
        ("export", site, "--out", "out.csv"),
    ):
        refused(*words, says=says)


def test_empty_tracks_stop_the_count_and_the_run_but_not_the_site(refused, cli, site, image, tmp_path):
    (tmp_path / "none.geojson").write_text(collection())
    refused("count", image, "--tracks", "none.geojson", "--json", says=("holds no tracks", "draw centre lines"))
    (site / "tracks.geojson").write_text(collection())
    refused("run", site, "--json", says=("no tracks to count along; draw tracks.geojson", "tracks import"))
    assert cli("scenes", "list", site)[0] == 0


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("one.geojson", collection(line((WEST, SOUTH))), "draw it again"),
        ("same.geojson", collection(line((WEST, SOUTH), (WEST, SOUTH))), "draw at least two points apart"),
        ("swap.geojson", collection(line((SOUTH, WEST), (NORTH, EAST))), "latitude and longitude look swapped"),
        ("metres.geojson", collection(line((470300, 4583700), (470400, 4583700))), "export it as EPSG:4326"),
        ("zone.geojson", collection(polygon((WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH))), "where a line is due"),
    ],
)  # fmt: skip
def test_bad_tracks_stop_a_count(refused, image, tmp_path, name, text, says):
    (tmp_path / name).write_text(text)
    refused("count", image, "--tracks", name, "--out", "cars.geojson", "--json", says=(name, says))


def test_tracks_swapped_within_the_range_of_both_are_recognised(refused, tmp_path, image):
    """At 7.6° E, 47.5° N nothing is out of range when swapped; the image tells."""
    data, profile, tags = pixels(image)
    alps = Affine(0.5, 0, 2_613_000, 0, -0.5, 1_265_000)
    written(tmp_path / "alps.tif", data, profile, tags, crs="EPSG:2056", transform=alps)
    with rasterio.open(tmp_path / "alps.tif") as raster:
        (lon,), (lat,) = transform("EPSG:2056", "EPSG:4326", [raster.bounds.left + 50], [raster.bounds.top - 50])
    (tmp_path / "swap.geojson").write_text(collection(line((lat, lon), (lat, lon + 0.001))))
    refused("count", "alps.tif", "--tracks", "swap.geojson", says="latitude and longitude look swapped")


def test_zones_beside_the_tracks_are_told_not_counted_as_none_visible(refused, image, tracks, tmp_path):
    beside = polygon((WEST - 1, SOUTH), (WEST - 0.9, SOUTH), (WEST - 0.9, NORTH))
    (tmp_path / "beside.geojson").write_text(collection(beside))
    says = ("beside.geojson", "no track", "check that both are of the same place")
    refused("count", image, "--tracks", tracks, "--zones", "beside.geojson", says=says)
    (tmp_path / "bowtie.geojson").write_text(collection(BOWTIE))
    refused("count", image, "--tracks", tracks, "--zones", "bowtie.geojson", says="self-crossing")
    (tmp_path / "line.geojson").write_text(collection(line((WEST, SOUTH), (EAST, NORTH))))
    refused("count", image, "--tracks", tracks, "--zones", "line.geojson", says="--zones needs polygons")


@pytest.mark.slow
def test_tracks_in_a_crs_member_are_the_same_tracks(cli, image, tracks, simulated, tmp_path):
    plain = json.loads(cli("count", image, "--tracks", tracks, "--json")[1])
    for code in (32710, 3857):
        document = json.loads(tracks.read_text())
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}
        for feature in document["features"]:
            lonlat = np.array(feature["geometry"]["coordinates"])
            xs, ys = transform("EPSG:4326", f"EPSG:{code}", lonlat[:, 0], lonlat[:, 1])
            feature["geometry"]["coordinates"] = [list(point) for point in zip(xs, ys, strict=True)]
        (tmp_path / "metres.geojson").write_text(json.dumps(document))
        got, out, err = cli("count", image, "--tracks", "metres.geojson", "--json")
        assert (got, err) == (0, "")
        said = json.loads(out)
        assert said["count"] == plain["count"]
        assert [c["id"] for c in said["cars"]] == [c["id"] for c in plain["cars"]]


def test_tracks_in_a_national_grid(cli, image, tmp_path):
    """EPSG:2056 beside an image in lon/lat of the same ground."""
    data, profile, tags = pixels(image)
    alps = Affine(0.5, 0, 2_613_000, 0, -0.5, 1_265_000)
    written(tmp_path / "alps.tif", data, profile, tags, crs="EPSG:2056", transform=alps)
    track = line((2_613_020, 1_264_900), (2_613_200, 1_264_900))
    document = json.loads(collection(track, track="7"))
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2056"}}
    (tmp_path / "t.geojson").write_text(json.dumps(document))
    code, out, _ = cli("count", "alps.tif", "--tracks", "t.geojson", "--json")
    assert code == 0
    assert json.loads(out)["visible_fraction"] == 1
    document["crs"]["properties"]["name"] = "EPSG:999999"
    (tmp_path / "t.geojson").write_text(json.dumps(document))
    code, out, err = cli("count", "alps.tif", "--tracks", "t.geojson", "--json")
    assert (code, out) == (2, "")
    assert "names a CRS that is not known" in one_line(err)


def test_tracks_partly_outside_count_what_is_shown_and_say_how_much(cli, image, tracks, tmp_path):
    data, profile, tags = pixels(image)
    half = data.shape[2] // 2
    written(tmp_path / "half.tif", np.ascontiguousarray(data[:, :, :half]), profile, tags)
    whole = json.loads(cli("count", image, "--tracks", tracks, "--json")[1])
    code, out, _ = cli("count", "half.tif", "--tracks", tracks, "--out", "cars.geojson", "--json")
    said = json.loads(out)
    assert code == 0
    assert 0.2 < said["visible_fraction"] < 0.8 < whole["visible_fraction"]
    assert 0 < said["count"]["mean"] < whole["count"]["mean"]
    with rasterio.open(tmp_path / "half.tif") as raster:
        edge = transform(raster.crs, "EPSG:4326", [raster.bounds.right], [raster.bounds.top])[0][0]
    drawn = [feature.geometry.centroid.x for feature in read_features(tmp_path / "cars.geojson")]
    assert drawn
    assert max(drawn) < edge + 0.0001


# --- outputs that would overwrite inputs ----------------------------------------------------------------------


def test_an_output_never_overwrites_an_input(refused, run_site, image, tracks, tmp_path):
    shutil.copy(image, tmp_path / "i.tif")
    shutil.copy(tracks, tmp_path / "t.geojson")
    shutil.copy(run_site / "zones.geojson", tmp_path / "z.geojson")
    words = ("count", "i.tif", "--tracks", "t.geojson", "--zones", "z.geojson", "--json", "--out")
    for name in ("i.tif", "t.geojson", "z.geojson"):
        refused(*words, name, says=(name, "name another file"))
    for name in ("site.gpkg", "record.csv", "tracks.geojson", "zones.geojson", "site.yaml", "scenes/catalog.json"):
        fmt = {"csv": "csv", "gpkg": "gpkg"}.get(name.rpartition(".")[2], "geojson")
        refused("export", run_site, "--format", fmt, "--out", run_site / name, says="name another file")


def test_a_bundled_site_is_never_written_to(refused, cli, image, tmp_path):
    from yardwatch.sites.folder import open_site

    bundled = open_site("tumangang").path
    before = sorted(path.name for path in bundled.iterdir())
    (tmp_path / "cars.geojson").write_text(collection())
    (tmp_path / "osm.geojson").write_text(collection(line((WEST, SOUTH), (EAST, NORTH)), railway="rail"))
    for words in (
        ("run", "tumangang", "--json"),
        ("scenes", "add", "tumangang", image),
        ("tracks", "import", "tumangang", "--osm", "osm.geojson"),
        ("review", "tumangang", "2023-10-05-00000000", "--cars", "cars.geojson"),
    ):
        refused(*words, says="tumangang is bundled and never written to")
    assert sorted(path.name for path in bundled.iterdir()) == before


def test_init_over_images_that_only_touch(refused, image, tmp_path):
    data, profile, tags = pixels(image)
    beside = profile["transform"] @ Affine.translation(data.shape[2], 0)
    written(tmp_path / "beside.tif", data, profile, tags, transform=beside)
    refused("init", "new", "--from", image, "--from", "beside.tif", says="does not overlap the images before it")


def test_init_into_a_folder_that_holds_a_site(refused, site):
    refused("init", site, "--name", "Again", says="is there already; nothing was written")
    refused("init", "new", "--name", "two\nlines", says="write plain text")


# --- many images at once --------------------------------------------------------------------------------------


def manifest(folder, *rows):
    path = folder / "images.csv"
    path.write_text("\n".join(["file,acquired,sensor,licence", *rows]) + "\n")
    return path


def test_a_manifest_with_a_fault_adds_nothing(refused, site, images, tmp_path):
    for image in images[:2]:
        data, profile, tags = pixels(image)
        written(tmp_path / image.name, data, profile, tags | {"COPY": "1"})
    good = f"{images[0].name},2020-01-01,,cc0-1.0"
    for row, says in (
        ("gone.tif,2020-02-01,,", ("images.csv row 3, column file: 'gone.tif' is not there",)),
        (f"{images[1].name},2020-02-31,,", ("row 3, column acquired", "is not a date")),
        (f"{images[1].name},2020-02-01", ("row 3: has more or fewer cells",)),
        (f"../{images[1].name},2020-02-01,,", ("row 3, column file", "not below the manifest's folder")),
    ):
        refused("scenes", "add", site, "--manifest", manifest(tmp_path, good, row), says=says)
    empty = manifest(tmp_path)
    refused("scenes", "add", site, "--manifest", empty, says="names no images")
    refused("scenes", "add", site, "--manifest", "gone.csv", says="gone.csv: no such file", code=3)
    refused("scenes", "add", site, says="no images given; name files, or pass --manifest")


def test_a_manifest_takes_a_row_twice_once_and_keeps_unknown_licences_unpublished(cli, site, images, tmp_path):
    data, profile, tags = pixels(images[0])
    written(tmp_path / "new.tif", data, profile, tags | {"COPY": "1"})
    row = "new.tif,2020-01-01,Somebody's camera,all mine"
    code, out, _ = cli("scenes", "add", site, "--manifest", manifest(tmp_path, row, row))
    assert code == 0
    assert "new.tif: received as 2020-01-01-" in out
    assert "new.tif: already there as 2020-01-01-" in out
    assert "its pixels may not be published" in out
    listed = json.loads(cli("scenes", "list", site, "--json")[1])["scenes"]
    (new,) = [scene for scene in listed if scene["sensor"] == "Somebody's camera"]
    assert (new["licence"], new["may_publish_pixels"]) == ("all mine", False)
    assert len(listed) == len(images) + 1


def test_one_bad_image_among_good_ones_loses_none(cli, site, images, tmp_path):
    data, profile, tags = pixels(images[0])
    written(tmp_path / "new.tif", data, profile, tags | {"COPY": "1"})
    (tmp_path / "bad.tif").write_bytes(b"")
    code, _, err = cli("scenes", "add", site, "new.tif", "bad.tif", "--acquired", "2020-01-01")
    assert code == 2
    assert "bad.tif: is empty" in one_line(err)
    (tmp_path / "bad.tif").unlink()
    assert "already there" in cli("scenes", "add", site, "new.tif")[1]


# --- tracks from elsewhere ------------------------------------------------------------------------------------


def test_an_extract_without_rail_or_broken_leaves_the_tracks(refused, site, tmp_path):
    for name, text, says, code in (
        ("e.geojson", collection(), ("railway=rail",), 2),
        ("e.json", '{"elements": []}', ("e.json",), 2),
        ("e.osm", "<osm><way", ("e.osm",), 2),
        ("e.osm.pbf", "rubbish", ("e.osm.pbf",), 2),
        ("gone.osm", None, ("gone.osm",), 3),
    ):
        if text is not None:
            (tmp_path / name).write_text(text)
        refused("tracks", "import", site, "--osm", name, says=says, code=code)


# --- a store that is damaged or missing -----------------------------------------------------------------------


def test_a_damaged_store_is_told_and_kept(refused, run_site):
    (run_site / "site.gpkg").write_bytes(b"rubbish" * 1000)
    for words in (
        ("run", run_site, "--json"),
        ("assess", run_site, "--as-of", "2024-06-01", "--json"),
        ("export", run_site, "--out", "x.csv"),
    ):
        refused(*words, says=("site.gpkg is damaged or no GeoPackage; put it aside and run again",))


def test_a_scene_taken_away_or_cut_is_named(cli, site):
    folder = next(path for path in sorted((site / "scenes").iterdir()) if path.is_dir())
    cog = folder / f"{folder.name}.tif"
    whole = cog.read_bytes()
    cog.write_bytes(whole[: len(whole) // 2])
    code, out, err = cli("run", site, "--quiet", "--json")
    assert (code, out) == (2, "")
    assert folder.name in one_line(err)
    cog.unlink()
    code, out, err = cli("run", site, "--quiet", "--json")
    assert (code, out) == (3, "")
    assert folder.name in one_line(err)


# --- review ---------------------------------------------------------------------------------------------------


@pytest.fixture
def exported(cli, run_site, tmp_path):
    """The whole export, and the scene with most cars in it."""
    assert cli("export", run_site, "--format", "geojson", "--out", "cars.geojson")[0] == 0
    features = read_features(tmp_path / "cars.geojson")
    names = [feature.properties["scene"] for feature in features]
    return features, max(sorted(set(names)), key=names.count)


def observed(folder):
    """Basis, value and interval of each look's observation, by day."""
    with GeoPackageStore(folder / "site.gpkg") as store:
        return {one.when.earliest: (one.basis, one.value, one.lower, one.upper) for one in store.observations()}


def chances(folder):
    """The pmf of each counted observation, by day."""
    with GeoPackageStore(folder / "site.gpkg") as store:
        return {one.when.earliest: one.pmf for one in store.observations() if one.basis == "counted"}


def day_of(scene):
    return date.fromisoformat(scene[:10])


def test_a_review_that_cannot_be_taken_changes_nothing(refused, run_site, exported, tmp_path):
    features, scene = exported
    own = [feature for feature in features if feature.properties["scene"] == scene]
    car = own[0].geometry
    cases = {
        "far": (Feature(geometry=shapely.affinity.translate(car, 0.01, 0.01)), "m from every track; move it onto one"),
        "point": (Feature(geometry=car.centroid), "car 1 is a Point; draw each car as one polygon"),
        "kind": (Feature(geometry=car, properties={"kind": "spaceship"}), "unknown kind 'spaceship'"),
        "other": (
            Feature(geometry=car, properties={"scene": "another"}),
            "holds cars of other scenes only",
        ),
    }
    for name, (feature, says) in cases.items():
        write_features(tmp_path / f"{name}.geojson", [feature])
        words = ("review", run_site, scene, "--cars", f"{name}.geojson")
        refused(*words, says=(f"{name}.geojson", says))
    (tmp_path / "empty.geojson").write_text("")
    refused("review", run_site, scene, "--cars", "empty.geojson", says="empty.geojson is empty")
    refused("review", run_site, scene, "--cars", "gone.geojson", says="gone.geojson cannot be read", code=3)
    refused("review", run_site, "2001-01-01-00000000", "--cars", "cars.geojson", says="no such scene has been counted")
    (run_site / "site.gpkg").unlink()
    refused("review", run_site, scene, "--cars", "cars.geojson", says="nothing counted yet; run `yardwatch run")


def test_an_export_comes_back_as_a_review_that_keeps_every_car(cli, run_site, exported, tmp_path):
    features, scene = exported
    own = [feature for feature in features if feature.properties["scene"] == scene]
    assert len(own) < len(features)
    before = chances(run_site)
    code, out, _ = cli("review", run_site, scene, "--cars", "cars.geojson", "--reviewer", "A. Analyst")
    assert code == 0
    assert out.startswith(f"{len(own)} kept, 0 removed, 0 added")
    after = observed(run_site)
    assert after[day_of(scene)] == ("reviewed", *3 * (float(sum(f.properties["freight"] for f in own)),))
    others = chances(run_site)
    assert set(others) == set(before) - {day_of(scene)} != set()
    assert all(others[day] != before[day] for day in others), "the error model has learned nothing"
    again = (run_site / "site.gpkg").read_bytes()
    cli("review", run_site, scene, "--cars", "cars.geojson", "--reviewer", "A. Analyst")
    assert (run_site / "site.gpkg").read_bytes() == again
    cli("run", run_site, "--quiet")
    assert observed(run_site) == after


def test_a_review_as_qgis_saves_it(cli, run_site, exported, tmp_path):
    """Multi-part polygons, a copied car with its id, one deleted, one drawn anew without a word in its fields."""
    features, scene = exported
    own = [feature for feature in features if feature.properties["scene"] == scene]
    multi = [replace(f, geometry=shapely.MultiPolygon([f.geometry])) for f in own[1:]]
    empty_place = next(f for f in features if not any(f.geometry.intersects(o.geometry) for o in own))
    copied = replace(empty_place, properties=own[1].properties)
    write_features(tmp_path / "edited.geojson", [*multi, copied])
    code, out, _ = cli("review", run_site, scene, "--cars", "edited.geojson")
    assert code == 0
    assert out.startswith(f"{len(own) - 1} kept, 1 removed, 1 added")
    new = Feature(geometry=empty_place.geometry, properties=dict.fromkeys(empty_place.properties))
    write_features(tmp_path / "edited.geojson", [*multi, new])
    assert cli("review", run_site, scene, "--cars", "edited.geojson")[1].startswith(
        f"{len(own) - 1} kept, 1 removed, 1"
    )


def test_an_empty_collection_says_no_car_and_going_back_is_heard(cli, run_site, exported, tmp_path):
    _, scene = exported
    (tmp_path / "none.geojson").write_text(collection())
    told = {}
    for name in ("cars.geojson", "none.geojson", "cars.geojson"):
        assert cli("review", run_site, scene, "--cars", name)[0] == 0
        told.setdefault(name, []).append(observed(run_site)[day_of(scene)])
    assert told["none.geojson"] == [("reviewed", 0.0, 0.0, 0.0)]
    first, last = told["cars.geojson"]
    assert first == last
    assert first[1] > 0


def test_a_no_look_takes_no_review(refused, cli, site, images, tmp_path):
    for folder in [path for path in sorted((site / "scenes").iterdir()) if path.is_dir()][1:]:
        shutil.rmtree(folder)
    data, profile, tags = pixels(images[0])
    white = np.full_like(data, 250)
    written(tmp_path / "cloud.tif", white, profile, tags)
    _, out, _ = cli("scenes", "add", site, "cloud.tif", "--acquired", "2020-01-01")
    assert cli("run", site, "--quiet", "--json")[0] == 0
    scene = out.split("received as ")[1].split()[0]
    (tmp_path / "none.geojson").write_text(collection())
    refused("review", site, scene, "--cars", "none.geojson", says=("is a no-look", "no count to review"))


# --- JSON alone -----------------------------------------------------------------------------------------------


def test_json_stands_alone_on_stdout(cli, run_site, image, images, tracks):
    for words in (
        ("run", run_site),
        ("scenes", "list", run_site),
        ("assess", run_site, "--as-of", "2024-06-01"),
        ("changes", run_site),
        ("changes", "--before", images[0], "--after", image),
        ("count", image, "--tracks", tracks),
    ):
        _, out, _ = cli("-vv", *words, "--json")
        assert isinstance(json.loads(out), dict), words


def test_a_wrong_gsd_is_seen_from_the_tracks_drawn_over_the_image(cli, image, tracks, tmp_path):
    """The file says half the metres; tracks drawn over it lie 2.4 m apart, which no tracks do."""
    data, profile, tags = pixels(image)
    middle = profile["transform"] @ (profile["width"] / 2, profile["height"] / 2)
    shrink = Affine.translation(*middle) @ Affine.scale(0.5) @ Affine.translation(-middle[0], -middle[1])
    written(tmp_path / "half.tif", data, profile, tags, transform=shrink @ profile["transform"])

    def drawn(xy):
        x, y = shrink @ np.array(transform("EPSG:4326", profile["crs"], *xy.T))
        return np.stack(transform(profile["crs"], "EPSG:4326", x, y), axis=1)

    lines = [shapely.transform(feature.geometry, drawn) for feature in read_features(tracks)]
    write_features(tmp_path / "drawn.geojson", [Feature(geometry=line) for line in lines])
    code, out, _ = cli("count", "half.tif", "--tracks", "drawn.geojson", "--json")
    check = json.loads(out)["gsd_check"]
    assert code == 0
    assert check["verdict"] == "too close"
    assert check["factor"] == pytest.approx(2.0, rel=0.15)
    _, out, _ = cli("count", "half.tif", "--tracks", "drawn.geojson")
    assert "the image's GSD may be wrong by a factor of about" in " ".join(out.split())
