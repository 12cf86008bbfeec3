"""The index of a large catalogue: never another answer than the items give, whatever is done to them or to it."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import date
from pathlib import Path

import pytest
import shapely

from yardwatch.errors import SceneError
from yardwatch.imagery import index
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.index import Sieve
from yardwatch.imagery.receive import Details, receive

COUNT = 12


@pytest.fixture
def scenes(make_raster, textured, tmp_path, now, monkeypatch) -> Path:
    """Twelve scenes, one a month of 2021, each 0.01° further east; the index pays from five on."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(index, "FEWEST", 5)
    path = make_raster("one.tif", textured(60, 80))
    details = Details(acquired="2021-01-15T03:00Z", sensor="S", licence="cc0-1.0", off_nadir_deg=7.0)
    scene = receive(path, tmp_path / "site", details, now=now, over=None).scene
    folder = tmp_path / "site" / "scenes"
    item = json.loads((folder / scene.id / f"{scene.id}.json").read_text())
    for month in range(2, COUNT + 1):
        put(folder, item, month, (folder / scene.id / f"{scene.id}.tif").read_bytes())
    return folder


def put(folder: Path, item: dict, month: int, pixels: bytes) -> None:
    name = f"2021-{month:02d}-15-{month:08x}"
    ring = [[x + 0.01 * (month - 1), y] for x, y in item["geometry"]["coordinates"][0]]
    properties = item["properties"] | {
        "datetime": f"2021-{month:02d}-15T03:00:00Z",
        "yardwatch:sha256": f"{month:064x}",
    }
    properties["yardwatch:origin"] = {"key": f"k{month}"}
    asset = item["assets"]["image"] | {"href": f"./{name}.tif"}
    document = {**item, "id": name, "properties": properties, "assets": {"image": asset}}
    document["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    (folder / name).mkdir()
    (folder / name / f"{name}.json").write_text(json.dumps(document))
    (folder / name / f"{name}.tif").write_bytes(pixels)


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache").rglob("*.sqlite"))


def plain(scenes: Path, monkeypatch):
    """What the items themselves say."""
    with monkeypatch.context() as patched:
        patched.setattr(index, "FEWEST", 10**9)
        return Catalogue(scenes).scenes()


def test_the_same_scenes_with_and_without(scenes, tmp_path, monkeypatch):
    expected = plain(scenes, monkeypatch)
    assert kept(tmp_path) == []
    assert Catalogue(scenes).scenes() == expected  # made
    assert len(kept(tmp_path)) == 1
    monkeypatch.setattr(Catalogue, "_document", lambda *_: pytest.fail("an item was read again"))
    assert Catalogue(scenes).scenes() == expected  # read
    assert len(expected) == COUNT


def test_by_date_place_hash_and_origin(scenes):
    catalogue = Catalogue(scenes)
    every = catalogue.scenes()
    months = lambda found: [scene.acquired.month for scene in found]  # noqa: E731
    assert months(catalogue.search(Sieve(first=date(2021, 3, 15), last=date(2021, 5, 14)))) == [3, 4]
    assert months(catalogue.search(Sieve(over=every[6].footprint.centroid.buffer(1e-5)))) == [7]
    assert months(catalogue.search(Sieve(first=date(2021, 7, 16), over=every[6].footprint))) == []
    assert catalogue.by_hash(f"{5:064x}") == every[4]
    assert catalogue.by_hash("0" * 64) is None
    assert catalogue.by_origin("k9") == every[8]
    assert catalogue.by_origin("k99") is None


@pytest.mark.parametrize(
    "sieve", [Sieve(), Sieve(last=date(2021, 4, 1)), Sieve(over=shapely.box(-124, -49, -123.38, -48))]
)
def test_a_small_catalogue_answers_alike(scenes, monkeypatch, sieve):
    with_index = Catalogue(scenes).search(sieve)
    monkeypatch.setattr(index, "FEWEST", 10**9)
    assert Catalogue(scenes).search(sieve) == with_index
    assert with_index


def test_a_scene_of_a_month_may_lie_on_any_of_its_days(scenes, monkeypatch):
    edit(
        scenes,
        6,
        lambda item: item["properties"].update(
            {"yardwatch:date_precision": "month", "datetime": "2021-06-01T00:00:00Z"}
        ),
    )
    sieve = Sieve(first=date(2021, 6, 20), last=date(2021, 6, 25))
    assert len(Catalogue(scenes).search(sieve)) == 1
    monkeypatch.setattr(index, "FEWEST", 10**9)
    assert len(Catalogue(scenes).search(sieve)) == 1


def edit(scenes: Path, month: int, change) -> Path:
    (path,) = scenes.glob(f"2021-{month:02d}-15-*/*.json")
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    return path


def test_edited_added_and_removed_items_are_seen(scenes, monkeypatch):
    Catalogue(scenes).scenes()
    edit(scenes, 3, lambda item: item["properties"].update({"platform": "Other", "yardwatch:licence": "mine alone"}))
    for path in [*scenes.glob("2021-05-15-*/*"), *scenes.glob("2021-05-15-*")]:
        path.rmdir() if path.is_dir() else path.unlink()
    found = Catalogue(scenes).scenes()
    assert found == plain(scenes, monkeypatch)
    assert (len(found), found[2].sensor, found[2].licence.may_publish_pixels) == (COUNT - 1, "Other", False)


def test_an_edit_that_keeps_size_and_time_is_seen(scenes):
    Catalogue(scenes).scenes()
    (path,) = scenes.glob("2021-03-15-*/*.json")
    before = path.stat()
    path.write_text(path.read_text().replace('"platform": "S"', '"platform": "T"'))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert Catalogue(scenes).scenes()[2].sensor == "T"


def test_a_licence_that_ends_ends_also_in_the_index(scenes, monkeypatch):
    edit(scenes, 3, lambda item: item["properties"].update({"yardwatch:licence_expires": "2022-01-01"}))
    scene = Catalogue(scenes).scenes()[2]
    assert scene == plain(scenes, monkeypatch)[2]
    assert (scene.licence.expires, scene.licence.may_publish_pixels) == (date(2022, 1, 1), False)


def test_a_broken_item_is_told_as_ever(scenes):
    Catalogue(scenes).scenes()
    path = edit(scenes, 3, lambda item: item["properties"].update(gsd=-1))
    with pytest.raises(SceneError, match=path.name):
        Catalogue(scenes).scenes()


def test_a_link_put_in_the_place_of_an_image_is_refused(scenes, tmp_path):
    Catalogue(scenes).scenes()
    (tmp_path / "secret.tif").write_bytes(b"x")
    (image,) = scenes.glob("2021-03-15-*/*.tif")
    image.unlink()
    image.symlink_to(tmp_path / "secret.tif")
    with pytest.raises(SceneError, match="outside its folder"):
        Catalogue(scenes).scenes()


@pytest.mark.parametrize("damage", [b"", b"no database at all", None])
def test_a_damaged_or_foreign_index_is_made_anew(scenes, tmp_path, monkeypatch, damage):
    expected = Catalogue(scenes).scenes()
    (path,) = kept(tmp_path)
    if damage is None:
        with sqlite3.connect(path) as database:
            database.execute("UPDATE form SET form = 'older'")
            database.execute("UPDATE scene SET sensor = 'lie'")
    else:
        path.write_bytes(damage)
    assert Catalogue(scenes).scenes() == expected
    assert kept(tmp_path) == [path]


def test_where_no_index_can_be_kept_the_items_are_read(scenes, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(Catalogue(scenes).scenes()) == COUNT


def test_an_index_that_is_in_use_does_not_stop_anybody(scenes, tmp_path, monkeypatch):
    Catalogue(scenes).scenes()
    real = sqlite3.connect
    monkeypatch.setattr(index.sqlite3, "connect", lambda path, timeout: real(path, timeout=0.05))
    edit(scenes, 3, lambda item: item["properties"].update(platform="Other"))
    other = real(kept(tmp_path)[0])
    other.execute("BEGIN EXCLUSIVE")
    assert Catalogue(scenes).scenes()[2].sensor == "Other"
    other.rollback()


def test_nothing_is_kept_in_the_site_folder(scenes):
    before = sorted(scenes.rglob("*"))
    Catalogue(scenes).scenes()
    assert sorted(scenes.rglob("*")) == before


def test_a_moved_catalogue_has_an_index_of_its_own(scenes, tmp_path):
    Catalogue(scenes).scenes()
    moved = scenes.rename(tmp_path / "moved")
    assert all(Path(scene.href).is_file() for scene in Catalogue(moved).scenes())
