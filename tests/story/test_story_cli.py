"""The command line as a user meets it: exit codes, JSON alone on stdout, one-line errors, no traceback."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import rasterio
import shapely
from rasterio.warp import transform
from rasterio.windows import Window
from rich.console import Console

from yardwatch import tables, tables_tracks
from yardwatch.sites.geojson import Feature, read_features, write_features

from .conftest import one_line

# --- the published case ---------------------------------------------------------------------------------------


def test_the_case_as_of_the_day_after(cli):
    code, out, _ = cli("assess", "tumangang", "--as-of", "2023-10-06", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["observed"]["value"] == 73
    assert (said["observed"]["lower"], said["observed"]["upper"]) == (None, None)
    assert said["baseline"]["max"] == 20
    assert said["baseline"]["max_is_bound"] is True
    assert said["ratio"] == {"value": 3.65, "lower": None, "upper": None}
    assert said["n"] is None
    assert said["unprecedented"]["holds"] is None
    assert (said["onset"]["earliest"], said["onset"]["latest"]) == ("2023-09-14", "2023-09-22")
    assert {(c["value"], c["lower"], c["upper"]) for c in said["cross_checks"]} >= {(72, 61, 83)}
    assert [e["known"] for e in said["events"] if e["date"].startswith("2023-08-15")] == [False]
    assert said["superseded_by"]["value"] == 255
    assert "above the highest count published for the window" in said["verdict"]


def test_the_case_eight_months_later_beside_khasan(cli):
    code, out, _ = cli("assess", "tumangang", "--as-of", "2024-06-18", "--beside", "khasan", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["observed"]["by_kind"] == {"ore": 175, "box": 14, "tank": 66}
    assert said["withdrawn"][0]["value"] == 73
    assert said["withdrawn"][0]["by"]["value"] == 255
    assert said["beside"]["observed"]["value"] == 149


def test_nothing_in_the_window_is_exit_1_with_json_and_a_reason(cli):
    code, out, _ = cli("assess", "tumangang", "--as-of", "2010-01-01", "--json")
    assert code == 1
    assert json.loads(out)["reason"]


# --- bad words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("assess", "tumangang", "--as-of", "yesterday"), "write it as 2023-10-06"),
        (("assess", "tumangang", "--as-of", "2023-10-06", "--window", "5 years"), "write for instance 5y"),
        (("assess", "tumangang", "--as-of", "2023-10-06", "--zone", "nowhere"), "its zones: depot-north"),
        (("assess", "no-such-site", "--as-of", "2023-10-06"), "no bundled site"),
        (("report", "tumangang", "--as-of", "2023-10-06", "--edition", "secret"), "choose internal or public"),
        (("changes",), "either a SITE or both --before and --after"),
        (("export", "tumangang", "--out", "x.txt", "--format", "xls"), "choose one of csv, geojson, gpkg"),
        (("nonsense",), "No such command"),
        (("count", "a.tif", "--unknown"), "No such option"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(cli, words, says):
    code, out, err = cli(*words)
    assert (code, out) == (2, "")
    assert says in one_line(err)


def test_a_missing_image_is_exit_3(cli, tracks):
    code, out, err = cli("count", "nowhere.tif", "--tracks", tracks, "--json")
    assert (code, out) == (3, "")
    assert "nowhere.tif" in one_line(err)


def shown(said) -> str:
    """A count as a terminal has it."""
    console = Console(width=160, file=StringIO())
    console.print(tables.count(said))
    return console.file.getvalue()


# --- one bare image -------------------------------------------------------------------------------------------


@pytest.mark.placing
def test_count_gives_the_contract_and_a_polygon_a_vehicle(cli, image, tracks, tmp_path):
    code, out, _ = cli("count", image, "--tracks", tracks, "--out", "cars.geojson", "--json")
    said = json.loads(out)
    assert code == 0
    assert list(said) == [
        "scene", "capability", "capability_reason", "tracks", "weights", "count", "by_kind", "not_freight",
        "length_count", "disagree", "visible_fraction", "covered_share", "cars", "tracks_offset", "gsd_check",
        "blur", "sun_check",
    ]  # fmt: skip
    assert said["scene"]["synthetic"] is True
    assert said["capability"] == "cars"
    assert (said["count"]["calibrated"], said["count"]["calibrated_on"]) == (True, "simulated yards")
    assert "calibrated on simulated yards; a place unlike them is in more doubt" in shown(said)
    assert "uncalibrated: read it as a lower limit" in shown(said | {"count": said["count"] | {"calibrated_on": None}})
    assert said["tracks_offset"]["verdict"] == "in place"
    assert said["gsd_check"]["verdict"] == "plausible"
    assert 0.5 < said["blur"]["effective_gsd_m"] < 1.0
    assert said["sun_check"]["verdict"] in ("agrees", "not told", "not checked")
    assert said["count"]["lower"] <= said["count"]["map"] <= said["count"]["upper"]
    drawn = read_features(tmp_path / "cars.geojson")
    assert [feature.properties["id"] for feature in drawn] == [car["id"] for car in said["cars"]]
    assert all(shapely.get_dimensions(feature.geometry) == 2 for feature in drawn)


def test_zones_limit_the_count(cli, image, tracks, simulated, tmp_path):
    frame, whole = simulated.yard.frame, simulated.yard.ground_zone
    west, south, east, north = whole.bounds
    half = frame.to_lonlat(shapely.box(west, south, (west + east) / 2, north))
    write_features(tmp_path / "half.geojson", [Feature(geometry=half)])
    _, everything, _ = cli("count", image, "--tracks", tracks, "--json")
    code, some, _ = cli("count", image, "--tracks", tracks, "--zones", "half.geojson", "--json")
    assert code == 0
    assert 0 < json.loads(some)["count"]["mean"] < json.loads(everything)["count"]["mean"]


def test_count_without_tracks_counts_along_traced_ones_and_says_so(cli, image, tracks, tmp_path):
    middle = shapely.union_all([feature.geometry for feature in read_features(tracks)]).centroid
    with rasterio.open(image) as raster:
        x, y = transform("EPSG:4326", raster.crs, [middle.x], [middle.y])
        row, column = raster.index(x[0], y[0])
        part = Window(column - 300, row - 90, 600, 180)
        profile = raster.profile | {
            "width": part.width, "height": part.height, "transform": raster.window_transform(part),
        }  # fmt: skip
        with rasterio.open(tmp_path / "part.tif", "w", **profile) as cropped:
            cropped.write(raster.read(window=part))
    code, out, _ = cli("count", "part.tif", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["tracks"] == "traced"
    assert said["traced"]
    assert said["count"]["mean"] > 0
    assert "nobody has checked them" in tables_tracks.tracks_from(said)


def test_tracks_of_another_place_are_told_with_both_extents(cli, image, tmp_path):
    write_features(tmp_path / "far.geojson", [Feature(geometry=shapely.LineString([(7.6, 47.5), (7.61, 47.5)]))])
    code, _, err = cli("count", image, "--tracks", "far.geojson")
    assert code == 2
    assert "none of the 1 tracks" in one_line(err)


def test_a_coarse_image_gives_no_cars_and_exit_1_only_when_it_shows_nothing(cli, simulated, tracks, tmp_path):
    import numpy as np

    from yardwatch.imagery.writing import write_simulated
    from yardwatch.simulate.render import render

    for gsd, capability, expected in ((3.0, "length", 0), (5.0, "presence", 0)):
        scene = render(simulated.yard, simulated.looks[-1], np.random.default_rng(1), gsd_m=gsd)
        write_simulated(tmp_path / "coarse.tif", scene.data, scene.transform, scene.crs, {})
        code, out, _ = cli("count", "coarse.tif", "--tracks", tracks, "--json")
        assert (code, json.loads(out)["capability"]) == (expected, capability)
    scene = render(simulated.yard, simulated.looks[-1], np.random.default_rng(1), gsd_m=5.0)
    far = scene.transform @ scene.transform.scale(4)
    write_simulated(tmp_path / "coarse.tif", scene.data, far, scene.crs, {})
    code, out, _ = cli("count", "coarse.tif", "--tracks", tracks, "--json")
    assert (code, json.loads(out)["capability"]) == (1, "none")
    assert json.loads(out)["reason"]


# --- a site ---------------------------------------------------------------------------------------------------


def test_init_add_list_from_images(cli, images):
    code, _, _ = cli("init", "mine", "--name", "Mine", "--from", images[0], "--from", images[1])
    assert code == 0
    # scenes rendered by the simulator may enter no real site
    code, _, err = cli("scenes", "add", "mine", images[0])
    assert code == 2
    assert "synthetic" in one_line(err) or "simulated" in one_line(err)
    assert cli("init", "mine")[0] == 2


def test_the_same_file_twice_is_told_and_ignored(cli, site, images):
    code, out, _ = cli("scenes", "add", site, images[0])
    assert code == 0
    assert "already there" in out
    _, listed, _ = cli("scenes", "list", site, "--json")
    assert len(json.loads(listed)["scenes"]) == len(images)


def test_assess_report_changes_export_on_a_counted_site(cli, run_site, simulated, tmp_path):
    day = simulated.looks[-1].acquired.date()
    code, out, _ = cli("assess", run_site, "--as-of", day, "--json")
    said = json.loads(out)
    assert code == 0
    earlier = sum(said["window"]["from"] <= str(look.acquired.date()) < str(day) for look in simulated.looks)
    assert said["n"] == earlier > 0
    assert said["p_record"] == pytest.approx(1 / (earlier + 1))
    code, out, _ = cli("report", run_site, "--as-of", day)
    page, data = out.split()
    text = (tmp_path / page).read_text(encoding="utf-8")
    assert "SIMULATED" in text
    assert 'src="http' not in text
    assert json.loads((tmp_path / data).read_text(encoding="utf-8"))
    code, out, _ = cli("changes", run_site, "--json")  # seven looks: one that cannot be compared leaves too few
    said = json.loads(out)
    assert said["changes"] == []
    assert (code, "clear looks" in said.get("reason", "")) in {(0, False), (1, True)}
    for fmt in ("csv", "geojson", "gpkg"):
        assert cli("export", run_site, "--format", fmt, "--out", f"out.{fmt}")[0] == 0
        assert (tmp_path / f"out.{fmt}").stat().st_size > 0


def test_the_same_store_gives_the_same_report_bytes(cli, run_site, simulated, tmp_path):
    day = simulated.looks[-1].acquired.date()
    for name in ("a", "b"):
        assert cli("report", run_site, "--as-of", day, "--out", name)[0] == 0
    for one in (tmp_path / "a").iterdir():
        assert one.read_bytes() == (tmp_path / "b" / one.name).read_bytes()


def test_a_site_name_with_markup_is_escaped_in_the_page(cli, run_site, simulated, tmp_path):
    config = run_site / "site.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("Fictional yard (simulated)", "<script>alert(1)</script>"), encoding="utf-8")
    _, out, _ = cli("report", run_site, "--as-of", simulated.looks[-1].acquired.date())
    page = (tmp_path / out.split()[0]).read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.slow
def test_two_bare_images(cli, images):
    code, out, _ = cli("changes", "--before", images[0], "--after", images[1], "--json")
    assert code == 0
    assert isinstance(json.loads(out)["changes"], list)


def test_the_future_is_refused(cli, tmp_path):
    code, _, err = cli("assess", "tumangang", "--as-of", "2999-01-01")
    assert code == 2
    assert "lies in the future" in one_line(err)
    from yardwatch.sites.folder import copy_bundled

    copy_bundled("tumangang", tmp_path / "mine")
    record = tmp_path / "mine" / "record.csv"
    record.write_text(record.read_text(encoding="utf-8").replace(",2024-06-17,", ",2998-06-17,"), encoding="utf-8")
    code, _, err = cli("assess", "mine", "--as-of", "2023-10-06")
    assert code == 2
    assert "after today" in one_line(err)


def test_a_unit_nobody_used_is_told_with_those_that_are(cli):
    code, _, err = cli("assess", "tumangang", "--as-of", "2023-10-06", "--unit", "car")
    assert code == 2
    assert "its units: " in one_line(err)
    assert "cars" in err
