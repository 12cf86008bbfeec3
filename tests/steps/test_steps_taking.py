"""From a STAC API to a received scene: once, whole, with what item and file say, also through kills and crowds."""

from __future__ import annotations

import importlib
import json
import os
import signal
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from tests.imagery.forked import Child, forked
from tests.imagery.local_stac import NORTH, UTM, WEST, collection, item, serve_items, write_image
from tests.imagery.misbehaving import Served, serving

from yardwatch import pipeline
from yardwatch.cli import main
from yardwatch.errors import InputError, SiteError, UnavailableError
from yardwatch.ground import reproject_geometry
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.fetching.patience import Patience
from yardwatch.sites.init import create

NOW = datetime(2025, 1, 1, tzinfo=UTC)
HASTE = Patience(attempts=3, first_wait_s=0.01, longest_wait_s=1.0, silence_s=5.0)
COG = {"type": "image/tiff; application=geotiff; profile=cloud-optimized"}
ZONE = reproject_geometry(shapely.box(WEST + 250, NORTH - 400, WEST + 350, NORTH - 300), UTM, "EPSG:4326")


def image(name: str, **more) -> dict:
    return {"visual": {**COG, "href": f"../../{name}", "roles": ["visual"], **more}}


@dataclass
class World:
    server: Served
    site: Path
    box: list[float]

    def offer(self, *items) -> str:
        return serve_items(self.server, items)

    def search(self, url: str, add: bool = False, patience: Patience = HASTE, only=(), **sought):
        wish = pipeline.Wish(now=NOW, add=add, only=only, margin_m=20, patience=patience)
        return pipeline.search_scenes(str(self.site), pipeline.Sought(api=url, **sought), wish)

    def scenes(self):
        return Catalogue(self.site / "scenes").scenes()

    def litter(self) -> list[str]:
        """What a finished add must not leave."""
        known = {".yardwatch.lock", "catalog.json"}
        found = [p for p in (self.site / "scenes").rglob("*") if p.is_file() and p.name not in known]
        scenes = {scene.id for scene in self.scenes()}
        return [p.name for p in found if p.relative_to(self.site / "scenes").parts[0] not in scenes]


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "files").mkdir()
    box = write_image(tmp_path / "files" / "a.tif", side=1000)
    create(tmp_path / "yard", name="Yard nowhere", zone=ZONE)
    with serving(tmp_path / "files") as server:
        yield World(server, tmp_path / "yard", box)


def full(name: str, box, day: str = "2021-06-01", file: str = "a.tif", **more) -> dict:
    said = {"gsd": 0.5, "platform": "Aero 1", "eo:cloud_cover": 3, "view:off_nadir": 12.5, "proj:code": UTM}
    assets = more.pop("assets", image(file))
    return item(name, box, datetime=f"{day}T10:00:00Z", assets=assets, **(said | more))


def test_an_item_becomes_a_scene_with_all_that_is_known(world):
    url = world.offer(full("n-2021", world.box))
    (taken,) = world.search(url, add=True).taken
    (scene,) = world.scenes()
    assert (taken.error, taken.already, taken.scene) == (None, False, scene)
    assert (scene.sensor, scene.off_nadir_deg, scene.acquired) == ("Aero 1", 12.5, datetime(2021, 6, 1, 10, tzinfo=UTC))
    assert (scene.licence.name, scene.licence.attribution) == ("CC-BY-4.0", "Office of Nowhere")
    assert scene.licence.may_publish_pixels
    with rasterio.open(scene.href) as got, rasterio.open(world.server.folder / "a.tif") as whole:
        column, row = (round(v) for v in (~whole.transform @ (got.transform.c, got.transform.f)))
        assert (got.read() == whole.read(window=((row, row + got.height), (column, column + got.width)))).all()
        assert got.overviews(1) == [] or got.profile["tiled"]
        size = (column, row, got.width, got.height)
    assert size == pytest.approx(
        (460, 560, 280, 280), abs=8
    )  # 230 m, 280 m, 140 m at 0.5 m; the grid is turned a little
    origin = json.loads(next((world.site / "scenes").rglob(f"{scene.id}.json")).read_text())["properties"][
        "yardwatch:origin"
    ]
    assert (origin["item"], origin["collection"], origin["asset"]) == ("n-2021", "aerial", "visual")
    assert origin["window"] == " ".join(map(str, size))
    assert world.litter() == []


def test_again_fetches_nothing(world):
    url = world.offer(full("n-2021", world.box))
    world.search(url, add=True)
    before = len([r for r in world.server.requests if "a.tif" in r])
    (taken,) = world.search(url, add=True).taken
    assert taken.already
    assert len([r for r in world.server.requests if "a.tif" in r]) == before
    assert len(world.scenes()) == 1


