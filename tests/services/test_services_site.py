"""The same site on PostGIS and S3, by two lines of site.yaml: same counts, same record, same custody."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest

from yardwatch import pipeline
from yardwatch.sites.folder import open_site
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.fictional import LICENCE, deliver, make_site, simulate
from yardwatch.steps.storing import open_store

pytestmark = pytest.mark.services
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """A fictional site without scenes, and two images of it."""
    home = tmp_path_factory.mktemp("plain")
    whole = simulate(seed=11)
    usable = [look for look in whole.looks if look.usable and look.cloud_cover == 0][:2]
    few = type(whole)(yard=whole.yard, looks=tuple(usable))
    make_site(home / "yard", few)
    return home / "yard", list(deliver(home, few))


def moved(site, bucket, postgis):
    """The two lines."""
    text = (site / "site.yaml").read_text()
    assert "\nscenes: scenes\nstore: site.gpkg\n" in text
    text = text.replace("\nscenes: scenes\n", f"\nscenes: {bucket}\n")
    (site / "site.yaml").write_text(text.replace("\nstore: site.gpkg\n", f"\nstore: {postgis}\n"))
    return site


def rows(site):
    with open_store(open_site(site)) as store:
        return (
            [(look.scene, look.usable, look.visible_fraction) for look in store.looks()],
            [(count.zone, count.pmf) for count in store.counts()],
            [(car.car, car.polygon) for car in store.cars()],
            store.observations(),
        )


def test_two_lines_move_a_site(delivered, bucket, postgis, tmp_path):
    plain, images = delivered
    here = shutil.copytree(plain, tmp_path / "here")
    there = moved(shutil.copytree(plain, tmp_path / "there"), bucket, postgis)
    for site in (here, there):
        pipeline.add_scenes(site, images, pipeline.Stated(licence=LICENCE), now=NOW)
        summary = pipeline.run(site, now=NOW)
        assert summary.counted == 2
    assert summary.store == postgis
    assert rows(there) == rows(here)
    assert not (there / "site.gpkg").exists()
    assert not list((there / "scenes").rglob("*.tif"))
    assert all(scene.href.startswith(bucket) for scene in catalogue_of(open_site(there)).scenes())
    assert pipeline.run(there, now=NOW).counted == 0
    answers = [pipeline.verify(site) for site in (here, there)]
    assert [(answer.ok, answer.files, answer.lines) for answer in answers] == [(True, 6, 3)] * 2
    pipeline.export(there, "csv", tmp_path / "there.csv")
    pipeline.export(here, "csv", tmp_path / "here.csv")
    assert (tmp_path / "there.csv").read_text() == (tmp_path / "here.csv").read_text()


def test_a_changed_object_is_found(delivered, bucket, tmp_path):
    plain, images = delivered
    site = shutil.copytree(plain, tmp_path / "yard")
    text = (site / "site.yaml").read_text()
    (site / "site.yaml").write_text(text.replace("\nscenes: scenes\n", f"\nscenes: {bucket}\n"))
    pipeline.add_scenes(site, images[:1], pipeline.Stated(licence=LICENCE), now=NOW)
    catalogue = catalogue_of(open_site(site))
    (scene,) = catalogue.scenes()
    changed = pipeline.relicense(site, scene.id, "copernicus")
    assert changed.now.may_publish_pixels
    assert catalogue.scenes()[0].licence.name == "copernicus"
    assert pipeline.verify(site).ok
    catalogue.bucket.put(f"{scene.id}/{scene.id}.tif", b"something else")
    found = pipeline.verify(site)
    assert {finding.where for finding in found.findings} == {f"scenes/{scene.id}/{scene.id}.tif"}


def test_no_secret_is_written_anywhere(delivered, bucket, postgis, tmp_path, monkeypatch):
    plain, images = delivered
    monkeypatch.setenv("PGPASSWORD", "pg-secret")
    site = moved(shutil.copytree(plain, tmp_path / "yard"), bucket, postgis)
    pipeline.add_scenes(site, images[:1], pipeline.Stated(licence=LICENCE), now=NOW)
    for path in site.rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            assert b"hush-hush" not in text, path
            assert b"pg-secret" not in text, path
    for name in catalogue_of(open_site(site)).bucket.names():
        assert b"hush-hush" not in (catalogue_of(open_site(site)).bucket.get(name, 10**8) or b"")
    assert json.loads((site / "custody.jsonl").read_text().splitlines()[0])["what"] == "received"
