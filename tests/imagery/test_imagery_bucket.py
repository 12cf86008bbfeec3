"""Scenes in S3, against moto's server: the same as in a folder."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.ground import Frame
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.metadata import Details
from yardwatch.imagery.raster import open_raster
from yardwatch.imagery.receive import Intake, receive
from yardwatch.model import Grid

obstore = pytest.importorskip("obstore")
from yardwatch.imagery.bucket import Bucket, BucketCatalogue  # noqa: E402

pytestmark = pytest.mark.services
DETAILS = Details(acquired="2023-10-05", sensor="WV02", licence="cc0-1.0")


@pytest.fixture
def image(make_raster, texture) -> Path:
    return make_raster("scene.tif", texture)


@pytest.fixture
def catalogue(bucket, tmp_path) -> BucketCatalogue:
    return BucketCatalogue(Bucket(bucket), tmp_path / "staging")


def test_a_scene_in_a_bucket_is_the_scene_in_a_folder(catalogue, image, tmp_path, now):
    there = receive(image, Intake(catalogue=catalogue), DETAILS, now=now, over=None).scene
    here = receive(image, tmp_path, DETAILS, now=now, over=None).scene
    assert there.href == f"{catalogue.bucket.address}/{here.id}/{here.id}.tif"
    assert (there.id, there.sha256, there.footprint) == (here.id, here.sha256, here.footprint)
    assert catalogue.scenes() == (there,)
    assert catalogue.by_hash(here.sha256) == there
    assert catalogue.unchanged(there.id)
    assert receive(image, Intake(catalogue=catalogue), DETAILS, now=now, over=None).already
    frame = Frame.around(here.footprint)
    grid = Grid.over(frame, frame.to_ground(here.footprint), 0.5)
    with open_raster(there.href) as far, open_raster(here.href) as near:
        assert (far.read_grid(grid).data == near.read_grid(grid).data).all()
    assert not list((tmp_path / "staging").glob(".*"))


def test_every_object_has_the_hash_of_its_file(catalogue, image, now):
    scene = receive(image, Intake(catalogue=catalogue), DETAILS, now=now, over=None).scene
    names = catalogue.bucket.names()
    assert names == tuple(
        f"{scene.id}/{name}" for name in (f"{scene.id}.json", f"{scene.id}.tif", "original/scene.tif")
    )
    assert catalogue.bucket.digest(names[2]) == hashlib.sha256(image.read_bytes()).hexdigest()
    assert catalogue.bucket.digest("no/such") is None


def test_the_bucket_is_a_static_catalogue_for_other_tools(catalogue, image, tmp_path, now):
    import json

    scene = receive(image, Intake(catalogue=catalogue), DETAILS, now=now, over=None).scene
    index = json.loads(catalogue.bucket.get("catalog.json", 10_000))
    assert [link["href"] for link in index["links"] if link["rel"] == "item"] == [f"./{scene.id}/{scene.id}.json"]


def test_a_search_by_days_and_origin_and_the_listing_mended(catalogue, image, now):
    from dataclasses import replace
    from datetime import date

    from yardwatch.imagery.index import Sieve

    details = replace(DETAILS, origin={"key": "abc", "item": "x"})
    scene = receive(image, Intake(catalogue=catalogue), details, now=now, over=None).scene
    assert catalogue.search(Sieve(first=date(2023, 1, 1), last=date(2023, 12, 31))) == (scene,)
    assert catalogue.search(Sieve(last=date(2022, 12, 31))) == ()
    assert catalogue.by_origin("abc") == scene
    assert catalogue.by_origin("other") is None
    catalogue.bucket.put("catalog.json", b"{}")
    catalogue.ensure_listed(scene.id)
    assert scene.id.encode() in catalogue.bucket.get("catalog.json", 10_000)


def test_half_a_scene_is_none_and_is_completed(catalogue, image, now, monkeypatch):
    """The connection is lost before the item, which is put last, is there."""
    put = Bucket.put

    def lost(self, name, content):
        if name.endswith(".json"):
            raise UnavailableError("the connection was lost")
        put(self, name, content)

    monkeypatch.setattr(Bucket, "put", lost)
    with pytest.raises(UnavailableError, match="connection was lost"):
        receive(image, Intake(catalogue=catalogue), DETAILS, now=now, over=None)
    assert catalogue.scenes() == ()
    assert len(catalogue.bucket.names()) == 2
    monkeypatch.setattr(Bucket, "put", put)
    assert not receive(image, Intake(catalogue=catalogue), DETAILS, now=now, over=None).already
    assert len(catalogue.scenes()) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a/a.json", b"{", "is not JSON"),
        ("a/a.json", b"[]", "is no STAC item"),
        ("a/a.json", b"{}", "is no scene of this catalogue"),
        ("a/a.json", b" " * 1_000_001, "is larger than 1,000,000 bytes"),
    ],
)
def test_strange_objects_are_named(catalogue, name, content, said):
    catalogue.bucket.put(name, content)
    with pytest.raises(SceneError, match=said) as caught:
        catalogue.scenes()
    assert f"{catalogue.bucket.address}/{name}" in str(caught.value)


def test_an_item_that_points_elsewhere_is_refused(catalogue, image, now, tmp_path):
    import json

    scene = receive(image, Intake(catalogue=catalogue), DETAILS, now=now, over=None).scene
    document = catalogue.document(scene.id)
    for href in ("../other/x.tif", "s3://elsewhere/x.tif", "/etc/passwd"):
        document["assets"]["image"]["href"] = href
        catalogue.bucket.put(f"{scene.id}/{scene.id}.json", json.dumps(document).encode())
        with pytest.raises(SceneError, match="lies outside its folder"):
            catalogue.scenes()


def test_no_such_scene_and_no_such_bucket(catalogue, tmp_path, monkeypatch):
    with pytest.raises(SceneError, match="no scene 'x'"):
        catalogue.scene("x")
    with pytest.raises(SceneError, match="is no scene id"):
        catalogue.scene("../x")
    lost = BucketCatalogue(Bucket("s3://no-such-bucket/scenes"), tmp_path)
    with pytest.raises(UnavailableError, match="s3://no-such-bucket/scenes: cannot be used") as caught:
        lost.scenes()
    assert "hush-hush" not in str(caught.value)


def test_a_folder_moved_into_a_bucket_as_it_is(catalogue, image, tmp_path, now):
    """`aws s3 sync` of a site's scenes is all a move takes."""
    here = receive(image, tmp_path, DETAILS, now=now, over=None).scene
    for path in sorted((tmp_path / "scenes").rglob("*")):
        if path.is_file():
            catalogue.bucket.put(path.relative_to(tmp_path / "scenes").as_posix(), path)
    (there,) = catalogue.scenes()
    assert (there.id, there.sha256) == (here.id, here.sha256)
    assert Catalogue(tmp_path / "scenes").scenes() == (here,)
    shutil.rmtree(tmp_path / "scenes")
    assert catalogue.unchanged(there.id)