def test_gates_and_coverage(world):
    west, south, east, north = world.box
    half = [west, south, float(ZONE.centroid.x), north]
    url = world.offer(
        full("clear", world.box),
        full("cloudy", world.box, **{"eo:cloud_cover": 90}),
        full("coarse", world.box, gsd=3),
        full("oblique", world.box, **{"view:off_nadir": 40}),
        full("half", half),
        full("silent", world.box, gsd=None, **{"eo:cloud_cover": None, "view:off_nadir": None}),
        item(
            "beside",
            [east + 0.001, south, east + 0.01, north],
            datetime="2021-01-01T10:00:00Z",
            assets=image("a.tif"),
            bbox=world.box,
        ),
    )
    found = world.search(url, max_cloud=20, max_gsd=1, max_off_nadir=25).offers.as_json()
    assert {row["id"]: round(row["coverage"]["yard"], 2) for row in found["found"]} == {
        "clear": 1.0,
        "half": 0.5,
        "silent": 1.0,
    }
    assert {row["id"]: row["why"] for row in found["left_out"]} == {
        "cloudy": "cloud 90 %",
        "coarse": "GSD 3 m",
        "oblique": "off nadir 40°",
        "beside": "covers no zone",
    }
    (silent,) = [row for row in found["found"] if row["id"] == "silent"]
    assert silent["notes"] == [
        "does not state its cloud",
        "does not state its GSD",
        "does not state its off-nadir angle",
    ]


def test_what_the_item_says_wrong_of_its_file_is_told_and_the_file_counts(world):
    (world.server.folder / "b.tif").write_bytes((world.server.folder / "a.tif").read_bytes())
    url = world.offer(full("liar", world.box, file="b.tif", gsd=5, **{"proj:code": "EPSG:32660"}))
    (taken,) = world.search(url, add=True).taken
    assert taken.notes == (
        f"its item says EPSG:32660, the file says {UTM}; the file's is used",
        "its item says 5 m a pixel, the file has 0.5 m; the file's is used",
    )
    assert taken.scene.gsd_m == pytest.approx(0.5, abs=1e-3)


def test_items_that_cannot_be_taken_are_told_and_do_not_hold_up_the_rest(world):
    rows = {"start_datetime": "2019-01-01T00:00:00Z", "end_datetime": "2021-01-01T00:00:00Z"}
    (world.server.folder / "v.tif").write_text("<VRTDataset><SourceFilename>/etc/passwd</SourceFilename></VRTDataset>")
    write_image(world.server.folder / "b.tif", side=1000, seed=2)
    write_image(world.server.folder / "empty.tif", side=1000, nodata=0)
    with rasterio.open(world.server.folder / "empty.tif", "r+", IGNORE_COG_LAYOUT_BREAK=True) as out:
        out.write(np.zeros((3, 1000, 1000), np.uint8))
    url = world.offer(
        item("composite", world.box, assets=image("a.tif"), **rows),
        full("gone", world.box, file="gone.tif"),
        full("vrt", world.box, file="v.tif"),
        full("no-image", world.box, assets={"meta": {"href": "x.xml", "type": "application/xml"}}),
        full("empty", world.box, file="empty.tif"),
        full("future", world.box, day="2031-01-01", file="b.tif"),
        full("good", world.box),
    )
    answer = world.search(url, add=True)
    errors = {one.item: str(one.error) for one in answer.taken if one.error}
    assert set(errors) == {"composite", "gone", "vrt", "no-image", "empty", "future"}
    assert "no one look; download it and add it with --acquired" in errors["composite"]
    assert "is not there (404)" in errors["gone"]
    assert "is not followed" in errors["vrt"]
    assert "names no image that can be read" in errors["no-image"]
    assert "shows nothing" in errors["empty"]
    assert "lies in the future" in errors["future"]
    assert answer.exit_code == 3
    assert [scene.acquired.date() for scene in world.scenes()] == [date(2021, 6, 1)]
    assert world.litter() == []


def test_only_and_asset(world):
    two = image("a.tif") | {"other": {**COG, "href": "../../a.tif?other"}}
    url = world.offer(full("one", world.box), full("two", world.box, day="2022-01-01", assets=two))
    with pytest.raises(InputError, match="--only three: is not among what was found"):
        world.search(url, add=True, only=("three",))
    (taken,) = world.search(url, add=True, only=("two",), asset="other").taken
    assert taken.scene.acquired.date() == date(2022, 1, 1)


def test_an_unknown_licence_gives_no_right(world):
    url = world.offer(full("n", world.box))
    world.server.json["/stac/collections/aerial"] = collection("aerial", "proprietary")
    (taken,) = world.search(url, add=True).taken
    assert not taken.scene.licence.may_publish_pixels
    assert taken.scene.licence.name == "proprietary"


def test_signed_addresses_are_fetched_and_renewed(world, tmp_path, monkeypatch):
    url = world.offer(full("n", world.box))
    world.server.faults.token = "two"
    given = iter(["one", "two"])
    world.server.json["/sign"] = lambda handler, _: {"href": f"{world.server.url}/a.tif?sig={next(given)}"}
    (tmp_path / "apis.toml").write_text(f'[mine]\nurl = "{url}"\nsign = "{world.server.url}/sign?href={{href}}"\n')
    monkeypatch.setenv("YARDWATCH_APIS", str(tmp_path / "apis.toml"))
    (taken,) = world.search("mine", add=True).taken
    assert taken.error is None
    kept = "".join(
        path.read_text(errors="replace") for path in world.site.rglob("*") if path.suffix != ".tif" and path.is_file()
    )
    assert "sig=" not in kept


