"""The catalogue on disk: read back whole, in order, and never outside its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yardwatch.errors import SceneError
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.receive import Details, receive


@pytest.fixture
def scenes(make_raster, textured, tmp_path, now) -> Path:
    """Three scenes, received out of order."""
    for day, seed in [("2023-10-05", 1), ("2019-03-01", 2), ("2021-07-09T03:00Z", 3)]:
        path = make_raster(f"{seed}.tif", textured(60, 80, seed=seed))
        receive(path, tmp_path / "site", Details(acquired=day, sensor=f"S{seed}"), now=now, over=None)
    return tmp_path / "site" / "scenes"


def test_by_date(scenes):
    found = Catalogue(scenes).scenes()
    assert [scene.sensor for scene in found] == ["S2", "S3", "S1"]
    assert Catalogue(scenes).scene(found[1].id) == found[1]
    assert Catalogue(scenes).by_hash(found[2].sha256) == found[2]
    assert Catalogue(scenes).by_hash("0" * 64) is None


def test_none_yet(tmp_path):
    assert Catalogue(tmp_path / "nowhere").scenes() == ()


def test_a_catalogue_may_be_moved(scenes, tmp_path):
    moved = scenes.rename(tmp_path / "elsewhere")
    found = Catalogue(moved).scenes()
    assert len(found) == 3
    assert all(Path(scene.href).is_file() for scene in found)
    assert str(tmp_path) not in (moved / "catalog.json").read_text()


def test_unchanged_since_receipt(scenes):
    catalogue = Catalogue(scenes)
    scene = catalogue.scenes()[0]
    assert catalogue.unchanged(scene.id)
    with Path(scene.href).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x00" if file.read(1) != b"\x00" else b"\x01")
    assert not catalogue.unchanged(scene.id)
    Path(scene.href).unlink()
    assert not catalogue.unchanged(scene.id)


@pytest.mark.parametrize("scene_id", ["nothing", "../x", "a/b", "", ".."])
def test_ids_that_are_none(scenes, scene_id):
    with pytest.raises(SceneError):
        Catalogue(scenes).scene(scene_id)


def edit(scenes: Path, change) -> Path:
    path = next(scenes.glob("2019*/*.json"))
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    "href", ["../../secret.tif", "/etc/passwd", "https://example.org/x.tif", "/vsicurl/http://x/y.tif"]
)
def test_images_outside_the_folder_are_refused(scenes, href):
    edit(scenes, lambda item: item["assets"]["image"].update(href=href))
    with pytest.raises(SceneError, match="outside its folder"):
        Catalogue(scenes).scenes()


def test_an_image_that_is_a_link_to_elsewhere_is_refused(scenes, tmp_path):
    (tmp_path / "secret.tif").write_bytes(b"x")
    cog = next(scenes.glob("2019*/*.tif"))
    cog.unlink()
    cog.symlink_to(tmp_path / "secret.tif")
    with pytest.raises(SceneError, match="outside its folder"):
        Catalogue(scenes).scenes()


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.pop("properties"),
        lambda item: item["properties"].pop("yardwatch:sha256"),
        lambda item: item["properties"].pop("yardwatch:synthetic"),
        lambda item: item["properties"].update(gsd=-1),
        lambda item: item["properties"].update(datetime="never"),
        lambda item: item.update(geometry={"type": "Polygon", "coordinates": "x"}),
        lambda item: item.update(assets={}),
        lambda item: item.update(id="../../x"),
        lambda item: item.update(id="another"),
        lambda item: item.update(id=7),
    ],
)
def test_broken_items_name_their_file(scenes, change):
    path = edit(scenes, change)
    with pytest.raises(SceneError, match=path.name):
        Catalogue(scenes).scenes()


def test_an_edited_item_cannot_give_itself_rights(scenes):
    edit(scenes, lambda item: item["properties"].update({"yardwatch:may_publish_pixels": True, "license": "CC0-1.0"}))
    assert not Catalogue(scenes).scenes()[0].licence.may_publish_pixels


def test_no_json(scenes):
    path = next(scenes.glob("2019*/*.json"))
    path.write_text("{")
    with pytest.raises(SceneError, match="is not JSON"):
        Catalogue(scenes).scenes()
    path.write_text("[]")
    with pytest.raises(SceneError, match="no STAC item"):
        Catalogue(scenes).scenes()