def test_a_bundled_site_is_never_written(world):
    url = world.offer(full("n", world.box))
    wish = pipeline.Wish(now=NOW, add=True, patience=HASTE)
    with pytest.raises(SiteError, match="bundled and never written"):
        pipeline.search_scenes("tumangang", pipeline.Sought(api=url), wish)


def test_a_place_that_cannot_be_written(world):
    url = world.offer(full("n", world.box))
    (world.site / "scenes").rmdir() if (world.site / "scenes").is_dir() else None
    (world.site / "scenes").write_text("a file where the folder should be")
    with pytest.raises(UnavailableError, match="cannot be written"):
        world.search(url, add=True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": date(2022, 1, 1), "last": date(2021, 1, 1)}, "is after --to"),
        ({"max_cloud": -1}, "--max-cloud -1 makes no sense"),
        ({"most": 0}, "--limit 0"),
    ],
)
def test_questions_that_make_no_sense(wrong, said):
    with pytest.raises(InputError, match=said):
        pipeline.Sought(api="x", **wrong)


STEPS = [
    "yardwatch.imagery.fetching.partial:Partial.keep",
    "yardwatch.imagery.fetching.window:_describe",
    "yardwatch.imagery.fetching.window:_copy",
    "yardwatch.steps.taking:receive",
    "yardwatch.imagery.cog:_as_cog",
    "yardwatch.imagery.receive:write_json",
    "yardwatch.imagery.receive:Catalogue.place",
    "yardwatch.imagery.catalogue:Catalogue.write_index",
    "yardwatch.steps.taking:discard",
]


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(step: str) -> None:
    """In a child: the function of that name kills the process."""
    module, _, name = step.rpartition(":")
    place = importlib.import_module(module)
    *inner, last = name.split(".")
    for part in inner:
        place = getattr(place, part)
    setattr(place, last, die)


def add(world: World, url: str, step: str = "") -> Child:
    def task():
        if step:
            killed_at(step)
        (one,) = world.search(url, add=True).taken
        return one.error or one.scene.id + (" already" if one.already else "")

    return forked(task)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.split(":")[1])
def test_kill_9_at_each_step_then_once_more(world, step):
    url = world.offer(full("n", world.box))
    assert add(world, url, step).wait()[0] == -signal.SIGKILL
    assert len(world.scenes()) <= 1
    (taken,) = world.search(url, add=True).taken
    assert taken.error is None
    (scene,) = world.scenes()
    with rasterio.open(scene.href) as got:
        assert (got.width, got.height) == pytest.approx((280, 280), abs=8)
    assert pipeline.verify(world.site).ok
    assert scene.id in (world.site / "scenes" / "catalog.json").read_text()
    assert world.litter() == []


def test_two_adds_of_one_item_at_once(world):
    url = world.offer(full("n", world.box))
    world.server.faults.delay_s = 0.15  # long enough for the two to meet
    both = [add(world, url), add(world, url)]
    said = [child.wait() for child in both]
    (scene,) = world.scenes()
    assert pipeline.verify(world.site).ok
    assert sorted(said) == [(0, scene.id), (0, f"{scene.id} already")]
    assert world.litter() == []


@pytest.fixture
def yardwatch(monkeypatch, capsys):
    """`yardwatch("search", …)`: exit code, stdout and stderr of the command."""

    def run(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["yardwatch", "scenes", *args])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), *capsys.readouterr()

    return run


def test_the_command(world, yardwatch):
    url = world.offer(full("n[bold]\x1b[31m", world.box), full("gone", world.box, file="gone.tif"))
    code, out, _ = yardwatch("search", str(world.site), "--api", url, "--json", "--max-cloud", "10")
    assert code == 0
    answer = json.loads(out)
    assert [row["id"] for row in answer["found"]] == ["gone", "n[bold]?[31m"]
    assert answer["taken"] is None
    code, out, _ = yardwatch("search", str(world.site), "--api", url, "--add", "--only", "gone")
    assert code == 3
    assert "gone: not taken" in out
    assert "n[bold]?[31m" in out
    assert "\x1b" not in out
    code, _, err = yardwatch("search", str(world.site), "--api", "nothing")
    assert (code, "presets:" in err) == (2, True)
    code, _, err = yardwatch("search", str(world.site), "--api", url, "--only", "gone")
    assert (code, "give --add too" in err) == (2, True)


def test_the_list_of_apis_says_what_was_not_tried(yardwatch):
    code, out, _ = yardwatch("apis")
    assert (code, "swissimage" in out, "nobody has used the preset" in out) == (0, True, True)
    code, out, _ = yardwatch("apis", "--json")
    assert not any(api["tried"] for api in json.loads(out)["apis"])
